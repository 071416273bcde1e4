import { rule } from '../rule.js';

export default rule({
  id: 'privileged-container',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Container runs privileged',
  why: 'A privileged container has every Linux capability, every device of the node, and neither seccomp nor AppArmor around it. Whoever breaks into it mounts the node’s disk and owns the node, and with it the credentials of every pod that runs there.',
  default: 'Containers are not privileged unless `privileged: true` says so.',
  remedy:
    'Take `privileged` out or set it to `false`, and add the one capability that is really needed. Agents that manage the node itself (CNI, CSI, device plugins) do need it: suppress the finding there and say why.',
  standards: ['pss:baseline/privileged', 'nsa:pod-security', 'mitre:T1611', 'cis-k8s:5.2.2', 'cwe:250'],
  aliases: {},
  hover: ['securityContext/privileged'],
  *check({ title, security }) {
    const privileged = security.at('privileged');
    if (!privileged.is(true)) return;
    yield {
      at: privileged.span,
      message: `${title} runs privileged, with full access to the node.`,
      fixes: [{ title: 'Set privileged to false', edits: privileged.set(false), safe: false }],
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
            - name: web
              image: nginx:1.29
              securityContext:
                privileged: «true» # for debugging
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
                privileged: false # for debugging
      `,
    },
  ],
});
