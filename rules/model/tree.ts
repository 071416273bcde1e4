/**
 * The tree that every rule stands on: what a YAML or JSON text says, with the place of everything it says.
 *
 * No rule knows which library parsed the text. Two readers build the same tree (read-valid.ts, read-broken.ts; a test
 * holds them equal). All offsets count UTF-16 code units from the start of the document's own text, half-open.
 */

/** A stretch of text: UTF-16 code units, half-open, counted from the start of the document's own text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What every node carries. The span is that of the content: anchor (`&a`) and tag (`!!str`) stand before `start`. */
interface NodeBase extends Span {
  readonly anchor?: string;
  /** As written, e.g. `!!str`; absent when the node has none. */
  readonly tag?: string;
}

/**
 * A mapping. A block mapping starts at its first key and ends where its last entry ends (no trailing comment, no line
 * break); a flow mapping includes its braces. An unclosed flow mapping ends where its last entry ends.
 */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  /** In source order, duplicates included (Kubernetes takes the last one). */
  readonly entries: readonly Entry[];
}

/** `key: value`. A value that was left out is an empty plain scalar right behind the colon. */
export interface Entry {
  /** Almost always a scalar; a collection used as a key is kept as a plain scalar over its source text. */
  readonly key: ScalarNode;
  readonly value: Node;
}

/** A sequence. A block sequence starts at its first dash; ends are as for a mapping. */
export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly Node[];
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/**
 * A scalar. The span covers the quotes of a quoted scalar; a block scalar starts at its `|` or `>` and ends behind its
 * last line (with `+`, behind the blank lines it keeps), without the final line break. Its text is decoded when asked
 * for (`scalarText`), and remembered.
 */
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
}

/** `*name`; `target` is the node that the anchor names, or undefined when there is none (or it is an ancestor). */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node | undefined;
}

export type Node = MapNode | SeqNode | ScalarNode | AliasNode;

/** Something the reader could not make sense of. The message names no value from the text. */
export interface SyntaxProblem extends Span {
  readonly message: string;
}

/** What a reader makes of a document's text. `root` is undefined for an empty or comment-only document. */
export interface Tree {
  readonly text: string;
  readonly root: Node | undefined;
  /** Empty when the text is valid YAML. */
  readonly problems: readonly SyntaxProblem[];
  /**
   * Spans of template actions (`{{ … }}`), which were blanked before reading, in order. A scalar that overlaps one has
   * no known value; a block mapping that has one between its entries may have more keys than can be seen.
   */
  readonly holes: readonly Span[];
}
