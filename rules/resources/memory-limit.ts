import { limitIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'memory-limit',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'No memory limit',
  why: 'A container without a memory limit can use up all memory of its node. A leak, or an attacker who sends large requests, is enough, and the kernel then kills processes of other pods to save itself.',
  default: 'No limit, unless a LimitRange of the namespace sets one.',
  remedy:
    'Set `resources.limits.memory` a good way above what the application uses at its peak: beyond the limit it is killed (OOMKilled).',
  standards: ['nsa:resource-policies', 'cis-docker:5.11', 'cwe:770'],
  aliases: {
    'kube-linter': ['unset-memory-requirements'],
    trivy: ['KSV-0018'],
    checkov: ['CKV_K8S_13'],
    sonar: ['kubernetes:S6864'],
    polaris: ['memoryLimitsMissing'],
    'kube-score': ['container-resources'],
    kubesec: ['LimitsMemory'],
    kubescape: ['C-0271', 'C-0004', 'C-0009'],
    kyverno: ['require-pod-requests-limits'],
    monokle: ['KBP005'],
  },
  hover: ['limits/memory', 'containers/#/resources'],
  check: (container) => limitIsMissing(container, 'memory'),
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: «web»
              image: web:1
            - name: log
              image: log:1
              «resources»:
                requests:
                  memory: 1Gi # as measured
            - name: zero
              image: zero:1
              resources: {limits: {memory: «0»}}
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
                requests:
                  memory: 256Mi
                limits:
                  memory: 512Mi
            - name: log
              image: log:1
              resources:
                requests:
                  memory: 1Gi # as measured
                limits:
                  memory: 1Gi
            - name: zero
              image: zero:1
              resources: {limits: {memory: 512Mi}, requests: {memory: 256Mi}}
      `,
    },
    {
      why: 'JSON, and an init container',
      file: 'pod.json',
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "initContainers": [{"name": "setup", "image": "setup:1", "resources": {«"limits"»: {"cpu": 1}}}],
            "containers": [
              {
                "name": «"web"»,
                "image": "web:1"
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
            "initContainers": [{"name": "setup", "image": "setup:1", "resources": {"limits": {"cpu": 1, "memory": "512Mi"}, "requests": {"memory": "256Mi"}}}],
            "containers": [
              {
                "name": "web",
                "image": "web:1",
                "resources": {"requests": {"memory": "256Mi"}, "limits": {"memory": "512Mi"}}
              }
            ]
          }
        }
      `,
    },
    {
      why: 'no default helps a limit of 0, and one of another namespace nobody',
      bad: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, default: {memory: 256Mi}}, {type: Pod, max: {memory: 1Gi}}]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              containers:
              - name: web
                image: web:1
                resources:
                  limits:
                    memory: «0Mi»
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: office}
        spec: {containers: [{name: «web», image: web:1}]}
      `,
      good: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, default: {memory: 256Mi}}, {type: Pod, max: {memory: 1Gi}}]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              containers:
              - name: web
                image: web:1
                resources:
                  limits:
                    memory: 512Mi
                  requests:
                    memory: 256Mi
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: office}
        spec: {containers: [{name: web, image: web:1, resources: {requests: {memory: 256Mi}, limits: {memory: 512Mi}}}]}
      `,
    },
    {
      why: 'a limit for the pod as a whole counts (Kubernetes 1.34); an ephemeral container can have none',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          resources: {limits: {memory: 1Gi}}
          containers: [{name: web, image: web:1}]
          ephemeralContainers: [{name: debug, image: debug:1}]
      `,
    },
    {
      why: 'the namespace has a default',
      ok: `
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, default: {memory: 256Mi}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: LimitRange
        metadata: {name: maximum, namespace: office}
        spec: {limits: [{type: Container, max: {memory: 1Gi}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: office}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'a merge key',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: a
              image: a:1
              resources: &small
                limits: {memory: 64Mi}
            - name: b
              image: b:1
              resources: {<<: *small}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
      `,
    },
  ],
});
