import { limitIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'ephemeral-storage-limit',
  on: 'container',
  severity: 'information',
  preset: 'strict',
  title: 'No limit for ephemeral storage',
  why: 'Logs, the writable layer and emptyDir volumes lie on the node’s disk. A container that may write without end fills it, on purpose or by a loop, and the kubelet then evicts the other pods of the node too.',
  default: 'No limit, unless a LimitRange of the namespace sets one.',
  remedy:
    'Set `resources.limits.ephemeral-storage` well above what logs and temporary files take: beyond it the pod is evicted.',
  standards: ['cwe:770'],
  aliases: {
    sonar: ['kubernetes:S6870'],
    'kube-score': ['container-ephemeral-storage-request-and-limit', 'container-ephemeral-storage-request-equals-limit'],
  },
  hover: ['limits/ephemeral-storage'],
  check: (container) => limitIsMissing(container, 'ephemeral-storage'),
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              resources:
                «limits»:
                  memory: 64Mi # as measured
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              resources:
                limits:
                  memory: 64Mi # as measured
                  ephemeral-storage: 1Gi
                requests:
                  ephemeral-storage: 128Mi
      `,
    },
    {
      why: 'set; set by a LimitRange; an ephemeral container can’t',
      ok: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, default: {ephemeral-storage: 2Gi}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: api}
        spec:
          containers: [{name: api, image: api:1, resources: {limits: {ephemeral-storage: 500Mi}}}]
          ephemeralContainers: [{name: debug, image: debug:1}]
      `,
    },
  ],
});
