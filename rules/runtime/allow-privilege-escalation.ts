import { sudoCalls } from '../model/commands.js';
import { violationsOf } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'allow-privilege-escalation',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Privilege escalation is not ruled out',
  why: 'Without `allowPrivilegeEscalation: false` a process may gain rights that it was not started with: a setuid binary left in the image is enough to turn an unprivileged user into root. With it the kernel’s no_new_privs flag is set, and no program can.',
  default: 'Escalation is allowed where the field is missing.',
  remedy:
    'Write `allowPrivilegeEscalation: false` in the securityContext of every container; there is no such field for the pod. `sudo`, `su` and `ping` with file capabilities stop working.',
  standards: ['pss:restricted/allowPrivilegeEscalation', 'nsa:pod-security', 'cis-k8s:5.2.6', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['allowPrivilegeEscalation'],
    'kube-linter': ['privilege-escalation-container'],
    trivy: ['KSV-0001'],
    checkov: ['CKV_K8S_20', 'CKV_K8S_5'],
    sonar: ['kubernetes:S6430'],
    polaris: ['privilegeEscalationAllowed'],
    kubesec: ['AllowPrivilegeEscalation'],
    kubescape: ['C-0016', 'C-0197', 'C-0217'],
    kyverno: ['disallow-privilege-escalation'],
    monokle: ['PSS202'],
  },
  hover: ['securityContext/allowPrivilegeEscalation'],
  *check(container, { podSecurityVersion }) {
    // The API server takes these for allowing escalation anyhow, and rejects false; the cause is reported instead.
    if (container.escalates) return;
    const { title } = container;
    for (const { field } of violationsOf(container, 'allowPrivilegeEscalation', podSecurityVersion)) {
      // Who writes true may need it; where nothing is written only setuid programs could notice.
      const safe = !field.exists && sudoCalls(container.field).next().done === true;
      const fixes = [{ title: 'Set allowPrivilegeEscalation to false', edits: field.set(false), safe }];
      if (field.exists)
        yield { at: field.span, severity: 'error', message: `${title} explicitly allows privilege escalation.`, fixes };
      else if (!container.misplaced('allowPrivilegeEscalation')?.is(false)) {
        yield {
          at: field.span,
          message: `${title} does not rule out privilege escalation.`,
          absent: 'allowPrivilegeEscalation',
          fixes,
        };
      }
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
          - name: «setup»
            image: setup:1
          containers:
          - name: web
            image: web:1
            # agreed with the platform team
            securityContext:
              allowPrivilegeEscalation: «true» # for sudo
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
          - name: setup
            image: setup:1
            securityContext:
              allowPrivilegeEscalation: false
          containers:
          - name: web
            image: web:1
            # agreed with the platform team
            securityContext:
              allowPrivilegeEscalation: false # for sudo
      `,
    },
    {
      why: 'flow style stays flow style',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, «securityContext»: {runAsUser: 1}}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, securityContext: {runAsUser: 1, allowPrivilegeEscalation: false}}]}
      `,
    },
    {
      why: 'a custom resource with a pod template',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  «securityContext»:
      `,
      good: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  securityContext:
                    allowPrivilegeEscalation: false
      `,
    },
    {
      why: 'JSON',
      file: 'pod.json',
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "containers": [
              {
                "name": «"web"»,
                "image": "web:1"
              }
            ]
          }
        }
      `,
      good: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "containers": [
              {
                "name": "web",
                "image": "web:1",
                "securityContext": {"allowPrivilegeEscalation": false}
              }
            ]
          }
        }
      `,
    },
    {
      why: 'privileged is the finding there',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {privileged: true}}
          - {name: b, image: b:1, securityContext: {capabilities: {add: [SYS_ADMIN]}}}
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
      why: 'merge keys count',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: a
            image: a:1
            securityContext: &hardened
              allowPrivilegeEscalation: false
          - name: b
            image: b:1
            securityContext:
              <<: *hardened
          - name: c
            image: c:1
            securityContext: *hardened
      `,
    },
    {
      why: 'a template may print it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: a
            image: a:1
            {{- with .Values.securityContext }}
            securityContext:
              {{- toYaml . | nindent 14 }}
            {{- end }}
      `,
    },
    {
      why: 'said for the whole pod, where it has no effect: that is what is reported',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {allowPrivilegeEscalation: false}
          containers: [{name: a, image: a:1}]
      `,
    },
    {
      why: 'but what says true there forbids nothing',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {allowPrivilegeEscalation: true}
          containers: [{name: «a», image: a:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {allowPrivilegeEscalation: true}
          containers: [{name: a, image: a:1, securityContext: {allowPrivilegeEscalation: false}}]
      `,
    },
  ],
});
