/** What anchors and aliases make one: a change of the anchored node is a change wherever an alias stands for it. */
import type { Node, Span, Tree } from './tree.js';

/**
 * The anchored nodes for which some alias stands outside of `within`, or as the value of another key than the anchored node: who changes them for the
 * sake of what is within changes something else too.
 */
export function sharedOutside({ root, text }: Tree, within: Span): Span[] {
  const keys = new Map<Node, string | undefined>();
  const aliases: { target: Node; at: Span; key: string | undefined }[] = [];
  const visit = (node: Node, key: string | undefined): void => {
    if (node.kind === 'alias') {
      if (node.target !== undefined) aliases.push({ target: node.target, at: node, key });
      return;
    }
    if (node.anchor !== undefined) keys.set(node, key);
    if (node.kind === 'seq') for (const item of node.items) visit(item, key);
    if (node.kind === 'map')
      for (const entry of node.entries) visit(entry.value, text.slice(entry.key.start, entry.key.end));
  };
  if (root !== undefined) visit(root, undefined);
  return aliases
    .filter(({ target, at, key }) => at.start < within.start || at.end > within.end || keys.get(target) !== key)
    .map(({ target: { start, end } }) => ({ start, end }));
}
