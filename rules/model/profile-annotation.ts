/** The annotations by which pods named their seccomp and AppArmor profiles before there were fields for it. */
import type { Edit } from '../rule.js';
import type { Field } from './field.js';

/** A profile as its field has it. */
export type Profile = { readonly type: string; readonly localhostProfile?: string };

/** What an annotation says, in the words of the field; undefined where it makes no sense or is not known. */
export function profileIn({ text = '' }: Field): Profile | undefined {
  if (/^(?:runtime|docker)\/default$/.test(text)) return { type: 'RuntimeDefault' };
  if (text === 'unconfined') return { type: 'Unconfined' };
  const file = /^localhost\/(.+)$/.exec(text)?.[1];
  return file === undefined ? undefined : { type: 'Localhost', localhostProfile: file };
}

/**
 * Edits that say in the field (a `seccompProfile` or `appArmorProfile`) what an annotation says, and take the annotation out. None where that makes
 * no sense.
 */
export function fieldInstead(annotation: Field, field: Field): Edit[] {
  const profile = profileIn(annotation);
  if (profile === undefined) return [];
  const removed = annotation.remove();
  const written = field.set(profile);
  return removed.length === 0 || written.length === 0 ? [] : [...removed, ...written];
}
