/** Lines and columns of a text, by offset. A line ends before its line break (`\n` or `\r\n`). */

/** The offset at which the line of this offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset at which the line of this offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > 0 && end > offset && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** How many UTF-16 units stand before the offset on its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The line break that the text uses first; `\n` when it has none. */
export function eolOf(text: string): '\n' | '\r\n' {
  const end = text.indexOf('\n');
  return end > 0 && text.charCodeAt(end - 1) === 13 ? '\r\n' : '\n';
}
