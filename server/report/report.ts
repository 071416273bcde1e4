/** What every report is made from. */
import type { FileKind } from '../../rules/document.js';
import { ruleById } from '../../rules/index.js';
import { type Severity, type Span, severities } from '../../rules/rule.js';
import type { FileFinding } from '../session.js';

/** A file that could not be read, or only in part. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface Report {
  /** How many files were linted. */
  readonly files: number;
  /** By path, then by place; made while they are gone through, so that a large report never is in memory as a whole. */
  readonly findings: Iterable<FileFinding>;
  /** How many findings there are; true once they have been gone through. */
  readonly counts: Counts;
  readonly skipped: readonly Skipped[];
  /** The text of a linted file. */
  text(path: string): string;
  /** What of a file's text is never shown, as offsets in it, in order: the places that rules about secrets found, suppressed or not. */
  secrets(path: string): readonly Span[];
}

export type Counts = Record<Severity | 'fixable', number>;

/** Passes findings on and counts them. */
export function* counted(findings: Iterable<FileFinding>, counts: Counts): Generator<FileFinding> {
  for (const finding of findings) {
    counts[finding.severity]++;
    if (finding.fixes.some(({ safe }) => safe)) counts.fixable++;
    yield finding;
  }
}

/** Lines and columns from 1, columns in UTF-16 units, of offsets in one text. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** An offset outside the text is taken to its nearest end. */
  at(offset: number): { readonly line: number; readonly column: number } {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - this.#starts[low]! + 1 };
  }

  /** Where a line lies, without its line break; at the text's end for a line that is not there. */
  line(number: number): Span {
    const start = this.#starts[number - 1] ?? this.text.length;
    let end = (this.#starts[number] ?? this.text.length + 1) - 1;
    if (end > start && this.text[end - 1] === '\r') end--;
    return { start, end: Math.max(start, end) };
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

/** The rule's findings stand on secrets, wherever they are found. */
export function isAboutSecrets(rule: string): boolean {
  return ruleById.get(rule)?.secret === true;
}

/** What is not shown for a finding about a secret: its place; when that is a key, or a part of an instruction, the rest of the line too. */
export function secretSpan(text: string, kind: FileKind, { start, end }: Span): Span {
  const lineBreak = text.slice(end).search(/\r?\n|$/);
  if (kind === 'dockerfile') return { start, end: end + lineBreak };
  const behindKey = /^["']?[ \t]*[:=][ \t]*(?=\S)/.exec(text.slice(end, end + lineBreak));
  return behindKey === null ? { start, end } : { start: end + behindKey[0].length, end: end + lineBreak };
}

/** "12 files: 3 errors, 4 warnings"; once the findings have been gone through. */
export function summary({ files, counts, skipped }: Report): string {
  if (files === 0)
    return skipped.length > 0 ? 'No file was linted' : 'No files: there is no YAML, JSON or Dockerfile here';
  const names: Record<Severity, [string, string]> = {
    error: ['error', 'errors'],
    warning: ['warning', 'warnings'],
    information: ['information', 'information'],
    hint: ['hint', 'hints'],
  };
  const parts = severities.flatMap((severity) => {
    const number = counts[severity];
    return number === 0 ? [] : [count(number, ...names[severity])];
  });
  return `${count(files, 'file')}: ${parts.join(', ') || 'nothing found'}`;
}

/** "1 file", "2 files". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
