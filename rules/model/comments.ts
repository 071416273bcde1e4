/** Finding comments when somebody asks for them; neither reader keeps them. */
import { lineEnd } from './lines.js';
import type { Node, Span, Tree } from './tree.js';

/** All comments of a document, from `#` to the line's end, in order. A `#` inside a scalar is none. */
export function* commentsIn({ root, text }: Tree): Generator<Span> {
  if (!text.includes('#')) return;
  const scalars: Span[] = [];
  if (root !== undefined) collectScalars(root, scalars);
  let index = 0;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at)) {
    while (index < scalars.length && scalars[index]!.end <= at) index++;
    const scalar = scalars[index];
    if (scalar !== undefined && scalar.start <= at) {
      at = scalar.end;
      continue;
    }
    const before = text.charCodeAt(at - 1);
    if (at > 0 && before > 32) {
      at++;
      continue;
    }
    const end = lineEnd(text, at);
    yield { start: at, end };
    at = end;
  }
}

/** Scalars that could hold a `#`, in source order. */
function collectScalars(root: Node, found: Span[]): void {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'scalar') found.push(node);
    else if (node.kind === 'seq')
      for (let index = node.items.length - 1; index >= 0; index--) stack.push(node.items[index]!);
    else if (node.kind === 'map') {
      for (let index = node.entries.length - 1; index >= 0; index--) {
        stack.push(node.entries[index]!.value, node.entries[index]!.key);
      }
    }
  }
}
