import { rule } from '../rule.js';
import { hostNamespace } from './standards/checks.js';

export default rule({
  id: 'host-pid',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Shares the node’s processes',
  why: 'With `hostPID` the pod sees every process of the node and of all other pods: their command lines, their environment with its secrets, and, as root, their memory and their files under `/proc/<pid>/root`.',
  default: 'A container sees its own processes only.',
  remedy:
    'Take `hostPID` out; `shareProcessNamespace: true` is enough to see the processes of the same pod. Monitoring agents (node-exporter, Falco) do need it: suppress the finding there and say why.',
  standards: ['pss:baseline/hostNamespaces', 'nsa:pod-security', 'cis-k8s:5.2.3', 'mitre:T1611'],
  aliases: {
    'pod-security-admission': ['hostNamespaces'],
    'kube-linter': ['host-pid'],
    trivy: ['KSV-0010'],
    checkov: ['CKV_K8S_17', 'CKV_K8S_1'],
    sonar: ['kubernetes:S6431'],
    polaris: ['hostPIDSet'],
    kubesec: ['HostPID'],
    kubescape: ['C-0038', 'C-0194', 'C-0214', 'C-0275'],
    kyverno: ['disallow-host-namespaces'],
    monokle: ['PSS102'],
  },
  hover: ['spec/hostPID'],
  *check(pod, { podSecurityVersion }) {
    const field = hostNamespace(pod, 'hostPID', podSecurityVersion);
    if (field === undefined) return;
    yield {
      at: field.span,
      message: `${pod.title} sees all processes of the node.`,
      fixes: [{ title: 'Remove hostPID', edits: field.remove(), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          template:
            spec:
              hostPID: «true»
              # sees everything
              containers: [{name: agent, image: agent:1}]
      `,
      good: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          template:
            spec:
              # sees everything
              containers: [{name: agent, image: agent:1}]
      `,
    },
    {
      why: 'the items of a typed list need not repeat their kind',
      file: 'pods.json',
      bad: `
        {"apiVersion": "v1", "kind": "PodList", "items": [
          {"metadata": {"name": "web"}, "spec": {"hostPID": «true», "containers": [{"name": "web", "image": "web:1"}]}}
        ]}
      `,
      good: `
        {"apiVersion": "v1", "kind": "PodList", "items": [
          {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
        ]}
      `,
    },
    {
      why: 'a Knative Service, whose container needs no name',
      bad: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: web}
        spec: {template: {spec: {hostPID: «true», containers: [{image: web:1}]}}}
      `,
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: web}
        spec: {template: {spec: {containers: [{image: web:1}]}}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostPID: false, shareProcessNamespace: true, containers: [{name: web, image: web:1}]}
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
              hostPID: {{ .Values.hostPID }}
              containers: [{name: web, image: web:1}]
      `,
    },
  ],
});
