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
  const actions = actionsIn(tree);
  let end = node.end;
  for (let index = firstHoleEndingAfter(holes, from); index < holes.length; index++) {
    const action = actions[index]!;
    if (action.start >= end) {
      if (text.slice(end, action.start).trim() !== '') return false;
      end = action.end;
    }
    if (!action.prints || !action.isAlone) continue;
    if (action.column === undefined || column === undefined || action.column === column) return true;
  }
  return false;
}

/** A template action, at its hole. */
export interface Action extends Span {
  readonly isComment: boolean;
  /** It only steers what others print. (A `block` prints what it defines, too.) */
  readonly isControl: boolean;
  /** It begins, turns or ends a branch or a loop. */
  readonly isBranch: boolean;
  /** By how many branches and loops it goes deeper. */
  readonly nesting: -1 | 0 | 1;
  readonly prints: boolean;
  /** The column that it says it prints at (`nindent 8`). */
  readonly column: number | undefined;
  /** Nothing but blanks and other actions stand on its lines. */
  readonly isAlone: boolean;
}

/** The actions that stand between two places of a document as a whole, in order. */
export function actionsBetween(tree: Tree, from: number, to: number): readonly Action[] {
  if (tree.holes.length === 0) return [];
  const first = firstHoleEndingAfter(tree.holes, from);
  const actions = actionsIn(tree);
  const begin = (tree.holes[first]?.start ?? from) < from ? first + 1 : first;
  let end = begin;
  while (end < actions.length && actions[end]!.end <= to) end++;
  return actions.slice(begin, end);
}

const known = new WeakMap<Tree, readonly Action[]>();

/** The actions of a document, one for each hole. Each is looked at once: rules ask for them at every field. */
function actionsIn(tree: Tree): readonly Action[] {
  let actions = known.get(tree);
  if (actions === undefined) {
    actions = tree.holes.map((hole) => actionAt(tree.text, hole));
    known.set(tree, actions);
  }
  return actions;
}

function actionAt(text: string, hole: Span): Action {
  const action = text.slice(hole.start, hole.end);
  const [, word] = /^\{\{-?\s*(if|else|end|with|range|define|block|break|continue)\b/.exec(action) ?? [];
  const [, column] = /\bn?indent\s+(\d+)/.exec(action) ?? [];
  const isBranch = word !== undefined && word !== 'break' && word !== 'continue';
  const isComment = /^\{\{-?\s*\/\*/.test(action);
  const assigns = /^\{\{-?\s*\$\w*\s*:?=/.test(action);
  return {
    start: hole.start,
    end: hole.end,
    isComment,
    isControl: word !== undefined,
    isBranch,
    nesting: word === 'end' ? -1 : isBranch && word !== 'else' ? 1 : 0,
    prints: word === undefined ? !isComment && !assigns : word === 'block',
    column: column === undefined ? undefined : Number(column),
    isAlone: standsAlone(text, hole),
  };
}

function standsAlone(text: string, hole: Span): boolean {
  const before = text.slice(text.lastIndexOf('\n', hole.start - 1) + 1, hole.start);
  const lineEnd = text.indexOf('\n', hole.end);
  const after = text.slice(hole.end, lineEnd < 0 ? text.length : lineEnd);
  const blank = (part: string) => part.replace(/\{\{.*?\}\}/g, '').trim() === '';
  return blank(before) && blank(after);
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
