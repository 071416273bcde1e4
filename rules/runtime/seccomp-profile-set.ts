import type { Field } from '../model/field.js';
import { violations } from '../pod-security/standards/checks.js';
import { type Report, rule } from '../rule.js';

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
    // Privileged containers are never confined (the kubelet ignores their profile).
    const missing = violations(pod, 'seccompProfile_restricted', podSecurityVersion).filter(
      ({ field, container }) => field.absent && !container?.privileged,
    );
    for (const { title, security } of [pod, ...pod.containers]) {
      const profile = security.at('seccompProfile');
      const file = profile.at('localhostProfile');
      const type = profile.at('type');
      // core/v1 SeccompProfile: localhostProfile is there exactly when the type is Localhost.
      if (type.is('Localhost') && file.absent)
        yield {
          at: type.span,
          message: `${title} names no localhostProfile, so the API server refuses it.`,
          whole: true,
        };
      if (type.is('RuntimeDefault') && file.exists)
        yield {
          at: type.span,
          message: `${title} names a localhostProfile beside RuntimeDefault, so the API server refuses it.`,
        };
      // A profile without a type, which is not inherited either.
      if (title !== pod.title && missing.some(({ field }) => field.parent?.path === profile.path))
        yield report(
          type,
          pod.ownProfile,
          `${title} sets a seccomp profile without a type.`,
          'Set the seccomp profile to RuntimeDefault',
        );
    }
    const inPod = pod.security.at('seccompProfile', 'type');
    const open = missing.filter(({ field }) => field.path === inPod.path);
    const elsewhere = pod.misplaced('seccompProfile')?.at('type').text ?? '';
    if (open.length === 0 || ['RuntimeDefault', 'Localhost'].includes(elsewhere)) return;
    const names = open.map(({ container }) => container?.name ?? '').filter((name) => name !== '');
    const some = open.length === pod.containers.length || names.length === 0 ? '' : ` for ${names.join(', ')}`;
    yield report(
      inPod,
      pod.ownProfile,
      `${pod.title} sets no seccomp profile${some}.`,
      'Add seccompProfile RuntimeDefault to the pod',
    );
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
    {
      why: 'one container says it itself, the others do not; a flow mapping stays one',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «securityContext»:
            fsGroup: 10001 # for the volume
          containers:
          - {name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: "Localhost", localhostProfile: b.json}}}
          - {name: c, image: c:1}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            fsGroup: 10001 # for the volume
            seccompProfile:
              type: RuntimeDefault
          containers:
          - {name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: "Localhost", localhostProfile: b.json}}}
          - {name: c, image: c:1}
      `,
    },
    {
      why: 'a profile without a type is none',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers:
          - name: a
            image: a:1
            securityContext: {«seccompProfile»: {}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers:
          - name: a
            image: a:1
            securityContext: {seccompProfile: {type: RuntimeDefault}}
      `,
    },
    {
      why: 'a file without its type',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers: [{name: a, image: a:1, securityContext: {«seccompProfile»: {localhostProfile: a.json}}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers: [{name: a, image: a:1, securityContext: {seccompProfile: {localhostProfile: a.json, type: Localhost}}}]
      `,
    },
    {
      why: 'Localhost needs the name of a profile, and RuntimeDefault must not have one',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: «Localhost»}}
          containers:
          - {name: a, image: a:1, securityContext: {seccompProfile: {type: «RuntimeDefault», localhostProfile: a.json}}}
      `,
    },
    {
      why: 'said in the wrong place: that is what is reported',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              securityContext: {seccompProfile: {type: RuntimeDefault}}
            spec:
              containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'another type than these is not missing: seccomp-unconfined reports it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: Unconfined}}
          containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          {{- with .Values.podSecurityContext }}
          securityContext:
            {{- toYaml . | nindent 4 }}
          {{- end }}
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});

function report(type: Field, own: string, message: string, title: string): Report {
  const profile = type.parent!;
  const file = profile.at('localhostProfile').text;
  const localhost = {
    title: `Use a profile of your own: Localhost ${file ?? own}`,
    edits: file === undefined ? profile.setAll({ type: 'Localhost', localhostProfile: own }) : type.set('Localhost'),
    safe: false,
  };
  // A profile that is named goes only with the type Localhost.
  const fixes =
    file === undefined ? [{ title, edits: type.set('RuntimeDefault'), safe: true }, localhost] : [localhost];
  return { at: type.span, message, absent: 'seccompProfile', fixes };
}
