import { isInfrastructureNamespace } from '../model/manifest.js';
import { rule } from '../rule.js';
import { labelPrefix } from './standards/namespace.js';

export default rule({
  id: 'namespace-pss-privileged',
  on: 'manifest',
  severity: 'error',
  preset: 'recommended',
  title: 'Namespace lets every pod in',
  why: 'The level `privileged` forbids nothing: privileged containers, the node’s disk and network are all open. Whoever may create a pod in the namespace can take over the node it runs on.',
  default: 'Without the label a namespace is privileged too, unless the cluster’s configuration says otherwise.',
  remedy:
    'Enforce `baseline`; few applications break it. A namespace for agents that manage the nodes (network, storage, monitoring) does need `privileged`: keep nothing else there, suppress the finding and say why.',
  standards: ['cis-k8s:5.2.2', 'cis-k8s:5.2.8', 'nsa:pod-security'],
  aliases: {
    kubescape: ['C-0193', 'C-0194', 'C-0195', 'C-0196', 'C-0199', 'C-0203', 'C-0204'],
    kyverno: ['deny-privileged-profile'],
  },
  hover: [`labels/${labelPrefix}enforce`],
  *check({ kind, group, name, title, metadata }) {
    const enforce = metadata.at('labels', `${labelPrefix}enforce`);
    if (kind !== 'Namespace' || group !== '' || !enforce.is('privileged') || isInfrastructureNamespace(name)) return;
    yield {
      at: enforce.span,
      message: `${title} enforces the level privileged, which lets every pod in.`,
      fixes: [{ title: 'Enforce Pod Security level baseline', edits: enforce.set('baseline'), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: «privileged» # for now
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline # for now
      `,
    },
    {
      why: 'namespaces of Kubernetes itself and of agents that manage the nodes; audit and warn forbid nothing anyhow',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: kube-system, labels: {pod-security.kubernetes.io/enforce: privileged}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: calico-system, labels: {pod-security.kubernetes.io/enforce: privileged}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/audit: privileged}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: web, labels: {pod-security.kubernetes.io/enforce: "{{ .Values.level }}"}}
      `,
    },
  ],
});
