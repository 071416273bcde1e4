import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'selinux-options',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Sets SELinux options that widen access',
  why: 'On nodes with SELinux the type decides what a container may touch. `spc_t` is the type of a super-privileged container that SELinux lets do anything; another user or role can lead there too.',
  default: 'The runtime picks `container_t` and a level of the pod’s own.',
  remedy:
    'Take `user`, `role` and the type out; `level` is free. A log shipper that reads files of the node gets a policy of its own for a type derived from `container_t`, and the finding is suppressed with that reason.',
  standards: ['pss:baseline/seLinuxOptions', 'nsa:pod-security', 'cis-k8s:5.7.3'],
  aliases: {
    'pod-security-admission': ['seLinuxOptions'],
    trivy: ['KSV-0025'],
    kyverno: ['disallow-selinux'],
    monokle: ['PSS108'],
    kubescape: ['C-0211'],
  },
  hover: ['securityContext/seLinuxOptions', 'seLinuxOptions/type', 'seLinuxOptions/user', 'seLinuxOptions/role'],
  *check(pod, { podSecurityVersion }) {
    for (const { field, container } of violations(pod, 'seLinuxOptions', podSecurityVersion)) {
      yield {
        at: field.span,
        message: `${(container ?? pod).title} sets the SELinux ${field.key} ${field.text}.`,
        fixes: [{ title: `Remove the SELinux ${field.key}`, edits: field.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: shipper}
        spec:
          securityContext:
            seLinuxOptions:
              level: s0:c123,c456
              user: «system_u»
          containers:
          - name: shipper
            image: shipper:1
            securityContext:
              seLinuxOptions:
                # reads /var/log
                type: «spc_t»
              runAsNonRoot: true
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: shipper}
        spec:
          securityContext:
            seLinuxOptions:
              level: s0:c123,c456
          containers:
          - name: shipper
            image: shipper:1
            securityContext:
              seLinuxOptions:
                # reads /var/log
              runAsNonRoot: true
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seLinuxOptions: {level: "s0:c123,c456"}}
          containers:
          - {name: a, image: a:1, securityContext: {seLinuxOptions: {type: container_t, user: "", role: ""}}}
          - {name: b, image: b:1, securityContext: {seLinuxOptions: {type: container_engine_t}}}
          - {name: c, image: c:1, securityContext: {seLinuxOptions: {type: "{{ .Values.type }}"}}}
      `,
    },
  ],
});
