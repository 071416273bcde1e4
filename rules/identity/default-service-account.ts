import { accountIsBound, accountIsNamed, anyAccount, tokenIsOff } from '../model/claims.js';
import { rule } from '../rule.js';

export default rule({
  id: 'default-service-account',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Runs as the default ServiceAccount, which has rights',
  why: 'Every pod of the namespace that names no account runs as `default`. Rights that were given to it for one application are therefore in the hands of all: whoever breaks into the least of them holds the token of the most powerful. Nor does the audit log tell them apart.',
  default: 'The account is `default`, and its token is mounted.',
  remedy:
    'Make a ServiceAccount for the application, bind the Role to it instead of `default`, and name it in `serviceAccountName`. Applications that don’t call the API need no rights; turn their token off.',
  standards: ['cis-k8s:5.1.5', 'nsa:authentication', 'mitre:T1528', 'cwe:269'],
  aliases: {
    'kube-linter': ['default-service-account'],
    kubesec: ['ServiceAccountName'],
    kubescape: ['C-0189', 'C-0225', 'C-0239'],
    kyverno: ['restrict-service-account'],
    sonar: ['kubernetes:S6865'],
  },
  hover: ['spec/serviceAccountName'],
  *check(pod) {
    const { spec, serviceAccount, manifest, title } = pod;
    const token = spec.at('automountServiceAccountToken');
    const field = spec.at('serviceAccountName');
    const old = spec.at('serviceAccount');
    if (token.is(false) || token.unknown || field.unknown || old.unknown) return;
    if (serviceAccount !== 'default') return;
    // A pod without a namespace goes to `default`, where kubectl is not told otherwise.
    const namespace = manifest.namespace || 'default';
    const account = /^[a-z\d][-a-z\d]*$/.test(manifest.name) ? manifest.name : undefined;
    const written = old.exists && field.absent ? old : field;
    const named = (name: string) => (written === old ? old.replace('serviceAccountName', name) : field.set(name));
    yield {
      at: written.span,
      message: `${title} runs as the default ServiceAccount, to which a binding gives rights.`,
      ...(written.absent && { absent: 'serviceAccountName' }),
      onlyIf: [...accountIsNamed(namespace, 'default'), accountIsBound(namespace, anyAccount)],
      ...(!token.exists && { unless: [tokenIsOff(manifest.namespace, 'default')] }),
      fixes: [
        ...(account === undefined
          ? []
          : [{ title: `Run as the ServiceAccount ${account} (which you make)`, edits: named(account), safe: false }]),
        { title: 'Set automountServiceAccountToken to false', edits: token.set(false), safe: false },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewer, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: default}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «web», namespace: shop}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log, namespace: shop}
        spec:
          serviceAccountName: «default» # as ever
          automountServiceAccountToken: true
          containers: [{name: log, image: log:1}]
      `,
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewer, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: default}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              serviceAccountName: web
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log, namespace: shop}
        spec:
          serviceAccountName: log # as ever
          automountServiceAccountToken: true
          containers: [{name: log, image: log:1}]
      `,
    },
    {
      why: 'neither names its namespace but the binding’s subject',
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: admin}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
        subjects: [{kind: ServiceAccount, name: default, namespace: default}]
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: «web»}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: admin}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
        subjects: [{kind: ServiceAccount, name: default, namespace: default}]
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              serviceAccountName: web
      `,
    },
    {
      why: 'no rights, or those of another namespace',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewer, namespace: office}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: default}, {kind: User, name: default, namespace: shop}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: own, namespace: office}
        spec: {serviceAccountName: own, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'the token is off, in the pod or in the account; a template names the account',
      ok: `
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: default, namespace: shop}
        automountServiceAccountToken: false
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewer, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: default}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewer, namespace: office}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: default}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: office}
        spec: {automountServiceAccountToken: false, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: chart, namespace: office}
        spec:
          serviceAccountName: {{ .Values.account }}
          containers: [{name: web, image: web:1}]
      `,
    },
  ],
});
