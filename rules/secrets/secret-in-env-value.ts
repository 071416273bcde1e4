import { isHarmlessValue, isSecretName, secretLook } from '../model/secrets.js';
import { rule } from '../rule.js';

export default rule({
  id: 'secret-in-env-value',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Secret in plain text in an environment variable',
  why: 'A value in the manifest is in Git, in its history, in every CI log and for everybody who may read pods. From the environment it reaches every child process, crash report and debug page of the application.',
  default: 'Kubernetes keeps and shows the value as it is written.',
  remedy:
    'Keep the value in a Secret that is made outside of Git (External Secrets, Sealed Secrets, Vault) and mount it as a file, or refer to it with `valueFrom.secretKeyRef`. Change the value: this one has been seen.',
  standards: ['cis-k8s:5.4.1', 'mitre:T1552', 'cwe:798', 'nsa:secrets'],
  aliases: {
    'kube-linter': ['env-var-secret'],
    sonar: ['kubernetes:S2068', 'kubernetes:S6418'],
    polaris: ['sensitiveContainerEnvVar'],
    kubescape: ['C-0012', 'C-0259'],
    monokle: ['KBP111'],
    kyverno: ['check-env-vars'],
  },
  hover: ['env/#/value'],
  secret: true,
  *check({ field, title, pod }) {
    for (const variable of field.at('env').items()) {
      const value = variable.at('value');
      const name = variable.at('name').text ?? '';
      // A number can be a password too, a boolean can't.
      const text = value.word ?? '';
      if (value.flag !== undefined || isHarmlessValue(text)) continue;
      const look = secretLook(text);
      if (look === undefined && !isSecretName(name)) continue;
      const secret = secretFor(pod.manifest.name);
      const reference = { secretKeyRef: { name: secret, key: name } };
      const fix = {
        title: `Read ${name} from the Secret ${secret} (which you make)`,
        edits: value.replace('valueFrom', reference),
        safe: false,
      };
      yield {
        at: value.span,
        message:
          look === undefined
            ? `${title} gets ${name} in plain text.`
            : `${title} gets ${look} in plain text in ${name || 'a variable'}.`,
        // A Secret's keys are more restricted than the names of variables.
        fixes: /^[-.\w]+$/.test(name) ? [fix] : [],
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
                  value: «changeme» # weak, too
                - {name: dbPassword, value: «"hunter2"»}
                - name: DATABASE
                  value: «postgres://web:hunter2@db/shop»
      `,
      good: `
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
                    secretKeyRef:
                      name: web-secrets
                      key: DB_PASSWORD # weak, too
                - {name: dbPassword, valueFrom: {secretKeyRef: {name: web-secrets, key: dbPassword}}}
                - name: DATABASE
                  valueFrom:
                    secretKeyRef:
                      name: web-secrets
                      key: DATABASE
      `,
    },
    {
      why: 'a value over several lines is underlined at its key',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
              - name: web
                image: web:1
                env:
                - name: CERTIFICATE
                  «value»: |
                    -----BEGIN RSA PRIVATE KEY-----
                    MIIEow
                    -----END RSA PRIVATE KEY-----
                  # comes last
      `,
      good: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
              - name: web
                image: web:1
                env:
                - name: CERTIFICATE
                  valueFrom:
                    secretKeyRef:
                      name: web-secrets
                      key: CERTIFICATE
                  # comes last
      `,
    },
    {
      why: 'no fix where an alias repeats the value, nor where the name can’t be the key of a Secret',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            env:
            - name: MAIL_PASSWORD
              value: &password «hunter2»
            - name: API PASSWORD
              value: «*password»
      `,
    },
    {
      why: 'names and places of secrets, switches, references',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              env:
                - {name: SECRET_NAME, value: web-secrets}
                - {name: PASSWORD_FILE, value: /run/secrets/password}
                - {name: TOKEN_TTL, value: 15m}
                - {name: TOKEN_URL, value: "https://example.com/token"}
                - {name: PUBLIC_KEY, value: ssh-ed25519 AAAA}
                - {name: CACHE_KEY, value: products}
                - {name: KEYCLOAK_REALM, value: shop}
                - {name: GF_AUTH_ANONYMOUS_ORG_ROLE, value: Viewer}
                - {name: MAX_TOKENS, value: "4096"}
                - {name: ETCD_INITIAL_CLUSTER_TOKEN, value: etcd-cluster-1}
                - {name: TEMPLATE_PASSWORD, value: "{{ .Values.password }}"}
                - {name: REPLICA_URL, value: "postgres://web:$(DB_PASSWORD)@db/shop"}
                - {name: USE_TOKEN, value: "true"}
                - {name: MYSQL_ALLOW_EMPTY_PASSWORD, value: "yes"}
                - {name: DB_PASSWORD, value: ""}
                - {name: DB_PASSWORD, value: $(OTHER)}
                - {name: API_TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}}
                - {name: JWT_SECRET, value: /etc/keys/jwt}
      `,
    },
  ],
});

/** The name of a Secret that goes with an object: a DNS label, as the API server wants it. */
function secretFor(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z\d-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'app-secrets' : `${label}-secrets`;
}
