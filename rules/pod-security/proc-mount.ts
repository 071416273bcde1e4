import { rule } from '../rule.js';
import { violationsOf } from './standards/checks.js';

export default rule({
  id: 'proc-mount',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Unmasks /proc',
  why: 'The runtime hides parts of `/proc` that show or change the node: kernel memory, keys, the sysrq trigger. `procMount: Unmasked` shows them again, and root in the container reads and writes there as root of the node.',
  default: '`Default`: the dangerous parts of `/proc` are masked or read-only.',
  remedy:
    'Take `procMount` out. Builders that run containers in a container need it together with `hostUsers: false`, which baseline allows since v1.35 and restricted does not.',
  standards: ['pss:baseline/procMount', 'pss:restricted/procMount_restricted'],
  aliases: {
    'pod-security-admission': ['procMount', 'procMount_restricted'],
    'kube-linter': ['unsafe-proc-mount'],
    trivy: ['KSV-0027'],
    polaris: ['procMount'],
    kyverno: ['disallow-proc-mount'],
    monokle: ['PSS109'],
  },
  hover: ['securityContext/procMount'],
  *check(container, { podSecurityVersion }) {
    const [forbidden] = violationsOf(container, 'procMount', podSecurityVersion);
    const [unrestricted] = violationsOf(container, 'procMount_restricted', podSecurityVersion);
    const found = forbidden ?? unrestricted;
    if (found === undefined) return;
    const { field } = found;
    yield {
      at: field.span,
      severity: forbidden ? 'error' : 'warning',
      message: `${container.title} mounts /proc ${field.is('Unmasked') ? 'unmasked' : `as ${field.text}`}${forbidden ? '' : ', which Pod Security restricted forbids even in a user namespace'}.`,
      fixes: [{ title: 'Remove procMount', edits: field.remove(), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: builder}
        spec:
          containers:
          - name: builder
            image: builder:1
            securityContext:
              procMount: «Unmasked» # builds in a container
              runAsNonRoot: true
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: builder}
        spec:
          containers:
          - name: builder
            image: builder:1
            securityContext:
              # builds in a container
              runAsNonRoot: true
      `,
    },
    {
      why: 'in a user namespace a warning is left',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: builder}
        spec:
          hostUsers: false
          containers: [{name: builder, image: builder:1, securityContext: {procMount: «Unmasked», runAsNonRoot: true}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: builder}
        spec:
          hostUsers: false
          containers: [{name: builder, image: builder:1, securityContext: {runAsNonRoot: true}}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {procMount: Default}}
          - {name: b, image: b:1, securityContext: {procMount: "{{ .Values.procMount }}"}}
          - {name: c, image: c:1}
      `,
    },
  ],
});
