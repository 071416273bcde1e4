import { rule } from '../rule.js';

/** Runtimes that share the node's kernel; what a class of another name stands for, the cluster knows. */
const shared = /^(?:runc|crun|youki|default)$/;

export default rule({
  id: 'runtime-class-sandbox',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  title: 'Runs on the node’s kernel, without a sandbox',
  why: 'All pods of a node share one kernel, and one bug in it opens all of them to whoever runs code in one. A sandbox (gVisor, Kata Containers) puts a kernel of its own in between; it pays for code that is not yours: builds, plugins, what users or language models write.',
  default: 'Without `runtimeClassName` the node’s default runtime is used, mostly runc.',
  remedy:
    'For untrusted code write the `runtimeClassName` of a sandbox that the cluster has (`kubectl get runtimeclass`). It costs memory and some speed, and a few programs don’t run in it; trusted code can do without.',
  standards: ['nsa:pod-security', 'mitre:T1611', 'cwe:653'],
  aliases: { kubescape: ['C-0297'], kyverno: ['add-runtimeClassName', 'restrict-runtimeClassName'] },
  hover: ['spec/runtimeClassName'],
  *check(pod) {
    const { spec, title, windows, containers, isControlPlane } = pod;
    // What manages the node can't be shut off from it.
    const ofTheNode =
      ['hostNetwork', 'hostPID', 'hostIPC'].some((key) => !spec.at(key).absent && !spec.at(key).is(false)) ||
      containers.some(({ privileged }) => privileged) ||
      spec
        .at('volumes')
        .items()
        .some((volume) => volume.at('hostPath').exists);
    if (windows || isControlPlane || ofTheNode) return;
    const field = spec.at('runtimeClassName');
    const message = `${title} runs on the node’s own kernel, like everything else there.`;
    if (field.absent) yield { at: field.span, message, absent: 'runtimeClassName' };
    else if (shared.test(field.text ?? '')) yield { at: field.span, message };
  },
  examples: [
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: {name: «build»}
        spec:
          template:
            spec:
              containers: [{name: build, image: build:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: plain}
        spec: {runtimeClassName: «runc», containers: [{name: a, image: a:1}]}
      `,
    },
    {
      why: 'a sandbox, or a class that only the cluster knows; what belongs to the node; Windows; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {runtimeClassName: gvisor, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec: {runtimeClassName: untrusted, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c}
        spec: {hostNetwork: true, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: d}
        spec: {containers: [{name: a, image: a:1, securityContext: {privileged: true}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: e}
        spec: {containers: [{name: a, image: a:1}], volumes: [{name: log, hostPath: {path: /var/log}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: f}
        spec: {os: {name: windows}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: g}
        spec:
          {{- with .Values.runtimeClass }}
          runtimeClassName: {{ . }}
          {{- end }}
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});
