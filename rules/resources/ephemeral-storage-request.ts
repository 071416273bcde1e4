import { requestIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'ephemeral-storage-request',
  on: 'container',
  severity: 'hint',
  preset: 'strict',
  title: 'No request for ephemeral storage',
  why: 'Logs, the writable layer and emptyDir volumes lie on the node’s disk. The scheduler does not know how much of it a pod needs that asks for none, and fills the node until the kubelet has to evict pods.',
  default: 'The limit, where there is one; else nothing is reserved.',
  remedy: 'Set `resources.requests.ephemeral-storage` to what logs and temporary files take.',
  standards: ['cwe:770'],
  aliases: { sonar: ['kubernetes:S6897'], 'kube-score': ['container-ephemeral-storage-request-and-limit'] },
  hover: ['requests/ephemeral-storage'],
  check: (container) => requestIsMissing(container, 'ephemeral-storage'),
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
            - {name: setup, image: setup:1, resources: {requests: {ephemeral-storage: 128Mi}}}
          containers:
            - name: web
              image: web:1
              resources:
                requests:
                  cpu: 100m # as measured
                  ephemeral-storage: 128Mi
      `,
    },
    {
      why: 'asked for; taken from the limit; an ephemeral container can’t',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: a:1, resources: {requests: {ephemeral-storage: 128Mi}}}
            - {name: b, image: b:1, resources: {limits: {ephemeral-storage: 128Mi}}}
          ephemeralContainers:
            - {name: debug, image: debug:1}
      `,
    },
    {
      why: 'a LimitRange of the namespace sets it; a template may',
      ok: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, defaultRequest: {ephemeral-storage: 128Mi}}]}
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
