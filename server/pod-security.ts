/** Pod Security admission's verdict on files: every pod and pod template in them, judged as the API server would. */
import { resolve } from 'node:path';
import { fileKind, guessKind, readDocument, splitDocuments } from '../rules/document.js';
import { fileIsPatch } from '../rules/model/claims.js';
import type { Pod } from '../rules/model/pod.js';
import type { CheckId } from '../rules/pod-security/standards/checks.js';
import {
  describe,
  type FailedCheck,
  failedChecks,
  type Level,
  replacedChecks,
} from '../rules/pod-security/standards/verdict.js';
import type { Resource } from '../rules/rule.js';
import { readText, slashes } from './files/disk.js';

export interface Verdict {
  readonly path: string;
  readonly resource: Resource;
  readonly level: Level;
  /** As labels write it: v1.36. */
  readonly version: string;
  readonly allowed: boolean;
  readonly violations: readonly Said[];
  /** Violations of checks whose place a stricter one has taken at this level: admission doesn't name them. */
  readonly replaced: readonly Said[];
}

interface Said {
  readonly check: CheckId;
  readonly message: string;
}

/** A file that was not judged, or only in part; `unread` when it could not be read at all. */
export interface Unjudged {
  readonly path: string;
  readonly reason: string;
  readonly unread: boolean;
}

/**
 * Judges the pods of the files, in the order of the files. What a template leaves open violates nothing; patches of a kustomization
 * are parts of pods and not judged.
 */
export function judge(
  files: Iterable<{ readonly path: string; readonly problem?: string }>,
  level: Level,
  version: number,
): { verdicts: Verdict[]; skipped: Unjudged[] } {
  const skipped: Unjudged[] = [];
  const patches = new Set<string>();
  const judged: { absolute: string; verdict: Verdict }[] = [];
  for (const { path, problem } of files) {
    const read = problem === undefined ? readText(path) : { problem };
    if ('problem' in read) {
      skipped.push({ path, reason: read.problem, unread: true });
      continue;
    }
    const absolute = slashes(resolve(path));
    const { text } = read;
    const kind = fileKind(path) ?? guessKind(text);
    if (kind !== 'yaml') continue;
    for (const { start, end } of splitDocuments(text, kind)) {
      const { manifests, facts, problems } = readDocument(text.slice(start, end), kind, absolute);
      for (const claim of facts.provides) patches.add(claim);
      const pods = manifests.flatMap((manifest) => manifest.pods);
      for (const pod of pods) judged.push({ absolute, verdict: verdictOn(pod, path, level, version) });
      if (pods.length > 0 && problems.length > 0) {
        const line = text.slice(0, start + problems[0]!.start).split('\n').length;
        skipped.push({ path, reason: `line ${line}: not valid YAML; what could be read was judged`, unread: false });
      }
    }
  }
  const verdicts = judged.flatMap(({ absolute, verdict }) => (patches.has(fileIsPatch(absolute)) ? [] : [verdict]));
  return { verdicts, skipped };
}

function verdictOn(pod: Pod, path: string, level: Level, minor: number): Verdict {
  const failed = failedChecks(pod, level, minor);
  const { resource } = pod.manifest;
  const said = (checks: readonly FailedCheck[]) => checks.map((one) => ({ check: one.check, message: describe(one) }));
  return {
    path,
    resource,
    level,
    version: `v1.${minor}`,
    allowed: failed.length === 0,
    violations: said(failed),
    replaced: said(replacedChecks(pod, level, minor)),
  };
}
