import { violationsOf } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

/** What a capability gives to whoever breaks in (capabilities(7)). The list is the union of those that other tools and MITRE name. */
const powers: Readonly<Record<string, string>> = {
  ALL: 'everything that root can do',
  BPF: 'loading programs into the kernel',
  DAC_READ_SEARCH: 'reading every file of the node',
  MAC_ADMIN: 'changing the rules of SELinux and AppArmor',
  MAC_OVERRIDE: 'going past SELinux and AppArmor',
  NET_ADMIN: 'changing routes, firewall and addresses',
  NET_RAW: 'forging packets and listening to those of others',
  PERFMON: 'watching the whole kernel at work',
  SYSLOG: 'reading the kernel’s log and addresses',
  SYS_ADMIN: 'mounting, namespaces and so much more that it is root by another name',
  SYS_BOOT: 'restarting the node',
  SYS_MODULE: 'loading kernel modules',
  SYS_PTRACE: 'reading the memory of other processes',
  SYS_RAWIO: 'raw access to memory and devices',
  SYS_TIME: 'setting the clock of the node',
};

export default rule({
  id: 'dangerous-capabilities',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Adds a capability that is as good as the node',
  why: 'Some capabilities are not slices of root but the whole loaf: with SYS_ADMIN, SYS_MODULE or BPF a process gets out of its container by design, with SYS_PTRACE or DAC_READ_SEARCH it reads what belongs to others. Whoever breaks into the container has that too.',
  default: 'None of these is given by default, but for NET_RAW in some runtimes.',
  remedy:
    'Take it out; for most programs that ask for it there is a smaller way (a CSI or CNI plugin, a node-wide setting, a debug container when needed). Agents that can’t do without: suppress the finding there and say why.',
  standards: ['mitre:T1611', 'nsa:pod-security', 'cwe:250'],
  aliases: {
    trivy: ['KSV-0005', 'KSV-0120'],
    checkov: ['CKV_K8S_39'],
    sonar: ['kubernetes:S5849'],
    polaris: ['dangerousCapabilities'],
    kubesec: ['CapSysAdmin'],
    kubescape: ['C-0046'],
    monokle: ['KBP100'],
  },
  hover: ['capabilities/add/#'],
  covers: ['capabilities-add-baseline'],
  *check(container, { podSecurityVersion }) {
    // It has them all, which privileged-container says.
    if (container.privileged) return;
    for (const { field } of violationsOf(container, 'capabilities_baseline', podSecurityVersion)) {
      // Docker and CRI-O take the name with and without CAP_, in any case.
      const power = powers[(field.text ?? '').toUpperCase().replace(/^CAP_/, '')];
      if (power === undefined) continue;
      yield {
        at: field.span,
        message: `${container.title} adds ${field.text}: ${power}.`,
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
          - {name: net, image: net:1, securityContext: {capabilities: {add: [NET_BIND_SERVICE, «NET_ADMIN», «"NET_RAW"»]}}}
          containers:
          - name: web
            image: web:1
            securityContext:
              capabilities:
                add:
                  - CHOWN
                  - «SYS_ADMIN» # mounts
                drop: [ALL]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
          - {name: net, image: net:1, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}
          containers:
          - name: web
            image: web:1
            securityContext:
              capabilities:
                add:
                  - CHOWN
                  # mounts
                drop: [ALL]
      `,
    },
    {
      why: 'ordinary capabilities, dropped ones, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {capabilities: {add: [CHOWN, IPC_LOCK, NET_BIND_SERVICE], drop: [NET_RAW, SYS_ADMIN]}}}
          - {name: b, image: b:1, securityContext: {capabilities: {add: ["{{ .Values.capability }}"]}}}
      `,
    },
  ],
});
