import { removeFields } from '../model/move.js';
import { rule } from '../rule.js';
import { hostNamespace } from './standards/checks.js';

export default rule({
  id: 'host-network',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Shares the node’s network',
  why: 'A pod on the host’s network sees every interface and every local service of the node: the kubelet, the metadata endpoint of the cloud, other pods’ traffic. NetworkPolicies do not apply to it at all.',
  default: 'A pod has a network of its own.',
  remedy:
    'Take `hostNetwork` out and use a Service, or a `hostPort` where it must be the node’s address. CNI plugins and some ingress controllers need it: suppress the finding there and say why.',
  standards: ['pss:baseline/hostNamespaces', 'nsa:pod-security', 'cis-k8s:5.2.5', 'mitre:T1611'],
  aliases: {
    'pod-security-admission': ['hostNamespaces'],
    'kube-linter': ['host-network'],
    trivy: ['KSV-0009'],
    checkov: ['CKV_K8S_19', 'CKV_K8S_4'],
    sonar: ['kubernetes:S6431'],
    polaris: ['hostNetworkSet'],
    kubesec: ['HostNetwork'],
    kubescape: ['C-0041', 'C-0196', 'C-0216'],
    kyverno: ['disallow-host-namespaces'],
    monokle: ['PSS102'],
  },
  hover: ['spec/hostNetwork'],
  *check(pod, { podSecurityVersion }) {
    const field = hostNamespace(pod, 'hostNetwork', podSecurityVersion);
    if (field === undefined || pod.isControlPlane) return;
    // Windows host processes can't do without it; they are what is wrong then.
    const { hostProcess } = pod;
    const policy = pod.spec.at('dnsPolicy');
    const edits = removeFields(policy.is('ClusterFirstWithHostNet') ? [field, policy] : [field]);
    yield {
      at: field.span,
      message: `${pod.title} shares the node's network, where no NetworkPolicy applies.`,
      related: hostProcess && [{ at: hostProcess.span, message: 'A Windows host process needs hostNetwork.' }],
      fixes: [{ title: 'Remove hostNetwork', edits: hostProcess ? [] : edits, safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          hostNetwork: «true» # for speed
          containers: [{name: web, image: web:1}]
          dnsPolicy: ClusterFirstWithHostNet
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          # for speed
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostNetwork: «true», dnsPolicy: ClusterFirstWithHostNet, containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostNetwork: false, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'the control plane itself, as kubeadm writes it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: kube-apiserver
          namespace: kube-system
          labels: {component: kube-apiserver, tier: control-plane}
        spec:
          hostNetwork: true
          containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.36.0"}]
      `,
    },
    {
      why: 'a choice that a chart offers',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              {{- if .Values.hostNetwork }}
              hostNetwork: true
              dnsPolicy: ClusterFirstWithHostNet
              {{- end }}
              containers: [{name: web, image: web:1}]
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
              hostNetwork: {{ .Values.hostNetwork }}
              containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'a Windows host process can’t do without it',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec:
          hostNetwork: «true»
          securityContext: {windowsOptions: {hostProcess: true}}
          containers: [{name: agent, image: agent:1}]
      `,
    },
  ],
});
