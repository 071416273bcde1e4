import { rule } from '../rule.js';

export default rule({
  id: 'ephemeral-containers-in-manifest',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Ephemeral containers in a manifest',
  why: 'Ephemeral containers are for looking into a running pod (`kubectl debug`), mostly with more rights than the application. The API server refuses a pod or a template that declares them, so this manifest can’t be applied; it is what is left of somebody’s debugging.',
  default: 'A pod has no ephemeral containers until somebody adds one to it.',
  remedy:
    'Delete `ephemeralContainers`. What the application needs all the time is a container or a sidecar; for debugging use `kubectl debug`.',
  standards: ['cwe:489'],
  aliases: { kyverno: ['block-ephemeral-containers'] },
  hover: ['spec/ephemeralContainers'],
  *check({ manifest, spec, title }) {
    const field = spec.at('ephemeralContainers');
    // An item of a List that has an identity was exported from a cluster, and is a record of what was there.
    const exported = manifest.root.parent !== undefined && manifest.metadata.at('uid').exists;
    if (field.items().length === 0 || exported) return;
    yield {
      at: field.keySpan ?? field.span,
      message: `${title} declares ephemeral containers, which the API server refuses in a manifest.`,
      // core/v1 PodSpec: "cannot be specified when creating a pod", and validation.go forbids it in templates. Nothing that works has it.
      fixes: [{ title: 'Remove ephemeralContainers', edits: field.remove(), safe: false }],
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
              image: web:1
          «ephemeralContainers»:
            - name: debugger
              image: busybox:1.37
              targetContainerName: web
          restartPolicy: Always
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: web:1
          restartPolicy: Always
      `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: web, image: web:1}], «ephemeralContainers»: [{name: d, image: d:1}]}}}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
      `,
    },
    {
      why: 'none; what kubectl get wrote of running pods',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}], ephemeralContainers: []}
        ---
        apiVersion: v1
        kind: List
        metadata: {resourceVersion: ""}
        items:
          - apiVersion: v1
            kind: Pod
            metadata: {name: web, uid: 6f2b1a8e-0f7c-4c1e-9d0e-3a5b8c7d9e1f}
            spec: {containers: [{name: web, image: web:1}], ephemeralContainers: [{name: debugger, image: busybox:1.37}]}
      `,
    },
  ],
});
