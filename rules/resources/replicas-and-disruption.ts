import { type FoundObject, isSelected, type ObjectFact } from '../model/workspace.js';
import { rule } from '../rule.js';

export default rule({
  id: 'replicas-and-disruption',
  on: 'workspace',
  severity: 'hint',
  preset: 'strict',
  title: 'Workload that does not outlive a node',
  why: 'A single pod, pods that all lie on one node, or pods that may all be moved at once: one node that fails, is upgraded or is taken over, and the service is gone.',
  default: 'One replica, placed anywhere, and any number of pods may be evicted together.',
  remedy:
    'Ask for two replicas or more, spread them with `topologySpreadConstraints`, and keep one running with a PodDisruptionBudget. What can’t run twice (a database with one writer): suppress the finding and say so.',
  standards: [],
  aliases: {
    'kube-linter': [
      'minimum-three-replicas',
      'no-anti-affinity',
      'no-rolling-update-strategy',
      'hpa-minimum-three-replicas',
      'no-node-affinity',
      'priority-class-name',
    ],
    polaris: [
      'deploymentMissingReplicas',
      'topologySpreadConstraint',
      'missingPodDisruptionBudget',
      'priorityClassNotSet',
      'hpaMaxAvailability',
      'hpaMinAvailability',
    ],
    'kube-score': [
      'deployment-replicas',
      'deployment-strategy',
      'deployment-has-poddisruptionbudget',
      'statefulset-has-poddisruptionbudget',
      'deployment-has-host-podantiaffinity',
      'statefulset-has-host-podantiaffinity',
      'pod-topology-spread-constraints',
      'horizontalpodautoscaler-replicas',
      'deployment-targeted-by-hpa-does-not-have-replicas-configured',
    ],
    kubescape: ['C-0305'],
    kyverno: ['require-pdb', 'require-deployments-have-multiple-replicas', 'spread-pods-across-topology'],
  },
  hover: ['spec/replicas'],
  *check(workspace) {
    const helpers = workspace.byNamespace(({ selection }) => Boolean(selection?.scales || selection?.protects));
    for (const { object, document } of workspace.objects()) {
      const { replicas, spread, labels = {} } = object.selection ?? {};
      // Without its name it can't be told what scales it.
      if (replicas === undefined || replicas === 0 || object.name === '') continue;
      const problem = weakness(object, helpers.get(object.namespace) ?? [], replicas, spread === true, labels);
      if (problem === undefined) continue;
      const { apiVersion, kind, namespace, name } = object;
      yield {
        in: document.in,
        at: object.at,
        resource: { apiVersion, kind, namespace, name },
        message: `${kind} ${name} ${problem}.`,
        whole: true,
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «one»}
        spec: {template: {metadata: {labels: {app: one}}, spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «together»}
        spec: {replicas: 3, template: {metadata: {labels: {app: together}}, spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: «unprotected»}
        spec: {replicas: 3, template: {metadata: {labels: {app: db}}, spec: {topologySpreadConstraints: [{maxSkew: 1}], containers: [{name: db, image: db:1}]}}}
      `,
    },
    {
      why: 'spread and protected; scaled by something else; switched off; one on every node',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {topologySpreadConstraints: [{maxSkew: 1}], containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: scaled}
        spec: {template: {metadata: {labels: {app: web, kind: scaled}}, spec: {affinity: {podAntiAffinity: {}}, containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: scaled}
        spec: {scaleTargetRef: {kind: Deployment, name: scaled}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: off}
        spec: {replicas: 0, template: {spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec: {template: {spec: {containers: [{name: agent, image: agent:1}]}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: chart}
        spec: {replicas: {{ .Values.replicas }}, template: {spec: {containers: [{name: web, image: web:1}]}}}
      `,
    },
  ],
});

/** The first thing that keeps a workload from outliving a node; undefined when there is none. */
function weakness(
  { kind, name }: ObjectFact,
  helpers: readonly FoundObject[],
  replicas: number,
  spread: boolean,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const isScaled = helpers.some(({ object }) => object.selection?.scales === `${kind}/${name}`);
  if (replicas === 1 && !isScaled) return 'runs one pod only';
  if (!spread) return 'does not say that its pods belong on different nodes';
  const isProtected = helpers.some(
    ({ object: { selection } }) => selection?.protects && isSelected(labels, selection.protects),
  );
  return isProtected ? undefined : 'has no PodDisruptionBudget, so that all its pods may be evicted at once';
}
