import type { Container } from '../model/pod.js';
import { violations } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'run-as-user-not-root',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Runs as user 0, root',
  why: '`runAsUser: 0` makes the process root, whatever the image was built for. Root may change every file of the container, bind every port, and use every capability that is left to it; a kernel or runtime bug then leads straight to root on the node.',
  default: 'Without `runAsUser` the image’s own user is taken.',
  remedy:
    'Write a number other than 0 (10001 is free on most nodes), or take the field out if the image has a user of its own. Files that only root may write need another owner first.',
  standards: ['pss:restricted/runAsUser', 'nsa:pod-security', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['runAsUser'],
    'kube-linter': ['run-as-non-root'],
    trivy: ['KSV-0105'],
    checkov: ['CKV_K8S_23'],
    polaris: ['runAsRootAllowed'],
    kubesec: ['RunAsUser'],
    kubescape: ['C-0013'],
    kyverno: ['require-run-as-non-root-user'],
    monokle: ['PSS204'],
    'kube-score': ['container-security-context-user-group-id'],
  },
  hover: ['securityContext/runAsUser'],
  *check(pod, { podSecurityVersion }) {
    for (const { field, container } of violations(pod, 'runAsUser', podSecurityVersion)) {
      const { title } = container ?? pod;
      const users = container === undefined ? pod.containers.filter(inherits) : [container];
      const isOverridden = users.length === 0 && pod.containers.length > 0;
      const mayNotBeRoot = users.some((one) => one.effective('runAsNonRoot').is(true));
      const heir = container !== undefined && pod.security.at('runAsUser').exists ? 'pod' : 'image';
      yield {
        at: field.span,
        message: isOverridden
          ? `${title} sets user 0, though its containers have users of their own.`
          : mayNotBeRoot
            ? `${title} has user 0 and runAsNonRoot: true, so it can never start.`
            : `${title} runs as root (user 0).`,
        fixes: [
          { title: 'Set runAsUser to 10001', edits: field.set(10001), safe: false },
          { title: `Remove runAsUser, so that the ${heir}’s user counts`, edits: field.remove(), safe: false },
        ],
      };
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
          securityContext:
            runAsUser: «0»   # the old way
          containers:
          - name: web
            image: web:1
            securityContext: {runAsNonRoot: true, runAsUser: «0»}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            runAsUser: 10001   # the old way
          containers:
          - name: web
            image: web:1
            securityContext: {runAsNonRoot: true, runAsUser: 10001}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: numbered
            image: a:1
            securityContext: {runAsUser: 10001}
          - name: a string is an error of the schema, not a user
            image: a:1
            securityContext: {runAsUser: "0"}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: in-a-user-namespace}
        spec:
          hostUsers: false
          containers: [{name: a, image: a:1, securityContext: {runAsUser: 0}}]
      `,
    },
    {
      why: 'an init container in a list, with its own comment',
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: backup
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      initContainers:
                        - name: chown
                          image: busybox:1.37
                          securityContext:
                            # needs CHOWN
                            runAsUser: «0»
                      containers:
                        - name: backup
                          image: backup:2
      `,
      good: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: backup
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      initContainers:
                        - name: chown
                          image: busybox:1.37
                          securityContext:
                            # needs CHOWN
                            runAsUser: 10001
                      containers:
                        - name: backup
                          image: backup:2
      `,
    },
    {
      why: 'what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsUser: {{ .Values.user | default 0 }}
          containers: [{name: a, image: a:1}]
      `,
    },
  ],
});

function inherits({ security }: Container): boolean {
  return security.at('runAsUser').absent;
}
