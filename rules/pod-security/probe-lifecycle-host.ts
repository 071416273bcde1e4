import { rule } from '../rule.js';
import { violationsOf } from './standards/checks.js';

export default rule({
  id: 'probe-lifecycle-host',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'A probe or hook names its own host',
  why: 'The kubelet makes these calls, from the node. With a `host` of one’s own choosing whoever writes the pod makes the node call anything that it reaches: services bound to its loopback address, the cloud’s metadata server, other networks.',
  default: 'The pod’s own address is called.',
  remedy:
    'Take `host` out. To send another Host header write it under `httpHeaders`. A probe of a program that listens on 127.0.0.1 only becomes an `exec` probe.',
  standards: ['pss:baseline/hostProbesAndHostLifecycle', 'cwe:918'],
  aliases: { 'pod-security-admission': ['hostProbesAndHostLifecycle'] },
  hover: ['httpGet/host', 'tcpSocket/host'],
  *check(container, { podSecurityVersion }) {
    if (container.pod.isControlPlane) return;
    for (const { field } of violationsOf(container, 'hostProbesAndHostLifecycle', podSecurityVersion)) {
      const call = field.parent!.parent!.key;
      yield {
        at: field.span,
        message: `${container.title} makes the kubelet call ${field.text} in its ${call}.`,
        fixes: [{ title: 'Remove host', edits: field.remove(), safe: false }],
      };
    }
  },
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
            livenessProbe:
              httpGet:
                path: /healthz # cheap
                host: «169.254.169.254»
                port: 80
            lifecycle: {preStop: {tcpSocket: {host: «localhost», port: 1}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            livenessProbe:
              httpGet:
                path: /healthz # cheap
                port: 80
            lifecycle: {preStop: {tcpSocket: {port: 1}}}
      `,
    },
    {
      why: 'no host, an empty one, a header, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            livenessProbe: {httpGet: {path: /, port: 80, host: "", httpHeaders: [{name: Host, value: example.com}]}}
            readinessProbe: {grpc: {port: 81}}
            startupProbe: {tcpSocket: {port: 82, host: "{{ .Values.host }}"}}
      `,
    },
    {
      why: 'the control plane itself, as kubeadm writes it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: etcd, namespace: kube-system, labels: {component: etcd, tier: control-plane}}
        spec:
          hostNetwork: true
          containers: [{name: etcd, image: "registry.k8s.io/etcd:3.6.4-0", livenessProbe: {httpGet: {host: 127.0.0.1, port: 2381, path: /health}}}]
      `,
    },
  ],
});
