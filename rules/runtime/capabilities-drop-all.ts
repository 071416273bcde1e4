import type { Container } from '../model/pod.js';
import { violationsOf } from '../pod-security/standards/checks.js';
import { type Fix, rule } from '../rule.js';

export default rule({
  id: 'capabilities-drop-all',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Capabilities are not dropped',
  why: 'A container starts with some fourteen Linux capabilities that hardly any application needs: forging packets (NET_RAW), changing the owner of files (CHOWN), making device nodes (MKNOD). Each is a tool in the hands of whoever breaks in.',
  default: 'The container runtime’s own set of capabilities is kept.',
  remedy:
    'Write `capabilities: {drop: [ALL]}` and add back by name what is really needed, such as `NET_BIND_SERVICE` for a port below 1024. Applications that change owners or users at start (`chown`, `su`) break.',
  standards: ['pss:restricted/capabilities_restricted', 'nsa:pod-security', 'cis-k8s:5.2.10', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['capabilities_restricted'],
    trivy: ['KSV-0003', 'KSV-0004'],
    checkov: ['CKV_K8S_37', 'CKV_K8S_36'],
    polaris: ['insecureCapabilities'],
    kubesec: ['CapDropAll', 'CapDropAny'],
    kubescape: ['C-0201', 'C-0220'],
    kyverno: ['disallow-capabilities-strict', 'require-drop-all'],
    monokle: ['KBP103', 'PSS206'],
  },
  hover: ['securityContext/capabilities', 'capabilities/drop'],
  *check(container, { podSecurityVersion }) {
    const { title } = container;
    if (container.privileged) return;
    const drop = violationsOf(container, 'capabilities_restricted', podSecurityVersion).find(
      ({ field }) => field.key === 'drop',
    )?.field;
    if (drop === undefined) return;
    if (drop.absent) {
      if (
        container
          .misplaced('capabilities')
          ?.at('drop')
          .items()
          .some((item) => item.is('ALL'))
      )
        return;
      yield {
        at: drop.span,
        message: `${title} keeps the default capabilities.`,
        absent: 'capabilities.drop',
        fixes: [...keepingPort(container), { title: 'Drop all capabilities', edits: drop.set(['ALL']), safe: false }],
      };
      return;
    }
    if (!drop.isList) return;
    const misspelt = drop.items().find((item) => /^(?:CAP_)?ALL$/i.test(item.text ?? ''));
    if (misspelt !== undefined) {
      yield {
        at: misspelt.span,
        message: `${title} drops ${misspelt.text}, which admission does not take for ALL.`,
        fixes: [{ title: 'Write ALL', edits: misspelt.set('ALL'), safe: false }],
      };
      return;
    }
    yield {
      at: drop.span,
      message:
        drop.items().length === 0
          ? `${title} drops no capabilities.`
          : `${title} drops some capabilities and keeps the other default ones.`,
      fixes: [{ title: 'Drop ALL', edits: drop.append('ALL'), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
          - name: «web»
            image: web:1
          - name: proxy
            image: proxy:1
            securityContext:
              «capabilities»:
                add: [NET_BIND_SERVICE] # port 443
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              capabilities:
                drop: [ALL]
          - name: proxy
            image: proxy:1
            securityContext:
              capabilities:
                add: [NET_BIND_SERVICE] # port 443
                drop: [ALL]
      `,
    },
    {
      why: 'a container that declares a port below 1024 may need the capability to bind it; dropping that too is the second choice',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: «web»
            image: web:1
            ports:
            - containerPort: 80
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            ports:
            - containerPort: 80
            securityContext:
              capabilities:
                drop: [ALL]
                add: [NET_BIND_SERVICE]
      `,
    },
    {
      why: 'the list is kept as it is written',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: a
            image: a:1
            securityContext:
              capabilities:
                «drop»:
                  - NET_RAW # no forged packets
          - name: b
            image: b:1
            securityContext: {capabilities: {drop: «[NET_RAW]»}}
          - name: c
            image: c:1
            securityContext: {capabilities: {drop: [«"all"»]}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: a
            image: a:1
            securityContext:
              capabilities:
                drop:
                  - NET_RAW # no forged packets
                  - ALL
          - name: b
            image: b:1
            securityContext: {capabilities: {drop: [NET_RAW, ALL]}}
          - name: c
            image: c:1
            securityContext: {capabilities: {drop: ["ALL"]}}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}
          - {name: privileged has them all anyway, image: b:1, securityContext: {privileged: true}}
      `,
    },
    {
      why: 'init containers too, in the style of the document',
      bad: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: backup}
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  initContainers:
                    - name: setup
                      image: setup:1
                      «securityContext»: # as agreed
                        runAsNonRoot: true
                  containers:
                    - {name: «backup», image: backup:2}
      `,
      good: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: backup}
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  initContainers:
                    - name: setup
                      image: setup:1
                      securityContext: # as agreed
                        runAsNonRoot: true
                        capabilities:
                          drop: [ALL]
                  containers:
                    - {name: backup, image: backup:2, securityContext: {capabilities: {drop: [ALL]}}}
      `,
    },
    {
      why: 'said for the whole pod, where it has no effect: that is what is reported',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {capabilities: {drop: [ALL]}}
          containers: [{name: a, image: a:1}]
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
      why: 'aliases and merge keys count, and what a template prints is not known',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: a
              image: a:1
              securityContext: &hardened
                capabilities: {drop: [ALL]}
            - name: b
              image: b:1
              securityContext:
                <<: *hardened
            - name: c
              image: c:1
              securityContext:
                {{- toYaml .Values.securityContext | nindent 8 }}
            - name: d
              image: d:1
              securityContext:
                capabilities:
                  drop:
                    - {{ .Values.drop }}
      `,
    },
  ],
});

/** The fix for a container that declares a port below 1024, and adds no capability yet. */
function keepingPort({ security, privilegedPorts: [port] }: Container): Fix[] {
  const capabilities = security.at('capabilities');
  if (port === undefined || !capabilities.at('add').absent) return [];
  const edits = capabilities.setAll({ drop: ['ALL'], add: ['NET_BIND_SERVICE'] });
  return [{ title: `Drop all capabilities but NET_BIND_SERVICE, for port ${port.int}`, edits, safe: false }];
}
