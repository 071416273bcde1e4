import { branchBetween } from '../model/branches.js';
import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

export default rule({
  id: 'duplicate-env-var',
  on: 'container',
  severity: 'information',
  preset: 'recommended',
  title: 'Environment variable defined twice',
  why: 'Of two variables with one name the later one counts, silently. So a value that was put in for a test hides the Secret above it, and the wrong one of the two gets reviewed and rotated. `kubectl apply` takes the list for a map by name and may lose one of the two; server-side apply refuses it.',
  default: 'The later entry wins; `env` wins over `envFrom`.',
  remedy:
    'Take out the entry that is not meant. One that builds on the other, as in `$(JAVA_OPTS) -Dx=y`, is all right.',
  standards: ['cwe:694'],
  aliases: {
    'kube-linter': ['duplicate-env-var'],
    sonar: ['kubernetes:S6907'],
    'kube-score': ['environment-variable-key-duplication'],
    kubescape: ['C-0295'],
  },
  hover: ['env/#/name'],
  secret: true,
  *check({ field, title }) {
    const variables = field.at('env').items();
    const names = variables.map((variable) => variable.at('name').text || undefined);
    for (const [index, variable] of variables.entries()) {
      const name = names[index];
      const next = name === undefined ? -1 : names.indexOf(name, index + 1);
      const later = variables[next];
      if (later === undefined || branchBetween(field.source, start(variable), start(later))) continue;
      const reference = `$(${name})`;
      // The API server's own warning (pkg/api/pod/warnings.go, warningsForPodSpecAndMeta) spares the entry that extends the other.
      const plain = !later.at('valueFrom').exists;
      if (plain && written(later.at('value')).includes(reference) && !later.at('value').is(reference)) continue;
      const hidesSecret = plain && !later.at('value').is(reference) && variable.at('valueFrom', 'secretKeyRef').exists;
      const isUsed = variables
        .slice(index + 1, next + 1)
        .some((other) => written(other.at('value')).includes(reference));
      const keepLater = { title: `Remove the first ${name}`, edits: isUsed ? [] : variable.remove(), safe: false };
      const keepSecret = {
        title: `Remove the plain ${name}, so that the Secret counts`,
        edits: later.remove(),
        safe: false,
      };
      yield {
        at: variable.at('name').span,
        message: hidesSecret
          ? `${title} takes ${name} from a Secret and hides it behind a plain value further down.`
          : `${title} defines ${name} twice, and only the later one counts.`,
        ...(hidesSecret && { severity: 'warning' as const }),
        fixes: hidesSecret ? [keepSecret, keepLater] : [keepLater],
        related: [{ at: later.at('name').span, message: `This ${name} counts.` }],
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
                - name: «LOG_LEVEL»
                  value: info
                - name: PORT
                  value: "80"
                - name: LOG_LEVEL
                  value: debug # for now
          initContainers:
            - {name: setup, image: setup:1, env: [{name: «A», value: a}, {name: «A», value: b}, {name: A, value: c}]}
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
                - name: PORT
                  value: "80"
                - name: LOG_LEVEL
                  value: debug # for now
          initContainers:
            - {name: setup, image: setup:1, env: [{name: A, value: c}]}
      `,
    },
    {
      why: 'a Secret behind a plain value',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              env:
                - name: «DB_PASSWORD»
                  valueFrom: {secretKeyRef: {name: db, key: password}}
                - name: DB_PASSWORD
                  value: changeme
                - name: DB_HOST
                  value: db
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
                  valueFrom: {secretKeyRef: {name: db, key: password}}
                - name: DB_HOST
                  value: db
      `,
    },
    {
      why: 'no fix: what stands between uses the first value',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              env:
                - {name: «HOST», value: db}
                - {name: URL, value: "http://$(HOST)/"}
                - {name: HOST, value: web}
      `,
    },
    {
      why: 'one that extends the other, the branches of a template, envFrom, other containers',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              envFrom: [{secretRef: {name: LOG_LEVEL}}]
              env:
                - {name: JAVA_OPTS, value: -Xmx1g}
                - {name: JAVA_OPTS, value: "$(JAVA_OPTS) -Dx=y"}
                {{- if .Values.debug }}
                - name: LOG_LEVEL
                  value: debug
                {{- else }}
                - name: LOG_LEVEL
                  value: info
                {{- end }}
                {{- range .Values.hosts }}
                - name: {{ .name }}
                  value: a
                - name: {{ .name }}
                  value: b
                {{- end }}
            - name: log
              image: log:1
              env: [{name: JAVA_OPTS, value: a}]
      `,
    },
  ],
});

function start(field: Field): number {
  return field.place.written!.start;
}

/** A value as it stands there, templates and all. */
function written({ node, source }: Field): string {
  return node === undefined ? '' : source.text.slice(node.start, node.end);
}
