import { rule } from '../rule.js';

export default rule({
  id: 'seccomp-profile-set',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'No seccomp profile',
  why: 'Without a seccomp profile a container may use every one of the kernel’s system calls, also the old and odd ones in which the escapes of the last years were found. The runtime’s default profile closes dozens of them and almost no application notices.',
  default: 'Unconfined, unless the kubelet was started with `seccompDefault`.',
  remedy:
    'Write `seccompProfile: {type: RuntimeDefault}` in the pod’s `securityContext`; it holds for all its containers. Programs that need io_uring, unshare or perf need a profile of their own (`Localhost`).',
  standards: ['pss:restricted/seccompProfile_restricted', 'cis-k8s:5.7.2', 'nsa:pod-security'],
  aliases: {
    'pod-security-admission': ['seccompProfile_restricted'],
    trivy: ['KSV-0030'],
    checkov: ['CKV_K8S_31', 'CKV_K8S_32'],
    'kube-score': ['container-seccomp-profile'],
    kubesec: ['SeccompAny'],
    kubescape: ['C-0210'],
    kyverno: ['restrict-seccomp-strict'],
    monokle: ['PSS205'],
    polaris: ['linuxHardening'],
  },
  hover: ['securityContext/seccompProfile', 'seccompProfile/type'],
  *check(pod, { podSecurityVersion }) {
    if (pod.windows && podSecurityVersion >= 25) return;
    // Privileged containers are never confined.
    const containers = pod.containers.filter((container) => !container.privileged);
    const inPod = pod.security.at('seccompProfile', 'type');
    const subjects = [{ title: pod.title, security: pod.security }, ...containers];
    for (const { title, security } of subjects) {
      const type = security.at('seccompProfile', 'type');
      if (type.text === undefined || type.is('RuntimeDefault') || type.is('Localhost')) continue;
      yield {
        at: type.span,
        severity: type.is('Unconfined') ? 'error' : 'warning',
        message: type.is('Unconfined')
          ? `${title} switches seccomp off.`
          : `${title} names a seccomp profile type that does not exist.`,
        fixes: [{ title: 'Set the seccomp profile to RuntimeDefault', edits: type.set('RuntimeDefault'), safe: false }],
      };
    }
    const open = containers.filter(({ security }) => security.at('seccompProfile', 'type').absent);
    if (!inPod.absent || open.length === 0) return;
    const names = open.map(({ name }) => name);
    yield {
      at: inPod.span,
      message: `${pod.title} sets no seccomp profile${open.length === pod.containers.length ? '' : ` for ${names.join(', ')}`}.`,
      absent: 'seccompProfile',
      fixes: [
        { title: 'Add seccompProfile RuntimeDefault to the pod', edits: inPod.set('RuntimeDefault'), safe: true },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: «db»
        spec:
          template:
            spec:
              containers:
              - name: db
                image: db:1
      `,
      good: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
        spec:
          template:
            spec:
              containers:
              - name: db
                image: db:1
              securityContext:
                seccompProfile:
                  type: RuntimeDefault
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            seccompProfile: {type: RuntimeDefault}
          containers:
          - name: web
            image: web:1
            securityContext:
              seccompProfile:
                type: «Unconfined» # io_uring
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            seccompProfile: {type: RuntimeDefault}
          containers:
          - name: web
            image: web:1
            securityContext:
              seccompProfile:
                type: RuntimeDefault # io_uring
      `,
    },
    {
      why: 'every container has its own',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: Localhost, localhostProfile: b.json}}}
          - {name: c, image: c:1, securityContext: {privileged: true}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          os: {name: windows}
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});
