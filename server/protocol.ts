/**
 * The only converter between the linter's words and the protocol's: offsets ⇄ ranges, findings → diagnostics, rules → hovers.
 * (Fixes become code actions in actions.ts, which also decides which of them to offer.)
 */
import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Position,
} from 'vscode-languageserver';
import { ruleById } from '../rules/index.js';
import type { DocumentPlace, Finding, Rule, Severity, Span } from '../rules/rule.js';
import { severities } from '../rules/rule.js';
import type { Lines } from './lines.js';
import { pageOf, standardTitle } from './pages.js';

const diagnosticSeverity: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Where a related place lies: the file's URI and the lines of its document, with the line on which the document begins. */
export type Locate = (place: DocumentPlace) => { uri: string; lines: Lines; line: number } | undefined;

/** One diagnostic, and the findings that it stands for: several where settings are absent at one place, or where one says more than another. */
export interface Shown {
  readonly diagnostic: Diagnostic;
  readonly findings: readonly Finding[];
}

/**
 * The diagnostics for a document's findings. `lines` are the document's own; `line` is the file's line on which it begins. Findings of
 * absent settings that stand on the same span become one diagnostic.
 */
export function diagnosticsOf(
  findings: readonly Finding[],
  uri: string,
  lines: Lines,
  line: number,
  locate: Locate,
): Shown[] {
  return grouped(findings).map((group): Shown => {
    const range = shiftedRange(lines, group[0]!.at, line);
    const first = group[0]!;
    const related =
      group.length > 1 && !areAbsent(group)
        ? group.slice(1).map(({ message }) => ({ location: { uri, range }, message }))
        : relatedOf(first, uri, lines, line, locate);
    const diagnostic: Diagnostic = {
      range,
      severity: diagnosticSeverity[first.severity],
      source: 'plimsoll',
      code: first.rule,
      codeDescription: { href: pageOf(first.rule) },
      message: group.length > 1 && areAbsent(group) ? summary(group) : first.message,
      ...(related.length > 0 && { relatedInformation: related }),
    };
    return { diagnostic, findings: group };
  });
}

function shiftedRange(lines: Lines, span: Span, by: number) {
  const { start, end } = lines.range(span);
  const move = ({ line, character }: Position) => ({ line: line + by, character });
  return { start: move(start), end: move(end) };
}

function relatedOf(
  { related = [] }: Finding,
  uri: string,
  lines: Lines,
  line: number,
  locate: Locate,
): DiagnosticRelatedInformation[] {
  return related.flatMap(({ at, message, place }) => {
    const target = place === undefined ? { uri, lines, line } : locate(place);
    return target === undefined
      ? []
      : [{ location: { uri: target.uri, range: shiftedRange(target.lines, at, target.line) }, message }];
  });
}

/** The group is of settings that are absent at one place, and not of a finding that covers others. */
export function areAbsent(group: readonly Finding[]): boolean {
  return group.every(({ absent }) => absent !== undefined);
}

/**
 * Findings of absent settings by place, the worst first; every other finding by itself, or behind one of the same place whose rule covers its own. In
 * the order of first appearance.
 */
export function grouped(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const [index, finding] of findings.entries()) {
    const key = finding.absent === undefined ? `#${index}` : `${finding.at.start}-${finding.at.end}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  mergeCovered(groups);
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return [...groups.values()].map((group) => (areAbsent(group) ? group.sort((a, b) => rank(a) - rank(b)) : group));
}

/** Puts what other findings of the same place cover behind them. */
function mergeCovered(groups: Map<string, Finding[]>): void {
  const covering = [...groups.values()].filter(([finding]) => coversOf(finding!).length > 0);
  if (covering.length === 0) return;
  const byPlace = new Map<string, Finding[][]>();
  for (const group of covering) byPlace.set(placeOf(group), [...(byPlace.get(placeOf(group)) ?? []), group]);
  for (const [key, group] of groups) {
    const here = byPlace.get(placeOf(group));
    const cover = here?.find(([other]) => coversOf(other!).includes(group[0]!.rule));
    if (cover === undefined) continue;
    cover.push(...group);
    groups.delete(key);
    if (here!.includes(group)) here!.splice(here!.indexOf(group), 1);
  }
}

function coversOf({ rule }: Finding): readonly string[] {
  return ruleById.get(rule)?.covers ?? [];
}

function placeOf([finding]: readonly Finding[]): string {
  return `${finding!.at.start}-${finding!.at.end}`;
}

/** "Container web lacks 3 hardening settings: a, b, c." */
function summary(group: readonly Finding[]): string {
  const names = group.map(({ absent }) => absent!);
  return `${subjectTitle(group[0]!)} lacks ${names.length} hardening settings: ${names.join(', ')}.`;
}

/** "Container web", "Deployment web", "Service web", "The image". */
export function subjectTitle({ subject, resource }: Finding): string {
  if (subject?.kind === 'container') return subject.name === '' ? 'The container' : `Container ${subject.name}`;
  if (subject?.kind === 'service') return `Service ${subject.name}`;
  if (subject !== undefined) return subject.name;
  return resource === undefined ? 'The image' : `${resource.kind} ${resource.name}`.trim();
}

/** Where a link to a rule's explanation leads: a command of the client, or the page on the web. */
export type LinkTo = (ruleId: string) => string;

/** The explanation of one rule, as Markdown. What a finding says stands in its diagnostic, which editors show beside it. */
export function explanation(rule: Rule, link: LinkTo): string {
  const { id, title, why, remedy, standards } = rule;
  const asked = standards.length > 0 ? [`Asked for by ${[...new Set(standards.map(standardTitle))].join(', ')}`] : [];
  return [
    `**${title}** (\`${id}\`)`,
    why,
    `*Default:* ${rule.default}`,
    `*What to do:* ${remedy}`,
    [...asked, `[Read more](${link(id)})`].join(' · '),
  ].join('\n\n');
}

/** Several rules at one place: a line for each, with what stands in the diagnostics left out. */
export function overview(findings: readonly Finding[], link: LinkTo): string {
  const rows = findings.map(({ rule: id, absent, message }) => {
    const rule = ruleById.get(id);
    if (rule === undefined) return `- ${message} [Suppressions](${link(id)})`;
    return `- **${absent ?? rule.title}**: ${firstSentence(rule.why)} [Why?](${link(id)})`;
  });
  return rows.join('\n');
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}
