/** `--format sarif`: SARIF 2.1.0, for code scanning. */
import { homepage, version } from '../../package.json';
import { ruleById } from '../../rules/index.js';
import type { Fix, Severity } from '../../rules/rule.js';
import { pageOf } from '../pages.js';
import type { FileFinding } from '../session.js';
import { isAboutSecrets, type Places, placesOf, type Report } from './report.js';

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** The report as one SARIF run, in pieces, with the metadata of the rules that found something. */
export function* sarifReport(report: Report): Generator<string> {
  const places = placesOf(report);
  const indices = new Map<string, number>();
  yield '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[';
  let separator = '\n';
  for (const finding of report.findings) {
    if (!indices.has(finding.rule)) indices.set(finding.rule, indices.size);
    yield separator + JSON.stringify(result(finding, indices.get(finding.rule)!, places(finding.path)));
    separator = ',\n';
  }
  // Which rules these are is known only now; the order of an object's members means nothing.
  const rules = [...indices.keys()].map(descriptor);
  const driver = { name: 'Plimsoll', version, semanticVersion: version, informationUri: homepage, rules };
  const notifications = report.skipped.map(({ path, reason }) => ({
    level: 'warning',
    message: { text: `Skipped: ${reason}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uri(path) } } }],
  }));
  const invocations = [{ executionSuccessful: true, toolExecutionNotifications: notifications }];
  yield `],\n"tool":${JSON.stringify({ driver })},\n"invocations":${JSON.stringify(invocations)}}]}\n`;
}

function descriptor(id: string) {
  const rule = ruleById.get(id);
  if (rule === undefined)
    return { id, shortDescription: { text: 'A suppression comment is wrong itself' }, helpUri: pageOf(id) };
  const { title, why, remedy, severity, standards, layer } = rule;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: remedy, markdown: `${why}\n\n*Default:* ${rule.default}\n\n*What to do:* ${remedy}` },
    helpUri: pageOf(id),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['security', layer, ...standards] },
  };
}

function result(
  { rule, severity, message, path, at, fixes, resource }: FileFinding,
  ruleIndex: number,
  places: Places,
) {
  const region = (start: number, end: number) => {
    const [from, to] = [places.at(start), places.at(end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  };
  const artifactLocation = { uri: uri(path) };
  const secret = isAboutSecrets(rule) ? places.text.slice(at.start, at.end).replace(/^["']|["']$/g, '') : '';
  const shown = fixes.filter((fix) => secret === '' || !repeats(fix, secret));
  const name = resource && [resource.kind, resource.namespace, resource.name].filter((part) => part !== '').join('/');
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation, region: region(at.start, at.end) },
        ...(name && { logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] }),
      },
    ],
    ...(shown.length > 0 && {
      fixes: shown.map(({ title, edits }) => ({
        description: { text: title },
        artifactChanges: [
          {
            artifactLocation,
            replacements: edits.map(({ start, end, text }) => ({
              deletedRegion: region(start, end),
              insertedContent: { text },
            })),
          },
        ],
      })),
    }),
  };
}

/** The fix writes the secret to another place; a report must not hold it. */
function repeats({ edits }: Fix, secret: string): boolean {
  return edits.some(({ text }) => text.includes(secret));
}

/** A relative path as a relative URI reference, an absolute one as a file URI. */
function uri(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[a-z]:\//i.test(path) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}
