/** `--format text`: for people. */
import { type Severity, severities } from '../../rules/rule.js';
import type { FileFinding } from '../session.js';
import { excerpt, printable } from './excerpt.js';
import { count, type Places, placesOf, type Report, summary } from './report.js';

const colours: Record<Severity | 'dim' | 'bold', string> = {
  error: '31',
  warning: '33',
  information: '36',
  hint: '2',
  dim: '2',
  bold: '1',
};

type Paint = (style: keyof typeof colours, text: string) => string;

/** How many skipped files are named; machines get all of them. */
const maxSkipped = 20;

/**
 * By file, and there by line: the findings, a line each, then the source with their places underlined. At the end, what was skipped
 * and the sum. Whatever would act on the terminal is taken out.
 * In pieces.
 * @param colour use ANSI colours
 */
export function* textReport(report: Report, colour: boolean): Generator<string> {
  const paint: Paint = (style, text) => (colour ? `\x1b[${colours[style]}m${text}\x1b[0m` : text);
  const places = placesOf(report);
  for (const [path, findings] of groups(report.findings, ({ path }) => path)) {
    yield `${fileBlock(path, findings, places(path), report, paint)}\n\n`;
  }
  if (report.skipped.length > 0) yield `${skippedBlock(report, paint)}\n\n`;
  const { fixable } = report.counts;
  yield `${paint('bold', summary(report))}${fixable === 0 ? '' : `; --fix can mend ${fixable} of them`}\n`;
}

function fileBlock(
  path: string,
  findings: readonly FileFinding[],
  places: Places,
  report: Report,
  paint: Paint,
): string {
  const hidden = report.secrets(path);
  const rows = findings.map((finding) => {
    const { line, column } = places.at(finding.at.start);
    return { finding, line, where: `${printable(path)}:${line}:${column}` };
  });
  const whereWidth = widest(rows.map(({ where }) => where));
  const severityWidth = widest(rows.map(({ finding }) => finding.severity));
  const lines: string[] = [];
  for (const [line, onLine] of groups(rows, (row) => row.line)) {
    const worstFirst = onLine.sort(
      (a, b) => rank(a.finding) - rank(b.finding) || a.finding.at.start - b.finding.at.start,
    );
    for (const { finding, where } of worstFirst) {
      const { severity, message, rule } = finding;
      const level = paint(severity, severity.padEnd(severityWidth));
      lines.push(`${where.padEnd(whereWidth)}  ${level}  ${printable(message)}  ${paint('dim', rule)}`);
    }
    const shown = excerpt(
      places.text,
      places.line(line),
      onLine.map(({ finding }) => finding.at),
      hidden,
    );
    if (shown === undefined) continue;
    const number = String(line).padStart(6);
    lines.push(`${paint('dim', `${number} |`)} ${shown.source}`);
    lines.push(
      `${paint('dim', `${' '.repeat(number.length)} |`)} ${paint(worstFirst[0]!.finding.severity, shown.carets)}`,
    );
  }
  return lines.join('\n');
}

function skippedBlock({ skipped }: Report, paint: Paint): string {
  const named = skipped.slice(0, maxSkipped).map(({ path, reason }) => `  ${printable(path)}: ${printable(reason)}`);
  const rest = skipped.length - named.length;
  if (rest > 0) named.push(`  … and ${count(rest, 'other', 'others')}; --format json names them all`);
  return [paint('warning', 'Skipped, or read only in part:'), ...named].join('\n');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

function rank({ severity }: FileFinding): number {
  return severities.indexOf(severity);
}

/** Runs of items with the same key. */
function* groups<T, K>(items: Iterable<T>, key: (item: T) => K): Generator<[K, T[]]> {
  let group: T[] = [];
  for (const item of items) {
    if (group.length > 0 && key(group[0]!) !== key(item)) {
      yield [key(group[0]!), group];
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) yield [key(group[0]!), group];
}
