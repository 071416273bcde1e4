import { violationsOf } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'privileged-container',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Container runs privileged',
  why: 'A privileged container has every Linux capability, every device of the node, and neither seccomp nor AppArmor around it. Whoever breaks into it mounts the node’s disk and owns the node, and with it the credentials of every pod that runs there.',
  default: 'Containers are not privileged unless `privileged: true` says so.',
  remedy:
    'Take `privileged` out or set it to `false`, and add the one capability that is really needed. Agents that manage the node itself (CNI, CSI, device plugins) do need it: suppress the finding there and say why.',
  standards: ['pss:baseline/privileged', 'nsa:pod-security', 'mitre:T1611', 'cis-k8s:5.2.2', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['privileged'],
    'kube-linter': ['privileged-container'],
    trivy: ['KSV-0017'],
    checkov: ['CKV_K8S_16', 'CKV_K8S_2'],
    sonar: ['kubernetes:S6428'],
    polaris: ['runAsPrivileged'],
    'kube-score': ['container-security-context-privileged'],
    kubesec: ['Privileged'],
    kubescape: ['C-0057', 'C-0193', 'C-0213'],
    kyverno: ['disallow-privileged-containers'],
    monokle: ['PSS103'],
  },
  hover: ['securityContext/privileged'],
  *check(container, { podSecurityVersion }) {
    for (const { field } of violationsOf(container, 'privileged', podSecurityVersion)) {
      yield {
        at: field.span,
        message: `${container.title} runs privileged, with full access to the node.`,
        fixes: [
          { title: 'Set privileged to false', edits: field.set(false), safe: false },
          { title: 'Remove privileged', edits: field.remove(), safe: false },
        ],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: nginx:1.29
              securityContext:
                privileged: «true» # for debugging
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: nginx:1.29
              securityContext:
                privileged: false # for debugging
      `,
    },
    {
      why: 'init containers, sidecars and ephemeral containers count too',
      bad: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: DaemonSet
          metadata: {name: agent}
          spec:
            template:
              spec:
                initContainers:
                - {name: proxy, image: proxy:1, restartPolicy: Always, securityContext: {privileged: «true»}}
                containers:
                - {name: agent, image: agent:1, securityContext: {privileged: «yes»}}
      `,
      good: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: DaemonSet
          metadata: {name: agent}
          spec:
            template:
              spec:
                initContainers:
                - {name: proxy, image: proxy:1, restartPolicy: Always, securityContext: {privileged: false}}
                containers:
                - {name: agent, image: agent:1, securityContext: {privileged: false}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {privileged: false}}
          - {name: b, image: b:1, securityContext: {privileged: "true"}} # a string: the API server refuses it
      `,
    },
    {
      why: 'an alias is reported where it stands, and can’t be mended from there',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: &node {privileged: «true»}}
          - {name: b, image: b:1, securityContext: «*node»}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: &node {privileged: false}}
          - {name: b, image: b:1, securityContext: *node}
      `,
    },
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: a
            image: a:1
            securityContext:
              privileged: {{ .Values.privileged }}
      `,
    },
  ],
});
