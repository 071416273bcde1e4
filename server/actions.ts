/** Which fixes the lightbulb offers, in which order, and what each of them changes. */
import {
  type AnnotatedTextEdit,
  type ChangeAnnotation,
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { answered, compatibleEdits, type MadeEdit, moved } from '../rules/fix.js';
import { type Hardened, type HardenOptions, harden } from '../rules/harden.js';
import { ruleById } from '../rules/index.js';
import { lineStart } from '../rules/model/lines.js';
import type { DigestRequest, Edit, Finding, Layer, Span } from '../rules/rule.js';
import { suppressionId } from '../rules/suppression.js';
import type { Lines } from './lines.js';
import { mendDocument } from './mending.js';
import { areAbsent, type Shown, subjectTitle } from './protocol.js';
import type { Session } from './session.js';

/** `source.fixAll.plimsoll`: the safe fixes of a file, applied on save where the user asks for it. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** What is needed to make the actions of a file. */
export interface ActionContext {
  readonly session: Session;
  readonly path: string;
  /** A file of the session as the client knows it; the version is null for one that is not open. */
  target(path: string): { readonly uri: string; readonly version: number | null; readonly lines: Lines };
  readonly client: {
    /** It can put the cursor on a part of the inserted text (LSP 3.18 SnippetTextEdit). */
    readonly snippets: boolean;
    /** It shows what an edit says of itself, and asks before it makes one that has to be confirmed (LSP 3.16). */
    readonly annotations: boolean;
    /** It asks for the edit of an action only once the action is chosen (codeAction/resolve). */
    readonly resolves: boolean;
  };
  /** Whether a registry can be asked for digests. */
  readonly asksRegistries: boolean;
}

/** An action whose edit takes some time to make: what has to be done, as the client hands it back. Plain data. */
export type Work = { readonly path: string } & (
  | { readonly make: 'subject'; readonly document: number; readonly subject: string }
  | { readonly make: 'restricted'; readonly document: number; readonly pod: string; readonly options: HardenOptions }
  | { readonly make: 'rule'; readonly rule: string }
);

/** An action whose edit only a registry knows. Offsets count from the document's start. Plain data. */
export interface Question extends DigestRequest {
  readonly make: 'digest';
  readonly path: string;
  readonly document: number;
}

/** Layers whose fixes "Harden container" makes: they are about how a container or workload runs. */
const hardening: readonly Layer[] = ['runtime', 'pod-security', 'resources', 'identity'];
/** Rules of these layers whose fixes only somebody can choose who knows the image. */
const chosen = ['run-as-user-set', 'run-as-high-uid', 'run-as-high-gid', 'fs-group-set'];

/**
 * The quick fixes for what is shown within a span of a file. For one finding: its fixes, all of its rule in the file and in the workspace, ignoring
 * it. For settings that are absent together: all of them first (preferred), then the workload, then each alone.
 */
export function quickFixes(
  context: ActionContext,
  shown: readonly (Shown & { document: number; start: number })[],
): CodeAction[] {
  return shown.flatMap(({ diagnostic, findings: all, document, start }) => {
    // Where one finding covers others, it speaks for them, and their fixes that it has not itself are offered too.
    const findings = areAbsent(all) ? all : all.slice(0, 1);
    const actions: CodeAction[] = [];
    const together = hardenSubject(context, findings, document, diagnostic);
    if (together !== undefined) actions.push(together);
    const workload = hardenWorkload(context, findings, document, diagnostic, together === undefined);
    const single: CodeAction[] = [];
    for (const fix of all.flatMap(({ fixes }) => fixes)) {
      if (single.some(({ title }) => title === fix.title)) continue;
      if (fix.resolve !== undefined) {
        if (context.asksRegistries && context.client.resolves)
          single.push({ ...questionAction(context, fix.title, fix.resolve, document), diagnostics: [diagnostic] });
        continue;
      }
      const isPreferred = together === undefined && findings.length === 1 && single.length === 0;
      single.push({
        ...action(context, fix.title, allMoved(fix.edits, start)),
        diagnostics: [diagnostic],
        ...(isPreferred && { isPreferred }),
      });
    }
    // Of settings that are absent together the workload as a whole is what people are after; of a wrong value that value.
    actions.push(...(findings.length > 1 ? [...workload, ...single] : [...single, ...workload]));
    for (const finding of findings) actions.push(...fixAllOfRule(context, finding.rule, diagnostic));
    if (findings.length === 1) actions.push(...fixAllInWorkspace(context, findings[0]!.rule, diagnostic));
    if (findings[0]!.rule !== suppressionId && !context.path.endsWith('.json'))
      actions.push(ignoreAction(context, all, start, diagnostic));
    return actions;
  });
}

/** "Harden container web": every fix of the finding's container (or workload) in one edit; none where that would be only the one fix. */
function hardenSubject(
  context: ActionContext,
  findings: readonly Finding[],
  document: number,
  diagnostic: Diagnostic,
): CodeAction | undefined {
  const { session, path } = context;
  const subject = findings.find((finding) => finding.subject !== undefined)?.subject;
  // A workload has an action of its own, which does more.
  if (subject === undefined || subject.kind === 'workload' || !findings.some(isHardening)) return undefined;
  const mine = session.documentFindings(path, document).filter(isOf(subject.key));
  if (mine.length < 2) return undefined;
  const what = subject.kind === 'container' ? `container ${subject.name}` : subjectTitle({ subject } as Finding);
  const title = `Harden ${what.trim()} (${mine.length} settings)`;
  return {
    ...lazyAction(context, title, { make: 'subject', path, document, subject: subject.key }),
    diagnostics: [diagnostic],
    isPreferred: true,
  };
}

function isHardening({ rule, fixes }: Finding): boolean {
  return fixes.length > 0 && hardening.includes(ruleById.get(rule)!.layer) && !chosen.includes(rule);
}

function isOf(subject: string): (finding: Finding) => boolean {
  return (finding) => finding.subject?.key === subject && isHardening(finding);
}

/** "Harden Deployment web to restricted", for a finding of a workload or one of its containers that Pod Security restricted has to do with. */
function hardenWorkload(
  context: ActionContext,
  findings: readonly Finding[],
  document: number,
  diagnostic: Diagnostic,
  isPreferred: boolean,
): CodeAction[] {
  const { session, path } = context;
  const { verdicts = [] } = session.file(path)!.documents[document]?.result ?? {};
  const { subject, rule } = findings[0]!;
  if (!findings.some(isHardening) && rule !== 'workload-violates-namespace-pss') return [];
  const verdict =
    subject === undefined
      ? verdicts.find(() => rule === 'workload-violates-namespace-pss' && verdicts.length === 1)
      : verdicts.find(({ pod }) => subject.key === pod || subject.key.startsWith(`${pod}/`));
  if (verdict === undefined || verdict.failed.length === 0) return [];
  const { pod, title, failed } = verdict;
  const left = failed.filter((check) => check === 'restrictedVolumes');
  const goal = left.length > 0 ? `to restricted, but for ${left.join(', ')}` : 'to restricted';
  const ofPod = subject?.kind !== 'container';
  const variants: [string, HardenOptions][] = [
    ['', { numbered: false, scratch: false }],
    [', with an emptyDir at /tmp', { numbered: false, scratch: true }],
    [', as user 10001 with an emptyDir at /tmp', { numbered: true, scratch: true }],
  ];
  return variants.slice(0, ofPod ? 3 : 1).map(([how, options], index) => ({
    ...lazyAction(context, `Harden ${title} ${goal}${how}`, { make: 'restricted', path, document, pod, options }),
    diagnostics: [diagnostic],
    ...(isPreferred && ofPod && findings.length > 1 && index === 0 && { isPreferred }),
  }));
}

/** How many findings of a rule a file has that it has a fix for, document by document. */
function fixable({ session }: ActionContext, path: string, rule: string): number[] {
  const has = (finding: Finding) => finding.rule === rule && (finding.fixes[0]?.edits.length ?? 0) > 0;
  const { documents } = session.file(path)!;
  return documents.map((_, index) => session.documentFindings(path, index).filter(has).length);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** "Fix all … in this file", where there is more than one of them. */
function fixAllOfRule(context: ActionContext, rule: string, diagnostic: Diagnostic): CodeAction[] {
  const total = sum(fixable(context, context.path, rule));
  if (total < 2) return [];
  const title = `Fix all ${total} in this file: ${ruleById.get(rule)?.title ?? rule}`;
  return [{ ...action(context, title, ruleEdits(context, context.path, rule)), diagnostics: [diagnostic] }];
}

/** In how many files all of a rule is fixed for a client that does not resolve actions later. */
const maxEagerFiles = 20;

/** "Fix all … in the workspace", where other files have some too. */
function fixAllInWorkspace(context: ActionContext, rule: string, diagnostic: Diagnostic): CodeAction[] {
  const counts = context.session.paths().map((path) => sum(fixable(context, path, rule)));
  const files = counts.filter((count) => count > 0).length;
  // A client that wants the edit right away would wait for it at every move of the cursor.
  if (files < 2 || (files > maxEagerFiles && !context.client.resolves)) return [];
  const title = `Fix all ${sum(counts)} in ${files} files of the workspace: ${ruleById.get(rule)?.title ?? rule}`;
  return [{ ...lazyAction(context, title, { make: 'rule', path: context.path, rule }), diagnostics: [diagnostic] }];
}

/** Edits that fix all findings of a rule in a file, with offsets in the file. */
function ruleEdits(context: ActionContext, path: string, rule: string): MadeEdit[] {
  const { session } = context;
  const counts = fixable(context, path, rule);
  return session.file(path)!.documents.flatMap(({ start }, index) => {
    if (counts[index] === 0) return [];
    const choose = (finding: Finding) => (finding.rule === rule ? finding.fixes[0] : undefined);
    return allMoved(mendDocument(session, path, index, choose), start);
  });
}

/** The one action of `source.fixAll.plimsoll`; none when there is nothing to fix. */
export function fixAll(context: ActionContext): CodeAction[] {
  const { session, path } = context;
  const edits = session.file(path)!.documents.flatMap(({ start }, index) => {
    const hasSafe = session.documentFindings(path, index).some(({ fixes }) => fixes.some(({ safe }) => safe));
    return hasSafe
      ? allMoved(
          mendDocument(session, path, index, ({ fixes }) => fixes.find(({ safe }) => safe)),
          start,
        )
      : [];
  });
  return edits.length === 0
    ? []
    : [{ ...action(context, 'Apply all safe fixes of Plimsoll', edits), kind: fixAllKind }];
}

/** "Ignore … here": a suppression comment above the finding's line, with the cursor on its reason. */
function ignoreAction(
  context: ActionContext,
  findings: readonly Finding[],
  start: number,
  diagnostic: Diagnostic,
): CodeAction {
  const { lines, uri, version } = context.target(context.path);
  const at = findings[0]!.at.start + start;
  const line = lineStart(lines.text, at);
  const rest = lines.text.slice(line, lines.text.indexOf('\n', line) + 1 || undefined);
  const indent = /^[ \t]*/.exec(rest)![0];
  const eol = rest.endsWith('\r\n') ? '\r\n' : '\n';
  const ids = [...new Set(findings.map(({ rule }) => rule))];
  const comment = `${indent}# plimsoll-ignore ${ids.join(', ')}: `;
  const title =
    ids.length > 1 ? `Ignore these ${ids.length} here with a reason` : `Ignore ${ids[0]} here with a reason`;
  const whole = action(context, title, [{ start: line, end: line, text: `${comment}${eol}` }]);
  if (context.client.snippets) {
    const range = lines.range({ start: line, end: line });
    const snippet = { kind: 'snippet' as const, value: `${comment.replace(/[$}\\]/g, '\\$&')}\${1:reason}${eol}` };
    whole.edit = { documentChanges: [{ textDocument: { uri, version }, edits: [{ range, snippet }] }] };
  }
  return { ...whole, diagnostics: [diagnostic] };
}

// ---- edits that are made once they are asked for

/** The edit of a piece of work; undefined when the file or the pod is not there any more. */
export function workEdit(context: ActionContext, work: Work): WorkspaceEdit | undefined {
  const { session } = context;
  if (work.make === 'rule') {
    const files = session.paths().map((path) => ({ path, edits: ruleEdits(context, path, work.rule) }));
    return confirmed(context, files, ruleById.get(work.rule)?.title ?? work.rule);
  }
  const document = session.file(work.path)?.documents[work.document];
  if (document === undefined) return undefined;
  if (work.make === 'restricted') return hardened(context, work).edit;
  const choose = (finding: Finding) => (isOf(work.subject)(finding) ? finding.fixes[0] : undefined);
  const edits = mendDocument(session, work.path, work.document, choose);
  return annotated(context, work.path, allMoved(edits, document.start));
}

/** The edit that puts a digest behind an image; undefined when the image is not there any more. */
export function digestEdit(context: ActionContext, { path, document, image, at }: Question, digest: string) {
  const found = context.session.file(path)?.documents[document];
  if (found === undefined || !found.text.endsWith(image, at)) return undefined;
  const { edits } = answered({ title: '', edits: [], safe: false, resolve: { image, at } }, digest);
  return { documentChanges: [documentEdit(context, path, allMoved(edits, found.start))] };
}

/** The edit that hardens a pod of the session, and what it leaves to decide. */
export function hardened(
  context: ActionContext,
  { path, document, pod, options }: { path: string; document: number; pod: string; options: HardenOptions },
): { readonly edit: WorkspaceEdit; readonly left: Hardened['left'] } {
  const { kind, documents } = context.session.file(path)!;
  const { text, start } = documents[document]!;
  const { edits, left } = harden(text, kind, path, pod, options, context.session.configuration);
  return { edit: annotated(context, path, allMoved(edits, start)), left };
}

/** An action whose edit is made now, or when the client asks for it. */
function lazyAction(context: ActionContext, title: string, work: Work): CodeAction {
  const lazy: CodeAction = { title, kind: CodeActionKind.QuickFix, data: work };
  return context.client.resolves ? lazy : { ...lazy, edit: workEdit(context, work) };
}

/** An action for which a registry is asked once it is chosen. */
function questionAction({ path }: ActionContext, title: string, request: DigestRequest, document: number): CodeAction {
  const data: Question = { make: 'digest', path, document, ...request };
  return { title, kind: CodeActionKind.QuickFix, data };
}

/** An edit that says of its parts which of them may change what the application does, so that the client asks before it makes those. */
function annotated(context: ActionContext, path: string, edits: readonly MadeEdit[]): WorkspaceEdit {
  const isSafe = ({ fixes }: MadeEdit) => fixes.every(({ safe }) => safe);
  const titles = (list: readonly MadeEdit[]) =>
    [...new Set(list.flatMap(({ fixes }) => fixes.map(({ title }) => title)))].join(', ');
  const safe = edits.filter(isSafe);
  const others = edits.filter((edit) => !isSafe(edit));
  const changeAnnotations: Record<string, ChangeAnnotation> = {
    ...(safe.length > 0 && {
      safe: { label: 'No effect on what the application does', description: titles(safe) },
    }),
    ...(others.length > 0 && {
      confirm: {
        label: 'Try the application afterwards',
        description: titles(others),
        needsConfirmation: true,
      },
    }),
  };
  return {
    documentChanges: [documentEdit(context, path, edits, (edit) => (isSafe(edit) ? 'safe' : 'confirm'))],
    ...(context.client.annotations && { changeAnnotations }),
  };
}

/** An edit of several files, none of which is changed before the user has seen them all. */
function confirmed(
  context: ActionContext,
  files: readonly { path: string; edits: readonly MadeEdit[] }[],
  label: string,
): WorkspaceEdit {
  return {
    documentChanges: files
      .filter(({ edits }) => edits.length > 0)
      .map(({ path, edits }) => documentEdit(context, path, edits, () => 'all')),
    ...(context.client.annotations && { changeAnnotations: { all: { label, needsConfirmation: true } } }),
  };
}

function documentEdit<E extends Edit>(
  { target, client }: ActionContext,
  path: string,
  edits: readonly E[],
  annotation?: (edit: E) => string,
): TextDocumentEdit {
  const { uri, version, lines } = target(path);
  const textEdits = edits.map((edit): TextEdit | AnnotatedTextEdit => ({
    range: lines.range(edit),
    newText: edit.text,
    ...(client.annotations && annotation && { annotationId: annotation(edit) }),
  }));
  return { textDocument: { uri, version }, edits: textEdits };
}

/** An action of one file; offsets in the file. */
function action(context: ActionContext, title: string, edits: readonly Edit[]): CodeAction {
  const ordered = compatibleEdits([{ title, edits, safe: false }]);
  return {
    title,
    kind: CodeActionKind.QuickFix,
    edit: { documentChanges: [documentEdit(context, context.path, ordered)] },
  };
}

function allMoved<E extends Edit>(edits: readonly E[], by: number): E[] {
  return edits.map((edit) => moved(edit, by));
}

/** What is shown in a file within a span (or touching it), with the document's number and its offset. */
export function shownWithin(
  session: Session,
  path: string,
  span: Span,
  shownOf: (document: number) => readonly Shown[],
): (Shown & { document: number; start: number })[] {
  return session.file(path)!.documents.flatMap(({ start, end }, document) => {
    if (span.start > end || span.end < start) return [];
    return shownOf(document)
      .filter(({ findings }) => findings[0]!.at.start + start <= span.end && findings[0]!.at.end + start >= span.start)
      .map((shown) => ({ ...shown, document, start }));
  });
}
