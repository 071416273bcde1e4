import { isInfrastructureNamespace } from '../model/manifest.js';
import { type Related, rule } from '../rule.js';
import { labelPrefix } from './standards/namespace.js';
import { failedByFacts } from './standards/verdict.js';
import { newestPodSecurityVersion } from './standards/version.js';

/** How many workloads are pointed out. */
const maxNamed = 10;

export default rule({
  id: 'namespace-pss-not-restricted',
  on: 'workspace',
  severity: 'information',
  preset: 'recommended',
  title: 'Namespace enforces baseline only',
  why: 'Baseline stops what leads straight to the node, but still lets pods run as root, with the runtime’s capabilities and without a seccomp profile: all that a kernel bug needs to become an escape. Restricted closes that too.',
  default: 'A namespace enforces what its label says, and nothing without one.',
  remedy:
    'Harden the workloads that restricted would refuse (they are named here), watch `warn: restricted` for a while, then enforce it.',
  standards: ['cis-k8s:5.2.7', 'cis-k8s:5.2.9', 'nsa:pod-security'],
  aliases: { kubescape: ['C-0197', 'C-0198', 'C-0200', 'C-0201'] },
  hover: [`labels/${labelPrefix}enforce`],
  *check(workspace) {
    const workloads = workspace.byNamespace(({ pods }) => pods !== undefined);
    for (const { object, document } of workspace.objects()) {
      const { policies, name, apiVersion, kind, namespace } = object;
      const enforce = policies?.enforce;
      if (enforce?.level !== 'baseline' || enforce.at === undefined || isInfrastructureNamespace(name)) continue;
      const version = enforce.version ?? newestPodSecurityVersion;
      const all = workloads.get(name) ?? [];
      const refused = all.filter((one) =>
        one.object.pods!.some(({ violations }) => failedByFacts(violations, 'restricted', version).length > 0),
      );
      const related = refused.slice(0, maxNamed).map(
        (one): Related => ({
          at: one.object.at,
          place: one.document.in,
          message: `${one.object.kind} ${one.object.name} is not restricted.`,
        }),
      );
      const how =
        all.length === 0
          ? ''
          : refused.length === 0
            ? `; all ${all.length} workloads of the workspace would pass restricted`
            : `; restricted would refuse ${refused.length} of ${all.length} workloads`;
      yield {
        in: document.in,
        at: enforce.at,
        resource: { apiVersion, kind, namespace, name },
        message: `Namespace ${name} enforces baseline and not restricted${how}.`,
        related,
        fixes: [
          {
            title: 'Enforce Pod Security level restricted',
            edits: enforce.restrict ?? [],
            safe: false,
          },
        ],
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
          labels: {pod-security.kubernetes.io/enforce: «'baseline'», team: shop} # for now
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels: {pod-security.kubernetes.io/enforce: 'restricted', team: shop} # for now
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: monitoring, labels: {pod-security.kubernetes.io/enforce: baseline}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: web, labels: {pod-security.kubernetes.io/enforce: "{{ .Values.level }}"}}
      `,
    },
  ],
});
