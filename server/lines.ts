/** Offsets ⇄ positions. Offsets count UTF-16 code units; a position's character counts what client and server agreed on. */
import type { Position, Range } from 'vscode-languageserver';
import type { Span } from '../rules/rule.js';

/** The position encodings that the server offers (LSP 3.17). */
export type Encoding = 'utf-8' | 'utf-16';

export class Lines {
  readonly #starts: number[] = [0];

  constructor(
    readonly text: string,
    readonly encoding: Encoding = 'utf-16',
  ) {
    if (text.includes('\r'))
      for (const { index, 0: eol } of text.matchAll(/\r\n?|\n/g)) this.#starts.push(index + eol.length);
    // Most texts have none, and looking for one unit is several times as fast.
    else for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** How many line breaks the text has. */
  get breaks(): number {
    return this.#starts.length - 1;
  }

  /** The position of an offset; one outside the text is taken to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low]!;
    const character = this.encoding === 'utf-16' ? at - start : utf8Length(this.text.slice(start, at));
    return { line: low, character };
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The offset of a position; one behind the end of its line is taken to the end of the line. */
  offset({ line, character }: Position): number {
    if (line < 0) return 0;
    const start = this.#starts[line];
    if (start === undefined) return this.text.length;
    const next = this.#starts[line + 1] ?? this.text.length + 1;
    if (this.encoding === 'utf-16') return Math.min(start + Math.max(0, character), Math.max(start, next - 1));
    let bytes = 0;
    let at = start;
    while (at < next - 1 && bytes < character) {
      const point = this.text.codePointAt(at)!;
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      at += point > 0xffff ? 2 : 1;
    }
    return at;
  }
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
