import { isSelected } from '../model/workspace.js';
import { rule } from '../rule.js';

export default rule({
  id: 'readiness-probe',
  on: 'workspace',
  severity: 'hint',
  preset: 'strict',
  title: 'No readiness probe behind a Service',
  why: 'A Service sends traffic to a container from the moment its process runs, whether it can answer or not. Rollouts then lose requests, and a container that is overwhelmed goes on getting more.',
  default: 'A running container counts as ready.',
  remedy: 'Add a `readinessProbe` that says whether the container can answer requests now.',
  standards: [],
  aliases: {
    'kube-linter': ['no-readiness-probe'],
    checkov: ['CKV_K8S_9'],
    polaris: ['readinessProbeMissing'],
    'kube-score': ['pod-probes', 'pod-probes-identical'],
    kubescape: ['C-0018'],
    kyverno: ['require-probes', 'ensure-probes-different'],
  },
  hover: ['containers/#/readinessProbe'],
  *check(workspace) {
    const services = workspace.byNamespace(({ selection }) => selection?.selects !== undefined);
    for (const { object, document } of workspace.objects()) {
      const { labels, unready = [] } = object.selection ?? {};
      if (labels === undefined || unready.length === 0) continue;
      const service = services
        .get(object.namespace)
        ?.find(({ object: { selection } }) => isSelected(labels, selection!.selects!));
      if (service === undefined) continue;
      const { apiVersion, kind, namespace, name } = object;
      yield {
        in: document.in,
        at: object.at,
        resource: { apiVersion, kind, namespace, name },
        message: `${kind} ${name} gets traffic of Service ${service.object.name}, and ${unready.join(', ')} ${unready.length === 1 ? 'has' : 'have'} no readiness probe.`,
        absent: 'readinessProbe',
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «web»}
        spec:
          template:
            metadata: {labels: {app: web, tier: front}}
            spec:
              containers:
              - {name: web, image: web:1}
              - {name: log, image: log:1, readinessProbe: {exec: {command: ["true"]}}}
      `,
    },
    {
      why: 'no Service selects it; another namespace; a Job',
      ok: `
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: outside, namespace: shop}
        spec: {type: ExternalName, externalName: example.com}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: api, namespace: shop}
        spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: api:1}]}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: test}
        spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: load, namespace: shop}
        spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: load, image: load:1}]}}}
      `,
    },
  ],
});
