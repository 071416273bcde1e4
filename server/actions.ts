/** Which fixes the lightbulb offers, in which order, and what each of them changes. */
import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver';
import { compatibleEdits } from '../rules/fix.js';
import { ruleById } from '../rules/index.js';
import { lineStart } from '../rules/model/lines.js';
import type { Edit, Finding, Layer, Span } from '../rules/rule.js';
import { suppressionId } from '../rules/suppression.js';
import type { Lines } from './lines.js';
import { mendDocument } from './mending.js';
import { type Shown, subjectTitle } from './protocol.js';
import type { Session } from './session.js';

/** `source.fixAll.plimsoll`: the safe fixes of a file, applied on save where the user asks for it. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** What is needed to make the actions of one file. */
export interface ActionContext {
  readonly session: Session;
  readonly path: string;
  readonly uri: string;
  readonly lines: Lines;
  /** The version that the edits speak of; null for a file that is not open. */
  readonly version: number | null;
  /** The client can put the cursor on a part of the inserted text (LSP 3.18 SnippetTextEdit). */
  readonly snippets: boolean;
}

/** Layers whose fixes "Harden" makes: they are about how a container or workload runs. */
const hardening: readonly Layer[] = ['runtime', 'pod-security', 'resources', 'identity'];

/**
 * The quick fixes for what is shown within a span of a file. For one finding: its fixes, all of its rule in the file, ignoring it.
 * For settings that are absent together: all of them first (preferred), then each alone.
 */
export function quickFixes(
  context: ActionContext,
  shown: readonly (Shown & { document: number; start: number })[],
): CodeAction[] {
  return shown.flatMap(({ diagnostic, findings, document, start }) => {
    const actions: CodeAction[] = [];
    const together = hardenAction(context, findings, document, start, diagnostic);
    if (together !== undefined) actions.push(together);
    for (const finding of findings) {
      for (const [index, fix] of finding.fixes.entries()) {
        const isPreferred = together === undefined && findings.length === 1 && index === 0;
        actions.push({
          ...action(context, fix.title, fix.edits, start),
          diagnostics: [diagnostic],
          ...(isPreferred && { isPreferred }),
        });
      }
    }
    for (const finding of findings) actions.push(...fixAllOfRule(context, finding.rule, diagnostic));
    if (findings[0]!.rule !== suppressionId && !context.path.endsWith('.json'))
      actions.push(ignoreAction(context, findings, start, diagnostic));
    return actions;
  });
}

/** "Harden container web": every fix of the finding's container (or workload) in one edit; none where that would be only the one fix. */
function hardenAction(
  context: ActionContext,
  findings: readonly Finding[],
  document: number,
  start: number,
  diagnostic: Diagnostic,
): CodeAction | undefined {
  const { session, path } = context;
  const subject = findings.find(({ subject }) => subject !== undefined)?.subject;
  const mine = ({ subject: other, rule, fixes }: Finding) =>
    other !== undefined &&
    other.kind === subject?.kind &&
    other.key === subject.key &&
    fixes.length > 0 &&
    hardening.includes(ruleById.get(rule)!.layer);
  if (subject === undefined || !findings.some(mine)) return undefined;
  const open = session.documentFindings(path, document).filter(mine);
  if (open.length < 2) return undefined;
  const edits = mendDocument(session, path, document, (finding) => (mine(finding) ? finding.fixes[0] : undefined));
  const what = subject.kind === 'container' ? `container ${subject.name}` : subjectTitle({ subject } as Finding);
  const title = `Harden ${what.trim()} (${open.length} settings)`;
  return { ...action(context, title, edits, start), diagnostics: [diagnostic], isPreferred: true };
}

/** "Fix all … in this file", where there is more than one of them. */
function fixAllOfRule(context: ActionContext, rule: string, diagnostic: Diagnostic): CodeAction[] {
  const { session, path } = context;
  const file = session.file(path)!;
  const counts = file.documents.map(
    (_, index) => session.documentFindings(path, index).filter((f) => f.rule === rule && f.fixes.length > 0).length,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < 2) return [];
  const edits = file.documents.flatMap(({ start }, index) =>
    counts[index] === 0
      ? []
      : moved(
          mendDocument(session, path, index, (finding) => (finding.rule === rule ? finding.fixes[0] : undefined)),
          start,
        ),
  );
  return [
    {
      ...action(context, `Fix all ${total} in this file: ${ruleById.get(rule)?.title ?? rule}`, edits, 0),
      diagnostics: [diagnostic],
    },
  ];
}

/** The one action of `source.fixAll.plimsoll`; none when there is nothing to fix. */
export function fixAll(context: ActionContext): CodeAction[] {
  const { session, path } = context;
  const edits = session.file(path)!.documents.flatMap(({ start }, index) => {
    const hasSafe = session.documentFindings(path, index).some(({ fixes }) => fixes.some(({ safe }) => safe));
    return hasSafe
      ? moved(
          mendDocument(session, path, index, ({ fixes }) => fixes.find(({ safe }) => safe)),
          start,
        )
      : [];
  });
  return edits.length === 0
    ? []
    : [{ ...action(context, 'Apply all safe fixes of Plimsoll', edits, 0), kind: fixAllKind }];
}

/** "Ignore … here": a suppression comment above the finding's line, with the cursor on its reason. */
function ignoreAction(
  context: ActionContext,
  findings: readonly Finding[],
  start: number,
  diagnostic: Diagnostic,
): CodeAction {
  const { lines, snippets } = context;
  const at = findings[0]!.at.start + start;
  const line = lineStart(lines.text, at);
  const rest = lines.text.slice(line, lines.text.indexOf('\n', line) + 1 || undefined);
  const indent = /^[ \t]*/.exec(rest)![0];
  const eol = rest.endsWith('\r\n') ? '\r\n' : '\n';
  const ids = [...new Set(findings.map(({ rule }) => rule))];
  const comment = `${indent}# plimsoll-ignore ${ids.join(', ')}: `;
  const title =
    ids.length > 1 ? `Ignore these ${ids.length} here with a reason` : `Ignore ${ids[0]} here with a reason`;
  const whole = action(context, title, [{ start: line, end: line, text: `${comment}${eol}` }], 0);
  if (snippets) {
    const range = lines.range({ start: line, end: line });
    const snippet = { kind: 'snippet' as const, value: `${comment.replace(/[$}\\]/g, '\\$&')}\${1:reason}${eol}` };
    whole.edit = {
      documentChanges: [{ textDocument: { uri: context.uri, version: context.version }, edits: [{ range, snippet }] }],
    };
  }
  return { ...whole, diagnostics: [diagnostic] };
}

function action({ uri, lines, version }: ActionContext, title: string, edits: readonly Edit[], by: number): CodeAction {
  const textEdits: TextEdit[] = compatibleEdits([{ title, edits: moved(edits, by), safe: false }]).map((edit) => ({
    range: lines.range(edit),
    newText: edit.text,
  }));
  return {
    title,
    kind: CodeActionKind.QuickFix,
    edit: { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] },
  };
}

function moved(edits: readonly Edit[], by: number): Edit[] {
  return edits.map((edit) => ({ ...edit, start: edit.start + by, end: edit.end + by }));
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
