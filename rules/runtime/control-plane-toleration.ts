import { isOptional } from '../model/branches.js';
import type { Field } from '../model/field.js';
import { isInfrastructureNamespace } from '../model/manifest.js';
import { rule } from '../rule.js';

/** The labels and taints of the control plane's nodes; `master` was the word up to Kubernetes 1.24. */
const controlPlane = /^node-role\.kubernetes\.io\/(?:control-plane|master)$/;

/** How their nodes are called, by kubeadm's, kind's and most people's habit. */
const controlPlaneName = /(?:^|[-.])(?:control-?plane|master)(?:$|[-.\d])/;

export default rule({
  id: 'control-plane-toleration',
  on: 'pod',
  severity: 'information',
  preset: 'strict',
  title: 'May run on the control plane’s nodes',
  why: 'On the nodes of the control plane lie the cluster’s keys and etcd with all Secrets. A workload that runs there and is broken out of hands over the cluster and not just a worker; one that eats up memory stops the API server.',
  default: 'The taint of these nodes keeps out every pod that doesn’t tolerate it.',
  remedy:
    'Take the toleration (and a nodeSelector for these nodes) out. Agents that have to be on every node belong in a DaemonSet, controllers of the cluster in a namespace of their own such as `kube-system`; these are not reported.',
  standards: ['nsa:control-plane', 'cwe:653'],
  aliases: { kyverno: ['restrict-controlplane-scheduling', 'restrict-node-selection'] },
  hover: ['spec/tolerations'],
  *check({ manifest, spec, title, holder }) {
    if (manifest.kind === 'DaemonSet' || isInfrastructureNamespace(manifest.namespace)) return;
    for (const toleration of spec.at('tolerations').items()) {
      const key = toleration.at('key');
      const toleratesAll = !toleration.open && toleratesEverything(toleration);
      if (!toleratesAll && !controlPlane.test(key.text ?? '')) continue;
      if (isOptional(key.exists ? key : toleration, holder)) continue;
      yield {
        at: toleratesAll ? toleration.at('operator').span : key.span,
        message: toleratesAll
          ? `${title} tolerates every taint, that of the control plane’s nodes too.`
          : `${title} tolerates the taint that keeps workloads off the control plane’s nodes.`,
        fixes: [{ title: 'Remove the toleration', edits: toleration.remove(), safe: false }],
      };
    }
    for (const { key, keySpan, value } of spec.at('nodeSelector').entries()) {
      if (!controlPlane.test(key) || isOptional(value, holder)) continue;
      yield {
        at: keySpan,
        message: `${title} asks for the control plane’s nodes.`,
        fixes: [{ title: `Remove ${key}`, edits: value.remove(), safe: false }],
      };
    }
    const node = spec.at('nodeName');
    if (controlPlaneName.test(node.text ?? '') && !isOptional(node, holder)) {
      yield {
        at: node.span,
        message: `${title} names a node of the control plane, past the scheduler and its taints.`,
        fixes: [{ title: 'Remove nodeName', edits: node.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              tolerations:
                - key: gpu
                  operator: Exists
                - key: «node-role.kubernetes.io/control-plane» # small cluster
                  operator: Exists
                  effect: NoSchedule
                - {key: «"node-role.kubernetes.io/master"», effect: NoSchedule}
                - operator: «Exists»
              nodeName: «kind-control-plane»
              nodeSelector:
                kubernetes.io/os: linux
                «node-role.kubernetes.io/control-plane»: ""
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              tolerations:
                - key: gpu
                  operator: Exists
                # small cluster
              nodeSelector:
                kubernetes.io/os: linux
      `,
    },
    {
      why: 'agents and controllers of the cluster; other taints; effects that keep nothing out; a template',
      ok: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec: {template: {spec: {tolerations: [{operator: Exists}], containers: [{name: a, image: a:1}]}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: coredns, namespace: kube-system}
        spec: {template: {spec: {tolerations: [{key: node-role.kubernetes.io/control-plane}], containers: [{name: a, image: a:1}]}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: a, image: a:1}]
          nodeName: worker-1
          nodeSelector: {node-role.kubernetes.io/worker: ""}
          tolerations:
            - {key: spot, operator: Exists}
            - {operator: Exists, effect: NoExecute}
            - {key: "", operator: Equal, value: ""}
            - operator: Exists
              {{- with .Values.key }}
              key: {{ . }}
              {{- end }}
            - key: {{ .Values.taint }}
              operator: Exists
            {{- if .Values.everywhere }}
            - {key: node-role.kubernetes.io/control-plane, operator: Exists}
            {{- end }}
      `,
    },
  ],
});

/** `Exists` without a key stands for every taint (core/v1 Toleration); the control plane's has the effect NoSchedule. */
function toleratesEverything(toleration: Field): boolean {
  const [key, effect] = [toleration.at('key'), toleration.at('effect')];
  const anyEffect = effect.absent || effect.is('') || effect.is('NoSchedule');
  return toleration.at('operator').is('Exists') && (key.absent || key.is('')) && anyEffect;
}
