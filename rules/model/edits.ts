/**
 * How a field is written, taken out or extended with the smallest change of text: comments, order, quoting, indentation, line breaks and
 * flow style stay as their author wrote them. Every function returns no edits where the place cannot be edited:
 * behind an alias, under a value of another type, in a mapping that a template or a half-typed line leaves unclosed.
 */
import type { Edit } from '../rule.js';
import { isOptional } from './branches.js';
import { commentsIn } from './comments.js';
import type { Field } from './field.js';
import { insertionEnd } from './insertion.js';
import { columnOf, lineEnd, lineStart } from './lines.js';
import { resolvePlain, scalarText } from './scalar.js';
import type { Source } from './source.js';
import type { Entry, MapNode, Node, SeqNode } from './tree.js';

/** What a fix can write. A list of scalars is written in flow style (`drop: [ALL]`), other lists and maps as blocks. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** See Field.set. */
export function setEdits(field: Field, value: Value): Edit[] {
  const { written, entry, merged } = field.place;
  if (field.behindAlias || isShared(field)) return [];
  if (written === undefined || merged !== undefined)
    return field.parent ? insertEdits(field.parent, field.key, value) : [];
  if (written.kind === 'alias' || written.start < written.end) {
    if (isBlock(written) && entry !== undefined) {
      return [{ start: colonEnd(field.source, entry), end: written.end, text: ` ${flow(value, field.source)}` }];
    }
    return [{ start: written.start, end: written.end, text: scalarLike(written, value, field.source) }];
  }
  return entry === undefined ? [] : fillEmpty(field, entry, value);
}

/** See Field.append. */
export function appendEdits(field: Field, value: Value): Edit[] {
  const { source, node, place } = field;
  if (field.behindAlias || place.merged !== undefined || place.written?.kind === 'alias' || isShared(field)) return [];
  if (!field.exists) return setEdits(field, [value]);
  if (node?.kind !== 'seq' || isConditional(field)) return [];
  if (node.flow) return flowInsert(source, node, [flow(value, source)]);
  const at = insertionEnd(source, node);
  if (at === undefined) return [];
  const indent = ' '.repeat(columnOf(source.text, node.start));
  return [{ start: at, end: at, text: `${source.eol}${indent}- ${item(value, indent.length + 2, source)}` }];
}

/** See Field.remove. */
export function removeEdits(field: Field): Edit[] {
  const { parent, place, source } = field;
  const { written, entry } = place;
  if (field.behindAlias || place.merged !== undefined || parent === undefined || written === undefined) return [];
  if (isNamedElsewhere(source, written) || isExplicit(source, entry)) return [];
  const holder = parent.node;
  if (holder?.kind === 'map' && entry !== undefined) {
    if (holder.entries.length === 1) return removeOnly(parent, { start: entry.key.start, end: written.end });
    if (holder.flow) return flowRemove(source, holder.entries.map(entrySpan), holder.entries.indexOf(entry));
    const start = propsStart(source, entry.key.start, entry.key);
    return removeLines(
      source,
      start,
      written.end,
      holder.entries[0] === entry ? holder.entries[1]!.key.start : undefined,
    );
  }
  if (holder?.kind === 'seq') {
    if (holder.items.length === 1) return removeOnly(parent, written);
    if (holder.flow) return flowRemove(source, holder.items, holder.items.indexOf(written));
    return removeLines(source, source.text.lastIndexOf('-', written.start - 1), written.end, undefined);
  }
  return [];
}

/** The last thing in a collection goes: the collection goes with it where it has a key, else it is left empty. */
function removeOnly(parent: Field, child: { start: number; end: number }): Edit[] {
  const { source, place, node } = parent;
  const hasComment = source.text.slice(place.entry?.key.end ?? node!.start, node!.end).includes('#');
  if (place.entry !== undefined && !hasComment && place.written?.kind !== 'alias') return removeEdits(parent);
  if (isBlock(node!))
    return removeLines(source, node!.kind === 'seq' ? node!.start : child.start, child.end, undefined);
  if (hasComment) return [aloneOnLines(source, child)];
  return [{ start: node!.start + 1, end: node!.end - 1, text: '' }];
}

/**
 * Takes whole lines out; a comment behind the last one stays where it is, one within comes to stand on a line of its own. `next` is what
 * follows the first key of an item, on whose line a dash stands.
 */
function removeLines(source: Source, start: number, end: number, next: number | undefined): Edit[] {
  const { text, eol } = source;
  const line = lineStart(text, start);
  const tail = text.slice(end, lineEnd(text, end));
  const rest = tail.trimStart();
  const comments = commentsWithin(source, start, end);
  const indent = ' '.repeat(columnOf(text, start));
  const before = comments.map((comment) => `${comment}${eol}${indent}`).join('');
  // Up to the line's end, so that it is seen to touch what another fix would insert there.
  if (rest !== '') return [{ start, end: end + tail.length, text: before + rest }];
  if (text.slice(line, start).trim() !== '') {
    const between = next === undefined ? 'x' : text.slice(end, next);
    return between.trim() === ''
      ? [{ start, end: next!, text: before }]
      : [{ start, end: end + tail.length, text: comments.join(`${eol}${indent}`) }];
  }
  const stop = lineEnd(text, end);
  const following = text.startsWith('\r\n', stop) ? stop + 2 : text[stop] === '\n' ? stop + 1 : undefined;
  if (following !== undefined)
    return [{ start: line, end: following, text: comments.map((comment) => indent + comment + eol).join('') }];
  const breakBefore = line - (text[line - 2] === '\r' ? 2 : 1);
  const kept = comments.map((comment) => eol + indent + comment).join('');
  return [{ start: Math.max(0, breakBefore), end: stop, text: kept }];
}

/** The comments that begin in a span. */
export function commentsWithin({ tree, text }: Source, start: number, end: number): string[] {
  if (!text.slice(start, end).includes('#')) return [];
  return [...commentsIn(tree)]
    .filter((comment) => comment.start >= start && comment.start < end)
    .map((comment) => text.slice(comment.start, comment.end));
}

/** Writes `key: value` into a parent that may itself be missing. */
function insertEdits(parent: Field, key: string | number | undefined, value: Value): Edit[] {
  if (typeof key === 'string') return setAllEdits(parent, { [key]: value });
  return parent.isList || !parent.exists ? appendEdits(parent, value) : [];
}

/** See Field.setAll. */
export function setAllEdits(parent: Field, entries: { readonly [key: string]: Value }): Edit[] {
  const { source, node } = parent;
  if (!parent.exists) return parent.unknown ? [] : setEdits(parent, entries);
  if (node?.kind !== 'map' || parent.behindAlias || parent.place.written?.kind === 'alias') return [];
  // What a merge key brings in is overridden by a key of the mapping's own.
  const isWritten = ({ place }: Field) => place.written !== undefined && place.merged === undefined;
  const existing = Object.entries(entries).filter(([key]) => isWritten(parent.at(key)));
  const missing = Object.entries(entries).filter(([key]) => !isWritten(parent.at(key)));
  const replaced = existing.map(([key, value]) => setEdits(parent.at(key), value));
  if (replaced.some((edits) => edits.length === 0)) return [];
  if (missing.length === 0) return replaced.flat();
  // A merge key behind it overrides what is written; a second key would be refused.
  const isTaken = ([key]: [string, Value]) => node.entries.some((entry) => scalarText(source.tree, entry.key) === key);
  if (missing.some(([key]) => parent.at(key).place.merged !== undefined) && missing.some(isTaken)) return [];
  if (isConditional(parent)) return [];
  if (node.flow) {
    const quoted =
      source.json || (node.entries.length > 0 && node.entries.every((entry) => entry.key.style === 'double'));
    const members = missing.map(
      ([key, value]) => `${quoted ? JSON.stringify(key) : scalar(key)}: ${flow(value, source, quoted)}`,
    );
    const inserted = flowInsert(source, node, members);
    return inserted.length === 0 ? [] : [...replaced.flat(), ...inserted];
  }
  const at = insertionEnd(source, node);
  if (at === undefined) return [];
  const column = columnOf(source.text, node.start);
  const lines = missing.map(([key, value]) => source.eol + block(key, value, column, source));
  return [...replaced.flat(), { start: at, end: at, text: lines.join('') }];
}

/** See Field.replace. */
export function replaceEdits(field: Field, key: string, value: Value): Edit[] {
  const { place, source, parent } = field;
  const { entry, written } = place;
  if (field.behindAlias || place.merged !== undefined || entry === undefined || written === undefined) return [];
  if (parent?.node?.kind !== 'map' || isNamedElsewhere(source, written) || isExplicit(source, entry)) return [];
  const span = { start: entry.key.start, end: written.end };
  if (source.text.slice(span.start, span.end).includes('#') && isBlock(written)) return [];
  if (parent.node.flow)
    return [{ ...span, text: `${source.json ? JSON.stringify(key) : scalar(key)}: ${flow(value, source)}` }];
  return [{ ...span, text: block(key, value, columnOf(source.text, parent.node.start), source).trimStart() }];
}

/** A template prints the field, and would print what is put into it, only at times when it prints the container or object that it belongs to. */
function isConditional(field: Field): boolean {
  let subject = field;
  while (subject.name === undefined && subject.parent !== undefined) subject = subject.parent;
  return isOptional(field, subject);
}

/** Gives a value to `key:` that has none, keeping a comment behind it. */
function fillEmpty(field: Field, entry: Entry, value: Value): Edit[] {
  const { source } = field;
  const colon = colonEnd(source, entry);
  if (!isObject(value) || field.parent?.node?.kind !== 'map' || field.parent.node.flow) {
    return [{ start: colon, end: colon, text: ` ${flow(value, source)}` }];
  }
  const at = lineEnd(source.text, colon);
  const column = columnOf(source.text, entry.key.start) + source.step;
  const lines = Object.entries(value).map(([key, inner]) => source.eol + block(key, inner, column, source));
  return [{ start: at, end: at, text: lines.join('') }];
}

/** Adds to a flow collection, on a line of its own where its last member has one. */
function flowInsert(source: Source, node: MapNode | SeqNode, members: readonly string[]): Edit[] {
  const { text } = source;
  const close = node.kind === 'map' ? '}' : ']';
  if (text[node.end - 1] !== close || node.end - node.start < 2) return [];
  const last = node.kind === 'map' ? node.entries.at(-1) : node.items.at(-1);
  if (last === undefined) {
    const isEmpty = text.slice(node.start + 1, node.end - 1).trim() === '';
    // A comment in it stays behind what is put in.
    return [{ start: node.start + 1, end: isEmpty ? node.end - 1 : node.start + 1, text: members.join(', ') }];
  }
  const { start, end } = 'key' in last ? entrySpan(last) : last;
  const line = lineStart(text, start);
  const indent = text.slice(line, start);
  const closing = lineStart(text, node.end - 1);
  if (closing > end && text.slice(closing, node.end - 1).trim() === '' && commaAt(source, end) !== undefined) {
    // Behind the comma at the end and the comment that follows it.
    const at = closing - source.eol.length;
    const column = indent.trim() === '' ? indent : `${text.slice(closing, node.end - 1)}${' '.repeat(source.step)}`;
    return [{ start: at, end: at, text: members.map((member) => `${source.eol}${column}${member},`).join('') }];
  }
  const separator = node.start < line && indent.trim() === '' ? `,${source.eol}${indent}` : ', ';
  return [{ start: end, end, text: members.map((member) => separator + member).join('') }];
}

/**
 * Takes a member out of a flow collection, with one of the commas beside it. Comments stay: one behind the member comes to stand alone, and where one
 * stands within it there are no edits.
 */
function flowRemove(source: Source, members: readonly { start: number; end: number }[], index: number): Edit[] {
  const { start, end } = members[index]!;
  const [before, after] = [members[index - 1], members[index + 1]];
  if (commentsWithin(source, start, end).length > 0) return [];
  const hasComment = (from: number, to: number) => commentsWithin(source, from, to).length > 0;
  if (before !== undefined && !hasComment(before.end, start)) return [{ start: before.end, end, text: '' }];
  if (before === undefined && after !== undefined && !hasComment(end, after.start))
    return [{ start, end: after.start, text: '' }];
  const following = commaAt(source, end);
  const member = aloneOnLines(source, { start, end: following === undefined ? end : following + 1 });
  if (following !== undefined || before === undefined) return [member];
  const comma = commaAt(source, before.end)!;
  return [{ start: comma, end: comma + 1, text: '' }, member];
}

/** Where the comma stands that follows an offset behind blanks and comments alone; undefined where something else comes first. */
function commaAt(source: Source, offset: number): number | undefined {
  const rest = /^(?:\s|#.*)*,/.exec(source.text.slice(offset));
  return rest === null ? undefined : offset + rest[0].length - 1;
}

/** What to take out so that no blank line or blank at a line's end is left: with the blanks behind, and the line where nothing else is on it. */
function aloneOnLines({ text }: Source, { start, end }: { start: number; end: number }): Edit {
  const line = lineStart(text, start);
  const stop = lineEnd(text, end);
  const [head, tail] = [text.slice(line, start), text.slice(end, stop)];
  const blanks = tail.length - tail.trimStart().length;
  // A comment needs a blank before it.
  const blank = tail.trimStart().startsWith('#') && /\S$/.test(head) ? ' ' : '';
  if (tail.trim() !== '') return { start, end: end + blanks, text: blank };
  if (head.trim() !== '') return { start: line + head.trimEnd().length, end: stop, text: '' };
  return { start: line, end: text.startsWith('\r\n', stop) ? stop + 2 : Math.min(stop + 1, text.length), text: '' };
}

/** `key: value` as block lines; the first line is indented too, the last has no line break. */
function block(key: string, value: Value, column: number, source: Source): string {
  const indent = ' '.repeat(column);
  const head = `${indent}${scalar(key)}:`;
  if (isObject(value) && Object.keys(value).length > 0) {
    const inner = Object.entries(value).map(([name, child]) => block(name, child, column + source.step, source));
    return [head, ...inner].join(source.eol);
  }
  if (Array.isArray(value) && value.some(isObject)) {
    const items = value.map(
      (child) => `${indent}${' '.repeat(source.dash)}- ${item(child, column + source.dash + 2, source)}`,
    );
    return [head, ...items].join(source.eol);
  }
  return `${head} ${flow(value, source)}`;
}

/** A value behind a dash: the first line is not indented. */
function item(value: Value, column: number, source: Source): string {
  if (!isObject(value)) return flow(value, source);
  return Object.entries(value)
    .map(([key, child]) => block(key, child, column, source))
    .join(source.eol)
    .trimStart();
}

/** A value in flow style, on one line. */
function flow(value: Value, source: Source, quoted = source.json): string {
  if (Array.isArray(value)) return `[${value.map((child) => flow(child, source, quoted)).join(', ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(
      ([key, child]) => `${quoted ? JSON.stringify(key) : scalar(key)}: ${flow(child, source, quoted)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'string' && quoted ? JSON.stringify(value) : scalar(value as string | number | boolean);
}

/** The new value in the quotes of the old one. */
function scalarLike(old: Node, value: Value, source: Source): string {
  if (typeof value !== 'string' || old.kind !== 'scalar') return flow(value, source);
  if (old.style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return old.style === 'double' ? JSON.stringify(value) : scalar(value);
}

/** A scalar as plain as it can be without becoming something else. */
function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z0-9_/.][\w./@:+-]*$/.test(value) && !value.endsWith(':') && typeof resolvePlain(value) === 'string'
    ? value
    : JSON.stringify(value);
}

function isObject(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value);
}

function isBlock(node: Node): boolean {
  if (node.kind === 'scalar') return node.style === 'literal' || node.style === 'folded';
  return node.kind !== 'alias' && !node.flow;
}

/** Behind the colon of an entry. */
function colonEnd({ text }: Source, entry: Entry): number {
  return text.indexOf(':', entry.key.end) + 1;
}

function entrySpan(entry: Entry): { start: number; end: number } {
  return { start: entry.key.start, end: entry.value.end };
}

/** An alias elsewhere repeats the field's own value, so that a change here would be one there. */
function isShared({ source, place }: Field): boolean {
  const anchor = place.written?.anchor;
  return anchor !== undefined && source.text.includes(`*${anchor}`);
}

/** The key is written with a question mark before it. */
function isExplicit({ text }: Source, entry: Entry | undefined): boolean {
  return (
    entry !== undefined && /(?:^|[\s,{-])\?[ \t]+$/.test(text.slice(lineStart(text, entry.key.start), entry.key.start))
  );
}

/** An alias repeats the node or something in it: what it names must not go. */
export function isNamedElsewhere({ text }: Source, node: Node): boolean {
  if (!text.includes('*')) return false;
  const nodes = [node];
  for (let next = nodes.pop(); next !== undefined; next = nodes.pop()) {
    if (next.anchor !== undefined && text.includes(`*${next.anchor}`)) return true;
    if (next.kind === 'seq') nodes.push(...next.items);
    if (next.kind === 'map') nodes.push(...next.entries.map(({ value }) => value));
  }
  return false;
}

/** Where a node's anchor or tag begins, when it has one on the same line. */
function propsStart({ text }: Source, start: number, node: Node): number {
  if (node.anchor === undefined && node.tag === undefined) return start;
  const line = lineStart(text, start);
  return line + text.slice(line, start).search(/[&!]/);
}
