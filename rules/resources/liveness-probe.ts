import { rule } from '../rule.js';

export default rule({
  id: 'liveness-probe',
  on: 'container',
  severity: 'hint',
  preset: 'strict',
  title: 'No liveness probe',
  why: 'A process that hangs still runs as far as the kubelet can see. Without a liveness probe nobody restarts it, and a service that an attacker brought to a halt stays there.',
  default: 'A container is restarted when its process ends, and only then.',
  remedy:
    'Add a `livenessProbe` that asks for as little as possible: one that depends on other services restarts everything when those are slow. A program that ends itself when it can’t go on needs none.',
  standards: [],
  aliases: {
    'kube-linter': ['no-liveness-probe'],
    checkov: ['CKV_K8S_8'],
    polaris: ['livenessProbeMissing'],
    'kube-score': ['pod-probes'],
    kubescape: ['C-0056'],
    kyverno: ['require-probes'],
  },
  hover: ['containers/#/livenessProbe'],
  *check({ pod, field, title, role }) {
    const probe = field.at('livenessProbe');
    if (!pod.runsForever || (role !== 'container' && role !== 'sidecar') || !probe.absent) return;
    yield { at: probe.span, message: `${title} has no liveness probe.`, absent: 'livenessProbe' };
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
              initContainers: [{name: «proxy», image: proxy:1, restartPolicy: Always}]
              containers: [{name: «web», image: web:1}]
      `,
    },
    {
      why: 'one that has it, init containers, and what comes to an end by itself',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: setup, image: setup:1}]
          containers: [{name: web, image: web:1, livenessProbe: {tcpSocket: {port: 80}}}]
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: backup}
        spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: backup, image: backup:1}]}}}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: once}
        spec: {restartPolicy: Never, containers: [{name: once, image: once:1}]}
      `,
    },
  ],
});
