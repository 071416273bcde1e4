/**
 * Hardening a workload until Pod Security restricted lets it in: the fixes of the rules that stand on the standards' checks, a read-only root
 * filesystem, and what was written in the wrong place, made one after the other and handed back as one list of edits.
 */
import { type Document, type FileKind, readDocument } from './document.js';
import { applyEdits, type MadeEdit, mend } from './fix.js';
import { rules } from './index.js';
import { type Configuration, finish, lintRead } from './lint.js';
import { sharedOutside } from './model/shared.js';
import type { CheckId } from './pod-security/standards/checks.js';
import { failedChecks } from './pod-security/standards/verdict.js';
import type { Finding, Fix, Severity } from './rule.js';

/** What whoever asks for it has to choose, as it depends on the application. */
export interface HardenOptions {
  /** Run as user and group 10001, and give volumes to that group, instead of leaving it to the image. */
  readonly numbered: boolean;
  /** Mount an emptyDir at /tmp where the root filesystem becomes read-only. */
  readonly scratch: boolean;
}

export interface Hardened {
  /** Offsets in the given text. */
  readonly edits: readonly MadeEdit[];
  /** The checks of restricted that the pod fails all the same: what only a person can decide. */
  readonly left: readonly CheckId[];
}

/** Rules whose fixes are made beside those of the standards' own. */
const alsoMade = ['read-only-root-filesystem', 'security-context-misplaced'];
/** Rules whose fixes are numbers of the user's choice. */
const numbering = ['run-as-user-set', 'fs-group-set'];

/** The rules that take part, by id. */
const taking = new Set([
  ...rules.filter(({ standards }) => standards.some((standard) => standard.startsWith('pss:'))).map(({ id }) => id),
  ...alsoMade,
  ...numbering,
]);

/**
 * Hardens the pod whose PodSpec lies at `pod` (Field.path) in a document. What is suppressed there stays, and so does what the configuration
 * switches off, unless restricted asks for it.
 */
export function harden(
  text: string,
  kind: FileKind,
  path: string,
  pod: string,
  { numbered, scratch }: HardenOptions,
  { podSecurityVersion, allowedRegistries, severities }: Configuration,
): Hardened {
  const own = ([id]: [string, Severity | 'off']) => alsoMade.includes(id);
  const off = rules.filter(({ id }) => !taking.has(id)).map(({ id }) => [id, 'off'] as const);
  const configuration: Configuration = {
    preset: 'strict',
    podSecurityVersion,
    allowedRegistries,
    severities: { ...Object.fromEntries(Object.entries(severities).filter(own)), ...Object.fromEntries(off) },
  };
  const choose = ({ rule, fixes }: Finding): Fix | undefined => {
    if (numbering.includes(rule)) return numbered ? fixes.at(-1) : undefined;
    if (rule === 'run-as-user-not-root') return numbered ? fixes[0] : fixes.at(-1);
    if (rule === 'read-only-root-filesystem') return scratch ? fixes.at(-1) : fixes[0];
    return fixes[0];
  };
  const podIn = ({ manifests }: Document) =>
    manifests.flatMap(({ pods }) => pods).find(({ spec }) => spec.path === pod);
  const edits = mend(text, (current) => {
    const document = readDocument(current, kind, path);
    const { source, node } = podIn(document)?.spec ?? {};
    if (source === undefined || node === undefined) return [];
    // What an anchor gives to others as well is theirs too.
    const shared = sharedOutside(source.tree, node);
    const isOwn = ({ edits: own }: Fix) =>
      !own.some(({ start, end }) => shared.some((span) => start >= span.start && end <= span.end));
    return finish(lintRead(document, configuration), current, path, [], () => false, configuration)
      .filter(({ subject }) => subject?.key === pod || subject?.key.startsWith(`${pod}/`))
      .flatMap((finding) => choose(finding) ?? [])
      .filter(isOwn);
  });
  const hardened = podIn(readDocument(applyEdits(text, edits), kind, path));
  const failed = hardened === undefined ? [] : failedChecks(hardened, 'restricted', podSecurityVersion);
  return { edits, left: failed.map(({ check }) => check) };
}
