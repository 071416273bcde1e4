import type { Container } from '../model/pod.js';
import { violations } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'run-as-non-root',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Containers may run as root',
  why: 'Most images run as root unless told otherwise. A process that is root in the container is root to every kernel bug and every mounted file too, so one hole in the application becomes a way onto the node. With `runAsNonRoot` the kubelet refuses to start such a container.',
  default: 'Nothing is checked: the container runs as whatever user the image names, mostly root.',
  remedy:
    'Set `runAsNonRoot: true` in the pod’s `securityContext`; it holds for all its containers. An image whose user is root, or a name and not a number, then fails to start until it gets a numeric `USER` or the pod a `runAsUser`.',
  standards: ['pss:restricted/runAsNonRoot', 'nsa:pod-security', 'cis-k8s:5.2.7', 'cis-docker:4.1', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['runAsNonRoot'],
    'kube-linter': ['run-as-non-root'],
    trivy: ['KSV-0012'],
    checkov: ['CKV_K8S_23', 'CKV_K8S_6'],
    polaris: ['runAsRootAllowed'],
    kubesec: ['RunAsNonRoot'],
    kubescape: ['C-0013', 'C-0198', 'C-0218'],
    kyverno: ['require-run-as-nonroot'],
    monokle: ['PSS203'],
  },
  hover: ['securityContext/runAsNonRoot'],
  *check(pod, { podSecurityVersion, preset }) {
    const found = violations(pod, 'runAsNonRoot', podSecurityVersion);
    for (const { field, container } of found) {
      if (!field.is(false) || container?.security.at('runAsNonRoot').absent) continue;
      yield {
        at: field.span,
        message: `${(container ?? pod).title} is explicitly allowed to run as root.`,
        fixes: [{ title: 'Set runAsNonRoot to true', edits: field.set(true), safe: false }],
      };
    }
    const inPod = pod.security.at('runAsNonRoot');
    if (!inPod.absent || pod.misplaced('runAsNonRoot')?.is(true)) return;
    const silent = found.flatMap(({ field, container }) => (field.absent && container ? [container] : []));
    // A user other than 0 is not root, whatever the image says, and a finding would only annoy who wrote one. Admission at
    // level restricted wants the field nevertheless (check_runAsNonRoot.go), so the strict preset asks for it.
    const open =
      preset === 'strict'
        ? silent
        : silent.filter((container) => !container.effective('runAsUser').unknown && !hasUser(container));
    if (open.length === 0) return;
    const names = open.map(({ name }) => name).filter((name) => name !== '');
    const who = open.length === pod.containers.length || names.length === 0 ? 'its containers' : names.join(', ');
    yield {
      at: inPod.span,
      message: `${pod.title} does not keep ${who} from running as root.`,
      absent: 'runAsNonRoot',
      fixes: [{ title: 'Add runAsNonRoot: true to the pod', edits: inPod.set(true), safe: silent.every(hasUser) }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: «web»
        spec:
          template:
            spec:
              containers:
                - name: web # the shop
                  image: shop:1.4
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web # the shop
                  image: shop:1.4
              securityContext:
                runAsNonRoot: true
      `,
    },
    {
      why: 'one container says yes, the other leaves it open',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «securityContext»: # as agreed
            fsGroup: 10001
          initContainers:
          - name: setup
            image: setup:1
            securityContext: {runAsNonRoot: true}
          containers:
          - name: web
            image: web:1
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: # as agreed
            fsGroup: 10001
            runAsNonRoot: true
          initContainers:
          - name: setup
            image: setup:1
            securityContext: {runAsNonRoot: true}
          containers:
          - name: web
            image: web:1
      `,
    },
    {
      why: 'an explicit false counts even where the pod says true',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsNonRoot: true}
          containers:
          - name: web
            image: web:1
            securityContext:
              runAsNonRoot: «false»
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsNonRoot: true}
          containers:
          - name: web
            image: web:1
            securityContext:
              runAsNonRoot: true
      `,
    },
    {
      ok: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: inherits}
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  securityContext: {runAsNonRoot: true}
                  containers: [{name: a, image: a:1}, {name: b, image: b:1}]
      `,
    },
    {
      why: 'a numbered user is not root',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsUser: 10001}
          containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'root in a user namespace is nobody on the node',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              securityContext:
                {{- toYaml .Values.podSecurityContext | nindent 16 }}
              containers:
                - name: web
                  image: web:1
      `,
    },
    {
      why: 'a custom resource with a pod template; Windows is not exempt',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: «web»}
        spec:
          template:
            spec:
              os: {name: windows}
              containers:
                - {name: web, image: web:1}
      `,
      good: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              os: {name: windows}
              containers:
                - {name: web, image: web:1}
              securityContext:
                runAsNonRoot: true
      `,
    },
    {
      why: 'said in the wrong place: that is what is reported',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          securityContext: {runAsNonRoot: true}
          template:
            spec:
              containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'aliases and merge keys count',
      ok: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Pod
          metadata: {name: one}
          spec:
            securityContext: &hardened
              runAsNonRoot: true
            containers: [{name: a, image: a:1}]
        - apiVersion: v1
          kind: Pod
          metadata: {name: two}
          spec:
            securityContext: *hardened
            containers: [{name: a, image: a:1}]
        - apiVersion: v1
          kind: Pod
          metadata: {name: three}
          spec:
            securityContext:
              <<: *hardened
              fsGroup: 10001
            containers: [{name: a, image: a:1}]
      `,
    },
  ],
});

/** It runs as a user that is not root, whatever its image says. */
function hasUser(container: Container): boolean {
  return (container.effective('runAsUser').int ?? 0) > 0;
}
