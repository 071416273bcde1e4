import type { Field } from '../model/field.js';
import { rule } from '../rule.js';

const services = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [3389, 'Remote Desktop'],
  [5800, 'VNC'],
  [5900, 'VNC'],
]);

/** Git servers and SFTP servers speak SSH with their users; that is what they are for. */
const speaksSsh = /(?:^|[^a-z])(?:git(?!ops|hub)|gogs|forgejo|gerrit)|sftp/i;

export default rule({
  id: 'admin-port-exposed',
  on: 'manifest',
  severity: 'warning',
  preset: 'recommended',
  title: 'Port for remote administration',
  why: 'SSH, Telnet, VNC and Remote Desktop give a shell or a screen to whoever has a password, past the API server and its audit log. Such ports are the first that are tried, and a container with a login has users, keys and a setuid program too many.',
  default: 'A container listens where its program does; a Service offers what it lists.',
  remedy:
    'Take the port and the server behind it out; `kubectl exec`, `kubectl debug` and `kubectl port-forward` do the same under RBAC and leave a trace. Where the port is the purpose (a bastion), limit who reaches it by a NetworkPolicy, suppress the finding and say why.',
  standards: ['cis-docker:5.7', 'mitre:T1021', 'cwe:284'],
  aliases: { 'kube-linter': ['ssh-port'], kubescape: ['C-0042'], sonar: ['kubernetes:S6473'], monokle: ['KBP110'] },
  hover: ['ports/#/containerPort', 'ports/#/targetPort'],
  covers: ['privileged-port'],
  *check(manifest) {
    for (const { name, title, image, field } of manifest.pods.flatMap(({ containers }) => containers)) {
      // The registry's name says nothing of what the image does.
      const program = image.text?.split('/').at(-1);
      if (speaksSsh.test(`${manifest.name} ${name} ${program}`)) continue;
      for (const port of field.at('ports').items()) yield* reports(port, ['containerPort'], `${title} opens`);
    }
    const { kind, group, spec } = manifest;
    if (kind !== 'Service' || group !== '' || spec.at('type').is('ExternalName')) return;
    const selector = spec.at('selector').entries();
    if (speaksSsh.test([manifest.name, ...selector.map(({ value }) => value.text)].join(' '))) return;
    for (const port of spec.at('ports').items())
      yield* reports(port, ['port', 'targetPort'], `${manifest.title} offers`);
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  ports:
                    - containerPort: 8080
                    - containerPort: «22» # for us
                      protocol: TCP
                    - {containerPort: «3389», name: rdp}
                - {name: digital, image: "registry.gitlab.com/legit/bastion:1", ports: [{containerPort: «22»}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports:
            - {name: http, port: 80}
            - {name: ssh, port: «22», targetPort: 22}
            - {name: hidden, port: 2222, targetPort: «22»}
            - {name: vnc, port: «5900»}
      `,
    },
    {
      why: 'a custom resource in a List',
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web}
            spec:
              template:
                spec:
                  containers: [{name: web, image: web:1, ports: [{containerPort: «23»}]}]
      `,
    },
    {
      why: 'Git and SFTP servers; UDP; names; a Service that only names another host or is no core/v1 one; a template',
      ok: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: gitea}
        spec:
          template:
            spec:
              containers:
                - {name: main, image: gitea/gitea:1.24.6-rootless, ports: [{containerPort: 22, name: ssh}]}
                - {name: files, image: atmoz/sftp:alpine, ports: [{containerPort: 22}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: code}
        spec: {selector: {app: gitea}, ports: [{port: 22, targetPort: ssh}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{port: 22, protocol: UDP}, {port: 80, targetPort: ssh}, {port: {{ .Values.port }}}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: outside}
        spec: {type: ExternalName, externalName: example.com, ports: [{port: 22}]}
        ---
        apiVersion: example.com/v1
        kind: Service
        metadata: {name: other}
        spec: {ports: [{port: 22}]}
      `,
    },
  ],
});

/** The first of the keys that holds a port for administration; all of these are TCP, the default. */
function* reports(port: Field, keys: readonly string[], does: string) {
  const protocol = port.at('protocol');
  if (!protocol.absent && !protocol.is('TCP')) return;
  if (speaksSsh.test(port.at('name').text ?? '')) return;
  const found = keys.map((key) => port.at(key)).find(({ int }) => services.has(int ?? 0));
  if (found !== undefined)
    yield { at: found.span, message: `${does} port ${found.int}, by which ${services.get(found.int!)} is spoken.` };
}
