import { appArmorAnnotation } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'apparmor-profile-set',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  title: 'No AppArmor profile named',
  why: 'Nodes with AppArmor put every container under the runtime’s profile anyhow; nodes without it put none there and say nothing. With the profile in the manifest a pod that counts on it is refused where it can’t be had.',
  default: 'The runtime’s profile where the node has AppArmor, none elsewhere.',
  remedy:
    'Write `appArmorProfile: {type: RuntimeDefault}` in the pod’s `securityContext` (Kubernetes 1.30). On nodes with SELinux leave it out: they would refuse the pod.',
  standards: ['nsa:pod-security', 'cis-docker:5.2'],
  aliases: {
    trivy: ['KSV-0002'],
    kubesec: ['ApparmorAny'],
    kyverno: ['add-apparmor'],
    polaris: ['linuxHardening'],
    kubescape: ['C-0055'],
  },
  hover: ['securityContext/appArmorProfile'],
  *check(pod) {
    const field = pod.security.at('appArmorProfile');
    const annotations = pod.metadata.at('annotations');
    if (pod.windows || !field.absent || annotations.open || pod.misplaced('appArmorProfile') !== undefined) return;
    const open = pod.containers.filter(
      (container) =>
        !container.privileged &&
        container.security.at('appArmorProfile').absent &&
        annotations.at(appArmorAnnotation + container.name).absent,
    );
    if (open.length === 0) return;
    yield {
      at: field.span,
      message: `${pod.title} names no AppArmor profile.`,
      absent: 'appArmorProfile',
      fixes: [
        {
          title: 'Add appArmorProfile RuntimeDefault to the pod',
          edits: field.set({ type: 'RuntimeDefault' }),
          safe: false,
        },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «securityContext»:
            runAsNonRoot: true
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
            appArmorProfile:
              type: RuntimeDefault
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'of the pod, of each container, by annotation, or meaningless',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, annotations: {container.apparmor.security.beta.kubernetes.io/c: runtime/default}}
        spec:
          containers:
          - {name: b, image: b:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
          - {name: c, image: c:1}
          - {name: d, image: d:1, securityContext: {privileged: true}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: e}
        spec: {os: {name: windows}, containers: [{name: e, image: e:1}]}
      `,
    },
  ],
});
