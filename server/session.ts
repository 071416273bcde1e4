/**
 * The only mutable state: the texts, what has been found in each of their documents, what they claim of each other, and the
 * configuration. The server and the command line both stand on it. It does no input or output.
 *
 * A file is kept as documents. A document whose text did not change is never linted again; workspace rules run again only when
 * the facts of some document changed.
 */
import { type FileKind, fileKind, splitDocuments } from '../rules/document.js';
import { moved, movedFix } from '../rules/fix.js';
import {
  type Configuration,
  type Crash,
  type DocumentResult,
  finish,
  lintDocument,
  lintWorkspace,
} from '../rules/lint.js';
import type { Finding, Span } from '../rules/rule.js';

/** A finding whose spans and edits count from the start of its file. */
export interface FileFinding extends Finding {
  readonly path: string;
}

/** A document of a file. `start` and `end` are offsets in the file. */
export interface FileDocument extends Span {
  readonly text: string;
  readonly result: DocumentResult;
  /** What tells whether facts changed: their text form. */
  readonly factsKey: string;
  /** The document's final findings, with offsets from its start, and the state of the workspace that they hold for. */
  final: { readonly findings: readonly Finding[]; readonly generation: number } | undefined;
}

/** What is kept of a file. */
export interface File {
  readonly kind: FileKind;
  readonly text: string;
  readonly documents: readonly FileDocument[];
}

export class Session {
  #configuration: Configuration;
  readonly #files = new Map<string, File & { documents: FileDocument[] }>();
  /** How many documents make each claim. */
  readonly #claims = new Map<string, number>();
  /** What workspace rules found, by path and document; undefined when facts have changed since. */
  #fromWorkspace: Map<string, Map<number, Finding[]>> | undefined;
  /** Counts changes of facts: final findings made before the last one have to be made again. */
  #generation = 0;
  #crashes: Crash[] = [];
  readonly #crashed = new Set<string>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  /** Takes a new configuration and lints everything again. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    const files = [...this.#files];
    this.#files.clear();
    this.#claims.clear();
    for (const [path, { text, kind }] of files) this.#set(path, text, kind);
    this.#factsChanged();
  }

  /**
   * Takes a file's text. `path` has forward slashes; `language` is the editor's, where it knows better than the name.
   * A file that is neither YAML, JSON nor a Dockerfile is forgotten.
   * @returns whether facts changed, so that findings in other files may have changed too
   */
  set(path: string, text: string, language?: string): boolean {
    const kind = fileKind(path, language);
    return kind === undefined ? this.remove(path) : this.#set(path, text, kind);
  }

  /** Forgets a file. @returns whether findings in other files may have changed */
  remove(path: string): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    this.#files.delete(path);
    const mattered = file.documents.some(({ result }) => hasFacts(result));
    for (const { result } of file.documents) this.#claim(result, -1);
    if (mattered) this.#factsChanged();
    return mattered;
  }

  /** The paths of all files, sorted. */
  paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** How many files there are. */
  get size(): number {
    return this.#files.size;
  }

  file(path: string): File | undefined {
    return this.#files.get(path);
  }

  text(path: string): string | undefined {
    return this.#files.get(path)?.text;
  }

  /** The final findings of one document, with offsets from its start; the same list (by identity) as long as they are equal. */
  documentFindings(path: string, index: number): readonly Finding[] {
    const document = this.#files.get(path)?.documents[index];
    if (document === undefined) return [];
    if (document.final?.generation === this.#generation) return document.final.findings;
    const fromWorkspace = this.#workspaceFindings().get(path)?.get(index) ?? [];
    const isClaimed = (claim: string) => this.isClaimed(claim);
    const findings = finish(document.result, document.text, path, fromWorkspace, isClaimed, this.#configuration);
    const before = document.final?.findings;
    document.final = {
      findings: before !== undefined && equal(before, findings) ? before : findings,
      generation: this.#generation,
    };
    return document.final.findings;
  }

  /** Some document of the workspace makes this claim (rules/model/claims.ts). */
  isClaimed(claim: string): boolean {
    return this.#claims.has(claim);
  }

  /** The final findings of a file, sorted by place; empty for an unknown file. */
  findings(path: string): FileFinding[] {
    const { documents } = this.#files.get(path) ?? { documents: [] };
    return documents.flatMap(({ start }, index) =>
      this.documentFindings(path, index).map((finding) => shifted(finding, path, start)),
    );
  }

  /** Rules that threw since the last call; each rule is named once in a session's life. */
  takeCrashes(): Crash[] {
    const crashes = this.#crashes;
    this.#crashes = [];
    return crashes;
  }

  #set(path: string, text: string, kind: FileKind): boolean {
    const known = this.#files.get(path);
    const old = known?.kind === kind ? known.documents : [];
    const spans = splitDocuments(text, kind);
    const documents: FileDocument[] = [];
    // Documents before and behind the change keep their results; only what lies between is linted.
    let head = 0;
    while (head < old.length && head < spans.length && sameText(old[head]!, text, spans[head]!)) head++;
    let tail = 0;
    while (
      tail < old.length - head &&
      tail < spans.length - head &&
      sameText(old[old.length - 1 - tail]!, text, spans[spans.length - 1 - tail]!)
    ) {
      tail++;
    }
    const shiftedDocuments = old.length !== spans.length;
    let changed = shiftedDocuments && old.some(({ result }) => hasFacts(result));
    for (const [index, span] of spans.entries()) {
      const kept =
        index < head ? old[index] : index >= spans.length - tail ? old[index - spans.length + old.length] : undefined;
      if (kept !== undefined) {
        documents.push(kept.start === span.start ? kept : { ...kept, ...span });
        continue;
      }
      const chunk = text.slice(span.start, span.end);
      const result = lintDocument(chunk, kind, path, this.#configuration);
      for (const crash of result.crashes) this.#crash(crash);
      const key = hasFacts(result) ? JSON.stringify([result.facts.objects, result.facts.provides]) : '';
      const before = shiftedDocuments ? undefined : old[index];
      if (key !== (before?.factsKey ?? '')) changed = true;
      documents.push({ ...span, text: chunk, result, factsKey: key, final: undefined });
    }
    for (const { result } of old.slice(head, old.length - tail)) this.#claim(result, -1);
    for (const { result } of documents.slice(head, documents.length - tail)) this.#claim(result, 1);
    if (known !== undefined && known.kind !== kind) this.remove(path);
    this.#files.set(path, { kind, text, documents });
    if (changed) this.#factsChanged();
    return changed;
  }

  #claim({ facts }: DocumentResult, by: 1 | -1): void {
    for (const claim of facts.provides) {
      const count = (this.#claims.get(claim) ?? 0) + by;
      if (count > 0) this.#claims.set(claim, count);
      else this.#claims.delete(claim);
    }
  }

  #factsChanged(): void {
    this.#fromWorkspace = undefined;
    this.#generation++;
  }

  #workspaceFindings(): Map<string, Map<number, Finding[]>> {
    if (this.#fromWorkspace !== undefined) return this.#fromWorkspace;
    const all = this.paths().flatMap((path) =>
      this.#files
        .get(path)!
        .documents.flatMap(({ result }, document) =>
          hasFacts(result) ? [{ ...result.facts, in: { path, document } }] : [],
        ),
    );
    const { findings, crashes } = lintWorkspace(all, this.#configuration);
    for (const crash of crashes) this.#crash(crash);
    this.#fromWorkspace = new Map();
    for (const { finding, in: place } of findings) {
      const ofFile = this.#fromWorkspace.get(place.path) ?? new Map<number, Finding[]>();
      this.#fromWorkspace.set(place.path, ofFile);
      ofFile.set(place.document, [...(ofFile.get(place.document) ?? []), finding]);
    }
    return this.#fromWorkspace;
  }

  #crash(crash: Crash): void {
    if (this.#crashed.has(crash.rule)) return;
    this.#crashed.add(crash.rule);
    this.#crashes.push(crash);
  }
}

/** The same findings; those of workspace rules are made anew each time, the others are the same objects. */
function equal(a: readonly Finding[], b: readonly Finding[]): boolean {
  return (
    a.length === b.length &&
    a.every((finding, index) => finding === b[index] || JSON.stringify(finding) === JSON.stringify(b[index]))
  );
}

function hasFacts({ facts }: DocumentResult): boolean {
  return facts.objects.length > 0 || facts.provides.length > 0;
}

/** Slices are compared with one memcmp; `startsWith` would go unit by unit. */
function sameText(document: FileDocument, text: string, { start, end }: Span): boolean {
  return document.text.length === end - start && text.slice(start, end) === document.text;
}

function shifted(finding: Finding, path: string, by: number): FileFinding {
  return {
    ...finding,
    path,
    at: moved(finding.at, by),
    fixes: finding.fixes.map((fix) => movedFix(fix, by)),
    related: finding.related?.map((r) => (r.place ? r : { ...r, at: moved(r.at, by) })),
  };
}
