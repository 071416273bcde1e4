/** What a hover says: the explanation of the findings under the cursor, else of the rules that are about the field there. */
import { type FileKind, readDocument } from '../rules/document.js';
import { ruleById, rules } from '../rules/index.js';
import type { Field } from '../rules/model/field.js';
import type { Finding, Rule, Span } from '../rules/rule.js';
import { explanation, type LinkTo, overview, subjectTitle } from './protocol.js';

export interface HoverText {
  readonly at: Span;
  readonly markdown: string;
}

/** The hover at an offset of a document; undefined where Plimsoll has nothing to say. Offsets count from the document's start. */
export function hoverAt(
  text: string,
  kind: FileKind,
  path: string,
  findings: readonly Finding[],
  offset: number,
  link: LinkTo,
): HoverText | undefined {
  const here = findings.filter(({ at }) => offset >= at.start && offset <= at.end);
  const [first] = here;
  if (first !== undefined && here.length === 1) {
    const rule = ruleById.get(first.rule);
    return { at: first.at, markdown: rule === undefined ? first.message : explanation(rule, link) };
  }
  if (first !== undefined) return { at: first.at, markdown: `**${subjectTitle(first)}**\n\n${overview(here, link)}` };
  const place = kind === 'dockerfile' ? instructionAt(text, path, offset) : fieldAt(text, kind, path, offset);
  if (place === undefined) return undefined;
  const about = rules.filter((rule) => rule.hover.some((pattern) => matches(pattern, place.keys)));
  if (about.length === 0) return undefined;
  return { at: place.at, markdown: about.map((rule: Rule) => explanation(rule, link)).join('\n\n---\n\n') };
}

interface Place {
  readonly at: Span;
  /** The keys from the document's root to here, or the instruction's name. */
  readonly keys: readonly string[];
}

/** `securityContext/privileged` is the end of the path; `#` stands for any one key or index. */
function matches(pattern: string, keys: readonly string[]): boolean {
  const wanted = pattern.split('/');
  // Labels and annotations have slashes in their keys.
  const tail = keys.flatMap((key) => key.split('/')).slice(-wanted.length);
  return tail.length === wanted.length && wanted.every((key, index) => key === '#' || key === tail[index]);
}

/** The entry whose key (or scalar value) is under the offset, in documents that rules look at. */
function fieldAt(text: string, kind: FileKind, path: string, offset: number): Place | undefined {
  const { root, kind: what } = readDocument(text, kind, path);
  if (root === undefined || what === 'other' || what === 'kustomization') return undefined;
  const keys: string[] = [];
  for (let field: Field = root; ; ) {
    const entry = field
      .entries()
      .find(
        ({ keySpan, value }) => within(keySpan, offset) || (value.node !== undefined && within(value.node, offset)),
      );
    if (entry !== undefined) {
      keys.push(entry.key);
      if (within(entry.keySpan, offset)) return { at: entry.keySpan, keys };
      if (entry.value.node?.kind === 'scalar') return { at: entry.value.node, keys };
      field = entry.value;
      continue;
    }
    const index = field.items().findIndex(({ node }) => node !== undefined && within(node, offset));
    if (index < 0) return undefined;
    keys.push(String(index));
    field = field.at(index);
    if (field.node?.kind === 'scalar') return { at: field.node, keys };
  }
}

function instructionAt(text: string, path: string, offset: number): Place | undefined {
  const { dockerfile } = readDocument(text, 'dockerfile', path);
  const instruction = dockerfile?.instructions.find(({ keywordSpan }) => within(keywordSpan, offset));
  return instruction && { at: instruction.keywordSpan, keys: [instruction.keyword.toUpperCase()] };
}

function within({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset <= end;
}
