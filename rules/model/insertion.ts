/**
 * Where something new goes behind a block mapping or sequence: behind its last line, and behind what belongs to that line though the tree doesn't
 * hold it: comments that are indented like the members of what ends there (settings that somebody commented out), and what a template prints into the
 * last value, up to the `end` of branches and loops that begin within.
 */
import { openBranches } from './branches.js';
import { columnOf, lineEnd } from './lines.js';
import type { Source } from './source.js';
import { type Action, actionsBetween } from './templates.js';
import type { MapNode, Node, SeqNode, Span } from './tree.js';

/** The end of the line to insert behind; undefined where a branch that begins within goes on beyond, so that no place is sure. */
export function insertionEnd(source: Source, node: MapNode | SeqNode): number | undefined {
  const { text } = source;
  const column = columnOf(text, node.start);
  const dashAt = innermostDash(text, node, column);
  let end = lineEnd(text, node.end);
  let depth = openBranches(source, node.start, end);
  let kept = depth === 0 ? end : undefined;
  while (end < text.length) {
    const start = nextLine(text, end);
    const stop = lineEnd(text, start);
    const line = text.slice(start, stop);
    const indent = line.length - line.trimStart().length;
    const actions = actionsBetween(source.tree, start, stop);
    end = stop;
    if (line.trim() === '') {
      if (start >= text.length) break;
      continue;
    }
    if (actions.length > 0 && blanked(line, start, actions).trim() === '') {
      if (depth === 0 && !actions.every((action) => printsBelow(action, indent, column))) break;
      for (const { nesting } of actions) depth += nesting;
      // The line ends a branch of this mapping and another one round it.
      if (depth < 0) return undefined;
      if (depth === 0) kept = stop;
      continue;
    }
    const isOurComment =
      line[indent] === '#' && (indent > column || (indent === dashAt && /^\s*#\s*-(?:\s|$)/.test(line)));
    if (depth === 0 && !isOurComment) break;
    // Text of an outer mapping, though a branch that began in this one is still open.
    if (!isOurComment && indent <= column) return undefined;
    if (depth === 0) kept = stop;
  }
  return depth > 0 ? undefined : kept;
}

/** The column of the dashes of the sequence that ends where the node ends, where that is the node's own column. */
function innermostDash(text: string, node: Node, column: number): number | undefined {
  if (node.kind === 'seq') return column;
  const last = node.kind === 'map' && !node.flow ? node.entries.at(-1)?.value : undefined;
  if (last?.kind !== 'seq' || last.flow) return undefined;
  return columnOf(text, last.start) === column ? column : undefined;
}

function nextLine(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

/** The line with its template actions blanked. */
function blanked(line: string, start: number, holes: readonly Span[]): string {
  let rest = line;
  for (const hole of holes)
    rest = rest.slice(0, hole.start - start) + ' '.repeat(hole.end - hole.start) + rest.slice(hole.end - start);
  return rest;
}

/** The action prints into the last value: it names a deeper column, or stands at one. Or it prints nothing and means nothing to those who read on. */
function printsBelow(action: Action, indent: number, column: number): boolean {
  if (action.isComment) return true;
  return !action.isControl && (action.column ?? indent) > column;
}
