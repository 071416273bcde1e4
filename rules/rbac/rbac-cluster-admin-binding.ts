import { rule } from '../rule.js';

export default rule({
  id: 'rbac-cluster-admin-binding',
  on: 'manifest',
  severity: 'error',
  preset: 'recommended',
  title: 'Binds cluster-admin',
  why: 'Whoever holds `cluster-admin` reads every Secret, runs code on every node and can lock everybody else out. Bound to a service account, one hole in one pod is enough to get there.',
  default: 'Only the group `system:masters` has it.',
  remedy:
    'Write a Role with the verbs and resources that are really used, and bind that. Keep `cluster-admin` for a break-glass account: suppress the finding there and say why.',
  standards: ['cis-k8s:5.1.1', 'nsa:authorization', 'mitre:T1078', 'cwe:250'],
  aliases: {
    'kube-linter': ['cluster-admin-role-binding'],
    trivy: ['KSV-0111'],
    polaris: ['clusterrolebindingClusterAdmin', 'rolebindingClusterAdminClusterRole', 'rolebindingClusterAdminRole'],
    kubescape: ['C-0035', 'C-0185', 'C-0272'],
    kyverno: ['restrict-binding-clusteradmin', 'block-cluster-admin-from-ns'],
  },
  hover: ['roleRef/name'],
  *check({ kind, group, title, name, root }) {
    if (group !== 'rbac.authorization.k8s.io' || !/^(?:Cluster)?RoleBinding$/.test(kind)) return;
    const role = root.at('roleRef', 'name');
    if (!root.at('roleRef', 'kind').is('ClusterRole')) return;
    const subjects = root.at('subjects').items();
    // The binding that the API server makes itself.
    if (
      name === 'cluster-admin' &&
      subjects.length > 0 &&
      subjects.every((subject) => subject.at('name').is('system:masters'))
    )
      return;
    if (role.is('cluster-admin')) {
      const where = kind === 'RoleBinding' ? 'full control of its namespace' : 'full control of the cluster';
      yield { at: role.span, message: `${title} gives ${who(subjects.length)} ${where}.` };
    } else if (kind === 'ClusterRoleBinding' && (role.is('admin') || role.is('edit'))) {
      yield {
        at: role.span,
        severity: 'warning',
        message: `${title} gives ${who(subjects.length)} the role ${role.text} in every namespace, kube-system included.`,
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: ci}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: «cluster-admin»
        subjects:
        - {kind: ServiceAccount, name: ci, namespace: ci}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: developers}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «edit»}
        subjects: [{kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io}]
      `,
    },
    {
      why: 'in one namespace it is full control of that one',
      bad: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: owner, namespace: shop}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: «'cluster-admin'»} # for now
          subjects:
          - {kind: User, name: anna}
          - {kind: User, name: otto}
      `,
    },
    {
      ok: `
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: cluster-admin}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: Group, name: "system:masters", apiGroup: rbac.authorization.k8s.io}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: developers, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects: [{kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: chart, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{ .Values.role }}"}
        subjects: []
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: local, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: a Role of that name is something else}]
      `,
    },
  ],
});

function who(subjects: number): string {
  return subjects === 1 ? 'its subject' : 'its subjects';
}
