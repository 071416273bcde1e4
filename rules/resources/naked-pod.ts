import { rule } from '../rule.js';

export default rule({
  id: 'naked-pod',
  on: 'manifest',
  severity: 'hint',
  preset: 'strict',
  title: 'Pod without a controller',
  why: 'Nobody brings a bare pod back when its node fails or is drained, and nobody rolls out a new image to it: it goes on running what was current on the day it was made.',
  default: 'A pod lives once and is not replaced.',
  remedy:
    'Put it into a Deployment, StatefulSet or Job. A pod for debugging or a test may stay bare: suppress the hint.',
  standards: [],
  aliases: { kubescape: ['C-0073'], kyverno: ['prevent-bare-pods'] },
  hover: [],
  *check({ kind, group, title, metadata, nameSpan, pods }) {
    if (kind !== 'Pod' || group !== '' || metadata.at('ownerReferences').exists) return;
    const annotations = metadata.at('annotations');
    const isElsewhere = annotations.entries().some(({ key }) => /^helm\.sh\/hook|^kubernetes\.io\/config\./.test(key));
    if (isElsewhere || annotations.open || pods.some((pod) => pod.isControlPlane)) return;
    yield { at: nameSpan, message: `${title} has no controller that replaces it.` };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: «web»}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'made by a controller, a test of a chart, a static pod, a template of pods',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a, ownerReferences: [{kind: ReplicaSet, name: a}]}
        spec: {containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, annotations: {helm.sh/hook: test}}
        spec: {containers: [{name: b, image: b:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: etcd, namespace: kube-system, labels: {component: etcd, tier: control-plane}}
        spec: {containers: [{name: etcd, image: etcd:1}]}
        ---
        apiVersion: v1
        kind: PodTemplate
        metadata: {name: c}
        template: {spec: {containers: [{name: c, image: c:1}]}}
      `,
    },
  ],
});
