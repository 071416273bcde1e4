/** The annotations by which pods named their seccomp and AppArmor profiles before there were fields for it. */
import type { Edit } from '../rule.js';
import type { Field } from './field.js';

/**
 * Edits that say in the field (a `seccompProfile` or `appArmorProfile`) what an annotation says, and take the annotation out. None where it says
 * nothing worth keeping, such as `unconfined`.
 */
export function fieldInstead(annotation: Field, field: Field): Edit[] {
  const { text = '' } = annotation;
  const file = /^localhost\/(.+)$/.exec(text)?.[1];
  const isDefault = /^(?:runtime|docker)\/default$/.test(text);
  if (!isDefault && file === undefined) return [];
  const removed = annotation.remove();
  const written = field.set(
    file === undefined ? { type: 'RuntimeDefault' } : { type: 'Localhost', localhostProfile: file },
  );
  return removed.length === 0 || written.length === 0 ? [] : [...removed, ...written];
}
