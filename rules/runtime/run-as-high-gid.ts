import { lowIds } from '../model/low-ids.js';
import { rule } from '../rule.js';

export default rule({
  id: 'run-as-high-gid',
  on: 'pod',
  severity: 'hint',
  preset: 'recommended',
  title: 'Runs with a number that the node may use itself',
  why: 'Low numbers are those of the node’s own groups: 999 may be docker, 6 disk. Where a process gets out of its container, or a path of the node is mounted, it has that group’s rights.',
  default: 'The image’s own group is taken.',
  remedy:
    'Use 10001, or any number that no group of the nodes has. A group that several containers share on purpose may stay; with `hostUsers: false` it does not matter.',
  standards: ['cwe:250'],
  aliases: {
    trivy: ['KSV-0021'],
    kubesec: ['RunAsGroup'],
    monokle: ['KBP105'],
    'kube-score': ['container-security-context-user-group-id'],
  },
  hover: ['securityContext/runAsGroup'],
  *check(pod) {
    for (const { title, field } of lowIds(pod, 'runAsGroup')) {
      yield {
        at: field.span,
        message: `${title} runs as group ${field.int}, a number that the node may have given away.`,
        fixes: [{ title: 'Set runAsGroup to 10001', edits: field.set(10001), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsGroup: «1000» # as in the image
          containers:
          - {name: a, image: a:1}
          - {name: b, image: b:1, securityContext: {runAsGroup: «999»}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsGroup: 10001 # as in the image
          containers:
          - {name: a, image: a:1}
          - {name: b, image: b:1, securityContext: {runAsGroup: 10001}}
      `,
    },
    {
      why: 'high enough, root (which other rules report), overridden by every container, nobody',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsGroup: 1000}
          containers:
          - {name: a, image: a:1, securityContext: {runAsGroup: 10000}}
          - {name: b, image: b:1, securityContext: {runAsGroup: 0}}
          - {name: c, image: c:1, securityContext: {runAsGroup: 65534}}
      `,
    },
    {
      why: 'in a user namespace the numbers are not those of the node; Windows has none',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostUsers: false, securityContext: {runAsGroup: 1000}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: win}
        spec: {os: {name: windows}, securityContext: {runAsGroup: 1000}, containers: [{name: a, image: a:1}]}
      `,
    },
  ],
});
