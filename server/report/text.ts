/** `--format text`: for people. */
import { ruleById } from '../../rules/index.js';
import { severities, type Severity } from '../../rules/rule.js';
import { type Places, placesOf, type Report } from './report.js';

const colours: Record<Severity | 'bold' | 'dim', string> = { error: '31', warning: '33', information: '36', hint: '90', bold: '1', dim: '2' };

/** By file: a line for each finding, the source line with the span underlined, and a sum at the end. `colour`: use ANSI colours. */
export function textReport(report: Report, colour: boolean): string {
  const paint = (style: keyof typeof colours, text: string) => (colour ? `\x1b[${colours[style]}m${text}\x1b[0m` : text);
  const places = placesOf(report);
  const lines: string[] = [];
  let file = '';
  let shownLine = 0;
  for (const { rule, severity, message, path, at } of report.findings) {
    if (path !== file) {
      if (file !== '') lines.push('');
      lines.push(paint('bold', path));
      file = path;
      shownLine = 0;
    }
    const here = places(path);
    const { line, column } = here.at(at.start);
    lines.push(`  ${`${line}:${column}`.padEnd(8)}${paint(severity, severity.padEnd(12))}${message} ${paint('dim', rule)}`);
    if (line !== shownLine && !hidesValues(rule)) lines.push(...excerpt(here, at, paint));
    shownLine = line;
  }
  if (lines.length > 0) lines.push('');
  for (const { path, reason } of report.skipped) lines.push(`${paint('warning', 'skipped')} ${path}: ${reason}`);
  lines.push(summary(report));
  return `${lines.join('\n')}\n`;
}

/** Rules whose findings stand on a secret: the line is not shown. */
function hidesValues(rule: string): boolean {
  return ruleById.get(rule)?.layer === 'secrets';
}

/** What is shown of a source line at the most, in UTF-16 units. */
const excerptWidth = 100;

function excerpt(places: Places, at: { start: number; end: number }, paint: (style: 'dim', text: string) => string): string[] {
  const from = places.at(at.start);
  const to = places.at(at.end);
  const source = places.line(from.line);
  const first = Math.max(0, Math.min(from.column - 1, source.length) - excerptWidth / 2);
  const shown = source.slice(first, first + excerptWidth);
  const start = Math.min(from.column - 1, source.length) - first;
  const end = Math.max(start + 1, (to.line === from.line ? to.column - 1 : source.length) - first);
  const lead = blanks(shown.slice(0, start));
  const number = String(from.line).padStart(6);
  return [paint('dim', `${number} | ${shown}`), paint('dim', `${' '.repeat(6)} | ${lead}${'^'.repeat(Math.max(1, width(shown.slice(start, end))))}`)];
}

/** Blanks as wide as the text: tabs stay tabs. */
function blanks(text: string): string {
  return [...text].map((character) => (character === '\t' ? '\t' : ' '.repeat(width(character)))).join('');
}

/** How many columns a terminal gives the text: two for wide characters (Unicode East Asian Width W and F, and emoji), none for marks. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{M}|\u200d|\ufe0f/u.test(character)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(character) ? 2 : 1;
  }
  return columns;
}

function summary({ files, findings, skipped }: Report): string {
  const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const names: Record<Severity, [string, string]> = { error: ['error', 'errors'], warning: ['warning', 'warnings'], information: ['note', 'notes'], hint: ['hint', 'hints'] };
  const parts = severities.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [count(number, ...names[severity])];
  });
  return `${count(files, 'file')}: ${parts.join(', ') || 'nothing to report'}${skipped.length > 0 ? `; ${count(skipped.length, 'file')} skipped` : ''}`;
}
