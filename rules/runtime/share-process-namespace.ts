import { isOptional } from '../model/branches.js';
import { rule } from '../rule.js';

export default rule({
  id: 'share-process-namespace',
  on: 'pod',
  severity: 'information',
  preset: 'strict',
  title: 'Containers share their processes',
  why: 'With one process namespace each container sees the others’ processes, and through `/proc/<pid>/environ` and `/proc/<pid>/root` their variables and files, as far as its user may. Whoever takes over the weakest container reads the Secrets of all and can end or trace their processes.',
  default: 'Each container sees only its own processes.',
  remedy:
    'Take `shareProcessNamespace` out. Sidecars that send signals (reloaders) need it: let them call a reload address instead, or suppress the finding and say why.',
  standards: ['nsa:pod-security', 'mitre:T1057', 'cwe:668'],
  aliases: {},
  hover: ['spec/shareProcessNamespace'],
  *check({ spec, title, holder }) {
    const field = spec.at('shareProcessNamespace');
    if (!field.is(true) || isOptional(field, holder)) return;
    yield {
      at: field.span,
      message: `${title} lets its containers see each other’s processes.`,
      fixes: [{ title: 'Remove shareProcessNamespace', edits: field.remove(), safe: false }],
    };
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
              shareProcessNamespace: «true» # for the reloader
              containers:
                - name: web
                  image: web:1
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              # for the reloader
              containers:
                - name: web
                  image: web:1
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {shareProcessNamespace: false, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec:
          shareProcessNamespace: {{ .Values.share }}
          containers: [{name: b, image: b:1}]
      `,
    },
  ],
});
