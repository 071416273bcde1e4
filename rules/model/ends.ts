/** Where things end that the parsers don't tell, or tell differently. Both readers use these, so that their trees agree. */
import type { MapNode, SeqNode } from './tree.js';

/** The next offset that holds neither blank, line break nor comment. */
export function skipTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit === 32 || unit === 10 || unit === 13 || unit === 9) at++;
    else if (unit === 35 && (at === 0 || text.charCodeAt(at - 1) <= 32)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else return at;
  }
}

/** A block collection ends with its last member, a flow collection behind its bracket where it has one. */
export function collectionEnd(text: string, node: MapNode | SeqNode): number {
  const last = node.kind === 'map' ? node.entries.at(-1)?.value.end : node.items.at(-1)?.end;
  if (!node.flow) return last ?? node.start;
  const opened = /[[{]/.test(text.charAt(node.start));
  let at = skipTrivia(text, last ?? node.start + (opened ? 1 : 0));
  if (text[at] === ',') at = skipTrivia(text, at + 1);
  const close = node.kind === 'map' ? '}' : ']';
  const open = node.kind === 'map' ? '{' : '[';
  return text[node.start] === open && text[at] === close ? at + 1 : (last ?? node.start + (opened ? 1 : 0));
}

/** Behind the colon that follows a key; behind the key itself where there is none. */
export function emptyValueAt(text: string, keyEnd: number): number {
  const at = skipTrivia(text, keyEnd);
  return text[at] === ':' ? at + 1 : keyEnd;
}

/** Behind the dash of an item that was left out, which follows what was read last. */
export function emptyItemAt(text: string, last: number): number {
  const at = skipTrivia(text, last);
  return text[at] === '-' ? at + 1 : last;
}

/** Where a block scalar ends: behind its last line with content, or, when it keeps them, behind its blank lines. */
export function blockScalarEnd(text: string, start: number, end: number): number {
  const lineEnd = text.indexOf('\n', start);
  const header = text.slice(start, lineEnd < 0 ? end : lineEnd);
  let at = Math.min(end, text.length);
  if (/^[|>]\d?\+/.test(header)) {
    if (text[at - 1] === '\n') at -= text[at - 2] === '\r' ? 2 : 1;
    return Math.max(at, start + header.trimEnd().length);
  }
  while (at > start && text.charCodeAt(at - 1) <= 32) at--;
  return at;
}
