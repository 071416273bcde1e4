import { hostCalls } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'probe-port-undeclared',
  on: 'container',
  severity: 'hint',
  preset: 'strict',
  title: 'Probe of a port that is not declared',
  why: 'A probe that names a port looks for that name among the container’s ports. Where it isn’t there the probe fails for ever: the container is restarted again and again, or never gets traffic.',
  default: 'Ports are documentation, but for the names that probes and Services look for.',
  remedy: 'Declare the port under the name that the probe uses, or probe the number.',
  standards: [],
  aliases: { 'kube-linter': ['liveness-port', 'readiness-port', 'startup-port'] },
  hover: ['httpGet/port', 'tcpSocket/port'],
  *check({ field, title }) {
    const ports = field.at('ports');
    if (ports.open || ports.unknown) return;
    const declared = ports.items();
    const isHidden = declared.some((port) => port.open || port.at('name').unknown || port.at('containerPort').unknown);
    if (isHidden) return;
    for (const path of hostCalls) {
      for (const action of ['httpGet', 'tcpSocket', 'grpc']) {
        const port = field.at(...path, action, 'port');
        // A string of digits is taken for a number where no port has that name (pkg/probe, ResolveContainerPort).
        const name = port.text !== undefined && !/^\d+$/.test(port.text) ? port.text : undefined;
        const number = name === undefined ? Number(port.word ?? NaN) : NaN;
        if (name !== undefined && !declared.some((one) => one.at('name').is(name))) {
          yield {
            at: port.span,
            severity: 'error',
            message: `${title} has no port named ${name}, so that its ${path.at(-1)} always fails.`,
            whole: true,
          };
        } else if (
          declared.length > 0 &&
          number > 0 &&
          !declared.some((one) => one.at('containerPort').int === number)
        ) {
          yield {
            at: port.span,
            message: `${title} declares ports, but not ${number}, which its ${path.at(-1)} calls.`,
            whole: true,
          };
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
          containers:
          - name: web
            image: web:1
            ports: [{name: http, containerPort: 8080}]
            livenessProbe: {httpGet: {port: «htpp», path: /}}
            readinessProbe: {tcpSocket: {port: «9090»}}
          - {name: b, image: b:1, startupProbe: {httpGet: {port: «web»}}}
      `,
    },
    {
      why: 'by name, by number, a number where nothing is declared, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, ports: [{name: http, containerPort: 8080}], livenessProbe: {httpGet: {port: http}}, readinessProbe: {tcpSocket: {port: "8080"}}}
          - {name: b, image: b:1, livenessProbe: {grpc: {port: 9090}}}
          - name: c
            image: c:1
            ports:
            {{- range .Values.ports }}
            - {{ toYaml . }}
            {{- end }}
            livenessProbe: {httpGet: {port: http}}
          - {name: d, image: d:1, ports: [{name: "{{ .Values.name }}", containerPort: 80}], livenessProbe: {httpGet: {port: http}}}
      `,
    },
  ],
});
