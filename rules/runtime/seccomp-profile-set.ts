import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

/** Pod Security's allowed types (check_seccompProfile_restricted.go). */
const allowed = ['RuntimeDefault', 'Localhost'];

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
  standards: [
    'pss:restricted/seccompProfile_restricted',
    'pss:baseline/seccompProfile_baseline',
    'cis-k8s:5.7.2',
    'nsa:pod-security',
  ],
  aliases: {
    'pod-security-admission': ['seccompProfile_restricted', 'seccompProfile_baseline'],
    trivy: ['KSV-0030', 'KSV-0104'],
    checkov: ['CKV_K8S_31', 'CKV_K8S_32'],
    'kube-score': ['container-seccomp-profile'],
    kubesec: ['SeccompAny', 'SeccompUnconfined'],
    kubescape: ['C-0210'],
    kyverno: ['restrict-seccomp-strict', 'restrict-seccomp'],
    monokle: ['PSS205', 'PSS110'],
    polaris: ['linuxHardening'],
  },
  hover: ['securityContext/seccompProfile', 'seccompProfile/type'],
  *check(pod, { podSecurityVersion }) {
    if (pod.windows && podSecurityVersion >= 25) return;
    // Privileged containers are never confined (the kubelet ignores their profile).
    const containers = pod.containers.filter((container) => !container.privileged);
    const profile = pod.security.at('seccompProfile', 'type');
    for (const { title, security } of [pod, ...containers]) {
      const type = security.at('seccompProfile', 'type');
      const { text } = type;
      if (
        text === undefined ||
        (text === 'RuntimeDefault' && !hasFile(type)) ||
        (text === 'Localhost' && hasFile(type))
      )
        continue;
      const fix = {
        title: 'Set the seccomp profile to RuntimeDefault',
        edits: type.set('RuntimeDefault'),
        safe: false,
      };
      yield { at: type.span, ...wrong(title, text), fixes: hasFile(type) || text === 'Localhost' ? [] : [fix] };
    }
    if (!profile.absent || allowed.includes(pod.misplaced('seccompProfile')?.at('type').text ?? '')) return;
    const open = containers.filter(({ security }) => security.at('seccompProfile', 'type').absent);
    if (open.length === 0) return;
    const names = open.map(({ name }) => name).filter((name) => name !== '');
    yield {
      at: profile.span,
      message: `${pod.title} sets no seccomp profile${open.length === pod.containers.length || names.length === 0 ? '' : ` for ${names.join(', ')}`}.`,
      absent: 'seccompProfile',
      fixes: [
        { title: 'Add seccompProfile RuntimeDefault to the pod', edits: profile.set('RuntimeDefault'), safe: true },
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
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: «"unconfined"»}}}
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
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: "RuntimeDefault"}}}
          - {name: c, image: c:1}
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

/** A profile file is named beside the type: Localhost needs one, and no other type may have one (core/v1 SeccompProfile). */
function hasFile(type: Field): boolean {
  const file = type.parent!.at('localhostProfile');
  return file.exists || (file.unknown && type.is('Localhost'));
}

function wrong(title: string, type: string): { message: string; severity: 'error' | 'warning' } {
  if (type === 'Unconfined') return { message: `${title} switches seccomp off.`, severity: 'error' };
  if (type === 'Localhost')
    return { message: `${title} names no localhostProfile, so the API server refuses it.`, severity: 'warning' };
  if (type === 'RuntimeDefault')
    return {
      message: `${title} names a localhostProfile beside RuntimeDefault, so the API server refuses it.`,
      severity: 'warning',
    };
  return { message: `${title} has a seccomp profile of type ${type}, which does not exist.`, severity: 'warning' };
}
