import { accountHasRights, accountIsNamed, tokenIsOff } from '../model/claims.js';
import { rule } from '../rule.js';

export default rule({
  id: 'automount-service-account-token',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'API token mounted without need',
  why: 'Every pod gets a token for the Kubernetes API mounted into it. Hardly any application uses it; whoever breaks in does, to see what the service account may do and to go on from there.',
  default: 'The token is mounted unless the pod or its ServiceAccount says otherwise; the pod wins.',
  remedy:
    'Write `automountServiceAccountToken: false` in the pod’s spec. Controllers and operators that call the API need the token; IRSA and Workload Identity bring tokens of their own and don’t.',
  standards: ['cis-k8s:5.1.6', 'nsa:authentication', 'mitre:T1528'],
  aliases: {
    trivy: ['KSV-0036'],
    checkov: ['CKV_K8S_38'],
    sonar: ['kubernetes:S6865'],
    polaris: ['automountServiceAccountToken'],
    kubesec: ['AutomountServiceAccountToken'],
    kubescape: ['C-0034', 'C-0190', 'C-0261'],
    kyverno: ['restrict-automount-sa-token', 'disable-automountserviceaccounttoken', 'remove-serviceaccount-token'],
    monokle: ['KBP106'],
  },
  hover: ['spec/automountServiceAccountToken'],
  *check(pod) {
    const field = pod.spec.at('automountServiceAccountToken');
    const { namespace } = pod.manifest;
    // Which account it is, and with it the account's rights and settings, a template decides.
    if (pod.spec.at('serviceAccountName').unknown || pod.spec.at('serviceAccount').unknown) return;
    const fixes = [{ title: 'Set automountServiceAccountToken to false', edits: field.set(false), safe: false }];
    if (field.is(true)) {
      yield {
        at: field.span,
        severity: 'information',
        message: `${pod.title} mounts an API token, and nothing here gives its service account any rights.`,
        unless: accountHasRights(namespace, pod.serviceAccount),
        fixes,
      };
    } else if (field.absent) {
      yield {
        at: field.span,
        message: `${pod.title} mounts an API token that it may not need.`,
        absent: 'automountServiceAccountToken: false',
        // What all accounts may do doesn't say that this application asks for it.
        unless: [...accountIsNamed(namespace, pod.serviceAccount), tokenIsOff(namespace, pod.serviceAccount)],
        fixes,
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: «web»
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
              automountServiceAccountToken: false
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {automountServiceAccountToken: «true», containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {automountServiceAccountToken: false, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'its account turns the token off, or has rights and so needs it',
      ok: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: quiet, namespace: shop}
        automountServiceAccountToken: false
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: controller, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: controller}
        subjects: [{kind: ServiceAccount, name: controller}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: others}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects:
          - {kind: User, name: "system:serviceaccount:shop:reader"}
          - {kind: Group, name: "system:serviceaccounts:office"}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, namespace: shop}
        spec: {serviceAccountName: reader, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: any, namespace: office}
        spec: {serviceAccountName: any, automountServiceAccountToken: true, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: default, namespace: quiet}
        automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: quiet}
        spec: {serviceAccountName: "", containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {serviceAccountName: quiet, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: controller, namespace: shop}
        spec: {serviceAccountName: controller, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'a template names the account, or may turn the token off',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              serviceAccountName: {{ include "web.account" . }}
              containers:
                - name: web
                  image: web:1
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: log}
        spec:
          template:
            spec:
              automountServiceAccountToken: {{ .Values.automount }}
              containers:
                - name: log
                  image: log:1
      `,
    },
    {
      why: 'the binding leaves its namespace to Kustomize, the pod says false',
      ok: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: controller}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: controller}
        subjects: [{kind: ServiceAccount, name: controller}]
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: controller, namespace: shop}
        spec:
          jobTemplate:
            spec:
              template:
                spec: {serviceAccountName: controller, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {automountServiceAccountToken: false, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'the token is turned off for another account, and the pod wins over its account',
      bad: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: quiet}
        automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «web»}
        spec:
            containers:
              - {name: web, image: web:1}
            # the last line
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: loud}
        spec:
          serviceAccountName: quiet
          automountServiceAccountToken: «true» # for kubectl
          containers:
          - {name: web, image: web:1}
      `,
      good: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: quiet}
        automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
            containers:
              - {name: web, image: web:1}
            automountServiceAccountToken: false
            # the last line
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: loud}
        spec:
          serviceAccountName: quiet
          automountServiceAccountToken: false # for kubectl
          containers:
          - {name: web, image: web:1}
      `,
    },
  ],
});
