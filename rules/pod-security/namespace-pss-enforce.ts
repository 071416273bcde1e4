import { podSecurityIsEnforced } from '../model/claims.js';
import { isSystemNamespace } from '../model/manifest.js';
import { rule } from '../rule.js';
import { labelPrefix } from './standards/namespace.js';

export default rule({
  id: 'namespace-pss-enforce',
  on: 'manifest',
  severity: 'warning',
  preset: 'recommended',
  title: 'Namespace enforces no Pod Security level',
  why: 'Without the label the API server accepts every pod in the namespace, privileged ones included. Whoever may create a pod there can take over the node.',
  default: 'Level `privileged`, which forbids nothing, unless the cluster’s admission configuration says otherwise.',
  remedy:
    'Label the namespace `pod-security.kubernetes.io/enforce: restricted`, with `audit` and `warn` beside it. Pods that run already stay, but new ones that break the level are refused: enforce `baseline` first, look at what `warn: restricted` says, then enforce that.',
  standards: ['cis-k8s:5.2.1', 'nsa:pod-security'],
  aliases: { kubescape: ['C-0192'], kyverno: ['add-psa-labels', 'add-psa-namespace-reporting'] },
  hover: [`labels/${labelPrefix}enforce`, `labels/${labelPrefix}warn`, `labels/${labelPrefix}audit`],
  *check({ kind, group, name, title, metadata }) {
    if (kind !== 'Namespace' || group !== '' || isSystemNamespace(name)) return;
    const labels = metadata.at('labels');
    const enforce = labels.at(`${labelPrefix}enforce`);
    // The API server reads null as an empty level, which namespace-pss-label-invalid reports.
    if (!enforce.absent || enforce.isNull) return;
    // Hardly any application breaks baseline, many break restricted: that comes as a warning first.
    const levels = (enforced: string) => ({ enforce: enforced, audit: 'restricted', warn: 'restricted' });
    const fix = (enforced: string) => {
      const missing = Object.entries(levels(enforced)).filter(([mode]) => labels.at(labelPrefix + mode).absent);
      return labels.setAll(Object.fromEntries(missing.map(([mode, level]) => [labelPrefix + mode, level])));
    };
    yield {
      at: enforce.span,
      message: `${title} enforces no Pod Security level.`,
      absent: 'Pod Security enforce label',
      unless: [podSecurityIsEnforced],
      fixes: [
        {
          title: 'Enforce Pod Security level baseline, audit and warn restricted',
          edits: fix('baseline'),
          safe: false,
        },
        { title: 'Enforce, audit and warn Pod Security level restricted', edits: fix('restricted'), safe: false },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: «shop»
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/audit: restricted
            pod-security.kubernetes.io/warn: restricted
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          «labels»:
            team: shop # since 2024
            pod-security.kubernetes.io/warn: baseline
          name: shop
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          labels:
            team: shop # since 2024
            pod-security.kubernetes.io/warn: baseline
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/audit: restricted
          name: shop
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: kube-flannel}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
      `,
    },
    {
      why: 'flow style, in a List',
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Namespace
            metadata: {name: «shop»} # ours
      `,
      good: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/audit: restricted, pod-security.kubernetes.io/warn: restricted}} # ours
      `,
    },
    {
      why: 'a template may print the label; a Namespace of another API is something else',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            {{- include "shop.labels" . | nindent 12 }}
        ---
        apiVersion: servicebus.azure.com/v1
        kind: Namespace
        metadata: {name: bus}
      `,
    },
    {
      why: 'the API server has a default of its own',
      ok: `
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
          - name: PodSecurity
            configuration:
              apiVersion: pod-security.admission.config.k8s.io/v1
              kind: PodSecurityConfiguration
              defaults: {enforce: baseline}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
      `,
    },
    {
      why: 'a template says which mode; an empty label is namespace-pss-label-invalid’s',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            {{- range $mode := list "enforce" "audit" "warn" }}
            pod-security.kubernetes.io/{{ $mode }}: restricted
            {{- end }}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: office, labels: {pod-security.kubernetes.io/enforce: }}
      `,
    },
    {
      why: 'a policy engine enforces it for all',
      ok: `
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: {name: pss}
        spec: {rules: [{name: restricted, validate: {podSecurity: {level: restricted}}}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
      `,
    },
  ],
});
