/** The fast reader: js-yaml's events, for text that is valid YAML. */
import {
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  parseEvents,
} from 'js-yaml';
import { blockScalarEnd, collectionEnd, emptyItemAt, emptyValueAt, skipTrivia } from './ends.js';
import type { AliasNode, Entry, MapNode, Node, ScalarNode, ScalarStyle, SeqNode, Tree } from './tree.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An open collection: its node, its members so far, the key that waits for its value. */
interface Open {
  readonly node: Mutable<MapNode> | Mutable<SeqNode>;
  readonly entries: Entry[] | undefined;
  readonly items: Node[] | undefined;
  key: ScalarNode | undefined;
}

const styles: Readonly<Record<number, ScalarStyle>> = {
  1: 'plain',
  2: 'single',
  3: 'double',
  4: 'literal',
  5: 'folded',
};
const flowStyle = 2;

/**
 * Reads a text that holds one valid document. Undefined when it holds anything else (a syntax error, nesting deeper
 * than js-yaml allows, two documents): then read-broken.ts has to read it.
 */
export function readValid(text: string): Tree | undefined {
  let events: ReturnType<typeof parseEvents>;
  try {
    events = parseEvents(text, {});
  } catch {
    return undefined;
  }
  const anchors = new Map<string, Node>();
  const stack: Open[] = [];
  let root: Node | undefined;
  let documents = 0;
  /** The end of the last thing read; an empty value stands behind the next colon. */
  let last = 0;

  for (const event of events) {
    let node: Node;
    if (event.type === EVENT_SCALAR) {
      node = scalarNode(text, event, stack.at(-1), last);
    } else if (event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE) {
      const flow = event.style === flowStyle;
      const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
      const tag = event.tagStart < 0 ? undefined : text.slice(event.tagStart, event.tagEnd);
      const open: Open =
        event.type === EVENT_MAPPING
          ? openMap({ kind: 'map', start: event.start, end: event.start, anchor, tag, flow, entries: [] })
          : openSeq({ kind: 'seq', start: event.start, end: event.start, anchor, tag, flow, items: [] });
      if (anchor !== undefined) anchors.set(anchor, open.node);
      stack.push(open);
      last = flow ? event.start + 1 : event.start;
      continue;
    } else if (event.type === EVENT_POP) {
      const open = stack.pop();
      // The document's own end.
      if (open === undefined) continue;
      open.node.end = collectionEnd(text, open.node);
      node = open.node;
    } else if (event.type === EVENT_ALIAS) {
      const name = text.slice(event.anchorStart, event.anchorEnd);
      const target = anchors.get(name);
      const inside = stack.some((open) => open.node === target);
      node = {
        kind: 'alias',
        start: event.anchorStart - 1,
        end: event.anchorEnd,
        name,
        target: inside ? undefined : target,
      } satisfies AliasNode;
    } else {
      if (event.type === EVENT_DOCUMENT && ++documents > 1) return undefined;
      continue;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    last = node.end;
    const parent = stack.at(-1);
    if (parent === undefined) root = node;
    else add(parent, node);
  }
  const isEmpty =
    root?.kind === 'scalar' && root.start === root.end && root.anchor === undefined && root.tag === undefined;
  return { text, root: isEmpty ? undefined : root, problems: [], holes: [] };
}

function openMap(node: Mutable<MapNode>): Open {
  return { node, entries: node.entries as Entry[], items: undefined, key: undefined };
}

function openSeq(node: Mutable<SeqNode>): Open {
  return { node, entries: undefined, items: node.items as Node[], key: undefined };
}

function add(parent: Open, node: Node): void {
  if (parent.items !== undefined) parent.items.push(node);
  else if (parent.key === undefined) parent.key = node.kind === 'scalar' ? node : asKey(node);
  else {
    parent.entries!.push({ key: parent.key, value: node });
    parent.key = undefined;
  }
}

/** A collection or alias used as a key, as the scalar that its source text would be. */
export function asKey({ start, end }: Node): ScalarNode {
  return { kind: 'scalar', start, end, anchor: undefined, tag: undefined, style: 'plain' };
}

type ScalarEvent = Extract<ReturnType<typeof parseEvents>[number], { type: typeof EVENT_SCALAR }>;

function scalarNode(text: string, event: ScalarEvent, parent: Open | undefined, last: number): ScalarNode {
  const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
  const tag = event.tagStart < 0 ? undefined : text.slice(event.tagStart, event.tagEnd);
  const style = styles[event.style]!;
  let { valueStart: start, valueEnd: end } = event;
  if (start < 0) {
    const props = Math.max(event.anchorEnd, event.tagEnd);
    start = props > 0 ? props : emptyAt(text, parent, last);
    end = start;
  } else if (style === 'single' || style === 'double') {
    start -= 1;
    end += 1;
  } else if (style === 'literal' || style === 'folded') {
    start = headerAt(text, Math.max(event.anchorEnd, event.tagEnd, last), parent);
    end = blockScalarEnd(text, start, end);
  }
  return { kind: 'scalar', start, end, anchor, tag, style };
}

/** Where a value stands that was left out: behind the colon, or behind the dash. */
function emptyAt(text: string, parent: Open | undefined, last: number): number {
  if (parent?.key !== undefined) return emptyValueAt(text, parent.key.end);
  return parent?.items === undefined ? last : emptyItemAt(text, last);
}

/** The `|` or `>` of a block scalar: the first thing behind its key's colon or its dash, and behind its anchor and tag. */
function headerAt(text: string, from: number, parent: Open | undefined): number {
  const at = skipTrivia(text, from);
  const isIndicator = text[at] === ':' || (text[at] === '-' && parent?.items !== undefined);
  return isIndicator ? skipTrivia(text, at + 1) : at;
}
