/** Applying fixes: one, many at once, or one after the other until nothing is left to mend. */
import type { Edit, Finding, Fix, Span } from './rule.js';

/** An edit that remembers the fixes that it is made of. */
export interface MadeEdit extends Edit {
  readonly fixes: readonly Fix[];
}

/** The text with the edits made. They must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: inserted } of sorted(edits)) {
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at);
}

/** The fix with the edit that its request asked a digest (`sha256:…`) for. */
export function answered(fix: Fix, digest: string): Fix {
  const { resolve } = fix;
  if (resolve === undefined) return fix;
  return { ...fix, edits: [{ start: resolve.at, end: resolve.at, text: `@${digest}` }] };
}

/** The span (or edit) in a text in which its own begins at an offset. */
export function moved<S extends Span>(span: S, by: number): S {
  return { ...span, start: span.start + by, end: span.end + by };
}

/** The same for a fix. */
export function movedFix(fix: Fix, by: number): Fix {
  const edits = fix.edits.map((edit) => moved(edit, by));
  return { ...fix, edits, ...(fix.resolve && { resolve: { ...fix.resolve, at: fix.resolve.at + by } }) };
}

/**
 * As many of the fixes as go together: in order, each whole, leaving out those that touch or overlap one taken before.
 * What is left out is found again by linting the new text (the way of ESLint's source-code-fixer).
 */
export function compatibleEdits(fixes: readonly Fix[]): MadeEdit[] {
  const taken: MadeEdit[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => taken.some((other) => edit.start <= other.end && other.start <= edit.end))) continue;
    taken.push(...fix.edits.map((edit) => ({ ...edit, fixes: [fix] })));
  }
  return sorted(taken);
}

/** How often a text is linted again before all is left as it was, because something keeps coming back. */
const maxRounds = 20;

/**
 * Mends a text until `find` finds nothing more that has a fix, and gives the edits that lead from the given text to the
 * mended one. `find` is given each new text and returns the fixes to make in it.
 */
export function mend(text: string, find: (text: string) => readonly Fix[]): MadeEdit[] {
  let current = text;
  let total: MadeEdit[] = [];
  for (let round = 0; round < maxRounds; round++) {
    const edits = compatibleEdits(find(current));
    if (edits.length === 0) return total;
    total = compose(total, edits);
    current = applyEdits(current, edits);
  }
  // Fixes that don't mend what they are for would pile up.
  return [];
}

/** The first fix of each finding; only safe ones if asked. */
export function firstFixes(findings: readonly Finding[], safeOnly = false): Fix[] {
  return findings.flatMap(({ fixes }) => {
    const fix = safeOnly ? fixes.find(({ safe }) => safe) : fixes[0];
    return fix === undefined ? [] : [fix];
  });
}

/** One list of edits that does what `first` and then `second` do; `second` speaks of the text that `first` makes. */
export function compose(first: readonly MadeEdit[], second: readonly MadeEdit[]): MadeEdit[] {
  let result = sorted(first);
  // From the back, so that the offsets of the edits still to be merged stay true.
  for (const edit of sorted(second).reverse()) result = composeOne(result, edit);
  return result;
}

/** Merges one later edit into the list: it swallows those whose new text it touches, and is mapped back past the others. */
function composeOne(edits: readonly MadeEdit[], later: MadeEdit): MadeEdit[] {
  const before: MadeEdit[] = [];
  const after: MadeEdit[] = [];
  const fixes = new Set(later.fixes);
  let shift = 0;
  let merged: { start: number; end: number; head: string; tail: string } | undefined;
  let start = later.start;
  let end = later.end;
  for (const edit of edits) {
    const newStart = edit.start + shift;
    const newEnd = newStart + edit.text.length;
    shift += edit.text.length - (edit.end - edit.start);
    if (newEnd < later.start) {
      before.push(edit);
      start = later.start - shift;
      end = later.end - shift;
    } else if (newStart > later.end) {
      after.push(edit);
    } else {
      const head = edit.text.slice(0, Math.max(0, later.start - newStart));
      const tail = edit.text.slice(Math.min(edit.text.length, Math.max(0, later.end - newStart)));
      merged ??= { start: Math.min(edit.start, later.start - (newStart - edit.start)), end: 0, head, tail: '' };
      merged.end = Math.max(edit.end, later.end - shift);
      merged.tail = tail;
      for (const fix of edit.fixes) fixes.add(fix);
    }
  }
  const whole: Edit =
    merged === undefined
      ? { start, end, text: later.text }
      : { start: merged.start, end: merged.end, text: merged.head + later.text + merged.tail };
  return [...before, { ...whole, fixes: [...fixes] }, ...after];
}

function sorted<E extends Edit>(edits: readonly E[]): E[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
