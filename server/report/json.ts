/** `--format json`: one object, version 1. */
import { placesOf, type Report } from './report.js';

/** The report as JSON text: one object, with a line for each finding and each file that was skipped. */
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
    resource: resource && {
      apiVersion: resource.apiVersion,
      kind: resource.kind,
      namespace: resource.namespace,
      name: resource.name,
    },
    fixes: fixes.map(({ title, safe }) => ({ title, safe })),
  }));
  const list = (items: readonly object[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item, nullForAbsent)).join(',\n')}\n]`;
  return `{"version":1,"files":${report.files},"findings":${list(findings)},"skipped":${list(report.skipped)}}\n`;
}

/** JSON leaves out what is undefined; the report says `null`. */
function nullForAbsent(_key: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
