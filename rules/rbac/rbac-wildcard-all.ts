import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

export default rule({
  id: 'rbac-wildcard-all',
  on: 'manifest',
  severity: 'error',
  preset: 'recommended',
  title: 'Role allows everything',
  why: 'A rule with every verb on every resource is `cluster-admin` by another name: it reads all Secrets, starts privileged pods and may change its own rights. It also covers resources that are only added later.',
  default: 'A role allows nothing but what its rules name.',
  remedy:
    'Name the resources and verbs that are used; `kubectl auth can-i --list` and the audit log show which these are.',
  standards: ['cis-k8s:5.1.1', 'cis-k8s:5.1.3', 'nsa:authorization', 'cwe:250'],
  aliases: {
    'kube-linter': ['wildcard-in-rules'],
    trivy: ['KSV-0044', 'KSV-0046', 'KSV-0112'],
    checkov: ['CKV_K8S_49'],
    sonar: ['kubernetes:S6867'],
    kubescape: ['C-0035', 'C-0187'],
    kyverno: ['restrict-wildcard-verbs'],
  },
  hover: ['rules/#/verbs', 'rules/#/resources'],
  *check({ kind, group, title, root }) {
    if (group !== 'rbac.authorization.k8s.io' || !/^(?:Cluster)?Role$/.test(kind)) return;
    // The roles that the API server makes and repairs itself.
    if (root.at('metadata', 'labels', 'kubernetes.io/bootstrapping').is('rbac-defaults')) return;
    for (const entry of root.at('rules').items()) {
      const verbs = star(entry.at('verbs'));
      if (verbs === undefined) continue;
      const resources = star(entry.at('resources'));
      const groups = entry.at('apiGroups').items();
      if (resources !== undefined && groups.some((item) => item.is('*') || item.is(''))) {
        const reach = groups.some((item) => item.is('*'))
          ? 'every resource'
          : 'every resource of the core group, Secrets included';
        yield { at: resources.span, message: `${title} allows every verb on ${reach}.` };
      }
      const urls = star(entry.at('nonResourceURLs'));
      if (urls !== undefined)
        yield { at: urls.span, message: `${title} allows every verb on every URL of the API server.` };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: operator}
        rules:
          - apiGroups: ["*"]
            resources:
              - «"*"»
            verbs: ["*"]
          - nonResourceURLs: [«'*'»]
            verbs: ['*']
      `,
    },
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: core, namespace: shop}
        rules: [{apiGroups: [""], resources: [pods, «"*"»], verbs: [get, "*"]}]
      `,
    },
    {
      ok: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: reader}
        rules:
          - {apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}
          - {apiGroups: [apps], resources: ["*"], verbs: ["*"]}
          - {apiGroups: [""], resources: [pods], verbs: ["*"]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: cluster-admin, labels: {kubernetes.io/bootstrapping: rbac-defaults}}
        rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: chart}
        rules:
          - apiGroups: ["*"]
            resources: ["*"]
            verbs: {{ toYaml .Values.verbs | nindent 12 }}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: aggregated}
        aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}
        rules: []
      `,
    },
  ],
});

function star(list: Field): Field | undefined {
  return list.items().find((item) => item.is('*'));
}
