import { rule } from '../rule.js';

export default rule({
  id: 'host-users',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  title: 'No user namespace',
  why: 'Users of a container are users of the node: root in the container that finds a way out is root on the node. In a user namespace the same process is nobody there, and most escapes of the last years led nowhere.',
  default: 'Pods share the node’s users (`hostUsers: true`).',
  remedy:
    'Write `hostUsers: false`. The nodes need Linux 6.3, containerd 2.0 or CRI-O 1.25 and file systems that map ids (NFS doesn’t); Kubernetes has it switched on since 1.33. Host namespaces and raw block volumes don’t go with it.',
  standards: ['mitre:T1611', 'cwe:250', 'nsa:pod-security'],
  aliases: { kubesec: ['HostUsers'] },
  hover: ['spec/hostUsers'],
  *check(pod) {
    const { spec, title, windows, containers } = pod;
    const field = spec.at('hostUsers');
    // The API server refuses a user namespace beside these (validation.go, validateHostUsers; hostNetwork behind a gate of 1.35).
    const hostNamespaces = ['hostNetwork', 'hostPID', 'hostIPC'].map((key) => spec.at(key));
    const devices = containers.map((container) => container.field.at('volumeDevices'));
    if (windows || [...hostNamespaces, ...devices].some((other) => other.unknown || (other.exists && !other.is(false))))
      return;
    const fixes = [{ title: 'Set hostUsers to false', edits: field.set(false), safe: false }];
    const message = `${title} shares the node’s users, so that its root is the node’s.`;
    if (field.is(true)) yield { at: field.span, message, fixes };
    else if (field.absent) yield { at: field.span, message, absent: 'hostUsers: false', fixes };
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «web»}
        spec:
          template:
            spec:
              hostNetwork: false
              containers:
                - name: web # ours
                  image: web:1
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: other}
        spec: {hostUsers: «true», containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              hostNetwork: false
              containers:
                - name: web # ours
                  image: web:1
              hostUsers: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: other}
        spec: {hostUsers: false, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'where it is refused, or has no meaning; set; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec: {hostNetwork: true, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: debug}
        spec: {hostPID: true, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: database}
        spec: {containers: [{name: a, image: a:1, volumeDevices: [{name: disk, devicePath: /dev/xvda}]}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: windows}
        spec: {os: {name: windows}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: set}
        spec: {hostUsers: false, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: templated}
        spec:
          {{- if .Values.users }}
          hostUsers: false
          {{- end }}
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});
