/** A YAML or JSON document as rules see it: its tree, and how its author writes. */
import { columnOf, eolOf } from './lines.js';
import type { Node, Tree } from './tree.js';

export class Source {
  readonly text: string;
  /** The document's line break, for text that a fix inserts. */
  readonly eol: string;
  /** Keys are quoted and everything is in flow style. */
  readonly json: boolean;
  /** Some mapping takes entries from another one (`<<`). */
  readonly merges: boolean;
  #step: number | undefined;
  #dash: number | undefined;

  constructor(
    readonly tree: Tree,
    /** A mapping's own keys win over those that it merges, wherever the merge key stands (YAML 1.1; Compose), and not as Kubernetes has it. */
    readonly ownKeysWin = false,
  ) {
    this.text = tree.text;
    this.eol = eolOf(tree.text);
    this.merges = tree.text.includes('<<');
    this.json = tree.root !== undefined && (tree.root.kind === 'map' || tree.root.kind === 'seq') && isJson(tree);
  }

  /** By how many columns this document indents a mapping inside a mapping; 2 when it shows no example. */
  get step(): number {
    this.#step ??= indentationStep(this.tree) ?? 2;
    return this.#step;
  }

  /** By how many columns a sequence stands behind its key: 0, or as far as this document has it. */
  get dash(): number {
    this.#dash ??= sequenceStep(this.tree) ?? this.step;
    return this.#dash;
  }
}

/** JSON is told by its first bracket being followed by a double-quoted key or by nothing. */
function isJson({ root, text }: Tree): boolean {
  if (root === undefined || !(root.kind === 'map' || root.kind === 'seq') || !root.flow) return false;
  const first = root.kind === 'map' ? root.entries[0]?.key : root.items[0];
  return first === undefined || first.kind !== 'scalar' || text[first.start] === '"';
}

/** The column difference of the first block mapping that stands as a value in a block mapping. */
function indentationStep({ root, text }: Tree): number | undefined {
  const queue: Node[] = root === undefined ? [] : [root];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    if (node.kind === 'seq' && !node.flow) queue.push(...node.items.slice(0, 3));
    if (node.kind !== 'map' || node.flow) continue;
    for (const { value } of node.entries) {
      if (value.kind === 'map' && !value.flow) return columnOf(text, value.start) - columnOf(text, node.start);
      if (value.kind === 'seq') queue.push(value);
    }
  }
  return undefined;
}

/** The column difference of the first block sequence that stands as a value in a block mapping. */
function sequenceStep({ root, text }: Tree): number | undefined {
  const queue: Node[] = root === undefined ? [] : [root];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    if (node.kind === 'seq' && !node.flow) queue.push(...node.items.slice(0, 3));
    if (node.kind !== 'map' || node.flow) continue;
    for (const { value } of node.entries) {
      if (value.kind === 'seq' && !value.flow) return columnOf(text, value.start) - columnOf(text, node.start);
      if (value.kind === 'map') queue.push(value);
    }
  }
  return undefined;
}
