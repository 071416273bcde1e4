/** Reads a document's text: template actions blanked, the fast reader for what is valid, the patient one for the rest. */
import { readValid } from './read-valid.js';
import type { Span, Tree } from './tree.js';

/** The tree of a text that holds one document (stream.ts). Never throws; what makes no sense is in `problems`. */
export function readTree(text: string): Tree {
  const masked = maskTemplates(text);
  const tree = readValid(masked.text) ?? patientReader().readBroken(masked.text);
  return masked.holes.length === 0 ? tree : { ...tree, text, holes: masked.holes };
}

/** Loaded when the first text comes that is not valid: a command line on one good file never pays for the library. */
function patientReader(): typeof import('./read-broken.js') {
  return require('./read-broken.js');
}

/**
 * Puts harmless text of the same length in the place of every Go template action: blanks where actions make up the whole
 * line, letters where they are a part of it. Offsets stay; `holes` says where the actions were.
 */
export function maskTemplates(text: string): { readonly text: string; readonly holes: readonly Span[] } {
  if (!text.includes('{{')) return { text, holes: [] };
  const holes: Span[] = [];
  // Strings inside an action may hold braces; an action that is not closed ends with its line.
  const pattern = /\{\{(?:[^}"`]|"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}(?!\}))*\}\}|\{\{[^\n]*/g;
  for (const match of text.matchAll(pattern)) holes.push({ start: match.index, end: match.index + match[0].length });
  let masked = '';
  let at = 0;
  for (let index = 0; index < holes.length; ) {
    // Actions with only blanks between them share a line's fate.
    let next = index + 1;
    while (next < holes.length && /^[ \t]*$/.test(text.slice(holes[next - 1]!.end, holes[next]!.start))) next++;
    const start = holes[index]!.start;
    const end = holes[next - 1]!.end;
    const alone =
      /(?:^|\n)[ \t\uFEFF]*$/.test(text.slice(Math.max(0, start - 200), start)) &&
      /^[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 200));
    masked += text.slice(at, start) + text.slice(start, end).replace(/[^\n\r]/g, alone ? ' ' : 'x');
    at = end;
    index = next;
  }
  return { text: masked + text.slice(at), holes };
}
