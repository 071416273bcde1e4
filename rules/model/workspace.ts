/**
 * What workspace rules see: the facts that every document yields. Facts are plain records that survive a structured clone and
 * don't change while somebody types inside a securityContext, so that a keystroke re-lints one document and nothing else.
 */
import type { AdmissionDefaults, NamespaceLabels } from '../pod-security/standards/namespace.js';
import type { ViolationFact } from '../pod-security/standards/verdict.js';
import type { DocumentPlace, Edit } from '../rule.js';
import type { DefaultDeny } from './network-policy.js';
import type { Span } from './tree.js';

/** What the workspace needs to know of one document. */
export interface Facts {
  readonly objects: readonly ObjectFact[];
  /** Claims that make reports of other documents void (Report.unless); see claims.ts for their forms. */
  readonly provides: readonly string[];
  /** How a further document can be added to the stream, behind this one; undefined in JSON. */
  readonly end: { readonly prefix: string; readonly eol: string } | undefined;
}

/** A Kubernetes object. */
export interface ObjectFact {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly at: Span;
  /** It makes pods, and not all of them are on the host's network, where no policy reaches. */
  readonly workload: boolean;
  /** It is a network policy for every pod of its namespace. */
  readonly denies?: DefaultDeny;
  /** Of a Namespace: the Pod Security levels that its labels ask for. */
  readonly policies?: NamespaceLabels;
  /** Of a workload that names its namespace: how its pods stand to the Pod Security Standards. */
  readonly pods?: readonly PodFact[];
  /** Of a configuration of Pod Security admission: what holds for the whole cluster. */
  readonly admission?: AdmissionDefaults;
  readonly selection?: SelectionFact;
}

/** How an object selects pods, or how its pods are selected and replicated. */
export interface SelectionFact {
  /** Of a Service: the labels that it looks for. */
  readonly selects?: Readonly<Record<string, string>>;
  /** Of a PodDisruptionBudget: the labels that it looks for. */
  readonly protects?: Readonly<Record<string, string>>;
  /** Of an autoscaler: `Deployment/web`. */
  readonly scales?: string;
  /** Of a workload: the labels of its pods. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a workload: the names of its containers without a readiness probe. (Their places would change with every key that is typed before them.) */
  readonly unready?: readonly string[];
  /** Of a Deployment or StatefulSet: how many pods it asks for, and whether it says how they are to be spread over the nodes. */
  readonly replicas?: number;
  readonly spread?: boolean;
}

/** The labels have all that a selector asks for; an empty selector of a Service selects nothing. */
export function isSelected(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** A pod or pod template, as far as other documents have to know it. */
export interface PodFact {
  readonly runtimeClass: string;
  readonly violations: readonly ViolationFact[];
}

/** A document of the workspace with its place. */
export interface DocumentFacts extends Facts {
  readonly in: DocumentPlace;
}

/** All facts of the workspace, indexed by need. */
export class Workspace {
  readonly #documents: readonly DocumentFacts[];

  constructor(documents: Iterable<DocumentFacts>) {
    this.#documents = [...documents];
  }

  /** Every object with its document, in the order of paths and documents. */
  *objects(): Generator<FoundObject> {
    for (const document of this.#documents) for (const object of document.objects) yield { object, document };
  }

  /** The objects of which a condition holds, by namespace: what is looked for at every workload is looked for among few. */
  byNamespace(holds: (object: ObjectFact) => boolean): ReadonlyMap<string, readonly FoundObject[]> {
    const all = new Map<string, FoundObject[]>();
    for (const found of this.objects()) {
      if (!holds(found.object)) continue;
      const same = all.get(found.object.namespace);
      if (same === undefined) all.set(found.object.namespace, [found]);
      else same.push(found);
    }
    return all;
  }
}

/** An object of the workspace, and the document that it is in. */
export interface FoundObject {
  readonly object: ObjectFact;
  readonly document: DocumentFacts;
}

/**
 * Where the document ends, as an offset that holds whatever is typed before it: facts must not change with every keystroke. The linter puts the real
 * offset in its place.
 */
export const documentEnd = Number.MAX_SAFE_INTEGER;

/** An edit that adds a document behind the given one. `text` ends without a line break and uses `\n`. None in JSON. */
export function addDocument({ end }: Facts, text: string): Edit[] {
  if (end === undefined) return [];
  const lines = `${end.prefix}---\n${text}\n`.replaceAll('\n', end.eol);
  return [{ start: documentEnd, end: documentEnd, text: lines }];
}
