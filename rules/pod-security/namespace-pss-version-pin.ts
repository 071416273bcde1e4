import { rule } from '../rule.js';
import { isLevel, labelPrefix } from './standards/namespace.js';

export default rule({
  id: 'namespace-pss-version-pin',
  on: 'manifest',
  severity: 'hint',
  preset: 'strict',
  title: 'Pod Security level without a version',
  why: 'The standards change with Kubernetes: v1.34 began to forbid hosts in probes, v1.35 lets user namespaces pass. Without a version an upgrade of the cluster changes which pods a namespace takes, on the day nobody expects it.',
  default: '`latest`: the version of the cluster.',
  remedy: 'Name the version that the workloads were tried with, and raise it after an upgrade.',
  standards: ['nsa:pod-security'],
  aliases: {},
  hover: [`labels/${labelPrefix}enforce-version`],
  *check({ kind, group, title, metadata }, { podSecurityVersion }) {
    const labels = metadata.at('labels');
    const enforce = labels.at(`${labelPrefix}enforce`);
    const version = labels.at(`${labelPrefix}enforce-version`);
    if (kind !== 'Namespace' || group !== '' || !isLevel(enforce.text ?? '') || enforce.is('privileged')) return;
    if (!version.absent) return;
    const pinned = `v1.${podSecurityVersion}`;
    yield {
      at: enforce.keySpan ?? enforce.span,
      message: `${title} enforces a Pod Security level of whichever version the cluster has.`,
      fixes: [{ title: `Add enforce-version ${pinned}`, edits: version.set(pinned), safe: false }],
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
            «pod-security.kubernetes.io/enforce»: restricted
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/enforce-version: v1.37
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: latest}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: nodes, labels: {pod-security.kubernetes.io/enforce: privileged}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: none}
      `,
    },
  ],
});
