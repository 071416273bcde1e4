import { rule } from '../rule.js';
import { hostNamespace } from './standards/checks.js';

export default rule({
  id: 'host-ipc',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Shares the node’s IPC namespace',
  why: 'With `hostIPC` the pod can read and change the shared memory, semaphores and message queues of the node and of every pod that shares them, and so what other programs keep there.',
  default: 'The containers of a pod share an IPC namespace of their own.',
  remedy:
    'Take `hostIPC` out. Programs that need a large shared memory get an `emptyDir` with `medium: Memory` at `/dev/shm`.',
  standards: ['pss:baseline/hostNamespaces', 'nsa:pod-security', 'cis-k8s:5.2.4', 'mitre:T1611'],
  aliases: {
    'pod-security-admission': ['hostNamespaces'],
    'kube-linter': ['host-ipc'],
    trivy: ['KSV-0008'],
    checkov: ['CKV_K8S_18', 'CKV_K8S_3'],
    sonar: ['kubernetes:S6431'],
    polaris: ['hostIPCSet'],
    kubesec: ['HostIPC'],
    kubescape: ['C-0038', 'C-0195', 'C-0215', 'C-0276'],
    kyverno: ['disallow-host-namespaces'],
    monokle: ['PSS102'],
  },
  hover: ['spec/hostIPC'],
  *check(pod, { podSecurityVersion }) {
    const field = hostNamespace(pod, 'hostIPC', podSecurityVersion);
    if (field === undefined) return;
    yield {
      at: field.span,
      message: `${pod.title} shares the node's IPC namespace.`,
      fixes: [{ title: 'Remove hostIPC', edits: field.remove(), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          hostIPC: «true»
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostIPC: false, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              hostIPC: {{ .Values.hostIPC }}
              containers: [{name: web, image: web:1}]
      `,
    },
  ],
});
