import { requestIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'cpu-request',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'No CPU request',
  why: 'A busy node shares its CPU out by requests, and a container without one gets next to nothing. One greedy or hijacked neighbour is enough to starve it.',
  default: 'The limit, where there is one; else the smallest possible share.',
  remedy:
    'Set `resources.requests.cpu` to what the application uses in everyday work. With a limit and no request the request is the limit.',
  standards: ['nsa:resource-policies', 'cwe:770'],
  aliases: {
    'kube-linter': ['unset-cpu-requirements'],
    trivy: ['KSV-0015'],
    checkov: ['CKV_K8S_10'],
    sonar: ['kubernetes:S6892'],
    polaris: ['cpuRequestsMissing'],
    'kube-score': ['container-resources'],
    kubesec: ['RequestsCPU'],
    kubescape: ['C-0268', 'C-0050'],
    kyverno: ['require-pod-requests-limits'],
    monokle: ['KBP002'],
  },
  hover: ['requests/cpu'],
  check: (container) => requestIsMissing(container, 'cpu'),
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
                  memory: 64Mi # as measured
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: setup, image: setup:1, resources: {requests: {cpu: 100m}}}
          containers:
            - name: web
              image: web:1
              resources:
                requests:
                  memory: 64Mi # as measured
                  cpu: 100m
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
            - {name: a, image: a:1, resources: {requests: {cpu: 100m}}}
            - {name: b, image: b:1, resources: {limits: {cpu: 100m}}}
          ephemeralContainers:
            - {name: debug, image: debug:1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: whole}
        spec:
          resources: {requests: {cpu: 100m}}
          containers: [{name: c, image: c:1}]
      `,
    },
    {
      why: 'a LimitRange of the namespace sets it; a template may',
      ok: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}
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
