/**
 * The linter: a document and a configuration in, findings out. Pure; every rule is guarded, so that one that throws
 * stops no other.
 */
import { type Document, type DocumentKind, type FileKind, readDocument } from './document.js';
import { localRules, ruleById, rules, workspaceRules } from './index.js';
import { fileIsPatch } from './model/claims.js';
import type { Manifest } from './model/manifest.js';
import { overlapsHole } from './model/templates.js';
import type { SyntaxProblem } from './model/tree.js';
import { type DocumentFacts, documentEnd, type Facts, Workspace } from './model/workspace.js';
import type { CheckId } from './pod-security/standards/checks.js';
import { failedChecks, type Level, levelOf } from './pod-security/standards/verdict.js';
import { newestPodSecurityVersion } from './pod-security/standards/version.js';
import type {
  DocumentPlace,
  Edit,
  Finding,
  LocalRule,
  Report,
  Resource,
  Rule,
  RuleOptions,
  Severity,
  Span,
  Subjects,
} from './rule.js';
import { applySuppressions, type Suppression, suppressionId } from './suppression.js';

/** What a user may choose. */
export interface Configuration extends RuleOptions {
  /** By rule id; `off` silences a rule, a severity turns it on whatever the preset says. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}

export const defaultConfiguration: Configuration = {
  preset: 'recommended',
  severities: {},
  podSecurityVersion: newestPodSecurityVersion,
  allowedRegistries: [],
};

/** A rule threw: a defect in Plimsoll, to be logged once per rule. */
export interface Crash {
  readonly rule: string;
  readonly error: unknown;
}

/** All that is kept of a document once it has been linted; plain data. Offsets count from the document's start. */
export interface DocumentResult {
  readonly kind: DocumentKind;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
  readonly suppressions: readonly Suppression[];
  readonly problems: readonly SyntaxProblem[];
  readonly crashes: readonly Crash[];
  /** How many Kubernetes objects it holds. */
  readonly objects: number;
  /** How its pods stand to the Pod Security Standards. */
  readonly verdicts: readonly PodVerdict[];
}

/** A pod or pod template and the strictest level that lets it in. */
export interface PodVerdict {
  /** The path of its PodSpec (Field.path). */
  readonly pod: string;
  /** How a message names the workload: "Deployment web". */
  readonly title: string;
  /** The first key of what holds it. */
  readonly at: Span;
  readonly level: Level;
  /** What it fails at level restricted. */
  readonly failed: readonly CheckId[];
  /** A template hides a part of it, so that it may fail more. */
  readonly templated: boolean;
}

/** Lints one document by itself: all local rules. */
export function lintDocument(
  text: string,
  fileKind: FileKind,
  path: string,
  configuration: Configuration,
): DocumentResult {
  return lintRead(readDocument(text, fileKind, path), configuration);
}

/** The same for a document that has been read. */
export function lintRead(document: Document, configuration: Configuration): DocumentResult {
  const { kind, facts, suppressions, problems, manifests } = document;
  const crashes: Crash[] = [];
  const found = localFindings(document, configuration, crashes).sort((a, b) => a.at.start - b.at.start);
  // Where the text makes no sense to the reader, its places are guesses: good enough to underline something, not to write there.
  const findings = problems.length === 0 ? found : found.map((finding) => ({ ...finding, fixes: [] }));
  const verdicts = manifests.flatMap((manifest) => verdictsOn(manifest, configuration.podSecurityVersion));
  return { kind, findings, facts, suppressions, problems, crashes, objects: manifests.length, verdicts };
}

function verdictsOn({ root, pods }: Manifest, version: number): PodVerdict[] {
  return pods.map((pod) => {
    const { spec, title } = pod;
    // An object that makes several kinds of pods has a verdict on each of them where it stands.
    const holder = pods.length === 1 ? root : spec;
    const { start, end } = holder.entries()[0]?.keySpan ?? spec.span;
    return {
      pod: spec.path,
      title,
      at: { start, end },
      level: levelOf(pod, version),
      failed: failedChecks(pod, 'restricted', version).map(({ check }) => check),
      templated: spec.node !== undefined && overlapsHole(spec.source.tree, spec.node),
    };
  });
}

/** The findings of the rules that see across documents, each with its place. */
export function lintWorkspace(
  documents: Iterable<DocumentFacts>,
  configuration: Configuration,
): { findings: { finding: Finding; in: DocumentPlace }[]; crashes: Crash[] } {
  const workspace = new Workspace(documents);
  const findings: { finding: Finding; in: DocumentPlace }[] = [];
  const crashes: Crash[] = [];
  for (const rule of workspaceRules) {
    if (severityOf(rule, configuration) === 'off') continue;
    try {
      for (const report of rule.check(workspace, configuration)) {
        findings.push({ finding: complete(rule, report, configuration, report.resource, undefined), in: report.in });
      }
    } catch (error) {
      crashes.push({ rule: rule.id, error });
    }
  }
  return { findings, crashes };
}

/** What a document finally shows: its own findings and those of workspace rules, less what other documents make void and what is suppressed. */
export function finish(
  result: Pick<DocumentResult, 'findings' | 'suppressions'>,
  text: string,
  path: string,
  fromWorkspace: readonly Finding[],
  isClaimed: (claim: string) => boolean,
  configuration: Configuration,
): Finding[] {
  const all =
    fromWorkspace.length === 0
      ? result.findings
      : [...result.findings, ...fromWorkspace.map((finding) => atDocumentEnd(finding, text.length))];
  const { kept, hints } = applySuppressions(all, result.suppressions, text, {
    known: (id) => ruleById.has(id),
    active: (id) => isActive(ruleById.get(id)!, configuration),
  });
  const isPatch = isClaimed(fileIsPatch(path));
  const shown = kept.filter(
    ({ unless, onlyIf, absent, whole }) =>
      !(isPatch && (absent !== undefined || whole)) && !unless?.some(isClaimed) && onlyIf?.some(isClaimed) !== false,
  );
  const severity = configuration.severities[suppressionId] ?? 'hint';
  if (severity !== 'off') for (const hint of hints) shown.push({ ...hint, severity });
  return hints.length === 0 && fromWorkspace.length === 0 ? shown : shown.sort((a, b) => a.at.start - b.at.start);
}

/** Puts the document's real end in the place of `documentEnd`. */
function atDocumentEnd(finding: Finding, end: number): Finding {
  const edit = (original: Edit): Edit => (original.start === documentEnd ? { ...original, start: end, end } : original);
  return { ...finding, fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(edit) })) };
}

/** How severe a rule's findings are under a configuration: a level for all of them, `own` for what the rule itself says, or `off`. */
export function severityOf(
  rule: Rule,
  { preset, severities }: Pick<Configuration, 'preset' | 'severities'>,
): Severity | 'own' | 'off' {
  return severities[rule.id] ?? (preset === 'strict' || rule.preset === 'recommended' ? 'own' : 'off');
}

/** It is not off, or only for a part. */
function isActive(rule: Rule, configuration: Configuration): boolean {
  return severityOf(rule, configuration) !== 'off' || isPartlyOff(rule, configuration);
}

/** Only those of its reports are wanted that are recommended. */
function isPartlyOff(rule: Rule | LocalRule, { preset, severities }: Configuration): boolean {
  return rule.partlyRecommended === true && preset === 'recommended' && severities[rule.id] === undefined;
}

/** All that the local rules find, subject by subject. */
function localFindings(document: Document, configuration: Configuration, crashes: Crash[]): Finding[] {
  const { manifests, services, dockerfile } = document;
  const found: Finding[] = [];
  const run = <K extends keyof Subjects>(
    on: K,
    subject: Subjects[K],
    resource: Resource | undefined,
    about?: Finding['subject'],
  ) => {
    for (const rule of activeRules(on, configuration)) {
      try {
        const check = rule.check as (subject: Subjects[K], options: RuleOptions) => Iterable<Report>;
        const isPartial = isPartlyOff(rule, configuration);
        for (const report of check(subject, configuration))
          if (!isPartial || report.recommended) found.push(complete(rule, report, configuration, resource, about));
      } catch (error) {
        crashes.push({ rule: rule.id, error });
      }
    }
  };
  for (const manifest of manifests) {
    const { resource } = manifest;
    run('manifest', manifest, resource);
    for (const pod of manifest.pods) {
      run('pod', pod, resource, { name: manifest.title, kind: 'workload', key: pod.spec.path });
      for (const container of pod.containers)
        run('container', container, resource, { name: container.name, kind: 'container', key: container.field.path });
    }
  }
  for (const service of services)
    run('service', service, undefined, { name: service.name, kind: 'service', key: service.field.path });
  if (dockerfile !== undefined) run('dockerfile', dockerfile, undefined);
  return found;
}

const active = new WeakMap<Configuration, Partial<Record<keyof Subjects, readonly Rule[]>>>();

/** The rules of a subject that are not off. Kept, as they are asked for at every container. */
function activeRules(on: keyof Subjects, configuration: Configuration): readonly Rule[] {
  let known = active.get(configuration);
  if (known === undefined) {
    known = {};
    active.set(configuration, known);
  }
  known[on] ??= localRules[on].filter((rule) => isActive(rule, configuration));
  return known[on];
}

function complete(
  rule: Rule | (LocalRule & Pick<Rule, 'layer'>),
  report: Report,
  configuration: Configuration,
  resource: Resource | undefined,
  subject: Finding['subject'],
): Finding {
  const level = severityOf(rule, configuration);
  const severity = level === 'own' || level === 'off' ? (report.severity ?? rule.severity) : level;
  const fixes = report.fixes?.filter(({ edits, resolve }) => edits.length > 0 || resolve !== undefined) ?? [];
  const { at, message, absent, whole, unless, onlyIf, related } = report;
  return {
    rule: rule.id,
    severity,
    at: { start: at.start, end: at.end },
    message,
    absent,
    whole,
    unless,
    onlyIf,
    related,
    fixes,
    resource,
    subject,
  };
}

export { ruleById, rules };
