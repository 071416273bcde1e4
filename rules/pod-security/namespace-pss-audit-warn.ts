import { rule } from '../rule.js';
import { isLevel, labelPrefix } from './standards/namespace.js';
import { levels } from './standards/verdict.js';

export default rule({
  id: 'namespace-pss-audit-warn',
  on: 'manifest',
  severity: 'hint',
  preset: 'recommended',
  title: 'Pod Security audit and warn say less than they could',
  why: 'Enforcement looks at pods only: a Deployment that can never start one is accepted without a word. `warn` tells whoever applies it, `audit` leaves a trace in the log, and both may look at a stricter level than the one that is enforced, without refusing anything.',
  default: 'Without its label `audit` looks at nothing; `warn` takes the level that is enforced.',
  remedy: 'Set both to `restricted`: neither ever refuses a pod.',
  standards: ['cis-k8s:5.2.1', 'nsa:pod-security'],
  aliases: { kyverno: ['add-psa-labels'] },
  hover: [`labels/${labelPrefix}audit`, `labels/${labelPrefix}warn`],
  *check({ kind, group, title, metadata }) {
    if (kind !== 'Namespace' || group !== '') return;
    const labels = metadata.at('labels');
    const enforce = labels.at(`${labelPrefix}enforce`).text ?? '';
    if (!isLevel(enforce)) return;
    const missing = ['audit', 'warn'].filter((mode) => labels.at(labelPrefix + mode).absent);
    const first = labels.at(`${labelPrefix}audit`);
    // A warn label that is missing does no harm by itself: the enforced level is warned of (api/helpers.go).
    if (first.absent) {
      const wanted = Object.fromEntries(missing.map((mode) => [labelPrefix + mode, 'restricted']));
      yield {
        at: labels.at(`${labelPrefix}enforce`).keySpan ?? labels.span,
        message: `${title} enforces Pod Security level ${enforce} and audits none.`,
        fixes: [
          { title: `Add ${missing.join(' and ')} at level restricted`, edits: labels.setAll(wanted), safe: true },
        ],
      };
    }
    for (const mode of ['audit', 'warn']) {
      const field = labels.at(labelPrefix + mode);
      const level = field.text ?? '';
      if (!isLevel(level) || levels.indexOf(level) >= levels.indexOf(enforce)) continue;
      yield {
        at: field.span,
        message: `${title} ${mode}s level ${level}, which says nothing beside the stricter level that it enforces.`,
        fixes: [{ title: `Set ${mode} to restricted`, edits: field.set('restricted'), safe: true }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            «pod-security.kubernetes.io/enforce»: baseline # since 2024
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline # since 2024
            pod-security.kubernetes.io/audit: restricted
            pod-security.kubernetes.io/warn: restricted
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/audit: «baseline», pod-security.kubernetes.io/warn: «privileged»}
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/audit: restricted, pod-security.kubernetes.io/warn: restricted}
      `,
    },
    {
      why: 'warn follows what is enforced; what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/audit: restricted}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: web, labels: {pod-security.kubernetes.io/warn: restricted}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: api
          labels:
            pod-security.kubernetes.io/enforce: baseline
            {{- include "api.labels" . | nindent 4 }}
      `,
    },
  ],
});
