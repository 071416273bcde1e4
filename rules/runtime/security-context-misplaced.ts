import { type Container, containerSettings, type Pod, podSettings, weakens } from '../model/pod.js';
import { type Report, rule } from '../rule.js';

export default rule({
  id: 'security-context-misplaced',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Security setting where it has no effect',
  why: 'The API server drops fields that it does not know at a place, mostly without a word. A `readOnlyRootFilesystem` in the pod’s securityContext looks like protection in every review and protects nothing, so whoever breaks in meets none of what was thought to be there.',
  default:
    'Unknown fields are dropped silently unless the client asks for strict validation, as `kubectl apply` does and many GitOps tools do not.',
  remedy:
    'Settings of a process (`allowPrivilegeEscalation`, `readOnlyRootFilesystem`, `capabilities`, `privileged`, `procMount`) belong to each container; `fsGroup`, `supplementalGroups` and `sysctls` belong to the pod; a `securityContext` stands in the pod’s `spec` or in a container and nowhere else. What is moved takes effect for the first time, so try the workload afterwards.',
  standards: ['nsa:pod-security', 'cwe:1173'],
  aliases: {
    'kube-linter': ['schema-validation'],
  },
  hover: [],
  *check(pod) {
    yield* inPod(pod);
    for (const container of pod.containers) yield* inContainer(container);
    yield* elsewhere(pod);
  },
  examples: [
    {
      why: 'the settings move to every container in one step, with their comments; a container keeps what it says itself',
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
                «allowPrivilegeEscalation»: false # no setuid
                # writes go to /tmp
                «readOnlyRootFilesystem»: true
                «capabilities»:
                  # nothing at all
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
                    allowPrivilegeEscalation: false # no setuid
                    # writes go to /tmp
                    readOnlyRootFilesystem: true
                    capabilities:
                      # nothing at all
                      drop: [ALL]
                - name: log # keeps its own
                  image: log:1
                  securityContext:
                    readOnlyRootFilesystem: false
                    allowPrivilegeEscalation: false # no setuid
                    capabilities:
                      # nothing at all
                      drop: [ALL]
      `,
    },
    {
      why: 'nothing is left of the pod’s own; init containers get the settings too, and lists keep their style',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
          - image: setup:1
            name: setup
            securityContext: # already there
              runAsUser: 10001
          containers:
          - image: web:1
            name: web
            securityContext:
          securityContext:
            «capabilities»:
              drop:
              - ALL # every one
              add:
              - NET_BIND_SERVICE
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
          - image: setup:1
            name: setup
            securityContext: # already there
              runAsUser: 10001
              capabilities:
                drop:
                - ALL # every one
                add:
                - NET_BIND_SERVICE
          containers:
          - image: web:1
            name: web
            securityContext:
              capabilities:
                drop:
                - ALL # every one
                add:
                - NET_BIND_SERVICE
      `,
    },
    {
      why: 'flow style stays flow style',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {«readOnlyRootFilesystem»: true, «allowPrivilegeEscalation»: false, runAsNonRoot: true}
          containers:
            - {name: web, image: web:1}
            - {name: log, image: log:1, securityContext: {runAsUser: 10001}} # a sidecar
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsNonRoot: true}
          containers:
            - {name: web, image: web:1, securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}}
            - {name: log, image: log:1, securityContext: {runAsUser: 10001, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}} # a sidecar
      `,
    },
    {
      why: 'JSON',
      file: 'pod.json',
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "containers": [
              {
                "name": "web",
                "image": "web:1",
                "securityContext": {
                  «"fsGroup"»: 10001,
                  "runAsUser": 10001
                }
              }
            ]
          }
        }
      `,
      good: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "containers": [
              {
                "name": "web",
                "image": "web:1",
                "securityContext": {
                  "runAsUser": 10001
                }
              }
            ],
            "securityContext": {"fsGroup": 10001}
          }
        }
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
      why: 'a privileged container can’t forbid escalation',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            «allowPrivilegeEscalation»: false
            runAsNonRoot: true
          containers:
          - name: web
            image: web:1
          - name: agent
            image: agent:1
            securityContext: {privileged: true}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
          containers:
          - name: web
            image: web:1
            securityContext:
              allowPrivilegeEscalation: false
          - name: agent
            image: agent:1
            securityContext: {privileged: true}
      `,
    },
    {
      why: 'settings of the pod in containers: the first moves, the same in the second is taken out',
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
          - name: log
            image: log:1
            securityContext:
              «fsGroup»: 2000
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
              runAsUser: 10001
          - name: log
            image: log:1
          securityContext:
            fsGroup: 2000 # for the volume
      `,
    },
    {
      why: 'the pod says something else, so that it is not known what is meant',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {fsGroup: 1000}
          containers:
          - {name: web, image: web:1, securityContext: {«fsGroup»: 2000}}
      `,
    },
    {
      why: 'an alias can’t be edited from here',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext: &hardened
              readOnlyRootFilesystem: true
              runAsNonRoot: true
          securityContext: «*hardened»
      `,
    },
    {
      why: 'a whole securityContext beside the pod’s spec: each setting goes where it belongs',
      bad: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: web}
        spec:
          jobTemplate:
            spec:
              template:
                «securityContext»:
                  runAsNonRoot: true # never root
                  readOnlyRootFilesystem: true
                spec:
                  containers:
                  - name: web
                    image: web:1
      `,
      good: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: web}
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                  - name: web
                    image: web:1
                    securityContext:
                      readOnlyRootFilesystem: true
                  securityContext:
                    runAsNonRoot: true # never root
      `,
    },
    {
      why: 'beside the Deployment’s template, and in metadata',
      bad: `
        kind: List
        apiVersion: v1
        items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata:
            «securityContext»:
              fsGroup: 10001
            name: web
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
        kind: List
        apiVersion: v1
        items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: web
          spec:
            template:
              spec:
                containers:
                - name: web
                  image: web:1
                securityContext:
                  fsGroup: 10001
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
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            {{- toYaml .Values.podSecurityContext | nindent 4 }}
          containers:
          - name: web
            image: web:1
            securityContext: {{ toJson .Values.securityContext }}
      `,
    },
  ],
});

/** Settings of containers in the pod's securityContext; they are moved together, as they were written together. */
function* inPod(pod: Pod): Generator<Report> {
  const found = containerSettings.map((key) => pod.security.at(key)).filter(({ exists }) => exists);
  found.sort((a, b) => a.span.start - b.span.start);
  const moved = found.filter((field) => !weakens(field));
  const together = pod.settle(moved);
  for (const field of found) {
    yield {
      at: field.keySpan ?? field.span,
      message: `${pod.title} sets ${field.key} for the whole pod, where it has no effect; only containers have this setting.`,
      fixes: weakens(field)
        ? [{ title: `Remove ${field.key}, which has no effect here`, edits: pod.settle([field]), safe: true }]
        : together.length > 0 && moved.length > 1
          ? [{ title: `Move these ${moved.length} settings into every container`, edits: together, safe: false }]
          : [{ title: `Move ${field.key} into every container`, edits: pod.settle([field]), safe: false }],
    };
  }
}

/** Settings of the pod in a container's securityContext. Where the pod says something else, only a human knows what is meant. */
function* inContainer({ security, title, pod }: Container): Generator<Report> {
  for (const field of podSettings.map((key) => security.at(key)).filter(({ exists }) => exists)) {
    const own = pod.security.at(field.key!);
    const same = own.exists && own.value !== undefined && JSON.stringify(own.value) === JSON.stringify(field.value);
    const verb = same ? `Remove ${field.key}, which the pod sets already` : `Move ${field.key} to the pod`;
    yield {
      at: field.keySpan ?? field.span,
      message: `${title} sets ${field.key}, which has no effect in a container; only the pod has this setting.`,
      fixes: [{ title: verb, edits: own.exists && !same ? [] : pod.settle([field]), safe: same }],
    };
  }
}

/** A securityContext in metadata, or beside the spec that it should stand in. */
function* elsewhere(pod: Pod): Generator<Report> {
  const { manifest, strayContexts } = pod;
  for (const context of strayContexts) {
    const where = context.parent!.path.slice(manifest.root.path.length).replace(/^\//, '').replaceAll('/', '.');
    const settings = context.entries().map(({ value }) => value);
    yield {
      at: context.keySpan ?? context.span,
      message: `${manifest.title} has a securityContext ${where === '' ? 'at its top level' : `in ${where}`}, where it has no effect.`,
      fixes: [
        settings.length === 0
          ? { title: 'Remove this securityContext', edits: context.remove(), safe: true }
          : { title: 'Move to where it takes effect', edits: pod.settle(settings), safe: false },
      ],
    };
  }
}
