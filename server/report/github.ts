/** `--format github`: workflow commands that GitHub shows as annotations. */
import type { Severity } from '../../rules/rule.js';
import { placesOf, type Report, summary } from './report.js';

const commands: Record<Severity, string> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** One `::error …::message` line for each finding and each file that was skipped, and the sum for the log. In pieces. */
export function* githubReport(report: Report): Generator<string> {
  const places = placesOf(report);
  for (const { rule, severity, message, path, at } of report.findings) {
    const start = places(path).at(at.start);
    const end = places(path).at(at.end);
    // GitHub refuses columns of an annotation that spans lines.
    const columns: Record<string, number> = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
    const properties = { file: path, line: start.line, endLine: end.line, ...columns, title: `Plimsoll: ${rule}` };
    yield `${command(commands[severity], properties, message)}\n`;
  }
  for (const { path, reason } of report.skipped) {
    yield `${command('warning', { file: path, title: 'Plimsoll: skipped' }, reason)}\n`;
  }
  yield `${summary(report)}\n`;
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

// As in GitHub's own toolkit (packages/core/src/command.ts).
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
