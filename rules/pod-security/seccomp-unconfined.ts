import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'seccomp-unconfined',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Switches seccomp off',
  why: 'With the profile `Unconfined` every system call of the kernel is open, also those in which the container escapes of the last years were found. The runtime’s default profile closes dozens of them, and almost no application notices.',
  default: 'The runtime’s default profile where the kubelet runs with `seccompDefault`, none elsewhere.',
  remedy:
    'Write `RuntimeDefault`. A program that needs more (io_uring, perf, a sandbox of its own) gets a profile on the node and `type: Localhost` with its name.',
  standards: ['pss:baseline/seccompProfile_baseline', 'nsa:pod-security', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['seccompProfile_baseline'],
    trivy: ['KSV-0104'],
    kubesec: ['SeccompUnconfined'],
    kyverno: ['restrict-seccomp'],
    monokle: ['PSS110'],
  },
  hover: ['seccompProfile/type'],
  *check(pod, { podSecurityVersion }) {
    for (const { field, container } of violations(pod, 'seccompProfile_baseline', podSecurityVersion)) {
      // The annotations of old versions are seccomp-annotation-removed's; a profile without a type seccomp-profile-set's.
      if (field.key !== 'type' || field.text === undefined || field.text === '') continue;
      const { title } = container ?? pod;
      const file = field.parent!.at('localhostProfile');
      const edits = field.set('RuntimeDefault');
      const own = file.text ?? pod.ownProfile;
      yield {
        at: field.span,
        message:
          field.text === 'Unconfined'
            ? `${title} switches seccomp off.`
            : `${title} has a seccomp profile of type ${field.text}, which does not exist.`,
        // RuntimeDefault can't stand beside the name of a profile.
        fixes: [
          { title: 'Set the seccomp profile to RuntimeDefault', edits: file.absent ? edits : [], safe: false },
          {
            title: `Use a profile of your own: Localhost ${own}`,
            edits: field.parent!.setAll({ type: 'Localhost', localhostProfile: own }),
            safe: false,
          },
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
          securityContext: {seccompProfile: {type: «"unconfined"»}}
          containers:
          - name: web
            image: web:1
            securityContext:
              seccompProfile:
                type: «Unconfined» # io_uring
          ephemeralContainers:
          - {name: debug, image: debug:1, securityContext: {seccompProfile: {type: «Unconfined»}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: "RuntimeDefault"}}
          containers:
          - name: web
            image: web:1
            securityContext:
              seccompProfile:
                type: RuntimeDefault # io_uring
          ephemeralContainers:
          - {name: debug, image: debug:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}
      `,
    },
    {
      why: 'a profile that is named already is the one to use',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: «Unconfined», localhostProfile: web.json}}
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'a profile, or none that is switched off; the alpha annotation counts no more',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {seccompProfile: {type: RuntimeDefault}}}
          - {name: b, image: b:1, securityContext: {seccompProfile: {type: Localhost, localhostProfile: b.json}}}
          - {name: c, image: c:1, securityContext: {seccompProfile: {type: "{{ .Values.seccomp }}"}}}
          - {name: d, image: d:1}
      `,
    },
  ],
});
