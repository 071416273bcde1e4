/** Where a template may print one thing or the other, two things that can both be seen are perhaps never there together. */
import type { Field } from './field.js';
import type { Source } from './source.js';

/** A branch or a loop of a template begins, changes or ends between two places of a document. */
export function branchBetween({ tree, text }: Source, from: number, to: number): boolean {
  return tree.holes.some(
    ({ start, end }) =>
      start >= from && end <= to && /^\{\{-?\s*(?:if|else|end|with|range|define|block)\b/.test(text.slice(start, end)),
  );
}

/**
 * A branch or loop of a template that begins within the subject (a pod, a container) decides whether the field is there: it is one of the chart's
 * choices, and whether it is made can't be seen.
 */
export function isOptional(field: Field, subject: Field): boolean {
  const { tree, text } = field.source;
  if (tree.holes.length === 0) return false;
  const from = subject.place.entry?.key.end ?? subject.node?.start ?? 0;
  const to = field.place.entry?.key.start ?? field.node?.start ?? from;
  let depth = 0;
  for (const { start, end } of tree.holes) {
    if (start < from || end > to) continue;
    const [, word] = /^\{\{-?\s*(if|with|range|define|block|end)\b/.exec(text.slice(start, end)) ?? [];
    if (word === 'end') depth = Math.max(0, depth - 1);
    else if (word !== undefined) depth++;
  }
  return depth > 0;
}
