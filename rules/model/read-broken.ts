/** The patient reader: the `yaml` package, which recovers from anything, for text that is not (yet) valid YAML. */
import {
  type CST,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  type Range,
  Scalar,
} from 'yaml';
import { blockScalarEnd, collectionEnd, emptyItemAt, emptyValueAt } from './ends.js';
import { asKey } from './read-valid.js';
import type { Entry, MapNode, Node, ScalarNode, ScalarStyle, SyntaxProblem, Tree } from './tree.js';

/** Past so many anchors the library needs seconds (it looks through all of them for each), so their signs are read as text. */
const maxAnchors = 2000;

/** Deeper nesting than any manifest has; what lies deeper is left out. */
const maxDepth = 500;

/** Reads the first document of any text. What can't be understood is a problem; the rest is in the tree. Never throws. */
export function readBroken(text: string): Tree {
  try {
    return read(text);
  } catch (error) {
    const message = error instanceof RangeError ? 'is nested too deeply to be read' : 'could not be read';
    return {
      text,
      root: undefined,
      problems: [{ start: 0, end: Math.min(1, text.length), message: `The document ${message}.` }],
      holes: [],
    };
  }
}

function read(text: string): Tree {
  if (nesting(text) > maxDepth) throw new RangeError();
  const anchorCount = text.match(/(?<=[\s:-])&\S/g)?.length ?? 0;
  const source = anchorCount > maxAnchors ? text.replace(/(?<=[\s:-])[&*](?=\S)/g, '_') : text;
  const document = parseDocument(source, {
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: true,
    logLevel: 'silent',
    stringKeys: false,
    schema: 'failsafe',
    merge: false,
  });
  const problems: SyntaxProblem[] = document.errors
    .filter(({ code }) => code !== 'MULTIPLE_DOCS')
    .map(({ message, pos: [start, end] }) => ({
      start: Math.min(start, text.length),
      end: Math.min(Math.max(end, start), text.length),
      message: withoutValues(message),
    }));
  const anchors = new Map<string, Node>();
  const root = isNode(document.contents)
    ? new Reader(text, anchors).node(document.contents as LibraryNode, 0)
    : undefined;
  if (root !== undefined && problems.length > 0) keepWithin(root, text.length);
  const empty =
    root?.kind === 'scalar' && root.start === root.end && root.anchor === undefined && root.tag === undefined;
  return { text, root: empty ? undefined : root, problems, holes: [] };
}

/** Of what is missing the library sometimes says that it stands behind the text's end, or that it ends before it begins. */
function keepWithin(root: Node, length: number): void {
  const stack: Node[] = [root];
  for (let node = stack.pop() as Mutable<Node> | undefined; node !== undefined; node = stack.pop()) {
    node.start = Math.min(node.start, length);
    node.end = Math.min(Math.max(node.start, node.end), length);
    if (node.kind === 'seq') stack.push(...node.items);
    if (node.kind === 'map') for (const { key, value } of node.entries) stack.push(key, value);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The library quotes the offending text in some messages; it may be a secret. */
function withoutValues(message: string): string {
  return message
    .split('\n')[0]!
    .replace(/(["'`]).*\1/g, 'this text')
    .replace(/: .*$/, '');
}

/** How deep flow brackets or block indicators nest at the most, roughly: enough to keep the recursive library off a deep text. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 91 || unit === 123) deepest = Math.max(deepest, ++depth);
    else if (unit === 93 || unit === 125) depth = Math.max(0, depth - 1);
  }
  const compact = text.match(/(?:[-?] ){50,}/g)?.reduce((longest, run) => Math.max(longest, run.length / 2), 0) ?? 0;
  const indent = text.match(/^ {1000,}/m) === null ? 0 : maxDepth + 1;
  return Math.max(deepest, compact, indent);
}

interface LibraryNode {
  range?: Range | null;
  anchor?: string;
  tag?: string;
  flow?: boolean;
  source?: string;
  type?: string;
  srcToken?: CST.Token;
  items?: unknown[];
}

class Reader {
  /** The end of what was read last. */
  #last = 0;
  readonly #open: Node[] = [];

  constructor(
    readonly text: string,
    readonly anchors: Map<string, Node>,
  ) {}

  node(from: LibraryNode, depth: number, emptyAt?: number): Node {
    const [start = 0, end = start] = from.range ?? [];
    const written = !isScalar(from) || start !== end;
    const anchor = from.anchor;
    const tag = explicitTag(from);
    if (isAlias(from)) {
      const target = this.anchors.get(from.source);
      const node: Node = {
        kind: 'alias',
        start,
        end,
        name: from.source,
        target: target && this.#open.includes(target) ? undefined : target,
      };
      this.#last = end;
      return node;
    }
    if (isCollection(from))
      return this.#collection(from as unknown as LibraryNode & { items: unknown[] }, start, anchor, tag, depth);
    const node = this.#scalar(from, start, end, anchor, tag, written ? undefined : emptyAt);
    if (anchor !== undefined) this.anchors.set(anchor, node);
    this.#last = Math.max(this.#last, node.end);
    return node;
  }

  #scalar(
    from: LibraryNode,
    start: number,
    end: number,
    anchor: string | undefined,
    tag: string | undefined,
    emptyAt: number | undefined,
  ): ScalarNode {
    if (emptyAt !== undefined && anchor === undefined && tag === undefined)
      return { kind: 'scalar', start: emptyAt, end: emptyAt, anchor, tag, style: 'plain' };
    const style = styleOf(from.type);
    if (style === 'literal' || style === 'folded')
      return { kind: 'scalar', start, end: blockScalarEnd(this.text, start, end), anchor, tag, style };
    return { kind: 'scalar', start, end, anchor, tag, style };
  }

  #collection(
    from: LibraryNode & { items: unknown[] },
    start: number,
    anchor: string | undefined,
    tag: string | undefined,
    depth: number,
  ): Node {
    const flow = from.flow === true;
    const entries: Entry[] = [];
    const items: Node[] = [];
    const node = isMap(from)
      ? { kind: 'map' as const, start, end: start, anchor, tag, flow, entries }
      : { kind: 'seq' as const, start, end: start, anchor, tag, flow, items };
    if (anchor !== undefined) this.anchors.set(anchor, node);
    if (depth > maxDepth) return node;
    this.#open.push(node);
    this.#last = flow ? start + 1 : start;
    for (const item of from.items) {
      if (isPair(item)) entries.push(this.#entry(item as unknown as { key: unknown; value: unknown }, depth));
      else if (isNode(item)) items.push(this.node(item as LibraryNode, depth + 1, emptyItemAt(this.text, this.#last)));
    }
    this.#open.pop();
    node.end = collectionEnd(this.text, node as MapNode);
    this.#last = node.end;
    return node;
  }

  #entry(pair: { key: unknown; value: unknown }, depth: number): Entry {
    const keyNode = isNode(pair.key) ? this.node(pair.key as LibraryNode, depth + 1, this.#last) : undefined;
    const key: ScalarNode =
      keyNode === undefined
        ? { kind: 'scalar', start: this.#last, end: this.#last, style: 'plain' }
        : keyNode.kind === 'scalar'
          ? keyNode
          : asKey(keyNode);
    const emptyAt = emptyValueAt(this.text, key.end);
    const value: Node = isNode(pair.value)
      ? this.node(pair.value as LibraryNode, depth + 1, emptyAt)
      : { kind: 'scalar', start: emptyAt, end: emptyAt, anchor: undefined, tag: undefined, style: 'plain' };
    return { key, value };
  }
}

/** The tag as written; the library has expanded `!!`. */
function explicitTag({ tag }: LibraryNode): string | undefined {
  return tag?.replace(/^tag:yaml\.org,2002:/, '!!');
}

function styleOf(type: string | undefined): ScalarStyle {
  switch (type) {
    case Scalar.QUOTE_DOUBLE:
      return 'double';
    case Scalar.QUOTE_SINGLE:
      return 'single';
    case Scalar.BLOCK_LITERAL:
      return 'literal';
    case Scalar.BLOCK_FOLDED:
      return 'folded';
    default:
      return 'plain';
  }
}
