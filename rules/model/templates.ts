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
    const target = /\b(?:n?indent)\s+(\d+)/.exec(text.slice(hole.start, hole.end))?.[1];
    if (target === undefined || column === undefined || Number(target) === column) return true;
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

function prints(action: string): boolean {
  return !/^\{\{-?\s*(?:(?:if|else|end|with|range|define|break|continue)\b|\/\*|\$\w*\s*:?=)/.test(action);
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
