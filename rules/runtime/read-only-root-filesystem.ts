import { rule } from '../rule.js';

export default rule({
  id: 'read-only-root-filesystem',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Root filesystem is writable',
  why: 'Most attacks write something: a downloaded tool, a changed script, a cron entry. On a read-only root filesystem they find no place to put it, and what was shipped stays what runs.',
  default: 'The root filesystem is writable.',
  remedy:
    'Write `readOnlyRootFilesystem: true` and mount an `emptyDir` where the application writes, mostly `/tmp`. An application that writes anywhere else (caches, pid files) fails until it gets a mount there.',
  standards: ['nsa:immutable-file-systems', 'cis-docker:5.13'],
  aliases: {
    'kube-linter': ['no-read-only-root-fs'],
    trivy: ['KSV-0014'],
    checkov: ['CKV_K8S_22'],
    polaris: ['notReadOnlyRootFilesystem'],
    'kube-score': ['container-security-context-readonlyrootfilesystem'],
    kubesec: ['ReadOnlyRootFilesystem'],
    kubescape: ['C-0017'],
    kyverno: ['require-ro-rootfs'],
    monokle: ['KBP102'],
  },
  hover: ['securityContext/readOnlyRootFilesystem'],
  *check(container) {
    const { title, security, pod, role } = container;
    // Windows has no such setting; an ephemeral container is there to debug, and gone afterwards.
    if (pod.windows || role === 'ephemeral container') return;
    const field = security.at('readOnlyRootFilesystem');
    if (field.is(true) || field.unknown || container.misplaced('readOnlyRootFilesystem')?.is(true)) return;
    const edits = field.set(true);
    const fixes = [
      { title: 'Set readOnlyRootFilesystem to true', edits, safe: false },
      {
        title: 'Set readOnlyRootFilesystem to true and mount an emptyDir at /tmp',
        edits: container.withScratch('/tmp', edits),
        safe: false,
      },
    ];
    const absent = field.absent ? { absent: 'readOnlyRootFilesystem' } : {};
    if (field.absent || field.is(false))
      yield { at: field.span, message: `${title} has a writable root filesystem.`, ...absent, fixes };
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
              «securityContext»:
                # not yet
                runAsNonRoot: true
            - name: log
              image: log:1
              securityContext:
                readOnlyRootFilesystem: «no»
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
              securityContext:
                # not yet
                runAsNonRoot: true
                readOnlyRootFilesystem: true
            - name: log
              image: log:1
              securityContext:
                readOnlyRootFilesystem: true
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: web, image: web:1, securityContext: {readOnlyRootFilesystem: true}}
          ephemeralContainers:
          - {name: debug, image: busybox:1.37}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          os: {name: windows}
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'init containers too; flow style stays',
      bad: `
        apiVersion: example.com/v1
        kind: Workload
        metadata: {name: web}
        spec:
          podTemplate:
            spec:
              initContainers:
              - {name: «setup», image: setup:1}
              containers:
              - name: «web»
                image: web:1
      `,
      good: `
        apiVersion: example.com/v1
        kind: Workload
        metadata: {name: web}
        spec:
          podTemplate:
            spec:
              initContainers:
              - {name: setup, image: setup:1, securityContext: {readOnlyRootFilesystem: true}}
              containers:
              - name: web
                image: web:1
                securityContext:
                  readOnlyRootFilesystem: true
      `,
    },
    {
      why: 'said for the whole pod, where it has no effect: that is what is reported',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {readOnlyRootFilesystem: true}
          containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'aliases count, and what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: a
              image: a:1
              securityContext: &hardened {readOnlyRootFilesystem: true}
            - name: b
              image: b:1
              securityContext: *hardened
            - name: c
              image: c:1
              securityContext:
                {{- toYaml .Values.securityContext | nindent 8 }}
      `,
    },
  ],
});
