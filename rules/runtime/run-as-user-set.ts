import { rule } from '../rule.js';

/** The user and group that the pattern names: free on most nodes, and beyond what other tools ask for. */
const id = 10001;

export default rule({
  id: 'run-as-user-set',
  on: 'pod',
  // The pattern asks for it, but a number of one's own breaks images whose files belong to another: no warning, and no part of plain hardening.
  severity: 'information',
  preset: 'recommended',
  title: 'User and group are left to the image',
  why: 'Without `runAsUser` and `runAsGroup` the image decides who the process is, and the next image may decide otherwise: a rebuilt one as root, or with root’s group, whose files it may then change. Numbers in the manifest hold whatever is pulled.',
  default: 'The image’s USER; its primary group, where the image names none, is 0, root’s.',
  remedy:
    'Write `runAsUser` and `runAsGroup` in the pod’s `securityContext`, 10001 for example, and `fsGroup` where volumes are written. Images whose files belong to a user of their own need that user’s number. On OpenShift leave it: the cluster assigns the numbers.',
  standards: ['nsa:non-root-containers', 'cwe:250'],
  aliases: {
    'kube-score': ['container-security-context-user-group-id'],
    kyverno: ['require-run-as-non-root-user', 'restrict-usergroup-fsgroup-id', 'require-unique-uid-per-workload'],
  },
  hover: ['securityContext/runAsUser', 'securityContext/runAsGroup'],
  *check(pod) {
    if (pod.windows || pod.isOpenShift) return;
    const missing = ['runAsUser', 'runAsGroup'].filter(
      (key) =>
        pod.security.at(key).absent &&
        pod.misplaced(key) === undefined &&
        pod.containers.some(({ security }) => security.at(key).absent),
    );
    if (missing.length === 0) return;
    const numbers = (keys: readonly string[]) => pod.security.setAll(Object.fromEntries(keys.map((key) => [key, id])));
    const withGroup = pod.security.at('fsGroup').absent ? [...missing, 'fsGroup'] : missing;
    yield {
      at: pod.security.at(missing[0]!).span,
      message: `${pod.title} leaves ${missing.length === 2 ? 'user and group' : missing[0] === 'runAsUser' ? 'the user' : 'the group'} to the image.`,
      absent: missing.join(' and '),
      fixes: [
        { title: `Set ${missing.join(' and ')} to ${id}`, edits: numbers(missing), safe: false },
        {
          title: `Set ${withGroup.join(', ')} to ${id}`,
          edits: withGroup === missing ? [] : numbers(withGroup),
          safe: false,
        },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          «securityContext»:
            runAsNonRoot: true # always
          containers:
          - {name: web, image: web:1}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            runAsNonRoot: true # always
            runAsUser: 10001
            runAsGroup: 10001
          containers:
          - {name: web, image: web:1}
      `,
    },
    {
      why: 'one container says it, the other one does not',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «securityContext»: {runAsUser: 1000}
          containers:
          - {name: a, image: a:1, securityContext: {runAsGroup: 1000}}
          - {name: b, image: b:1}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsUser: 1000, runAsGroup: 10001}
          containers:
          - {name: a, image: a:1, securityContext: {runAsGroup: 1000}}
          - {name: b, image: b:1}
      `,
    },
    {
      why: 'inherited, or said by every container',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsUser: 1000, runAsGroup: 1000}
          containers: [{name: a, image: a:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: api}
        spec:
          initContainers: [{name: a, image: a:1, securityContext: {runAsUser: 1000, runAsGroup: 1000}}]
          containers: [{name: b, image: b:1, securityContext: {runAsUser: 1001, runAsGroup: 1001}}]
      `,
    },
    {
      why: 'Windows has other users, and OpenShift assigns the numbers itself',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {os: {name: windows}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: apps.openshift.io/v1
        kind: DeploymentConfig
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: a, image: a:1}]}}}
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
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});
