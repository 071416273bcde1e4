/** Where a template may print one thing or the other, two things that can both be seen are perhaps never there together. */
import type { Source } from './source.js';

/** A branch or a loop of a template begins, changes or ends between two places of a document. */
export function branchBetween({ tree, text }: Source, from: number, to: number): boolean {
  return tree.holes.some(
    ({ start, end }) =>
      start >= from && end <= to && /^\{\{-?\s*(?:if|else|end|with|range|define|block)\b/.test(text.slice(start, end)),
  );
}
