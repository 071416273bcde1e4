import { rule } from '../rule.js';
import { isBaselineCapability, violationsOf } from './standards/checks.js';

export default rule({
  id: 'capabilities-add-restricted',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Adds a capability that restricted forbids',
  why: 'Each capability that is added back is a right of root: with CHOWN and FOWNER a process takes over files, with SETUID it becomes another user, with SYS_CHROOT or MKNOD it builds itself an environment. Restricted leaves room for one only, to bind a low port.',
  default: 'No capability is added.',
  remedy:
    'Take the capability out. A program that changes its user or the owner of files at start can be started as that user instead, with `runAsUser` and `fsGroup`.',
  standards: ['pss:restricted/capabilities_restricted', 'cis-k8s:5.2.9', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['capabilities_restricted'],
    trivy: ['KSV-0106'],
    checkov: ['CKV_K8S_25', 'CKV_K8S_24'],
    kubescape: ['C-0200', 'C-0219'],
    kyverno: ['disallow-capabilities-strict'],
    monokle: ['PSS206'],
  },
  hover: ['capabilities/add', 'capabilities/add/#'],
  *check(container, { podSecurityVersion }) {
    // It has them all, which privileged-container says.
    if (container.privileged) return;
    for (const { field } of violationsOf(container, 'capabilities_restricted', podSecurityVersion)) {
      // What baseline forbids already is capabilities-add-baseline's.
      if (field.text === undefined || !isBaselineCapability(field.text)) continue;
      yield {
        at: field.span,
        message: `${container.title} adds ${field.text}; Pod Security restricted allows NET_BIND_SERVICE only.`,
        fixes: [{ title: `Remove ${field.text}`, edits: field.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - name: own
            image: own:1
            securityContext:
              capabilities:
                add:
                  - «CHOWN» # gives the volume away
                  - «FOWNER»
                  - NET_BIND_SERVICE
          containers:
          - {name: web, image: web:1, securityContext: {capabilities: {drop: [ALL], add: [«SETUID»]}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - name: own
            image: own:1
            securityContext:
              capabilities:
                add:
                  # gives the volume away
                  - NET_BIND_SERVICE
          containers:
          - {name: web, image: web:1, securityContext: {capabilities: {drop: [ALL]}}}
      `,
    },
    {
      why: 'the one that is allowed; what baseline forbids is another rule’s',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}
          - {name: b, image: b:1, securityContext: {capabilities: {add: [SYS_ADMIN]}}}
      `,
    },
    {
      why: 'Windows has no capabilities, and admission asks for none since v1.25',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          os: {name: windows}
          containers: [{name: a, image: a:1, securityContext: {capabilities: {add: [CHOWN]}}}]
      `,
    },
  ],
});
