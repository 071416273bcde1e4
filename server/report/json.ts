/** `--format json`: one object, version 1. */
import { placesOf, type Report } from './report.js';

/** The report as JSON text with a line break at the end. */
export function jsonReport(report: Report): string {
  const places = placesOf(report);
  const findings = report.findings.map(({ rule, severity, message, path, at, resource, fixes }) => ({
    rule,
    severity,
    message,
    path,
    start: places(path).at(at.start),
    end: places(path).at(at.end),
    offset: [at.start, at.end],
    resource: resource ?? null,
    fixes: fixes.map(({ title, safe }) => ({ title, safe })),
  }));
  return `${JSON.stringify({ version: 1, files: report.files, findings, skipped: report.skipped }, undefined, 1)}\n`;
}
