/** Pods and containers as the kubelet will see them: where pod templates lie, what is inherited, what a container is called. */
import type { Edit } from '../rule.js';
import type { Field } from './field.js';
import { type ImageReference, parseImageReference } from './image-reference.js';
import type { Manifest } from './manifest.js';
import { moveEdits } from './move.js';
import type { Span } from './tree.js';

/** What a container is for; a sidecar is an init container that keeps running (`restartPolicy: Always`, Kubernetes 1.28). */
export type ContainerRole = 'container' | 'init container' | 'sidecar' | 'ephemeral container';

export class Container {
  readonly name: string;
  readonly security: Field;
  readonly image: Field;
  readonly role: ContainerRole;

  constructor(
    readonly pod: Pod,
    readonly field: Field,
    list: ContainerList,
  ) {
    this.name = field.at('name').text ?? '';
    this.security = field.at('securityContext');
    this.image = field.at('image');
    this.role = list === 'initContainers' && field.at('restartPolicy').is('Always') ? 'sidecar' : roles[list];
    field.name = () => this.nameSpan;
  }

  /** What stands for the container: its `name` value, else its `image` value, else its first key. */
  get nameSpan(): Span | undefined {
    for (const key of ['name', 'image']) {
      const field = this.field.at(key);
      if (field.node !== undefined) return field.span;
    }
    return this.field.entries()[0]?.keySpan;
  }

  /** How a message names it, at the beginning of a sentence: "Container web", "Init container setup"; "Container" where a template prints the name. */
  get title(): string {
    const role = this.role[0]!.toUpperCase() + this.role.slice(1);
    if (this.field.at('name').unknown) return role;
    return this.name === '' ? `A ${this.role} without a name` : `${role} ${this.name}`;
  }

  /** The container's own securityContext field when it is written, else the pod's (core/v1 SecurityContext: the container's value wins). */
  effective(key: string): Field {
    const own = this.security.at(key);
    if (own.exists || own.unknown) return own;
    const inherited = this.pod.security.at(key);
    return inherited.exists || inherited.unknown ? inherited : own;
  }

  /**
   * Where a setting of this container stands by mistake, so that it has no effect: what is missing here is not missing but misplaced, and
   * security-context-misplaced says so and moves it. What can't be moved doesn't count.
   */
  misplaced(key: string): Field | undefined {
    const inPod = this.pod.security.at(key);
    if (!containerSettings.includes(key) || !inPod.exists) return this.pod.misplaced(key);
    return this.pod.settle([inPod]).length > 0 ? inPod : undefined;
  }

  /**
   * The given edits of the container, if any, and those that mount a directory of the pod's own at the path. None where something is mounted there already or
   * can't be known.
   */
  withScratch(path: string, edits?: readonly Edit[]): Edit[] {
    const mounts = this.field.at('volumeMounts');
    const volumes = this.pod.spec.at('volumes');
    if ([mounts, volumes].some(({ open, unknown }) => open || unknown)) return [];
    if (mounts.items().some((mount) => mount.at('mountPath').text?.replace(/\/$/, '') === path)) return [];
    const taken = volumes.items().map((volume) => volume.at('name').text);
    const base = path.slice(path.lastIndexOf('/') + 1);
    const name = [base, `${base}-${this.name}`].find((candidate) => !taken.includes(candidate));
    if (name === undefined) return [];
    const mounted = mounts.append({ name, mountPath: path });
    const declared = volumes.append({ name, emptyDir: {} });
    if (edits?.length === 0 || mounted.length === 0 || declared.length === 0) return [];
    // At one and the same place, what extends a list comes before what begins a mapping, and the container's before the pod's.
    const own = edits ?? [];
    return [...(mounts.exists ? [...mounted, ...own] : [...own, ...mounted]), ...declared];
  }

  /** The declared ports that only root, or who has NET_BIND_SERVICE, may bind where the runtime doesn't open them to all: below 1024. */
  get privilegedPorts(): Field[] {
    return this.field
      .at('ports')
      .items()
      .map((port) => port.at('containerPort'))
      .filter(({ int }) => int !== undefined && int > 0 && int < 1024);
  }

  /** Adds a Linux capability (as written, upper case in admission's eyes). */
  adds(capability: string): boolean {
    return this.security
      .at('capabilities', 'add')
      .items()
      .some((item) => item.is(capability));
  }

  /**
   * It is privileged or adds CAP_SYS_ADMIN: escalation is always allowed then, and the API server rejects
   * `allowPrivilegeEscalation: false` (core/v1 SecurityContext; validation.go, ValidateSecurityContext).
   */
  get escalates(): boolean {
    return this.privileged || ['SYS_ADMIN', 'CAP_SYS_ADMIN', 'ALL'].some((capability) => this.adds(capability));
  }

  /** Runs with all privileges, so that weaker restrictions mean nothing. */
  get privileged(): boolean {
    return this.security.at('privileged').is(true);
  }
}

const roles = {
  containers: 'container',
  initContainers: 'init container',
  ephemeralContainers: 'ephemeral container',
} as const satisfies Record<string, ContainerRole>;
type ContainerList = keyof typeof roles;

/** What only a container's securityContext can say (core/v1 SecurityContext without PodSecurityContext). */
export const containerSettings: readonly string[] = [
  'allowPrivilegeEscalation',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
];

/** What only a pod's securityContext can say (core/v1 PodSecurityContext without SecurityContext). */
export const podSettings: readonly string[] = [
  'fsGroup',
  'fsGroupChangePolicy',
  'seLinuxChangePolicy',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'sysctls',
];

/** An image that a pod runs or mounts, and what a message calls its user. */
export interface ImageUse {
  readonly title: string;
  readonly field: Field;
  readonly reference: ImageReference | undefined;
  /** Its name is known: the reference, or what stands before a tag or digest that is filled in later. */
  readonly named: ImageReference | undefined;
}

export class Pod {
  readonly security: Field;
  #containers: readonly Container[] | undefined;
  #images: readonly ImageUse[] | undefined;

  constructor(
    readonly manifest: Manifest,
    /** The PodSpec. */
    readonly spec: Field,
    /** The pod's own metadata: the template's, or the Pod's. */
    readonly metadata: Field,
  ) {
    this.security = spec.at('securityContext');
    spec.name = () => manifest.nameSpan;
  }

  /** What holds the pod's metadata and spec: the template, or the Pod itself. */
  get holder(): Field {
    return this.spec.parent ?? this.spec;
  }

  /** All containers in the order in which admission visits them: init, regular, ephemeral (pod-security-admission policy/visitor.go). */
  get containers(): readonly Container[] {
    this.#containers ??= (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
      this.spec
        .at(list)
        .items()
        .filter((item) => item.isMap)
        .map((item) => new Container(this, item, list)),
    );
    return this.#containers;
  }

  /** The pod and its containers: all that can have `resources` (core/v1 PodSpec, since 1.34). */
  get resourceHolders(): readonly { readonly title: string; readonly field: Field }[] {
    return [{ title: this.title, field: this.spec }, ...this.containers];
  }

  /** Every image that the pod runs or mounts (`volumes[*].image`, Kubernetes 1.31); `reference` is undefined where it is filled in later or no reference. */
  get images(): readonly ImageUse[] {
    this.#images ??= this.#findImages();
    return this.#images;
  }

  #findImages(): ImageUse[] {
    const mounted = this.spec
      .at('volumes')
      .items()
      .map((volume) => ({
        title: `Volume ${volume.at('name').text ?? ''}`.trim(),
        field: volume.at('image', 'reference'),
      }));
    const run = this.containers.map(({ title, image }) => ({ title, field: image }));
    // Istio's gateway injection puts its own image in the place of `auto`.
    const text = ({ field }: { field: Field }) => (field.is('auto') ? '' : (field.text ?? ''));
    return [...run, ...mounted].map((use) => {
      const reference = parseImageReference(text(use));
      return { ...use, reference, named: reference ?? parseImageReference(nameBefore(use.field)) };
    });
  }

  /** `spec.os.name: windows`: Linux-only settings don't apply. */
  get windows(): boolean {
    return this.spec.at('os', 'name').is('windows');
  }

  /** `spec.hostUsers: false`: root in the pod is nobody on the node. */
  get userNamespace(): boolean {
    return this.spec.at('hostUsers').is(false);
  }

  /** `windowsOptions.hostProcess: true` of the pod or of one of its containers; Kubernetes asks for `hostNetwork` then. */
  get hostProcess(): Field | undefined {
    const contexts = [this.security, ...this.containers.map(({ security }) => security)];
    return contexts.map((context) => context.at('windowsOptions', 'hostProcess')).find((field) => field.is(true));
  }

  /** Its containers are restarted whenever they end: no Job, and no pod that is to run once. */
  get runsForever(): boolean {
    const policy = this.spec.at('restartPolicy');
    return !/^(?:Cron)?Job$/.test(this.manifest.kind) && (policy.absent || policy.is('Always'));
  }

  /** A static pod of the control plane, as kubeadm labels it: it is what the cluster runs on. */
  get isControlPlane(): boolean {
    return this.manifest.namespace === 'kube-system' && this.metadata.at('labels', 'tier').is('control-plane');
  }

  /**
   * The securityContexts that stand where nothing reads them: in the metadata or beside the spec of the pod or of an object above it. Only
   * Kubernetes' own workloads are looked at, as a custom resource may give a meaning to its own.
   */
  get strayContexts(): readonly Field[] {
    const found: Field[] = [];
    if (!isBuiltInWorkload(this.manifest)) return found;
    for (let holder = this.spec.parent; holder !== undefined; holder = holder.parent) {
      found.push(holder.at('securityContext'), holder.at('metadata', 'securityContext'));
      if (holder === this.manifest.root) break;
    }
    return found.filter(({ exists }) => exists);
  }

  /** Where a setting of the pod stands by mistake, so that it has no effect and can be moved. */
  misplaced(key: string): Field | undefined {
    return this.strayContexts
      .map((context) => context.at(key))
      .find((field) => field.exists && this.settle([field]).length > 0);
  }

  /**
   * Edits that move misplaced settings, entries of one mapping, to where they count: into every container that does not say it itself, or to the
   * pod. What would weaken a container is only taken out, as it has never worked.
   */
  settle(settings: readonly Field[]): Edit[] {
    const kept = settings.filter((field) => !weakens(field));
    const inContainers = kept.filter(({ key }) => containerSettings.includes(String(key)));
    const inPod = kept.filter((field) => !inContainers.includes(field));
    const copies = this.containers.map(({ security, escalates }) => {
      const fields = inContainers.filter(({ key }) => !(escalates && key === 'allowPrivilegeEscalation'));
      return { target: security, fields };
    });
    return inContainers.length > 0 && copies.length === 0
      ? []
      : moveEdits(settings, [...copies, { target: this.security, fields: inPod }]);
  }

  /** Where a seccomp profile of the workload's own would lie, below the kubelet's `seccomp` folder: in `profiles/`, as the documentation has it. */
  get ownProfile(): string {
    return `profiles/${this.manifest.name.replace('*', '') || 'profile'}.json`;
  }

  /** Made for OpenShift, whose security context constraints assign users and groups (an API group, annotation or label of it says so). */
  get isOpenShift(): boolean {
    const { group, metadata } = this.manifest;
    const keys = [metadata, this.metadata].flatMap((holder) => [
      ...holder.at('annotations').entries(),
      ...holder.at('labels').entries(),
    ]);
    return group.endsWith('.openshift.io') || keys.some(({ key }) => /(?:^|\.)openshift\.io\//.test(key));
  }

  get serviceAccount(): string {
    return this.spec.at('serviceAccountName').text || this.spec.at('serviceAccount').text || 'default';
  }

  /** How a message names the workload: "Deployment web". */
  get title(): string {
    return this.manifest.title;
  }

  annotation(key: string): string | undefined {
    return this.metadata.at('annotations', key).text;
  }
}

/** A setting that takes protection away, if it says anything but the default. */
export function weakens({ key, flag }: Field): boolean {
  return key === 'privileged' || key === 'procMount' || (key === 'allowPrivilegeEscalation' && flag === true);
}

/** What stands in an image field before a tag or digest that a template or a variable fills in; empty where that is not so. */
function nameBefore({ node, source }: Field): string {
  if (node?.kind !== 'scalar') return '';
  const written = source.text.slice(node.start, node.end).replace(/^["']/, '');
  return /^([^\s{}$]+)[:@](?:\{\{|\$)/.exec(written)?.[1] ?? '';
}

/** Where the built-in workloads keep their pod, as a path to the object that holds `metadata` and `spec`. */
const templates: Readonly<Record<string, { readonly groups: readonly string[]; readonly path: readonly string[] }>> = {
  Pod: { groups: [''], path: [] },
  PodTemplate: { groups: [''], path: ['template'] },
  ReplicationController: { groups: [''], path: ['spec', 'template'] },
  Deployment: { groups: ['apps', 'extensions'], path: ['spec', 'template'] },
  ReplicaSet: { groups: ['apps', 'extensions'], path: ['spec', 'template'] },
  DaemonSet: { groups: ['apps', 'extensions'], path: ['spec', 'template'] },
  StatefulSet: { groups: ['apps'], path: ['spec', 'template'] },
  Job: { groups: ['batch'], path: ['spec', 'template'] },
  CronJob: { groups: ['batch'], path: ['spec', 'jobTemplate', 'spec', 'template'] },
};

/** It is one of Kubernetes' own workloads, and not an object that only has the shape of one. */
export function isBuiltInWorkload({ kind, group }: Manifest): boolean {
  return templates[kind]?.groups.includes(group) === true;
}

/** Objects that describe or match pods without making any: schemas, and policies whose patterns look like pods. */
const lookalikes =
  /^(?:CustomResourceDefinition|ConfigMap|Secret|(?:Cluster)?Policy|ClusterImagePolicy|\w*(?:Validating|Mutating|Generating)\w*|Constraint\w*|\w+Constraint|Assign\w*)$/;

/** How deep a custom resource is searched for pod templates. */
const maxSearchDepth = 24;

/**
 * The pods of an object: by kind for the built-in workloads; in any other kind by shape, a `template` (or the object
 * itself) whose `spec.containers` has items with `name` and `image`, so that Argo Rollouts, Knative Services, CloneSets
 * and unknown custom resources count too.
 */
export function findPods(manifest: Manifest): readonly Pod[] {
  const known = templates[manifest.kind];
  const group = manifest.root.at('apiVersion').unknown ? known?.groups[0] : manifest.group;
  if (known?.groups.includes(group ?? '')) {
    const holder = manifest.root.at(...known.path);
    const spec = holder.at('spec');
    return spec.isMap ? [new Pod(manifest, spec, holder.at('metadata'))] : [];
  }
  if (lookalikes.test(manifest.kind)) return [];
  const found: Pod[] = [];
  search(manifest.root, manifest, found, 0);
  return found;
}

function search(field: Field, manifest: Manifest, found: Pod[], depth: number): void {
  if (depth > maxSearchDepth || field.place.written?.kind === 'alias') return;
  if (field.isList) for (const item of field.items()) search(item, manifest, found, depth + 1);
  for (const { key, value } of field.entries()) {
    const spec = value.at('spec');
    if (/template$/i.test(key) && looksLikePodSpec(spec, manifest))
      found.push(new Pod(manifest, spec, value.at('metadata')));
    else if (value.isMap || value.isList) search(value, manifest, found, depth + 1);
  }
}

function looksLikePodSpec(spec: Field, { group }: Manifest): boolean {
  const containers = spec.at('containers').items();
  // Knative gives a container a name where it has none (knative.dev/docs/serving, the runtime contract).
  const keys = group === 'serving.knative.dev' ? ['image'] : ['name', 'image'];
  return containers.length > 0 && containers.every((item) => keys.every((key) => item.at(key).node !== undefined));
}
