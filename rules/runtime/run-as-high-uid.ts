import { lowIds } from '../model/low-ids.js';
import { rule } from '../rule.js';

export default rule({
  id: 'run-as-high-uid',
  on: 'pod',
  severity: 'hint',
  preset: 'recommended',
  title: 'Runs with a number that the node may use itself',
  why: 'Low numbers are those of the node’s own users. Where a process gets out of its container, or a volume is shared, user 1000 in the pod is user 1000 on the node, with that user’s files and processes.',
  default: 'The image’s own user is taken.',
  remedy:
    'Use 10001, or any number that no user of the nodes has, and give the image’s files to it. Images with a user of their own (postgres 999, node 1000) may need that number; with `hostUsers: false` it does not matter.',
  standards: ['cwe:250'],
  aliases: {
    trivy: ['KSV-0020'],
    checkov: ['CKV_K8S_40'],
    kubesec: ['RunAsUser'],
    monokle: ['KBP104'],
    'kube-score': ['container-security-context-user-group-id'],
  },
  hover: ['securityContext/runAsUser'],
  *check(pod) {
    for (const { title, field } of lowIds(pod, 'runAsUser')) {
      yield {
        at: field.span,
        message: `${title} runs as user ${field.int}, a number that the node may have given away.`,
        fixes: [{ title: 'Set runAsUser to 10001', edits: field.set(10001), safe: false }],
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
            runAsUser: «1000» # as in the image
          containers:
          - {name: a, image: a:1}
          - {name: b, image: b:1, securityContext: {runAsUser: «999»}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsUser: 10001 # as in the image
          containers:
          - {name: a, image: a:1}
          - {name: b, image: b:1, securityContext: {runAsUser: 10001}}
      `,
    },
    {
      why: 'high enough, root (which other rules report), overridden by every container, nobody',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsUser: 1000}
          containers:
          - {name: a, image: a:1, securityContext: {runAsUser: 10000}}
          - {name: b, image: b:1, securityContext: {runAsUser: 0}}
          - {name: c, image: c:1, securityContext: {runAsUser: 65534}}
      `,
    },
    {
      why: 'in a user namespace the numbers are not those of the node; Windows has none',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostUsers: false, securityContext: {runAsUser: 1000}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: win}
        spec: {os: {name: windows}, securityContext: {runAsUser: 1000}, containers: [{name: a, image: a:1}]}
      `,
    },
  ],
});
