import type { Field, Value } from '../model/field.js';
import { type Container, isBuiltInWorkload, type Pod } from '../model/pod.js';
import { type Fix, type Report, rule } from '../rule.js';

/** Fields of SecurityContext that PodSecurityContext does not have (core/v1). */
const onlyInContainers = [
  'allowPrivilegeEscalation',
  'readOnlyRootFilesystem',
  'capabilities',
  'privileged',
  'procMount',
];
/** Fields of PodSecurityContext that SecurityContext does not have. */
const onlyInPods = ['fsGroup', 'fsGroupChangePolicy', 'supplementalGroups', 'supplementalGroupsPolicy', 'sysctls'];

export default rule({
  id: 'security-context-misplaced',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Security setting where it has no effect',
  why: 'The API server drops fields that it does not know at a place, mostly without a word. A `readOnlyRootFilesystem` in the pod’s securityContext looks like protection in every review and protects nothing.',
  default:
    'Unknown fields are dropped unless the client asks for strict validation, as kubectl does and most GitOps tools don’t.',
  remedy:
    'Settings of a process (`allowPrivilegeEscalation`, `readOnlyRootFilesystem`, `capabilities`, `privileged`, `procMount`) belong to each container; `fsGroup`, `supplementalGroups` and `sysctls` belong to the pod; a `securityContext` stands in the pod’s `spec` or in a container and nowhere else.',
  standards: ['cwe:1173'],
  aliases: { 'kube-linter': ['schema-validation'] },
  hover: [],
  *check(pod) {
    yield* containerFieldsInPod(pod);
    for (const container of pod.containers) yield* podFieldsInContainer(container);
    yield* contextBesideSpec(pod);
  },
  examples: [
    {
      why: 'the settings move to every container in one step',
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
                runAsGroup: 10001
                fsGroup: 10001
                «allowPrivilegeEscalation»: false
                «readOnlyRootFilesystem»: true
                «capabilities»:
                  drop: [ALL]
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: web
                  image: web:1
                - name: log # keeps its own
                  image: log:1
                  securityContext:
                    readOnlyRootFilesystem: false
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
                runAsGroup: 10001
                fsGroup: 10001
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: web
                  image: web:1
                  securityContext:
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities:
                      drop: [ALL]
                - name: log # keeps its own
                  image: log:1
                  securityContext:
                    readOnlyRootFilesystem: false
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop: [ALL]
      `,
    },
    {
      why: 'a misplaced privileged has done nothing so far, and should go',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            «privileged»: true
            runAsNonRoot: true
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              «fsGroup»: 2000 # for the volume
              runAsUser: 10001
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              # for the volume
              runAsUser: 10001
          securityContext:
            fsGroup: 2000
      `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          «securityContext»:
            runAsNonRoot: true
          template:
            spec:
              containers:
              - name: web
                image: web:1
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
              - name: web
                image: web:1
              securityContext:
                runAsNonRoot: true
      `,
    },
    {
      why: 'everything in its place; a custom resource may have a securityContext of its own',
      ok: `
        apiVersion: example.com/v1
        kind: Thing
        metadata: {name: web}
        spec:
          securityContext: {runAsNonRoot: true}
          template:
            spec:
              securityContext: {fsGroup: 1, sysctls: [], supplementalGroups: [1]}
              containers: [{name: web, image: web:1, securityContext: {privileged: false, procMount: Default}}]
      `,
    },
  ],
});

function* containerFieldsInPod({ security, containers }: Pod): Generator<Report> {
  const found = onlyInContainers.map((key) => security.at(key)).filter((field) => field.exists);
  const moved = found.filter((field) => !loosens(field));
  const move: Fix = {
    title:
      moved.length === 1
        ? `Move ${moved[0]!.key} to every container`
        : `Move ${moved.length} settings to every container`,
    edits: moveToContainers(moved, security, containers),
    safe: true,
  };
  for (const field of found) {
    const fixes = loosens(field)
      ? [{ title: `Remove ${field.key}, which has no effect here`, edits: field.remove(), safe: true }]
      : [move];
    yield {
      at: field.keySpan ?? field.span,
      message: `${field.key} has no effect in a pod's securityContext; it belongs to each container.`,
      fixes,
    };
  }
}

/** What would open the container if it were put where it works; its author can't have missed it so far. */
function loosens(field: Field): boolean {
  return (
    (field.key === 'privileged' && !field.is(false)) || (field.key === 'allowPrivilegeEscalation' && field.is(true))
  );
}

/** One list of edits that takes the fields out of the pod and gives each container those that it does not have. */
function moveToContainers(fields: readonly Field[], security: Field, containers: readonly Container[]) {
  const values: [string, Value | undefined][] = fields.map((field) => [String(field.key), field.value]);
  const everything = security.entries().length === fields.length;
  const removals = everything ? [security.remove()] : fields.map((field) => field.remove());
  const insertions = containers.map((container) => {
    const missing = values.filter(([key]) => container.security.at(key).absent) as [string, Value][];
    return missing.length === 0 ? undefined : container.security.setAll(Object.fromEntries(missing));
  });
  const parts = [...removals, ...insertions.filter((edits) => edits !== undefined)];
  const possible =
    containers.length > 0 &&
    values.every(([, value]) => value !== undefined) &&
    parts.every((edits) => edits.length > 0);
  return possible ? parts.flat() : [];
}

function* podFieldsInContainer({ security, title, pod }: Container): Generator<Report> {
  for (const key of onlyInPods) {
    const field = security.at(key);
    if (!field.exists) continue;
    const { value } = field;
    const inPod = pod.security.at(key);
    const removal = field.remove();
    const same = inPod.exists && JSON.stringify(inPod.value) === JSON.stringify(value);
    const insertion = value === undefined || inPod.exists ? [] : inPod.set(value);
    const possible = removal.length > 0 && (same || insertion.length > 0);
    const fixes = [
      {
        title: same ? `Remove ${key}, which the pod has already` : `Move ${key} to the pod`,
        edits: possible ? [...removal, ...insertion] : [],
        safe: true,
      },
    ];
    yield {
      at: field.keySpan ?? field.span,
      message: `${title}: ${key} has no effect in a container's securityContext; it belongs to the pod.`,
      fixes,
    };
  }
}

/** A securityContext in metadata, in the template or beside it. Custom resources may have one wherever they like. */
function* contextBesideSpec({ manifest, metadata, spec, security }: Pod): Generator<Report> {
  if (!isBuiltInWorkload(manifest)) return;
  const holders = [manifest.root, manifest.metadata, manifest.spec, metadata, spec.parent];
  const paths = new Set<string>([spec.path]);
  for (const holder of holders) {
    if (holder === undefined || paths.has(holder.path)) continue;
    paths.add(holder.path);
    const field = holder.at('securityContext');
    if (!field.exists) continue;
    const { value } = field;
    const removal = field.remove();
    const insertion = value === undefined || security.exists ? [] : security.set(value);
    const edits = removal.length > 0 && insertion.length > 0 ? [...removal, ...insertion] : [];
    yield {
      at: field.keySpan ?? field.span,
      message: `${manifest.title} has a securityContext where it has no effect; it belongs into the pod's spec.`,
      fixes: [{ title: 'Move securityContext into the pod’s spec', edits, safe: true }],
    };
  }
}
