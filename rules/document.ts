/** From a file's name and text to documents, and from a document to the subjects that rules look at. Pure. */

import { commentsIn } from './model/comments.js';
import { type ComposeService, servicesIn } from './model/compose.js';
import { type Dockerfile, readDockerfile } from './model/dockerfile.js';
import { factsOf, kustomizationFacts, noFacts } from './model/facts.js';
import { Field } from './model/field.js';
import { type Manifest, manifestsIn } from './model/manifest.js';
import { readTree } from './model/read.js';
import { Source } from './model/source.js';
import { splitStream } from './model/stream.js';
import type { Span, SyntaxProblem } from './model/tree.js';
import type { Facts } from './model/workspace.js';
import { dockerfileBlockAt, findSuppressions, type Suppression, yamlBlockAt } from './suppression.js';

/** How a file is read; told by its name, or by what the editor calls its language. */
export type FileKind = 'yaml' | 'dockerfile';

/** Reads as Dockerfile: Dockerfile, Dockerfile.dev, web.Dockerfile, Containerfile; as YAML: .yaml, .yml, .json. Undefined: not ours. */
export function fileKind(path: string, language?: string): FileKind | undefined {
  if (language === 'dockerfile') return 'dockerfile';
  if (language === 'yaml' || language === 'dockercompose' || language === 'json' || language === 'helm') return 'yaml';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (
    /^(?:Docker|Container)file(?:$|[.-])/i.test(name) &&
    !/\.(?:ya?ml|json|md|dockerignore|sh|py|js|ts|go|bak|swp|orig)$/i.test(name)
  )
    return 'dockerfile';
  if (/\.(?:dockerfile|containerfile)$/i.test(name)) return 'dockerfile';
  return /\.(?:ya?ml|json)$/i.test(name) ? 'yaml' : undefined;
}

/** How a text is read whose file name says nothing: as a Dockerfile when its first instruction is FROM or ARG, else as YAML. */
export function guessKind(text: string): FileKind {
  return /^(?:\s*#.*\n|\s*\n)*\s*(?:FROM|ARG)\s+\S/i.test(text) ? 'dockerfile' : 'yaml';
}

/** The documents of a file: the chunks of a YAML stream, or the one Dockerfile. They cover the text completely and in order. */
export function splitDocuments(text: string, kind: FileKind): Span[] {
  return kind === 'dockerfile' ? [{ start: 0, end: text.length }] : splitStream(text);
}

/** What a document is; `other` is YAML or JSON that no rule looks at. */
export type DocumentKind = 'manifest' | 'compose' | 'kustomization' | 'dockerfile' | 'other';

/** A document, read. */
export interface Document {
  readonly kind: DocumentKind;
  readonly text: string;
  readonly manifests: readonly Manifest[];
  readonly services: readonly ComposeService[];
  readonly dockerfile: Dockerfile | undefined;
  /** The root of a YAML document that was parsed. */
  readonly root: Field | undefined;
  readonly facts: Facts;
  readonly suppressions: readonly Suppression[];
  /** What of the YAML could not be understood; the rest is there. Empty for documents of kind `other`. */
  readonly problems: readonly SyntaxProblem[];
}

const nothing = {
  manifests: [],
  services: [],
  dockerfile: undefined,
  root: undefined,
  facts: noFacts,
  suppressions: [],
  problems: [],
};

/** Reads one document; `path` (forward slashes) tells a kustomization and is what its patches are relative to. Never throws. */
export function readDocument(text: string, fileKind: FileKind, path: string): Document {
  if (fileKind === 'dockerfile') {
    const dockerfile = readDockerfile(text);
    const suppressions = text.includes('plimsoll-ignore')
      ? findSuppressions(text, dockerfile.comments, dockerfileBlockAt(dockerfile))
      : [];
    return { ...nothing, kind: 'dockerfile', text, dockerfile, suppressions };
  }
  const isKustomization = /(?:^|\/)[Kk]ustomization(?:\.ya?ml)?$/.test(path);
  if (!isKustomization && !worthReading(text)) return { ...nothing, kind: 'other', text };
  const tree = readTree(text);
  const source = new Source(tree);
  const root = Field.root(source);
  const suppressions = () =>
    text.includes('plimsoll-ignore') ? findSuppressions(text, commentsIn(tree), yamlBlockAt(tree)) : [];
  if (isKustomization || root.at('kind').is('Kustomization')) {
    return {
      ...nothing,
      kind: 'kustomization',
      text,
      root,
      facts: kustomizationFacts(source, path),
      problems: tree.problems,
    };
  }
  const manifests = manifestsIn(source);
  if (manifests.length > 0) {
    return {
      ...nothing,
      kind: 'manifest',
      text,
      root,
      manifests,
      facts: factsOf(source, manifests),
      suppressions: suppressions(),
      problems: tree.problems,
    };
  }
  if (isCompose(root, path)) {
    return {
      ...nothing,
      kind: 'compose',
      text,
      root,
      services: servicesIn(new Source(tree, true)),
      suppressions: suppressions(),
      problems: tree.problems,
    };
  }
  return { ...nothing, kind: 'other', text, root };
}

/**
 * Kinds that can be large, are frequent, and hold nothing that a rule asks for: they are not parsed. A ConfigMap's data may hold
 * anything, manifests included, but no object that the API server would act on.
 */
const unread =
  /^["']?kind["']?[ \t]*:[ \t]*["']?(?:CustomResourceDefinition|ConfigMap|PrometheusRule|APIService)["']?[ \t]*(?:#.*)?\r?$/m;

/** A cheap look at the text alone: could a rule have an interest in it? */
function worthReading(text: string): boolean {
  if (unread.test(text)) return false;
  return (text.includes('kind') && text.includes('apiVersion')) || text.includes('services');
}

/** Compose files are told by their name, or by `services` that all say how they get their image. */
function isCompose(root: Field, path: string): boolean {
  const services = root.at('services');
  if (!services.isMap || root.at('apiVersion').exists) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:docker-)?compose(?:$|[.\-_])/i.test(name)) return true;
  const entries = services.entries();
  return (
    entries.length > 0 &&
    entries.every(({ value }) => ['image', 'build', 'extends'].some((key) => value.at(key).exists))
  );
}
