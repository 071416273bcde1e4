import { rule } from '../rule.js';
import { isBaselineCapability, violationsOf } from './standards/checks.js';

export default rule({
  id: 'capabilities-add-baseline',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Adds a capability that baseline forbids',
  why: 'Capabilities are root’s power in slices. What a container runtime gives by default is already generous; what lies beyond it lets a process forge packets, load modules, trace or re-time the node, and so step out of its container.',
  default: 'No capability is added to the runtime’s own set.',
  remedy:
    'Take the capability out and see what really fails; mostly nothing does. Meshes that add NET_ADMIN in an init container offer a CNI plugin instead. An agent that can’t do without: suppress the finding there and say why.',
  standards: ['pss:baseline/capabilities_baseline', 'cis-k8s:5.2.9', 'nsa:pod-security', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['capabilities_baseline'],
    trivy: ['KSV-0022'],
    checkov: ['CKV_K8S_25'],
    sonar: ['kubernetes:S5849'],
    kubescape: ['C-0046', 'C-0200'],
    kyverno: ['disallow-capabilities', 'restrict-adding-capabilities', 'service-mesh-disallow-capabilities'],
    monokle: ['PSS104'],
  },
  hover: ['capabilities/add', 'capabilities/add/#'],
  *check(container, { podSecurityVersion }) {
    // It has them all, which privileged-container says.
    if (container.privileged) return;
    for (const { field } of violationsOf(container, 'capabilities_baseline', podSecurityVersion)) {
      const name = field.text ?? '';
      const meant = name.toUpperCase().replace(/^CAP_/, '');
      yield {
        at: field.span,
        message: isBaselineCapability(meant)
          ? `${container.title} adds ${name}, which admission does not take for ${meant}.`
          : `${container.title} adds ${name || 'a capability without a name'}, which Pod Security baseline forbids.`,
        fixes: [
          isBaselineCapability(meant)
            ? { title: `Write ${meant}`, edits: field.set(meant), safe: false }
            : { title: `Remove ${name || 'it'}`, edits: field.remove(), safe: false },
        ],
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
          containers:
          - name: web
            image: web:1
            securityContext:
              capabilities:
                drop: [ALL]
                add: [NET_BIND_SERVICE, «IPC_LOCK», «SYS_NICE»] # for speed
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              capabilities:
                drop: [ALL]
                add: [NET_BIND_SERVICE] # for speed
      `,
    },
    {
      why: 'init, sidecar and ephemeral containers too; the list goes when nothing is left in it',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - name: setup
            image: setup:1
            securityContext:
              runAsUser: 1000
              capabilities:
                add:
                  - «NET_ADMIN»
          - {name: proxy, image: proxy:1, restartPolicy: Always, securityContext: {capabilities: {drop: [ALL], add: [«"NET_RAW"»]}}}
          containers: [{name: web, image: web:1}]
          ephemeralContainers:
          - {name: debug, image: debug:1, securityContext: {capabilities: {add: [CHOWN, «SYS_PTRACE»]}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - name: setup
            image: setup:1
            securityContext:
              runAsUser: 1000
          - {name: proxy, image: proxy:1, restartPolicy: Always, securityContext: {capabilities: {drop: [ALL]}}}
          containers: [{name: web, image: web:1}]
          ephemeralContainers:
          - {name: debug, image: debug:1, securityContext: {capabilities: {add: [CHOWN]}}}
      `,
    },
    {
      why: 'admission compares the very word',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: web, image: web:1, securityContext: {capabilities: {add: [«CAP_CHOWN», «setuid»]}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: web, image: web:1, securityContext: {capabilities: {add: [CHOWN, SETUID]}}}
      `,
    },
    {
      why: 'what the runtime gives anyhow, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {capabilities: {add: [CHOWN, SETUID, SETGID, NET_BIND_SERVICE, MKNOD]}}}
          - name: b
            image: b:1
            securityContext:
              capabilities:
                add: [{{ .Values.capability }}]
      `,
    },
  ],
});
