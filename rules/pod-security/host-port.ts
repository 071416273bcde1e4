import { rule } from '../rule.js';
import { violationsOf } from './standards/checks.js';

export default rule({
  id: 'host-port',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Takes a port of the node',
  why: 'A `hostPort` puts the container on the node’s own address, past Services and on many networks past NetworkPolicy, so whoever reaches the node reaches it. Two pods that want the same port can’t run on one node.',
  default: 'A container’s ports are those of the pod’s own address.',
  remedy:
    'Take `hostPort` out and put a Service (`NodePort`, `LoadBalancer`) or an Ingress in front; clients that call the node’s port have to be moved. Node agents that must answer there: suppress the finding and say why.',
  standards: ['pss:baseline/hostPorts', 'cis-k8s:5.2.13', 'nsa:pod-security', 'cwe:668'],
  aliases: {
    'pod-security-admission': ['hostPorts'],
    trivy: ['KSV-0024'],
    checkov: ['CKV_K8S_26'],
    polaris: ['hostPortSet'],
    kubescape: ['C-0044', 'C-0204'],
    kyverno: ['disallow-host-ports', 'disallow-host-ports-range'],
    monokle: ['PSS106'],
  },
  hover: ['ports/#/hostPort'],
  *check(container, { podSecurityVersion }) {
    const { pod, title } = container;
    if (pod.isControlPlane) return;
    const network = pod.spec.at('hostNetwork');
    for (const { field } of violationsOf(container, 'hostPorts', podSecurityVersion)) {
      // On the host's network every port is one of the node's: host-network reports that.
      if (field.key !== 'hostPort') continue;
      yield {
        at: field.span,
        message: `${title} takes port ${field.int} of the node.`,
        related: network.is(true) ? [{ at: network.span, message: 'With hostNetwork it does so anyhow.' }] : undefined,
        fixes: [{ title: 'Remove hostPort', edits: field.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: ingress}
        spec:
          template:
            spec:
              containers:
              - name: ingress
                image: ingress:1
                ports:
                - containerPort: 8080
                  hostPort: «80» # from outside
                  name: http
                - {containerPort: 8443, hostPort: «443»}
      `,
      good: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: ingress}
        spec:
          template:
            spec:
              containers:
              - name: ingress
                image: ingress:1
                ports:
                - containerPort: 8080
                  # from outside
                  name: http
                - {containerPort: 8443}
      `,
    },
    {
      why: 'none, 0, a template; on the host’s network that is what is reported',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostNetwork: true
          containers:
          - {name: a, image: a:1, ports: [{containerPort: 80}]}
          - {name: b, image: b:1, ports: [{containerPort: 81, hostPort: 0}]}
          - {name: c, image: c:1, ports: [{containerPort: 82, hostPort: {{ .Values.port }}}]}
      `,
    },
    {
      why: 'the control plane itself, as kubeadm writes it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: kube-apiserver, namespace: kube-system, labels: {tier: control-plane}}
        spec:
          hostNetwork: true
          containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.36.0", ports: [{containerPort: 6443, hostPort: 6443}]}]
      `,
    },
  ],
});
