/** `--format github`: workflow commands that GitHub shows as annotations. */
import type { Severity } from '../../rules/rule.js';
import { placesOf, type Report } from './report.js';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/** One `::error …::message` line for each finding and each file that was skipped. */
export function githubReport(report: Report): string {
  const places = placesOf(report);
  const lines = report.findings.map(({ rule, severity, message, path, at }) => {
    const start = places(path).at(at.start);
    const end = places(path).at(at.end);
    const properties = { file: path, line: start.line, endLine: end.line, ...(start.line === end.line && { col: start.column, endColumn: end.column }), title: `Plimsoll ${rule}` };
    const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
    return `::${commands[severity]} ${list.join(',')}::${escapeData(message)}`;
  });
  for (const { path, reason } of report.skipped) lines.push(`::warning file=${escapeProperty(path)}::${escapeData(`Skipped: ${reason}`)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
