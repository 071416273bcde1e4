/**
 * A field: a place in a manifest that may or may not be written, with its value, its position and its edits.
 *
 * Rules walk fields, never nodes: `pod.spec.at('hostNetwork').is(true)`. A field is never null and never throws; what
 * is not there answers `undefined`, `false` or an empty list. Aliases and merge keys (`<<`) are followed: a value that
 * stands behind an alias has the alias's span and cannot be edited there.
 */

import type { Edit } from '../rule.js';
import { appendEdits, removeEdits, replaceEdits, setAllEdits, setEdits, type Value } from './edits.js';
import { scalarText, scalarValue } from './scalar.js';
import type { Source } from './source.js';
import { hiddenContent, overlapsHole } from './templates.js';
import type { Entry, MapNode, Node, Span } from './tree.js';

export type { Value };

/** How a field is reached and written; made by Field itself. */
interface Place {
  /** The field above, or undefined for the document's root. */
  readonly parent?: Field;
  readonly key?: string | number;
  readonly entry?: Entry;
  /** The node as written: an alias stays an alias. */
  readonly written?: Node;
  /** The alias through which an ancestor was reached; what lies behind it cannot be edited from here. */
  readonly through?: Node;
  /** The value comes from a merge key of the parent: the alias there, or the mapping itself. */
  readonly merged?: Node;
}

export class Field {
  readonly parent: Field | undefined;
  readonly key: string | number | undefined;
  /** The node behind any alias; undefined when nothing is written. */
  readonly node: Node | undefined;
  readonly place: Place;
  /** What to underline in place of this field, when it is the subject itself: a container's name, a manifest's name. */
  name: (() => Span | undefined) | undefined;

  constructor(
    readonly source: Source,
    place: Place,
  ) {
    this.place = place;
    this.parent = place.parent;
    this.key = place.key;
    this.node = place.written?.kind === 'alias' ? place.written.target : place.written;
  }

  /** The root field of a document. */
  static root(source: Source): Field {
    return new Field(source, { written: source.tree.root });
  }

  /** Something other than null is written here (Kubernetes and Compose treat null as absent). */
  get exists(): boolean {
    return this.node !== undefined && !this.isNull;
  }

  /** A key with an explicit or empty null value. */
  get isNull(): boolean {
    return this.node?.kind === 'scalar' && !this.unknown && scalarValue(this.source.tree, this.node) === null;
  }

  /** What is written here, if anything, comes from a template, so that its value cannot be known. */
  get unknown(): boolean {
    const { tree } = this.source;
    if (tree.holes.length === 0) return false;
    if (this.node === undefined) return this.parent !== undefined && (this.parent.unknown || this.parent.open);
    if (this.node.kind !== 'scalar') return false;
    return overlapsHole(tree, this.node) || (this.node.start === this.node.end && this.open);
  }

  /** It is certain that nothing (or null) is written here. */
  get absent(): boolean {
    return !this.exists && !this.unknown;
  }

  /** A template puts more keys or items in here than can be seen. */
  get open(): boolean {
    const { tree } = this.source;
    if (tree.holes.length === 0 || this.node === undefined) return false;
    if (this.node.kind === 'map' && this.node.entries.some(({ key }) => overlapsHole(tree, key))) return true;
    return hiddenContent(tree, this.node, this.place.entry?.key.end ?? this.node.start);
  }

  /** The field under the given keys or indices. The last of duplicate keys counts, as in Kubernetes. */
  at(...path: (string | number)[]): Field {
    let field: Field = this;
    for (const key of path) field = typeof key === 'number' ? field.#item(key) : field.#value(key);
    return field;
  }

  /** The items of a sequence; empty for anything else. */
  items(): Field[] {
    return this.node?.kind === 'seq' ? this.node.items.map((_, index) => this.#item(index)) : [];
  }

  /** The entries of a mapping in source order, and behind them those that merge keys bring in; empty for anything else. */
  entries(): { readonly key: string; readonly keySpan: Span; readonly value: Field }[] {
    const { node, source } = this;
    if (node?.kind !== 'map') return [];
    if (!source.merges || !node.entries.some(({ key }) => isMerge(source, key)))
      return node.entries.map((entry) => this.#entry({ entry }));
    const counts = new Map<string, Found>();
    for (const found of allEntries(source, node)) counts.set(this.#keyText(found.entry), found);
    const all = [...counts.values()];
    const isOwn = ({ merged }: Found) => merged === undefined;
    return [...all.filter(isOwn), ...all.filter((found) => !isOwn(found))].map((found) => this.#entry(found));
  }

  /** The value when it is a string (quoted, or plain and of no other type). */
  get text(): string | undefined {
    return this.#scalar('string') as string | undefined;
  }

  /** Where the text of a string ends in the document, so that something can be put behind it; undefined where it isn't written letter by letter. */
  get textEnd(): number | undefined {
    const { text, node, source } = this;
    if (text === undefined || node?.kind !== 'scalar' || this.#through !== undefined) return undefined;
    const quote = node.style === 'plain' ? 0 : 1;
    return source.text.slice(node.start + quote, node.end - quote) === text ? node.end - quote : undefined;
  }

  /** The value when it is a boolean, spelled as go-yaml understands it (`yes`, `on`, … included). */
  get flag(): boolean | undefined {
    return this.#scalar('boolean') as boolean | undefined;
  }

  /** The value when it is an integer. */
  get int(): number | undefined {
    const value = this.#scalar('number') as number | undefined;
    return Number.isInteger(value) ? value : undefined;
  }

  /** A string or number as text, for values that may be either (quantities, ports, Compose). */
  get word(): string | undefined {
    if (this.node?.kind !== 'scalar' || this.unknown) return undefined;
    const value = scalarValue(this.source.tree, this.node);
    return value === null
      ? undefined
      : typeof value === 'string'
        ? value
        : this.source.text.slice(this.node.start, this.node.end);
  }

  /** The value is exactly this scalar, type included. */
  is(value: string | number | boolean): boolean {
    return this.#scalar(typeof value as 'string' | 'number' | 'boolean') === value;
  }

  get isMap(): boolean {
    return this.node?.kind === 'map';
  }

  get isList(): boolean {
    return this.node?.kind === 'seq';
  }

  /**
   * What to underline. A scalar or one-line flow collection: its value, or the alias that stands for it. A block, or a value over
   * several lines: its key. Nothing written: the nearest written key above, up to the subject, whose name it is then.
   */
  get span(): Span {
    const { alias } = this.#through ?? {};
    if (alias !== undefined) return alias;
    const { written } = this.place;
    if (written !== undefined && this.#underlinable(written)) return written;
    return this.keySpan ?? { start: 0, end: 0 };
  }

  /** The key, or where there is none (an item, nothing written) the nearest thing above that can be underlined. */
  get keySpan(): Span | undefined {
    const { alias } = this.#through ?? {};
    if (alias !== undefined) return alias;
    if (this.node !== undefined && this.name !== undefined) return this.name() ?? this.#firstKey();
    if (this.place.entry !== undefined) return this.place.entry.key;
    if (this.parent === undefined || this.node !== undefined) return this.#firstKey() ?? this.parent?.keySpan;
    return this.parent.keySpan;
  }

  /** The keys and indices from the document's root, as in "spec/containers/0". */
  get path(): string {
    const above = this.parent?.path ?? '';
    return this.key === undefined ? above : above === '' ? String(this.key) : `${above}/${this.key}`;
  }

  /** Edits that write this value here, creating what is missing above. None where that is not possible. */
  set(value: Value): Edit[] {
    return setEdits(this, value);
  }

  /** Edits that write several keys of this mapping, creating it when it is absent; keys that are written get the new value. */
  setAll(entries: { readonly [key: string]: Value }): Edit[] {
    return setAllEdits(this, entries);
  }

  /** Edits that put another key with another value in this field's place. */
  replace(key: string, value: Value): Edit[] {
    return replaceEdits(this, key, value);
  }

  /**
   * The whole value as a fix could write it elsewhere. Undefined when something in it can't be carried over: an alias, a template, a comment, a
   * null, a float.
   */
  get value(): Value | undefined {
    const { node } = this;
    if (node === undefined || this.unknown || this.open || this.#through !== undefined) return undefined;
    if (node.kind === 'scalar') return this.text ?? this.flag ?? this.int;
    if (this.source.text.slice(node.start, node.end).includes('#')) return undefined;
    const children = node.kind === 'seq' ? this.items() : this.entries().map((entry) => entry.value);
    const values = children.map((child) => child.value);
    if (values.includes(undefined)) return undefined;
    if (node.kind === 'seq') return values as Value[];
    return Object.fromEntries(this.entries().map(({ key }, index) => [key, values[index]!]));
  }

  /** Edits that take this field out, and its parent when nothing would be left in it. */
  remove(): Edit[] {
    return removeEdits(this);
  }

  /** Edits that add an item to this sequence, creating it when it is absent. */
  append(value: Value): Edit[] {
    return appendEdits(this, value);
  }

  /** It stands behind an alias, so that an edit would change other places too. */
  get behindAlias(): boolean {
    return this.place.through !== undefined;
  }

  get #through(): { alias: Span } | undefined {
    const alias =
      this.place.through ??
      this.place.merged ??
      (this.place.written?.kind === 'alias' ? this.place.written : undefined);
    return alias && { alias };
  }

  #underlinable(node: Node): boolean {
    if (node.start === node.end) return false;
    if ((node.kind === 'map' || node.kind === 'seq') && !node.flow) return false;
    return !this.source.text.slice(node.start, node.end).includes('\n');
  }

  #firstKey(): Span | undefined {
    return this.node?.kind === 'map' ? this.node.entries[0]?.key : undefined;
  }

  #scalar(type: 'string' | 'number' | 'boolean'): string | number | boolean | undefined {
    if (this.node?.kind !== 'scalar' || this.unknown) return undefined;
    const value = scalarValue(this.source.tree, this.node);
    return typeof value === type ? (value as string | number | boolean) : undefined;
  }

  #keyText(entry: Entry): string {
    return scalarText(this.source.tree, entry.key);
  }

  #child(key: string | number, place: Omit<Place, 'parent' | 'key'>): Field {
    const through =
      this.place.through ?? (this.place.written?.kind === 'alias' ? this.place.written : this.place.merged);
    const { entry, written, merged } = place;
    // Spelled out: this is made for every field that a rule looks at, and a spread takes several times as long.
    return new Field(this.source, { entry, written, merged, through, parent: this, key });
  }

  #entry({ entry, merged }: Found): { readonly key: string; readonly keySpan: Span; readonly value: Field } {
    const key = this.#keyText(entry);
    const value = this.#child(key, { entry, written: entry.value, merged });
    return { key, keySpan: this.#through?.alias ?? merged ?? entry.key, value };
  }

  #item(index: number): Field {
    const written = this.node?.kind === 'seq' ? this.node.items[index] : undefined;
    return this.#child(index, { written });
  }

  #value(key: string): Field {
    if (this.node?.kind !== 'map') return this.#child(key, {});
    const found = this.source.merges
      ? findMerged(this.source, this.node, key)
      : { entry: findEntry(this.source, this.node, key), merged: undefined };
    if (found?.entry === undefined) return this.#child(key, {});
    return this.#child(key, { entry: found.entry, written: found.entry.value, merged: found.merged });
  }
}

/** The last entry with this key. */
function findEntry(source: Source, map: MapNode, key: string): Entry | undefined {
  for (let index = map.entries.length - 1; index >= 0; index--) {
    const entry = map.entries[index]!;
    if (hasKey(source, entry, key)) return entry;
  }
  return undefined;
}

function hasKey({ tree, text }: Source, { key: written }: Entry, key: string): boolean {
  const { start, end, style } = written;
  if (style !== 'plain') return scalarText(tree, written) === key;
  return end - start === key.length && text.startsWith(key, start) && !overlapsHole(tree, written);
}

/** An entry that counts in a mapping, and the value of the merge key that brings it in. */
interface Found {
  readonly entry: Entry;
  readonly merged?: Node | undefined;
}

/** A plain `<<`. As go-yaml v2 reads it (decode.go), which kubectl and the API server use, it counts where it stands, so that what comes later wins. */
function isMerge({ text }: Source, { start, end, style }: Entry['key']): boolean {
  return style === 'plain' && end - start === 2 && text.startsWith('<<', start);
}

/** The mappings that a merge key's value stands for; of a list the first one wins, so that it comes last. */
function mergedMaps(value: Node): { readonly node: Node; readonly map: MapNode }[] {
  const nodes = value.kind === 'seq' ? [...value.items].reverse() : [value];
  return nodes.flatMap((node) => {
    const map = node.kind === 'alias' ? node.target : node;
    return map?.kind === 'map' ? [{ node, map }] : [];
  });
}

/** How many entries are looked at: aliases of aliases can stand for more than there is time for. */
const maxEntries = 10_000;

/** Every entry of a mapping and of what it merges, in the order in which they are set: the last one with a key counts. */
function* allEntries(source: Source, map: MapNode, budget = { left: maxEntries }): Generator<Found> {
  const isOwn = ({ key }: Entry) => !isMerge(source, key);
  const entries = source.ownKeysWin
    ? [...map.entries.filter((entry) => !isOwn(entry)), ...map.entries.filter(isOwn)]
    : map.entries;
  for (const entry of entries) {
    if (budget.left-- <= 0) return;
    if (isOwn(entry)) yield { entry };
    else
      for (const { node, map: other } of mergedMaps(entry.value))
        for (const found of allEntries(source, other, budget)) yield { entry: found.entry, merged: node };
  }
}

/** The entry that counts for a key. */
function findMerged(source: Source, map: MapNode, key: string): Found | undefined {
  if (!map.entries.some((entry) => isMerge(source, entry.key))) {
    const entry = findEntry(source, map, key);
    return entry && { entry };
  }
  let counts: Found | undefined;
  for (const found of allEntries(source, map)) if (hasKey(source, found.entry, key)) counts = found;
  return counts;
}
