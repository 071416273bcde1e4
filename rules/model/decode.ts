/** Decoding the scalars that take more than their quotes off. */
import { parseDocument } from 'yaml';
import type { ScalarNode, Tree } from './tree.js';

/** Leaves the rare forms to the library: the scalar alone, indented as it stands, is a document of its own. */
export function decode(tree: Tree, node: ScalarNode, raw: string): string {
  const column = node.start - (tree.text.lastIndexOf('\n', node.start - 1) + 1);
  const isBlock = node.style === 'literal' || node.style === 'folded';
  // A block scalar's indentation counts from its parent's, which is unknown here: a key at column 0 stands in for it.
  const document = parseDocument(isBlock ? `k: ${raw}\n` : `${' '.repeat(column)}${raw}`, {
    schema: 'failsafe',
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const value = isBlock ? document.get('k') : (document.contents as { value?: unknown } | null)?.value;
  return typeof value === 'string' ? value : raw;
}
