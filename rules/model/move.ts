/**
 * Moving entries of a mapping into other mappings. In block style whole lines go, with the comments right above and
 * behind them; where one side is in flow style the values are written anew and comments stay where they are.
 */
import type { Edit } from '../rule.js';
import { branchBetween } from './branches.js';
import { commentsWithin, isNamedElsewhere } from './edits.js';
import type { Field, Value } from './field.js';
import { insertionEnd } from './insertion.js';
import { columnOf, lineEnd, lineStart } from './lines.js';
import type { Source } from './source.js';
import type { MapNode, Node, Span } from './tree.js';

/** Copies of some of the moved fields that go into one mapping, which may not be written yet. */
export interface Copy {
  readonly target: Field;
  readonly fields: readonly Field[];
}

/**
 * Edits that take these fields, entries of one mapping, out of it and write the copies; a key that a target has already
 * keeps its value. All or nothing: no edits where any of it can't be done.
 */
export function moveEdits(fields: readonly Field[], copies: readonly Copy[]): Edit[] {
  const [first] = fields;
  if (first === undefined || hasControlFlow(first.source) || fields.some(takesAnchor)) return [];
  const missing = copies.map(({ target, fields }) => ({
    target,
    fields: fields.filter(({ key }) => !target.at(key!).exists),
  }));
  if (missing.some(({ target, fields }) => fields.some(({ key }) => !target.at(key!).absent))) return [];
  const needed = missing.filter(({ fields }) => fields.length > 0);
  const asLines =
    fields.every((field) => linesOf(field) !== undefined) && needed.every(({ target }) => takesLines(target));
  const inserted = needed.map((copy) => (asLines ? insertLines(copy) : insertValues(copy)));
  const copied = new Set(needed.flatMap((copy) => copy.fields));
  const removed = asLines ? removeLines(fields, copied) : removeFields(fields);
  if (removed.length === 0 || inserted.some((edits) => edits.length === 0)) return [];
  return [...inserted.flat(), ...removed];
}

/** Edits that take several entries of one mapping out; comments stay. */
export function removeFields(fields: readonly Field[]): Edit[] {
  const parent = fields[0]?.parent;
  const node = parent?.node;
  if (node?.kind !== 'map') return [];
  const out = new Set(fields.map(({ place }) => place.entry));
  const { source } = parent!;
  if (node.entries.every((entry) => out.has(entry))) return breakBefore(source, parent!.remove());
  const edits = fields.map((field) => field.remove());
  if (edits.some((list) => list.length === 0)) return [];
  if (!node.flow) return breakBefore(source, edits.flat());
  // Neighbours share the comma between them, so that each run of them goes as one.
  const runs: Edit[] = [];
  node.entries.forEach((entry, index) => {
    const before = node.entries[index - 1];
    if (!out.has(entry) || (before !== undefined && out.has(before))) return;
    const next = node.entries.findIndex((other, at) => at > index && !out.has(other));
    const last = node.entries[next < 0 ? node.entries.length - 1 : next - 1]!;
    const span =
      before === undefined ? [entry.key.start, node.entries[next]!.key.start] : [before.value.end, last.value.end];
    runs.push({ start: span[0]!, end: span[1]!, text: '' });
  });
  return runs.some(({ start, end }) => commentsWithin(source, start, end).length > 0) ? [] : runs;
}

/** With the last of its entries the mapping goes, and with it what an alias names. */
function takesAnchor({ source, parent }: Field): boolean {
  return parent?.place.written !== undefined && isNamedElsewhere(source, parent.place.written);
}

/** Branches and loops of a template decide here what is printed, so that nothing can be moved past them. */
function hasControlFlow(source: Source): boolean {
  return branchBetween(source, 0, source.text.length);
}

/** The lines of an entry in block style, from the comments right above it to the one behind it. */
function linesOf(field: Field): Span | undefined {
  const { source, parent, place } = field;
  const { entry, written } = place;
  const { text } = source;
  if (field.behindAlias || place.merged !== undefined || entry === undefined || written === undefined) return undefined;
  if (parent?.node?.kind !== 'map' || parent.node.flow || parent.place.written?.kind === 'alias' || hasAnchor(written))
    return undefined;
  let start = lineStart(text, entry.key.start);
  if (text.slice(start, entry.key.start).trim() !== '') return undefined;
  const comment = `${text.slice(start, entry.key.start)}#`;
  while (start > 0 && text.startsWith(comment, lineStart(text, start - 1))) start = lineStart(text, start - 1);
  return { start, end: lineEnd(text, written.end) };
}

/** An anchor would be doubled by a copy, and an alias may come to stand before its anchor. */
function hasAnchor(node: Node): boolean {
  if (node.anchor !== undefined || node.kind === 'alias') return true;
  if (node.kind === 'scalar') return false;
  return (node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items).some(hasAnchor);
}

/** A block mapping, or a key without a value, or no key at all in a block mapping. */
function takesLines({ node, place, parent, behindAlias }: Field): boolean {
  const { written, merged } = place;
  if (behindAlias || merged !== undefined || written?.kind === 'alias') return false;
  if (node?.kind === 'map') return !node.flow && node.entries.length > 0;
  if (node !== undefined && node.start !== node.end) return false;
  return (
    parent?.node?.kind === 'map' && !parent.node.flow && !parent.behindAlias && parent.place.written?.kind !== 'alias'
  );
}

function insertLines({ target, fields }: Copy): Edit[] {
  const { source, node, place, parent, key } = target;
  const { text, eol, step } = source;
  if (node?.kind === 'map') {
    const at = insertionEnd(source, node);
    return at === undefined ? [] : [{ start: at, end: at, text: eol + shifted(fields, columnOf(text, node.start)) }];
  }
  const column = columnOf(text, parent!.node!.start);
  const lines = eol + shifted(fields, column + step);
  const at =
    place.entry === undefined ? insertionEnd(source, parent!.node as MapNode) : lineEnd(text, place.entry.key.end);
  if (at === undefined) return [];
  return [
    { start: at, end: at, text: place.entry === undefined ? `${eol}${' '.repeat(column)}${key}:${lines}` : lines },
  ];
}

/** The lines of the fields, moved to another column. */
function shifted(fields: readonly Field[], column: number): string {
  const { text, eol } = fields[0]!.source;
  const by = column - columnOf(text, fields[0]!.parent!.node!.start);
  const lines = fields.flatMap((field) => {
    const { start, end } = linesOf(field)!;
    return text.slice(start, end).split(/\r?\n/);
  });
  return lines
    .map((line) =>
      line.trim() === '' ? line : by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, line.search(/\S/))),
    )
    .join(eol);
}

function insertValues({ target, fields }: Copy): Edit[] {
  const values = fields.map(({ key, value }) => [key, value] as const);
  if (values.some(([, value]) => value === undefined)) return [];
  return target.setAll(Object.fromEntries(values) as Record<string, Value>);
}

/**
 * Takes the lines out, and the mapping with them when nothing would be left in it, not even a comment. The comments of
 * what was not copied stay.
 */
function removeLines(fields: readonly Field[], copied: ReadonlySet<Field>): Edit[] {
  const parent = fields[0]!.parent!;
  const { source, node, place } = parent;
  const { text } = source;
  const removals = fields.map((field): Edit[] => {
    const { start, end } = linesOf(field)!;
    return copied.has(field) || !text.slice(start, end).includes('#') ? [{ start, end, text: '' }] : field.remove();
  });
  if (removals.some((edits) => edits.length === 0)) return [];
  const edits = removals.flat();
  if (node?.kind === 'map' && node.entries.length === fields.length && place.entry !== undefined) {
    const from = lineStart(text, place.entry.key.start);
    let rest = text.slice(from, node.end);
    for (const { start, end } of edits) rest = rest.replace(text.slice(start, end), '');
    if (!rest.includes('#')) {
      const alone = text.slice(from, place.entry.key.start).trim() === '';
      return breakBefore(source, alone ? [{ start: from, end: lineEnd(text, node.end), text: '' }] : parent.remove());
    }
  }
  return breakBefore(source, edits);
}

/** Lets removals of whole lines take the line break before them, not the one behind, where something may be inserted. Comments that stay keep theirs. */
function breakBefore({ text }: Source, edits: readonly Edit[]): Edit[] {
  return edits.map((edit) => {
    const { start } = edit;
    const end =
      text[edit.end - 1] === '\n' && start < edit.end ? edit.end - (text[edit.end - 2] === '\r' ? 2 : 1) : edit.end;
    if (start === 0 || text[start - 1] !== '\n' || lineEnd(text, end) !== end) return edit;
    const kept = edit.text.replace(/\r?\n$/, '');
    const before = text[start - 2] === '\r' ? '\r\n' : '\n';
    return { start: start - before.length, end, text: kept === '' ? '' : before + kept };
  });
}
