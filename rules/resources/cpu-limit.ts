import { limitIsMissing } from '../model/limits.js';
import { rule } from '../rule.js';

export default rule({
  id: 'cpu-limit',
  on: 'container',
  severity: 'information',
  preset: 'recommended',
  title: 'No CPU limit',
  why: 'A container without a CPU limit may take every idle cycle of the node. A loop that went wild, or somebody’s coin miner, then slows its neighbours down and runs up the bill.',
  default: 'No limit, unless a LimitRange of the namespace sets one; requests still share the CPU fairly under load.',
  remedy:
    'Set `resources.limits.cpu`. Many teams leave it out on purpose, as a limit throttles an application even on an idle node: then switch this rule off.',
  standards: ['nsa:resource-policies', 'cis-docker:5.12', 'cwe:770'],
  aliases: {
    'kube-linter': ['unset-cpu-requirements'],
    trivy: ['KSV-0011'],
    checkov: ['CKV_K8S_11'],
    sonar: ['kubernetes:S6869'],
    polaris: ['cpuLimitsMissing'],
    'kube-score': ['container-resources'],
    kubesec: ['LimitsCPU'],
    kubescape: ['C-0270', 'C-0050'],
    kyverno: ['require-cpu-limits', 'require-qos-guaranteed'],
    monokle: ['KBP003'],
  },
  hover: ['limits/cpu'],
  check: (container) => limitIsMissing(container, 'cpu'),
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
                memory: 1Gi
          - name: big
            image: big:1
            «resources»: {requests: {cpu: 2}}
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
                memory: 1Gi
                cpu: 1000m
              requests:
                cpu: 100m
          - name: big
            image: big:1
            resources: {requests: {cpu: 2}, limits: {cpu: "2"}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {limits: {cpu: 500m}}}]
      `,
    },
    {
      why: 'a limit for the pod as a whole (Kubernetes 1.34), a template, a default of the namespace',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: whole}
        spec: {resources: {limits: {cpu: 2}}, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: chart}
        spec:
          containers:
            - name: web
              image: web:1
              {{- with .Values.resources }}
              resources:
                {{- toYaml . | nindent 16 }}
              {{- end }}
        ---
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults, namespace: shop}
        spec: {limits: [{type: Container, default: {cpu: 500m}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
  ],
});
