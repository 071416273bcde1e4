/** `--format sarif`: SARIF 2.1.0, for code scanning. */
import { homepage, version } from '../../package.json';
import { rules } from '../../rules/index.js';
import type { Rule, Severity } from '../../rules/rule.js';
import { pageOf } from '../pages.js';
import type { FileFinding } from '../session.js';
import { type Places, placesOf, type Report } from './report.js';

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** The report as one SARIF run. */
export function sarifReport(report: Report): string {
  const places = placesOf(report);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Plimsoll', version, informationUri: homepage, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => result(finding, places(finding.path))),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.skipped.map(({ path, reason }) => ({
              level: 'warning',
              message: { text: `Skipped: ${reason}` },
              locations: [{ physicalLocation: { artifactLocation: { uri: uri(path) } } }],
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 1)}\n`;
}

function descriptor({ id, title, why, remedy, severity, standards }: Rule) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: remedy, markdown: `${why}\n\n${remedy}` },
    helpUri: pageOf(id),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['security', ...standards] },
  };
}

function result({ rule, severity, message, path, at, fixes }: FileFinding, places: Places) {
  const region = (start: number, end: number) => {
    const [from, to] = [places.at(start), places.at(end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  };
  return {
    ruleId: rule,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: { uri: uri(path) }, region: region(at.start, at.end) } }],
    ...(fixes.length > 0 && {
      fixes: fixes.map(({ title, edits }) => ({
        description: { text: title },
        artifactChanges: [
          {
            artifactLocation: { uri: uri(path) },
            replacements: edits.map(({ start, end, text }) => ({ deletedRegion: region(start, end), insertedContent: { text } })),
          },
        ],
      })),
    }),
  };
}

/** A relative path as a relative URI reference. */
function uri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
