/**
 * Suppression by comment: `# plimsoll-ignore rule-id[, rule-id]: reason`. Behind something it covers that line. On a
 * line of its own it covers what follows: the whole entry, sequence item or Dockerfile instruction that begins there, and
 * at the head of a document, the document. A suppression that is itself wrong is reported as a hint.
 */
import type { Dockerfile } from './model/dockerfile.js';
import { lineEnd, lineStart } from './model/lines.js';
import type { Node, Span, Tree } from './model/tree.js';
import type { Finding, Fix } from './rule.js';

/** The id under which wrong suppressions are reported; it can be configured like a rule. */
export const suppressionId = 'plimsoll-ignore';

export interface Suppression {
  /** The comment, from its `#`. */
  readonly at: Span;
  readonly ids: readonly { readonly id: string; readonly at: Span }[];
  readonly reason: string;
  /** Findings that begin in here are suppressed. */
  readonly covers: Span;
}

/** Finds the suppressions among a document's comments. `blockAt` says how far that reaches which begins on a line. */
export function findSuppressions(
  text: string,
  comments: Iterable<Span>,
  blockAt: (lineStart: number, lineEnd: number) => Span,
): Suppression[] {
  const found: Suppression[] = [];
  const commentLines = new Set<number>();
  for (const comment of comments) {
    const line = lineStart(text, comment.start);
    const alone = text.slice(line, comment.start).trim() === '';
    if (alone) commentLines.add(line);
    const match = /^#\s*plimsoll-ignore(?![\w-])([^:]*)(?::(.*))?$/s.exec(text.slice(comment.start, comment.end));
    if (match === null) continue;
    const idsStart = comment.start + match[0].indexOf('plimsoll-ignore') + 'plimsoll-ignore'.length;
    const ids = [...match[1]!.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => ({
      id,
      at: { start: idsStart + index, end: idsStart + index + id.length },
    }));
    found.push({
      at: comment,
      ids,
      reason: match[2]?.trim() ?? '',
      covers: alone ? { start: line, end: -1 } : { start: line, end: lineEnd(text, line) },
    });
  }
  return found.map((suppression) => {
    if (suppression.covers.end >= 0) return suppression;
    let line = suppression.covers.start;
    while (line < text.length && (commentLines.has(line) || text.slice(line, lineEnd(text, line)).trim() === ''))
      line = text.indexOf('\n', line) + 1 || text.length;
    return { ...suppression, covers: blockAt(line, lineEnd(text, line)) };
  });
}

/** How far the YAML entry or sequence item reaches that begins on a line; the line alone where none does. */
export function yamlBlockAt({ root, text }: Tree): (line: number, end: number) => Span {
  return (line, end) => {
    const first = root?.kind === 'map' ? root.entries[0]?.key.start : root?.start;
    if (root !== undefined && first !== undefined && first >= line && first <= end)
      return { start: line, end: Math.max(end, root.end) };
    const block = root && outermostFrom(root, line, end, text);
    return { start: line, end: Math.max(end, block?.end ?? end) };
  };
}

/** The outermost entry or item that begins within [line, end]. */
function outermostFrom(root: Node, line: number, end: number, text: string): Span | undefined {
  for (let node: Node | undefined = root; node !== undefined; ) {
    if (node.kind !== 'map' && node.kind !== 'seq') return undefined;
    const parts: { span: Span; next: Node }[] =
      node.kind === 'map'
        ? node.entries.map((entry) => ({ span: { start: entry.key.start, end: entry.value.end }, next: entry.value }))
        : node.items.map((item) => ({ span: { start: dash(text, item, line), end: item.end }, next: item }));
    const begins = parts.find(({ span }) => span.start >= line && span.start <= end);
    if (begins !== undefined) return begins.span;
    node = parts.find(({ span }) => span.start < line && span.end >= line)?.next;
  }
  return undefined;
}

/** Where a block item's dash stands, when it stands on the item's own line. */
function dash(text: string, item: Span, line: number): number {
  const from = lineStart(text, item.start);
  const lead = text.slice(from, item.start);
  return from >= line && /^[\s-]*$/.test(lead) ? from + lead.search(/\S|$/) : item.start;
}

/** How far the instruction reaches that begins on a line. */
export function dockerfileBlockAt({ instructions }: Dockerfile): (line: number, end: number) => Span {
  return (line, end) => {
    const instruction = instructions.find(({ span }) => span.start >= line && span.start <= end);
    return { start: line, end: Math.max(end, instruction?.span.end ?? end) };
  };
}

/** What remains of the findings, and the hints on suppressions that are wrong themselves. `known` and `active` speak of rule ids. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  text: string,
  rules: { known(id: string): boolean; active(id: string): boolean },
): { kept: readonly Finding[]; hints: readonly Finding[] } {
  if (suppressions.length === 0) return { kept: findings, hints: [] };
  const used = new Set<object>();
  const kept = findings.filter((finding) => {
    let suppressed = false;
    for (const { ids, covers } of suppressions) {
      for (const entry of ids) {
        if (entry.id !== finding.rule || finding.at.start < covers.start || finding.at.start > covers.end) continue;
        used.add(entry);
        suppressed = true;
      }
    }
    return !suppressed;
  });
  const hints: Finding[] = [];
  for (const { at, ids, reason } of suppressions) {
    const hint = (span: Span, message: string, fixes: Fix[] = []) =>
      hints.push({ rule: suppressionId, severity: 'hint', at: span, message, fixes, resource: undefined });
    const removal: Fix = {
      title: 'Remove this suppression',
      edits: [{ ...commentWithBlanks(text, at), text: '' }],
      safe: false,
    };
    const remove = ids.length <= 1 ? [removal] : [];
    if (ids.length === 0) hint(at, 'This suppression names no rule.', [removal]);
    else if (reason === '') hint(at, 'This suppression gives no reason; write one behind a colon.');
    for (const entry of ids) {
      if (!rules.known(entry.id)) hint(entry.at, `There is no rule ${entry.id}.`, remove);
      else if (!used.has(entry) && rules.active(entry.id))
        hint(entry.at, `Nothing here breaks ${entry.id}; this suppression can go.`, remove);
    }
  }
  return { kept, hints };
}

/** The comment with the blanks before it, and its whole line when nothing else stands there. */
function commentWithBlanks(text: string, { start, end }: Span): Span {
  const line = lineStart(text, start);
  if (text.slice(line, start).trim() !== '') return { start: line + text.slice(line, start).trimEnd().length, end };
  const after = text.startsWith('\r\n', end) ? 2 : text[end] === '\n' ? 1 : 0;
  return { start: line, end: end + after };
}
