/** `--format json`: one object, version 1. */
import type { FileFinding } from '../session.js';
import { type Places, placesOf, type Report } from './report.js';

/** The report as JSON text, in pieces: one object, with a line for each finding and each file that was skipped. */
export function* jsonReport(report: Report): Generator<string> {
  const places = placesOf(report);
  yield `{"version":1,"files":${report.files},"findings":[`;
  let separator = '\n';
  for (const finding of report.findings) {
    yield separator + JSON.stringify(entry(finding, places(finding.path)));
    separator = ',\n';
  }
  yield `${separator === '\n' ? '' : '\n'}],"skipped":[`;
  yield report.skipped.map(({ path, reason }) => `\n${JSON.stringify({ path, reason })}`).join(',');
  yield `${report.skipped.length === 0 ? '' : '\n'}]}\n`;
}

function entry({ rule, severity, message, path, at, resource, fixes }: FileFinding, places: Places) {
  return {
    rule,
    severity,
    message,
    path,
    start: places.at(at.start),
    end: places.at(at.end),
    offset: [at.start, at.end],
    resource: resource === undefined ? null : identity(resource),
    fixes: fixes.map(({ title, safe }) => ({ title, safe })),
  };
}

function identity({ apiVersion, kind, namespace, name }: NonNullable<FileFinding['resource']>) {
  return { apiVersion, kind, namespace, name };
}
