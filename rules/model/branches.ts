/** Where a template may print one thing or the other, two things that can both be seen are perhaps never there together. */
import type { Field } from './field.js';
import type { Source } from './source.js';
import { actionsBetween } from './templates.js';

/** A branch or a loop of a template begins, changes or ends between two places of a document. */
export function branchBetween(source: Source, from: number, to: number): boolean {
  return actionsBetween(source.tree, from, to).some(({ isBranch }) => isBranch);
}

/** How many branches and loops of a template begin between two places of a document and do not end there. */
export function openBranches(source: Source, from: number, to: number): number {
  return actionsBetween(source.tree, from, to).reduce((depth, { nesting }) => Math.max(0, depth + nesting), 0);
}

/**
 * A branch or loop of a template that begins within the subject (a pod, a container) decides whether the field is there: it is one of the chart's
 * choices, and whether it is made can't be seen.
 */
export function isOptional(field: Field, subject: Field): boolean {
  const from = subject.place.entry?.key.end ?? subject.node?.start ?? 0;
  const to = field.place.entry?.key.start ?? field.node?.start ?? from;
  return openBranches(field.source, from, to) > 0;
}
