import { rule } from '../rule.js';

/** A day: what IRSA's webhook asks for, and more than any workload needs. */
const longest = 86_400;

export default rule({
  id: 'service-account-token-expiration',
  on: 'pod',
  severity: 'information',
  preset: 'recommended',
  title: 'Projected token lives for long',
  why: 'A projected token works wherever its audience is accepted, for as long as it lives and the pod with it. Whoever copies one out of a log, a backup or a memory dump has all that time to use it. The kubelet renews it by itself at 80 % of its life, so a short one costs nothing.',
  default: 'One hour (3600 seconds), and the API server as the audience.',
  remedy:
    'Set `expirationSeconds` to 3600, at least 600, and name the `audience` that the token is for. Applications must read the file again now and then, as every current client library does.',
  standards: ['nsa:authentication', 'mitre:T1528', 'cwe:613'],
  aliases: {},
  hover: ['serviceAccountToken/expirationSeconds', 'serviceAccountToken/audience'],
  *check({ spec, title }) {
    for (const volume of spec.at('volumes').items()) {
      const sources = volume.at('projected', 'sources');
      // With the cluster's CA beside it, it is the token for the API server, as the admission controller itself mounts it.
      const forApi = sources.items().some((source) => source.at('configMap', 'name').is('kube-root-ca.crt'));
      for (const source of sources.items()) {
        const token = source.at('serviceAccountToken');
        const seconds = token.at('expirationSeconds');
        const fixes = [{ title: 'Set expirationSeconds to 3600', edits: seconds.set(3600), safe: false }];
        if ((seconds.int ?? 0) > longest) {
          const days = Math.round(seconds.int! / longest);
          const life = days < 2 ? 'more than a day' : `${days} days`;
          yield { at: seconds.span, message: `${title} projects a token that lives for ${life}.`, fixes };
        } else if ((seconds.int ?? 600) < 600) {
          // validation.go, validateProjectionSources.
          const message = `${title} asks for a token of less than 600 seconds, which the API server rejects.`;
          yield { at: seconds.span, message, fixes };
        }
        const audience = token.at('audience');
        if (token.isMap && audience.absent && !forApi) {
          const message = `${title} projects a token without an audience, which the Kubernetes API accepts too.`;
          yield { at: audience.span, severity: 'hint', message, absent: 'audience' };
        }
      }
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: vault
              projected:
                sources:
                  - serviceAccountToken:
                      path: token
                      audience: vault
                      expirationSeconds: «604800» # a week
                  - serviceAccountToken: {path: short, audience: vault, expirationSeconds: «60»}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: vault
              projected:
                sources:
                  - serviceAccountToken:
                      path: token
                      audience: vault
                      expirationSeconds: 3600 # a week
                  - serviceAccountToken: {path: short, audience: vault, expirationSeconds: 3600}
      `,
    },
    {
      why: 'no audience, for a place that is not the API’s',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: vault
              projected: {sources: [{«serviceAccountToken»: {path: token}}]}
      `,
    },
    {
      why: 'IRSA’s day; the volume that admission adds; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: aws-iam-token
              projected:
                sources:
                - serviceAccountToken: {audience: sts.amazonaws.com, expirationSeconds: 86400, path: token}
            - name: kube-api-access-x7k2p
              projected:
                sources:
                - serviceAccountToken: {expirationSeconds: 3607, path: token}
                - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
            - name: chart
              projected:
                sources:
                - serviceAccountToken:
                    path: token
                    expirationSeconds: {{ .Values.seconds }}
                    audience: {{ .Values.audience }}
      `,
    },
  ],
});
