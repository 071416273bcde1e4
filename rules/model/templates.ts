/** What a Go template (Helm) leaves unknown in a tree. The reader blanks `{{ … }}`; Tree.holes says where they were. */
import { columnOf } from './lines.js';
import type { Node, Span, Tree } from './tree.js';

/** Some of the span comes from a template action. */
export function overlapsHole(tree: Tree, span: Span): boolean {
  const { holes } = tree;
  if (holes.length === 0) return false;
  const hole = holes[firstHoleEndingAfter(holes, span.start)];
  return hole !== undefined && hole.start < span.end;
}

/**
 * A template action puts content between the entries of this collection, or where this empty value stands.
 * `from` is where the collection's surroundings begin: the end of its key. Actions that print nothing (`if`, `end`,
 * `range`, comments, assignments) don't count: what they wrap is visible. `nindent N` says which column it prints at.
 */
export function hiddenContent(tree: Tree, node: Node, from: number): boolean {
  const { holes, text } = tree;
  const column = node.kind === 'map' || (node.kind === 'seq' && !node.flow) ? columnOf(text, node.start) : undefined;
  let end = node.end;
  for (let index = firstHoleEndingAfter(holes, from); index < holes.length; index++) {
    const hole = holes[index]!;
    if (hole.start >= end) {
      if (text.slice(end, hole.start).trim() !== '') return false;
      end = hole.end;
    }
    if (!standsAlone(text, hole) || !prints(text.slice(hole.start, hole.end))) continue;
    const target = printedColumn(text.slice(hole.start, hole.end));
    if (target === undefined || column === undefined || target === column) return true;
  }
  return false;
}

/** Nothing but blanks and other actions stand on the hole's lines. */
function standsAlone(text: string, hole: Span): boolean {
  const before = text.slice(text.lastIndexOf('\n', hole.start - 1) + 1, hole.start);
  const lineEnd = text.indexOf('\n', hole.end);
  const after = text.slice(hole.end, lineEnd < 0 ? text.length : lineEnd);
  const blank = (part: string) => part.replace(/\{\{.*?\}\}/g, '').trim() === '';
  return blank(before) && blank(after);
}

/** The column that an action says it prints at (`nindent 8`). */
export function printedColumn(action: string): number | undefined {
  const [, column] = /\bn?indent\s+(\d+)/.exec(action) ?? [];
  return column === undefined ? undefined : Number(column);
}

/** An action that steers what is printed, by the word that it begins with; undefined for one that prints, assigns or comments. */
function controlWord(action: string): string | undefined {
  return /^\{\{-?\s*(if|else|end|with|range|define|block|break|continue)\b/.exec(action)?.[1];
}

/** The action is a comment. */
export function isTemplateComment(action: string): boolean {
  return /^\{\{-?\s*\/\*/.test(action);
}

/** The action begins, turns or ends a branch or a loop. */
export function isBranch(action: string): boolean {
  const word = controlWord(action);
  return word !== undefined && word !== 'break' && word !== 'continue';
}

/** By how many branches and loops an action goes deeper. */
export function nesting(action: string): -1 | 0 | 1 {
  if (!isBranch(action)) return 0;
  const word = controlWord(action);
  return word === 'end' ? -1 : word === 'else' ? 0 : 1;
}

/** The action only steers what others print. A `block` prints what it defines. */
export function isControl(action: string): boolean {
  return controlWord(action) !== undefined;
}

function prints(action: string): boolean {
  const word = controlWord(action);
  if (word !== undefined) return word === 'block';
  return !isTemplateComment(action) && !/^\{\{-?\s*\$\w*\s*:?=/.test(action);
}

function firstHoleEndingAfter(holes: readonly Span[], offset: number): number {
  let low = 0;
  let high = holes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holes[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
