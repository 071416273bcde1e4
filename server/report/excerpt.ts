/** A line of source for a terminal, with what was found in it underlined. */
import type { Span } from '../../rules/rule.js';

/** What is shown of a line at the most, in terminal columns. */
const maxWidth = 100;

/** How much of a long line is kept before the first mark, in UTF-16 units. */
const lead = 40;

/** What stands in the place of a secret, however long it is. */
const mask = '********';

/** Controls and what turns the direction of text: shown as they are, they would act on the terminal or deceive the reader. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/u;

/** The text with nothing in it that acts on a terminal. */
export function printable(text: string): string {
  return text.replace(new RegExp(unprintable, 'gu'), '\ufffd');
}

/** A part of the line that is shown as one, with its place in the text and its width in columns. */
interface Cell extends Span {
  readonly shown: string;
  readonly width: number;
}

/**
 * The line as shown, and the line of carets that goes below it: wide characters count two columns, tabs become blanks, a
 * line that is too long is cut around the first mark. Undefined where there is nothing to show.
 * @param line where the line lies in the text, without its line break
 * @param marks what to underline; an empty span gets one caret
 * @param hidden what must not be shown
 */
export function excerpt(
  text: string,
  line: Span,
  marks: readonly Span[],
  hidden: readonly Span[] = [],
): { source: string; carets: string } | undefined {
  const first = Math.max(line.start, Math.min(...marks.map(({ start }) => start)));
  const indent = line.start + (/^[ \t]*/.exec(text.slice(line.start, Math.min(first, line.end)))?.[0].length ?? 0);
  // A cut must not part a surrogate pair; what is hidden may begin before the cut.
  const start = first - line.start <= 2 * lead ? line.start : Math.max(indent, first - lead);
  const from = start > line.start && /[\udc00-\udfff]/.test(text[start] ?? '') ? start + 1 : start;
  const cells = cellsOf(text, from, Math.min(line.end, from + 4 * maxWidth), hidden);
  let source = from > line.start ? '…' : '';
  let width = source.length;
  let carets = '';
  for (const cell of cells) {
    if (width + cell.width > maxWidth) {
      source += '…';
      break;
    }
    source += cell.shown;
    if (marks.some((mark) => mark.start < cell.end && Math.max(mark.end, mark.start + 1) > cell.start)) {
      carets = carets.padEnd(width) + '^'.repeat(cell.width);
    }
    width += cell.width;
  }
  if (source.trim() === '') return undefined;
  return { source: source.trimEnd(), carets: carets === '' ? `${' '.repeat(width)}^` : carets };
}

function cellsOf(text: string, from: number, to: number, hidden: readonly Span[]): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of segments(text.slice(from, to))) {
    const start = from + index;
    const end = start + segment.length;
    const secret = hidden.find((span) => span.start < end && span.end > start);
    const last = cells.at(-1);
    if (secret !== undefined) {
      if (last?.shown === mask && last.end === start) cells[cells.length - 1] = { ...last, end };
      else cells.push({ start, end, shown: mask, width: mask.length });
    } else if (segment === '\t') {
      const width = 4 - (column % 4);
      cells.push({ start, end, shown: ' '.repeat(width), width });
    } else {
      const shown = printable(segment);
      cells.push({ start, end, shown, width: widthOf(shown) });
    }
    column += cells.at(-1)!.width;
  }
  return cells;
}

/** What a reader sees as single characters. */
function segments(text: string): Iterable<{ segment: string; index: number }> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
  if (/^[\x00-\x7f]*$/.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  return new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
}

/** East Asian wide and full-width characters (Unicode's EastAsianWidth W and F), without emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18d08}\u{1b000}-\u{1b2fb}\u{20000}-\u{3fffd}]/u;

/** How many columns a terminal gives to what is seen as one character. */
function widthOf(segment: string): number {
  if (/^[ -~]*$/.test(segment)) return segment.length;
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(segment) || wide.test(segment)) return 2;
  return /^[\p{M}\p{Cf}]+$/u.test(segment) ? 0 : 1;
}
