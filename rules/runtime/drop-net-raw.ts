import { rule } from '../rule.js';

export default rule({
  id: 'drop-net-raw',
  on: 'container',
  severity: 'warning',
  preset: 'strict',
  title: 'Keeps the capability to forge packets',
  why: 'NET_RAW lets a process send packets under any address and listen to others’. In the flat network of many clusters that is enough for ARP and DNS spoofing against neighbouring pods. Containerd and Docker give it by default.',
  default: 'Kept by containerd and Docker, left out by CRI-O.',
  remedy:
    'Drop ALL, as capabilities-drop-all asks, or at least NET_RAW. `ping` stops working where the node’s `ping_group_range` does not allow it.',
  standards: ['cis-k8s:5.2.8', 'nsa:pod-security'],
  aliases: {
    'kube-linter': ['drop-net-raw-capability'],
    trivy: ['KSV-0119'],
    checkov: ['CKV_K8S_28', 'CKV_K8S_7'],
    kubescape: ['C-0199'],
    kyverno: ['require-drop-cap-net-raw'],
  },
  hover: ['capabilities/drop'],
  *check(container) {
    const { title, security, pod } = container;
    if (pod.windows || container.privileged || container.misplaced('capabilities') !== undefined) return;
    const drop = security.at('capabilities', 'drop');
    if (!drop.absent && (!drop.isList || drop.open)) return;
    if (drop.items().some((item) => item.unknown || /^(?:CAP_)?(?:ALL|NET_RAW)$/i.test(item.text ?? ''))) return;
    yield {
      at: drop.span,
      message: `${title} keeps NET_RAW and can forge packets.`,
      ...(drop.absent && { absent: 'capabilities.drop NET_RAW' }),
      fixes: [{ title: 'Drop NET_RAW', edits: drop.append('NET_RAW'), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: «web»
            image: web:1
          - {name: b, image: b:1, securityContext: {capabilities: {drop: «[MKNOD]»}}}
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
                drop: [NET_RAW]
          - {name: b, image: b:1, securityContext: {capabilities: {drop: [MKNOD, NET_RAW]}}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {capabilities: {drop: [ALL]}}}
          - {name: b, image: b:1, securityContext: {capabilities: {drop: [NET_RAW]}}}
          - {name: c, image: c:1, securityContext: {privileged: true}}
          - {name: d, image: d:1, securityContext: {capabilities: {drop: ["{{ .Values.drop }}"]}}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {os: {name: windows}, containers: [{name: a, image: a:1}]}
      `,
    },
  ],
});
