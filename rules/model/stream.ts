/** Splitting a YAML stream into documents before anything is parsed. */
import type { Span } from './tree.js';

/**
 * The documents of a stream: each `---` at column 0 (followed by a blank or a line end) begins a new one and belongs to it.
 * YAML 1.2.2 §9.1.2: such a line is a document marker wherever it stands, even in a block scalar, so that an unclosed quote
 * can't reach past it. The spans cover the text completely and in order; a text without markers is one document.
 */
export function splitStream(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let at = text.indexOf('\n---'); at >= 0; at = text.indexOf('\n---', at + 4)) {
    const after = text.charCodeAt(at + 4);
    if (!(Number.isNaN(after) || after === 10 || after === 13 || after === 32 || after === 9)) continue;
    // What stands before the first marker is a document only if it says something.
    if (start === 0 && isBlank(text, at + 1)) continue;
    spans.push({ start, end: at + 1 });
    start = at + 1;
  }
  spans.push({ start, end: text.length });
  return spans;
}

/** Only blank lines and comments up to `end`. */
function isBlank(text: string, end: number): boolean {
  for (let at = 0; at < end; ) {
    const stop = text.indexOf('\n', at);
    const line = text.slice(at, stop < 0 ? end : stop).trim();
    if (line !== '' && line !== '\uFEFF' && !line.startsWith('#')) return false;
    at = stop < 0 ? end : stop + 1;
  }
  return true;
}
