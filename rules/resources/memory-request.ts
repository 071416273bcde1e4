import { requestIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'memory-request',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'No memory request',
  why: 'A pod that asks for no memory is put on a node that has none left. It is the first to be killed there when memory runs out, or pulls its neighbours down with it.',
  default: 'The limit, where there is one; else nothing is reserved.',
  remedy:
    'Set `resources.requests.memory` to what the application uses in everyday work. With a limit and no request the request is the limit.',
  standards: ['nsa:resource-policies', 'cwe:770'],
  aliases: {
    'kube-linter': ['unset-memory-requirements'],
    trivy: ['KSV-0016'],
    checkov: ['CKV_K8S_12'],
    sonar: ['kubernetes:S6873'],
    polaris: ['memoryRequestsMissing'],
    'kube-score': ['container-resources'],
    kubesec: ['RequestsMemory'],
    kubescape: ['C-0269', 'C-0004'],
    kyverno: ['require-pod-requests-limits'],
    monokle: ['KBP004'],
  },
  hover: ['requests/memory'],
  check: (container) => requestIsMissing(container, 'memory'),
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: «setup», image: setup:1}
          containers:
            - name: web
              image: web:1
              resources:
                «requests»:
                  cpu: 100m # as measured
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: setup, image: setup:1, resources: {requests: {memory: 256Mi}}}
          containers:
            - name: web
              image: web:1
              resources:
                requests:
                  cpu: 100m # as measured
                  memory: 256Mi
      `,
    },
    {
      why: 'asked for; taken from the limit; said for the whole pod; an ephemeral container can’t',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: a:1, resources: {requests: {memory: 256Mi}}}
            - {name: b, image: b:1, resources: {limits: {memory: 256Mi}}}
          ephemeralContainers:
            - {name: debug, image: debug:1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: whole}
        spec:
          resources: {requests: {memory: 256Mi}}
          containers: [{name: c, image: c:1}]
      `,
    },
    {
      why: 'a LimitRange of the namespace sets it; a template may',
      ok: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, defaultRequest: {memory: 256Mi}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: chart}
        spec:
          containers:
            - name: web
              image: web:1
              resources:
                {{- toYaml .Values.resources | nindent 8 }}
      `,
    },
  ],
});
