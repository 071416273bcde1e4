/** Kubernetes' own verdict on a pod: would Pod Security admission let it in, at a level and in a version of the policy? */
import type { Pod } from '../../model/pod.js';
import { allViolations, type CheckId, checkInfo, type Violation, violations } from './checks.js';

/** The levels, from the loosest to the strictest. */
export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** One check that a pod fails, and what fails it. */
export interface FailedCheck {
  readonly check: CheckId;
  readonly violations: readonly Violation[];
}

/** A violated check without its place, as the facts of a document keep it. The versions are minor numbers, `until` excluded (null: for good). */
export interface ViolationFact {
  readonly check: CheckId;
  readonly since: number;
  readonly until: number | null;
}

const checkIds = Object.keys(checkInfo) as CheckId[];

/** Restricted replaces some checks of baseline by stricter ones, which fail wherever those do. */
function isReplaced(check: CheckId, level: Level, version: number): boolean {
  return level === 'restricted' && version >= (checkInfo[check].replacedSince ?? Infinity);
}

/** A check is made at a level and version: restricted makes those of baseline too, but for those that it replaces. */
function isMade(check: CheckId, level: Level, version: number): boolean {
  const { level: own } = checkInfo[check];
  return (level === own || level === 'restricted') && !isReplaced(check, level, version);
}

/** The checks that a pod fails at a level, in the version given as a minor number; none means that it is let in. */
export function failedChecks(pod: Pod, level: Level, version: number): FailedCheck[] {
  return failing(pod, version, (check) => isMade(check, level, version));
}

/** The checks that would fail too, had not a stricter one replaced them: admission does not name them, but who looks for their id finds them. */
export function replacedChecks(pod: Pod, level: Level, version: number): FailedCheck[] {
  return failing(pod, version, (check) => isReplaced(check, level, version));
}

function failing(pod: Pod, version: number, wanted: (check: CheckId) => boolean): FailedCheck[] {
  return checkIds.filter(wanted).flatMap((check) => {
    const counted = violations(pod, check, version);
    return counted.length > 0 ? [{ check, violations: counted }] : [];
  });
}

/** The strictest level that lets a pod in. */
export function levelOf(pod: Pod, version: number): Level {
  return [...levels].reverse().find((level) => failedChecks(pod, level, version).length === 0) ?? 'privileged';
}

/** One sentence about a failed check: "Container web sets privileged to true; container db sets privileged to true." */
export function describe(failed: FailedCheck): string {
  const parts = failed.violations.map(({ container, says }) => `${container?.title ?? 'The pod'} ${says}`);
  const [first = '', ...others] = [...new Set(parts)];
  return `${[first, ...others.map((part) => part[0]!.toLowerCase() + part.slice(1))].join('; ')}.`;
}

/** What of a pod's violations the rest of the workspace has to know: each check with each range of versions once. */
export function violationFacts(pod: Pod): ViolationFact[] {
  const facts = new Map<string, ViolationFact>();
  for (const check of checkIds) {
    for (const { since, until } of allViolations(pod, check))
      facts.set(`${check} ${since} ${until}`, { check, since, until: until === Infinity ? null : until });
  }
  return [...facts.values()];
}

/** The checks that fail at a level and version, by the facts. */
export function failedByFacts(facts: readonly ViolationFact[], level: Level, version: number): CheckId[] {
  const failed = facts.filter(
    ({ check, since, until }) => isMade(check, level, version) && version >= since && version < (until ?? Infinity),
  );
  return [...new Set(failed.map(({ check }) => check))];
}
