import { rule } from '../rule.js';

export default rule({
  id: 'aad-pod-identity-deprecated',
  on: 'manifest',
  severity: 'warning',
  preset: 'recommended',
  title: 'AAD Pod Identity is no longer maintained',
  why: 'AAD Pod Identity was archived in 2023 and gets no security fixes. Its agent answers on the node’s metadata address: a pod on the host network, or one that is faster than the agent’s rules, can fetch the token of another pod’s identity.',
  default: 'A pod has no Azure identity of its own.',
  remedy:
    'Use Microsoft Entra Workload ID: annotate the ServiceAccount with `azure.workload.identity/client-id`, label the pod `azure.workload.identity/use: "true"` and make a federated credential for the account. The application needs a current Azure SDK.',
  standards: ['mitre:T1552', 'cwe:1104'],
  aliases: {},
  hover: ['labels/aadpodidbinding'],
  *check(manifest) {
    const { group, kind, root, title } = manifest;
    if (group === 'aadpodidentity.k8s.io' && kind.startsWith('Azure')) {
      yield { at: root.at('kind').span, message: `${title} belongs to AAD Pod Identity, which was archived in 2023.` };
    }
    for (const pod of manifest.pods) {
      const label = pod.metadata.at('labels', 'aadpodidbinding');
      if (label.node === undefined || label.isNull || label.is('')) continue;
      yield {
        at: label.keySpan ?? label.span,
        message: `${pod.title} gets its Azure identity from AAD Pod Identity, which was archived in 2023.`,
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: aadpodidentity.k8s.io/v1
        kind: «AzureIdentity»
        metadata: {name: web}
        spec: {type: 0}
        ---
        apiVersion: aadpodidentity.k8s.io/v1
        kind: «AzureIdentityBinding»
        metadata: {name: web}
        spec: {azureIdentity: web, selector: web}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              labels:
                app: web
                «aadpodidbinding»: web
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'a template fills the label in, in a custom resource',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: web:1}]}
          canaryTemplate:
            metadata:
              labels:
                «aadpodidbinding»: {{ .Values.identity }}
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'Workload ID, and a label that is none of a pod',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {aadpodidbinding: web}}
        spec:
          template:
            metadata: {labels: {azure.workload.identity/use: "true"}}
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
  ],
});
