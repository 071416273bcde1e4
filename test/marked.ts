/** Texts in template literals, with `«` and `»` round the spans that are meant. */
import type { Span } from '../rules/rule.js';

/** Takes the blanks away that all lines have in common, and the empty first and last line of a template literal. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '\n')
    .split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const margin = Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join('\n');
}

/** The text without its marks, and the spans between them. */
export function unmark(marked: string): { text: string; spans: Span[] } {
  const spans: Span[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') spans.push({ start, end: text.length });
    else text += part;
  }
  return { text, spans };
}
