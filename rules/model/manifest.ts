/** A Kubernetes object as written: its identity and its parts. Lists are unwrapped: every item is a manifest. */
import type { Resource } from '../rule.js';
import { Field } from './field.js';
import { findPods, type Pod } from './pod.js';
import type { Source } from './source.js';
import type { Span } from './tree.js';

export class Manifest {
  readonly apiVersion: string;
  /** The API group: '' for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly metadata: Field;
  readonly spec: Field;
  /** `metadata.name`, or `generateName` with a star, or ''. */
  readonly name: string;
  /** `metadata.namespace` as written; '' where the manifest leaves it to kubectl, Kustomize or Helm. */
  readonly namespace: string;
  #pods: readonly Pod[] | undefined;

  constructor(
    readonly root: Field,
    /** What a typed list (`PodList`) says of its items, where they don't say it themselves. */
    ofList: { readonly apiVersion: string; readonly kind: string } = { apiVersion: '', kind: '' },
  ) {
    this.apiVersion = root.at('apiVersion').text ?? ofList.apiVersion;
    this.group = this.apiVersion.includes('/') ? this.apiVersion.slice(0, this.apiVersion.indexOf('/')) : '';
    this.kind = root.at('kind').text ?? ofList.kind;
    this.metadata = root.at('metadata');
    this.spec = root.at('spec');
    const generated = this.metadata.at('generateName').text;
    this.name = this.metadata.at('name').text ?? (generated === undefined ? '' : `${generated}*`);
    this.namespace = this.metadata.at('namespace').text ?? '';
    root.name = () => this.nameSpan;
    // What is missing in the metadata is missing in the object, which its name stands for.
    this.metadata.name = root.name;
  }

  /** What stands for the whole object: the value of `metadata.name`, else of `generateName`, else of `kind`. */
  get nameSpan(): Span {
    for (const field of [this.metadata.at('name'), this.metadata.at('generateName'), this.root.at('kind')]) {
      if (field.node !== undefined) return field.span;
    }
    return { start: 0, end: 0 };
  }

  get source(): Source {
    return this.root.source;
  }

  /** How a message names it: "Deployment web". */
  get title(): string {
    return this.name === '' ? this.kind : `${this.kind} ${this.name}`;
  }

  get resource(): Resource {
    return { apiVersion: this.apiVersion, kind: this.kind, namespace: this.namespace, name: this.name };
  }

  label(key: string): string | undefined {
    return this.metadata.at('labels', key).text;
  }

  annotation(key: string): string | undefined {
    return this.metadata.at('annotations', key).text;
  }

  /** The pods that this object is or makes; see findPods. */
  get pods(): readonly Pod[] {
    this.#pods ??= findPods(this);
    return this.#pods;
  }
}

/** How deep a List may lie in a List before the reader gives up on it. */
const maxListDepth = 8;

/** The objects of a document: one, or the items of a `kind: List` (or `PodList`, …). Empty when it is no Kubernetes object. */
export function manifestsIn(source: Source): readonly Manifest[] {
  const found: Manifest[] = [];
  collect(Field.root(source), found, 0);
  return found;
}

function collect(root: Field, found: Manifest[], depth: number): void {
  if (!root.isMap || root.at('kind').node === undefined || root.at('apiVersion').node === undefined) return;
  const manifest = new Manifest(root);
  const items = root.at('items');
  if (manifest.kind.endsWith('List') && items.isList && depth < maxListDepth) {
    const itemKind = manifest.kind.slice(0, -'List'.length);
    for (const item of items.items()) {
      if (itemKind !== '' && item.isMap && item.at('kind').node === undefined)
        found.push(new Manifest(item, { apiVersion: manifest.apiVersion, kind: itemKind }));
      else collect(item, found, depth + 1);
    }
    return;
  }
  found.push(manifest);
}

/** A namespace of Kubernetes itself: the prefix `kube-` is reserved for these. */
export function isSystemNamespace(name: string): boolean {
  return name.startsWith('kube-');
}

/** A namespace for what manages the nodes, by the names that such projects use: their agents can't do without privileges. */
export function isInfrastructureNamespace(name: string): boolean {
  return (
    isSystemNamespace(name) ||
    /-system$|^(?:calico-apiserver|cilium|cilium-.*|csi-.*|falco|istio-cni|longhorn|metallb|monitoring|node-feature-discovery|openebs|rook-ceph|tigera-operator|velero)$/.test(
      name,
    )
  );
}
