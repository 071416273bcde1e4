import type { Field } from '../model/field.js';
import { rule, type Span } from '../rule.js';

export default rule({
  id: 'secret-env-from',
  on: 'container',
  severity: 'information',
  preset: 'recommended',
  title: 'Secret in an environment variable instead of a file',
  why: 'The environment goes to every child process, and with crash reports, debug pages and `phpinfo()` to the outside; it can be read in `/proc` by every process of the same user. It keeps the value that the container was started with, so that a rotated Secret comes with the next restart only. A file has an owner and a mode, and is renewed while the container runs.',
  default: 'A container gets no Secret that it does not ask for.',
  remedy:
    'Mount the Secret as a volume and have the application read the file; many images take a path in a variable like `POSTGRES_PASSWORD_FILE`. Software that reads nothing but variables has to keep them.',
  standards: ['cis-k8s:5.4.1', 'mitre:T1552', 'cwe:526'],
  aliases: {
    'kube-linter': ['read-secret-from-env-var'],
    checkov: ['CKV_K8S_35'],
    kubesec: ['SecretsAsEnvironmentVariables'],
    kubescape: ['C-0207'],
    kyverno: ['disallow-secrets-from-env-vars'],
    monokle: ['KBP112'],
  },
  hover: ['valueFrom/secretKeyRef', 'envFrom/#/secretRef'],
  *check({ field, title }) {
    // One finding for each Secret of a container: its keys move to a volume together.
    const uses = new Map<string, { readonly at: Span; readonly what: string }[]>();
    const add = (reference: Field, what: string) => {
      if (!reference.exists) return;
      const { node, source } = reference.at('name');
      const secret = node === undefined ? '' : source.text.slice(node.start, node.end).replace(/^["']|["']$/g, '');
      const use = { at: reference.keySpan ?? reference.span, what };
      uses.set(secret, [...(uses.get(secret) ?? []), use]);
    };
    for (const variable of field.at('env').items())
      add(variable.at('valueFrom', 'secretKeyRef'), variable.at('name').text ?? 'a key');
    for (const source of field.at('envFrom').items()) add(source.at('secretRef'), 'all keys');
    for (const [secret, [first, ...others]] of uses) {
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      const from = /^[-.\w]+$/.test(secret) ? `the Secret ${secret}` : 'a Secret';
      yield {
        at: first!.at,
        message: `${title} gets ${first!.what}${more} of ${from} through its environment.`,
        related: others.map(({ at, what }) => ({ at, message: `And ${what}.` })),
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
          containers:
            - name: web
              image: web:1
              env:
                - name: DB_PASSWORD
                  valueFrom:
                    «secretKeyRef»:
                      name: db
                      key: password
                - name: DB_USER
                  valueFrom: {secretKeyRef: {name: db, key: user}}
                - name: API_TOKEN
                  valueFrom: {«secretKeyRef»: {name: api, key: token, optional: true}}
              envFrom:
                - configMapRef: {name: web}
                - «secretRef»: {name: web}
      `,
    },
    {
      why: 'an init container, an ephemeral container, a Secret that a template names',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  envFrom:
                    - «secretRef»:
                        name: {{ include "web.secret" . }}
              containers: [{name: web, image: web:1}]
              ephemeralContainers:
                - {name: debug, image: debug:1, envFrom: [{«secretRef»: {name: web}}]}
      `,
    },
    {
      why: 'files, and variables that are no secrets',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              env:
                - {name: POSTGRES_PASSWORD_FILE, value: /run/secrets/db/password}
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: LEVEL, valueFrom: {configMapKeyRef: {name: web, key: level}}}
              envFrom: [{configMapRef: {name: web}}]
              volumeMounts: [{name: db, mountPath: /run/secrets/db, readOnly: true}]
          volumes: [{name: db, secret: {secretName: db, defaultMode: 0440}}]
      `,
    },
  ],
});
