import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

export default rule({
  id: 'no-root-group',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Runs with the root group',
  why: 'Group 0 is root’s group: many files of an image, and of the node where its paths are mounted, may be written by it. A process that is not root but in its group changes them all the same.',
  default: 'The image’s group, which is 0 where the image names a user without a group.',
  remedy:
    'Write another group, 10001 for example, or take the entry out. Images made for OpenShift rely on group 0 for their files: suppress the finding there and say so.',
  standards: ['nsa:non-root-containers', 'cwe:250'],
  aliases: {
    trivy: ['KSV-0116'],
    'kube-linter': ['run-as-non-root'],
    kyverno: ['require-non-root-groups', 'check-supplemental-groups'],
    monokle: ['KBP109'],
    kubesec: ['RunAsGroup'],
  },
  hover: ['securityContext/runAsGroup', 'securityContext/fsGroup', 'securityContext/supplementalGroups'],
  *check(pod) {
    if (pod.windows || pod.userNamespace) return;
    const found = (title: string, field: Field, fix: { title: string; edits: ReturnType<Field['set']> }) =>
      field.is(0)
        ? [
            {
              at: field.span,
              message: `${title} has the root group (${name(field)}).`,
              fixes: [{ ...fix, safe: false }],
            },
          ]
        : [];
    const set = (field: Field) => ({ title: `Set ${field.key} to 10001`, edits: field.set(10001) });
    for (const { title, security } of [pod, ...pod.containers]) {
      const field = security.at('runAsGroup');
      yield* found(title, field, set(field));
    }
    const group = pod.security.at('fsGroup');
    yield* found(pod.title, group, set(group));
    for (const item of pod.security.at('supplementalGroups').items())
      yield* found(pod.title, item, { title: 'Remove group 0', edits: item.remove() });
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsGroup: «0»
            fsGroup: «0» # the volume is root's
            supplementalGroups: [«0», 2000]
          containers:
          - {name: a, image: a:1, securityContext: {runAsUser: 1000, runAsGroup: «0»}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsGroup: 10001
            fsGroup: 10001 # the volume is root's
            supplementalGroups: [2000]
          containers:
          - {name: a, image: a:1, securityContext: {runAsUser: 1000, runAsGroup: 10001}}
      `,
    },
    {
      why: 'not written, another group, a string that the API server refuses anyhow',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {runAsUser: 1000}
          containers:
          - {name: a, image: a:1, securityContext: {runAsGroup: 10001}}
          - {name: b, image: b:1, securityContext: {runAsGroup: "0"}}
      `,
    },
    {
      why: 'in a user namespace group 0 is not the node’s',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {hostUsers: false, securityContext: {runAsGroup: 0, fsGroup: 0}, containers: [{name: a, image: a:1}]}
      `,
    },
  ],
});

function name(field: Field): string {
  return String(typeof field.key === 'number' ? field.parent!.key : field.key);
}
