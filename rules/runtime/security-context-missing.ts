import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

export default rule({
  id: 'security-context-missing',
  on: 'container',
  severity: 'information',
  preset: 'strict',
  title: 'No securityContext at all',
  why: 'A container about which nothing is said runs with all that the runtime’s defaults allow: mostly as root, with fourteen capabilities, on a writable filesystem, and able to gain more. Nobody has thought about what it needs.',
  default: 'Nothing is restricted.',
  remedy:
    'Write the restricted block: `runAsNonRoot` and `seccompProfile` for the pod, `allowPrivilegeEscalation: false`, `readOnlyRootFilesystem: true` and `capabilities: {drop: [ALL]}` for the container. The rules about each of these say what may break.',
  standards: ['cis-k8s:5.7.3', 'nsa:pod-security'],
  aliases: {
    trivy: ['KSV-0118'],
    checkov: ['CKV_K8S_29', 'CKV_K8S_30'],
    kubescape: ['C-0211', 'C-0055'],
    polaris: ['linuxHardening'],
    kyverno: ['add-default-securitycontext'],
  },
  hover: ['spec/securityContext', 'containers/#/securityContext', 'initContainers/#/securityContext'],
  *check({ title, security, pod, role }) {
    if (pod.windows || role === 'ephemeral container' || !isEmpty(security) || !isEmpty(pod.security)) return;
    if (pod.strayContexts.length > 0) return;
    const own = security.setAll({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const ofPod = pod.security.setAll({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    yield {
      at: security.span,
      message: `${title} has no securityContext, and neither has its pod.`,
      absent: 'securityContext',
      fixes: [
        {
          title: 'Add the restricted securityContext',
          // Where both come to stand at one place, the container's is the inner one.
          edits: own.length === 0 || ofPod.length === 0 ? [] : [...own, ...ofPod],
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
          containers:
          - name: «web»
            image: web:1 # ours
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1 # ours
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities:
                drop: [ALL]
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: RuntimeDefault
      `,
    },
    {
      why: 'one of the two is enough; Windows; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec: {containers: [{name: b, image: b:1, securityContext: {runAsNonRoot: true}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c}
        spec: {os: {name: windows}, containers: [{name: c, image: c:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: d}
        spec:
          containers:
          - name: d
            image: d:1
            securityContext:
              {{- toYaml .Values.securityContext | nindent 6 }}
      `,
    },
  ],
});

function isEmpty(context: Field): boolean {
  return context.absent || (context.isMap && !context.open && context.entries().length === 0);
}
