import { rule } from '../rule.js';

/** The kernel's setting from which port on everybody may listen. */
const openToAll = 'net.ipv4.ip_unprivileged_port_start';

export default rule({
  id: 'privileged-port',
  on: 'container',
  severity: 'hint',
  preset: 'strict',
  title: 'Listens below port 1024',
  why: 'Ports below 1024 are for root, so that a container that listens there is run as root or given `NET_BIND_SERVICE` on every platform that has not opened them to all. Both are rights that an attacker takes over with the application.',
  default:
    'containerd 1.6 and Docker 20.10 open all ports to everybody in a pod; other runtimes and the host’s network don’t.',
  remedy:
    'Let the application listen on 8080 or the like and keep port 80 in the Service: `port: 80`, `targetPort: 8080`. Most images have a setting for that.',
  standards: ['cis-docker:5.8', 'cwe:250'],
  aliases: { 'kube-linter': ['privileged-ports'], trivy: ['KSV-0117'], monokle: ['KBP113'] },
  hover: ['ports/#/containerPort'],
  *check({ pod, title, privilegedPorts }) {
    const sysctls = pod.security.at('sysctls').items();
    const start = sysctls.find((sysctl) => sysctl.at('name').is(openToAll))?.at('value');
    if (pod.windows || start?.unknown) return;
    for (const { int, span } of privilegedPorts) {
      if (int! < Number(start?.word ?? 1024))
        yield { at: span, message: `${title} listens on port ${int}, below 1024.` };
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
              ports:
                - containerPort: «80»
                  name: http
                - {containerPort: «443», protocol: TCP}
                - {containerPort: «53», protocol: UDP}
                - containerPort: 8080
      `,
    },
    {
      why: 'open to all here; Windows has no such ports; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "80"}]}
          containers:
            - {name: web, image: web:1, ports: [{containerPort: 80}, {containerPort: 1024}]}
            - {name: log, image: log:1, ports: [{containerPort: {{ .Values.port }}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: windows}
        spec:
          os: {name: windows}
          containers: [{name: web, image: web:1, ports: [{containerPort: 80}]}]
      `,
    },
  ],
});
