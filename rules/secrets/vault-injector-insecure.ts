import type { Field } from '../model/field.js';
import { type Fix, rule, type Severity } from '../rule.js';

const prefix = 'vault.hashicorp.com/';

/** What a value means to the injector (Go's strconv.ParseBool); undefined when it is none or a template's. */
function truth(field: Field): boolean | undefined {
  const word = field.word ?? '';
  if (/^(?:1|t|true)$/i.test(word)) return true;
  return /^(?:0|f|false)$/i.test(word) ? false : undefined;
}

/** Settings of the injector that open a hole, each with what it does; the fix takes them out. */
const holes: readonly {
  readonly key: string;
  readonly open: (field: Field) => boolean;
  readonly severity: Severity;
  readonly effect: string;
}[] = [
  {
    key: 'tls-skip-verify',
    open: (field) => truth(field) === true,
    severity: 'error',
    effect: 'has its Vault agent trust any server that answers',
  },
  {
    key: 'service',
    // A Vault agent or proxy in the same pod is reached without a network.
    open: (field) => /^http:\/\/(?!(?:localhost|127\.|\[::1\]))/i.test(field.text ?? ''),
    severity: 'error',
    effect: 'has its Vault agent talk to Vault without TLS',
  },
  {
    key: 'agent-run-as-user',
    open: (field) => field.word === '0',
    severity: 'error',
    effect: 'runs its Vault agent as root',
  },
  {
    key: 'agent-inject-token',
    open: (field) => truth(field) === true,
    severity: 'warning',
    effect: 'gives its containers the Vault token itself, and with it all that the role may read',
  },
  {
    key: 'agent-set-security-context',
    open: (field) => truth(field) === false,
    severity: 'warning',
    effect: 'has its Vault agent injected without a securityContext',
  },
];

export default rule({
  id: 'vault-injector-insecure',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Vault Agent Injector set up insecurely',
  why: 'The injector takes its orders from annotations of the pod, and some of them take its protection away. Without TLS or its verification, whoever is on the network can pose as Vault and collect the pod’s token; a token in a file lets an intruder read every secret of the role; an agent as root is one more way to the node.',
  default:
    'The agent verifies Vault’s certificate, runs as user 100 and keeps its token to itself; it does not revoke the token at the end.',
  remedy:
    'Take the annotation out. For a certificate of your own name a Secret with the CA in `vault.hashicorp.com/tls-secret` and its path in `vault.hashicorp.com/ca-cert`; have the secrets themselves rendered with `agent-inject-secret-…`.',
  standards: ['nsa:secrets', 'mitre:T1552', 'cwe:295', 'cwe:319'],
  aliases: {},
  hover: holes.map(({ key }) => `annotations/${prefix}${key}`),
  *check({ metadata, title }) {
    const annotations = metadata.at('annotations');
    const at = (key: string) => annotations.at(prefix + key);
    const inject = at('agent-inject');
    // Without this one the webhook leaves the pod alone (agent-inject/agent/annotations.go, ShouldInject).
    if (truth(inject) !== true && !inject.unknown) return;
    for (const { key, open, severity, effect } of holes) {
      const field = at(key);
      if (!open(field)) continue;
      const fix: Fix = { title: `Remove ${prefix}${key}`, edits: field.remove(), safe: false };
      yield { at: field.span, severity, message: `${title} ${effect}.`, fixes: [fix] };
    }
    const role = at('role');
    // agent.go, Validate: only the Kubernetes way of logging in needs a role, and only where no ConfigMap says all.
    const others = [at('agent-configmap'), at('auth-config-role'), at('auth-type')];
    if (role.absent && others.every((field) => field.absent || field.is('kubernetes'))) {
      const message = `${title} has Vault secrets injected without naming a role, so that its pods are rejected.`;
      yield { at: role.span, severity: 'information', message, absent: `${prefix}role` };
    }
    const revoke = at('agent-revoke-on-shutdown');
    if (revoke.absent && truth(at('agent-pre-populate-only')) !== true && !at('agent-pre-populate-only').unknown) {
      yield {
        at: revoke.span,
        severity: 'hint',
        message: `${title} leaves its Vault token valid when it ends.`,
        absent: `${prefix}agent-revoke-on-shutdown`,
        fixes: [{ title: 'Revoke the token on shutdown', edits: revoke.set('true'), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              annotations:
                vault.hashicorp.com/agent-inject: "true"
                vault.hashicorp.com/role: web
                vault.hashicorp.com/tls-skip-verify: «"true"» # TODO
                vault.hashicorp.com/service: «http://vault.vault:8200»
                vault.hashicorp.com/agent-run-as-user: «"0"»
                vault.hashicorp.com/agent-inject-token: «"true"»
                vault.hashicorp.com/agent-set-security-context: «"false"»
                vault.hashicorp.com/agent-revoke-on-shutdown: "true"
            spec: {containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              annotations:
                vault.hashicorp.com/agent-inject: "true"
                vault.hashicorp.com/role: web
                # TODO
                vault.hashicorp.com/agent-revoke-on-shutdown: "true"
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'no role',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          «annotations»:
            vault.hashicorp.com/agent-inject: "true"
            vault.hashicorp.com/agent-revoke-on-shutdown: "true"
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'the token outlives the pod',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: log
          «annotations»:
            vault.hashicorp.com/agent-inject: "true"
            vault.hashicorp.com/role: log
        spec: {containers: [{name: log, image: log:1}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: log
          annotations:
            vault.hashicorp.com/agent-inject: "true"
            vault.hashicorp.com/role: log
            vault.hashicorp.com/agent-revoke-on-shutdown: "true"
        spec: {containers: [{name: log, image: log:1}]}
      `,
    },
    {
      why: 'not injected, set up well, a ConfigMap says all, another way to log in, a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: off, annotations: {vault.hashicorp.com/tls-skip-verify: "true"}}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            vault.hashicorp.com/agent-inject: "true"
            vault.hashicorp.com/agent-pre-populate-only: "true"
            vault.hashicorp.com/agent-configmap: web
            vault.hashicorp.com/service: https://vault.vault:8200
            vault.hashicorp.com/tls-skip-verify: "false"
            vault.hashicorp.com/agent-run-as-user: "10001"
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: log
          annotations:
            vault.hashicorp.com/agent-inject: "true"
            vault.hashicorp.com/auth-type: approle
            vault.hashicorp.com/service: http://127.0.0.1:8200
            {{- toYaml .Values.annotations | nindent 4 }}
        spec: {containers: [{name: log, image: log:1}]}
      `,
    },
  ],
});
