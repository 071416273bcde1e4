/** What every report is made from. */
import type { FileFinding } from '../session.js';

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface Report {
  /** How many files were linted. */
  readonly files: number;
  /** By path, then by place. */
  readonly findings: readonly FileFinding[];
  readonly skipped: readonly Skipped[];
  /** The text of a linted file. */
  text(path: string): string;
}

/** Lines and columns from 1, columns in UTF-16 units, of offsets in one text. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  /** A line's text without its line break. */
  line(number: number): string {
    const start = this.#starts[number - 1] ?? this.text.length;
    return this.text.slice(start, this.#starts[number] ?? this.text.length).replace(/\r?\n$/, '');
  }
}

/** The places of the findings' files, each made once. */
export function placesOf(report: Report): (path: string) => Places {
  let last: { path: string; places: Places } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, places: new Places(report.text(path)) };
    return last.places;
  };
}
