import { rule } from '../rule.js';

export default rule({
  id: 'allow-privilege-escalation',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Privilege escalation is not ruled out',
  why: 'x',
  default: 'x',
  remedy: 'x',
  standards: [],
  aliases: {},
  hover: ['securityContext/allowPrivilegeEscalation'],
  *check({ title, security, privileged, pod }) {
    const field = security.at('allowPrivilegeEscalation');
    if (field.is(false) || field.unknown || privileged || pod.windows) return;
    yield {
      at: field.span,
      message: `${title} may gain privileges.`,
      ...(field.exists ? {severity: 'error' as const} : {absent: 'allowPrivilegeEscalation'}),
      fixes: [{ title: 'Set allowPrivilegeEscalation to false', edits: field.set(false), safe: true }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
          - name: «web»
            image: nginx:1.29
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
          - name: web
            image: nginx:1.29
            securityContext:
              allowPrivilegeEscalation: false
      `,
    },
  ],
});
