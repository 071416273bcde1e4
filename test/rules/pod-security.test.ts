/**
 * The Pod Security Standards, check by check and version by version: what pod-security-admission does with these pods
 * (policy/check_*.go, up to v1.37), written down so that it is tested where its own fixtures are not at hand.
 */
import assert from 'node:assert/strict';
import { readDocument } from '../../rules/document.js';
import {
  describe as describeCheck,
  failedByFacts,
  failedChecks,
  type Level,
  levelOf,
  replacedChecks,
  violationFacts,
} from '../../rules/pod-security/standards/verdict.js';
import { newestPodSecurityVersion, podSecurityVersion } from '../../rules/pod-security/standards/version.js';

/** What `restricted` asks for, and nothing else. */
const good = {
  security: 'runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}',
  container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}',
};

interface Parts {
  /** Entries of the spec, of the securityContexts, of the container and of the annotations, in flow style. */
  readonly spec?: string;
  readonly security?: string;
  readonly container?: string;
  readonly fields?: string;
  readonly annotations?: string;
}

/** A pod that restricted lets in, with something added. */
function podWith({ spec = '', security, container, fields = '', annotations = '' }: Parts) {
  const join = (...parts: (string | undefined)[]) => parts.filter((part) => part).join(', ');
  return read(`apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {${annotations}}}
spec: {${join(
    spec,
    `securityContext: {${security ?? good.security}}`,
    `containers: [{${join('name: web, image: web:1', `securityContext: {${container ?? good.container}}`, fields)}}]`,
  )}}
`);
}

function read(text: string) {
  const pods = readDocument(text, 'yaml', 'pod.yaml').manifests.flatMap((manifest) => manifest.pods);
  assert.equal(pods.length, 1);
  return pods[0]!;
}

const all = Array.from({ length: newestPodSecurityVersion + 1 }, (_, version) => version);
const from = (since: number, until = Number.POSITIVE_INFINITY) =>
  all.filter((version) => version >= since && version < until);

/** With something added, a pod fails exactly one check, at a level and in some versions; in all others it fails none. */
const table: readonly (readonly [check: string, level: Level, versions: readonly number[], ...parts: Parts[]])[] = [
  [
    'windowsHostProcess',
    'baseline',
    all,
    { security: `${good.security}, windowsOptions: {hostProcess: true}` },
    { container: `${good.container}, windowsOptions: {hostProcess: true}` },
  ],
  [
    'hostNamespaces',
    'baseline',
    all,
    { spec: 'hostNetwork: true' },
    { spec: 'hostPID: true' },
    { spec: 'hostIPC: true' },
  ],
  ['privileged', 'baseline', all, { container: `${good.container}, privileged: true` }],
  [
    'capabilities_baseline',
    'baseline',
    all,
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_RAW]}' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [CAP_CHOWN]}' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [chown]}' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [ALL]}' },
  ],
  [
    'hostPathVolumes',
    'baseline',
    all,
    { spec: 'volumes: [{name: a, hostPath: {path: /a}}]' },
    { spec: 'volumes: [{name: a, hostPath: {}}]' },
  ],
  [
    'hostPorts',
    'baseline',
    all,
    { fields: 'ports: [{containerPort: 80, hostPort: 80}]' },
    { fields: 'ports: [{containerPort: 80}, {containerPort: 81, hostPort: 0x50}]' },
  ],
  [
    'hostProbesAndHostLifecycle',
    'baseline',
    from(34),
    { fields: 'livenessProbe: {httpGet: {port: 80, host: 127.0.0.1}}' },
    { fields: 'readinessProbe: {tcpSocket: {port: 80, host: a}}' },
    { fields: 'startupProbe: {httpGet: {port: 80, host: a}}' },
    { fields: 'lifecycle: {preStop: {tcpSocket: {port: 80, host: a}}}' },
    { fields: 'lifecycle: {postStart: {httpGet: {port: 80, host: a}}}' },
  ],
  [
    'appArmorProfile',
    'baseline',
    all,
    { security: `${good.security}, appArmorProfile: {type: Unconfined}` },
    { container: `${good.container}, appArmorProfile: {type: Unconfined}` },
    { container: `${good.container}, appArmorProfile: {localhostProfile: a}` },
    { annotations: 'container.apparmor.security.beta.kubernetes.io/gone: unconfined' },
  ],
  [
    'seLinuxOptions',
    'baseline',
    all,
    { security: `${good.security}, seLinuxOptions: {type: spc_t}` },
    { security: `${good.security}, seLinuxOptions: {user: system_u}` },
    { container: `${good.container}, seLinuxOptions: {role: system_r}` },
  ],
  [
    'seLinuxOptions',
    'baseline',
    from(0, 31),
    { security: `${good.security}, seLinuxOptions: {type: container_engine_t}` },
  ],
  ['procMount', 'baseline', all, { container: `${good.container}, procMount: Unmasked` }],
  [
    'procMount',
    'baseline',
    from(0, 35),
    { spec: 'hostUsers: false', container: `${good.container}, procMount: Unmasked` },
  ],
  [
    'seccompProfile_baseline',
    'baseline',
    from(0, 19),
    { annotations: 'seccomp.security.alpha.kubernetes.io/pod: unconfined' },
    { annotations: 'container.seccomp.security.alpha.kubernetes.io/web: ""' },
  ],
  [
    'seccompProfile_baseline',
    'baseline',
    from(19),
    { security: 'runAsNonRoot: true, seccompProfile: {type: Unconfined}' },
    { container: `${good.container}, seccompProfile: {type: Unconfined}` },
  ],
  [
    'sysctls',
    'baseline',
    all,
    { security: `${good.security}, sysctls: [{name: kernel.msgmax, value: "1"}]` },
    { security: `${good.security}, sysctls: [{name: net/ipv4/tcp_syncookies, value: "1"}]` },
  ],
  [
    'sysctls',
    'baseline',
    from(0, 27),
    { security: `${good.security}, sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: "1"}]` },
  ],
  [
    'sysctls',
    'baseline',
    from(0, 29),
    { security: `${good.security}, sysctls: [{name: net.ipv4.tcp_fin_timeout, value: "1"}]` },
  ],
  [
    'sysctls',
    'baseline',
    from(0, 32),
    { security: `${good.security}, sysctls: [{name: net.ipv4.tcp_wmem, value: "1"}]` },
  ],
  [
    'sysctls',
    'baseline',
    from(0, 37),
    { security: `${good.security}, sysctls: [{name: net.ipv4.tcp_notsent_lowat, value: "1"}]` },
  ],
  [
    'restrictedVolumes',
    'restricted',
    all,
    { spec: 'volumes: [{name: a, nfs: {server: a, path: /a}}]' },
    { spec: 'volumes: [{name: a, gitRepo: {repository: a}}]' },
  ],
  [
    'allowPrivilegeEscalation',
    'restricted',
    from(8),
    { container: 'capabilities: {drop: [ALL]}' },
    { container: 'allowPrivilegeEscalation: true, capabilities: {drop: [ALL]}' },
  ],
  [
    'allowPrivilegeEscalation',
    'restricted',
    from(8, 25),
    { spec: 'os: {name: windows}', container: 'capabilities: {drop: [ALL]}' },
  ],
  [
    'runAsNonRoot',
    'restricted',
    all,
    { security: 'seccompProfile: {type: RuntimeDefault}' },
    {
      security: 'runAsNonRoot: false, seccompProfile: {type: RuntimeDefault}',
      container: `${good.container}, runAsNonRoot: true`,
    },
    { container: `${good.container}, runAsNonRoot: false` },
    { spec: 'os: {name: windows}', security: 'seccompProfile: {type: RuntimeDefault}' },
    { security: 'runAsUser: 1000, seccompProfile: {type: RuntimeDefault}' },
  ],
  [
    'runAsNonRoot',
    'restricted',
    from(0, 35),
    { spec: 'hostUsers: false', security: 'seccompProfile: {type: RuntimeDefault}' },
  ],
  [
    'runAsUser',
    'restricted',
    from(23),
    { security: `${good.security}, runAsUser: 0` },
    { container: `${good.container}, runAsUser: 0` },
  ],
  ['runAsUser', 'restricted', from(23, 35), { spec: 'hostUsers: false', security: `${good.security}, runAsUser: 0` }],
  ['seccompProfile_restricted', 'restricted', from(19), { security: 'runAsNonRoot: true' }],
  [
    'seccompProfile_restricted',
    'restricted',
    from(19, 25),
    { spec: 'os: {name: windows}', security: 'runAsNonRoot: true' },
  ],
  [
    'capabilities_restricted',
    'restricted',
    from(22),
    { container: 'allowPrivilegeEscalation: false' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [all]}' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [NET_RAW]}' },
    { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [CHOWN]}' },
  ],
  [
    'capabilities_restricted',
    'restricted',
    from(22, 25),
    { spec: 'os: {name: windows}', container: 'allowPrivilegeEscalation: false' },
  ],
];

/** Pods that restricted lets in, in every version. */
const allowed: readonly Parts[] = [
  {},
  { spec: 'hostNetwork: false, hostPID: false, hostIPC: false' },
  { container: `${good.container}, privileged: false, procMount: Default, runAsUser: 1000` },
  { container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL, NET_RAW], add: [NET_BIND_SERVICE]}' },
  {
    container: `${good.container}, runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: a}`,
    security: '',
  },
  { security: `${good.security}, appArmorProfile: {type: Localhost, localhostProfile: a}` },
  { annotations: 'container.apparmor.security.beta.kubernetes.io/web: localhost/a' },
  { annotations: 'seccomp.security.alpha.kubernetes.io/pod: docker/default' },
  { security: `${good.security}, seLinuxOptions: {type: container_kvm_t, level: "s0:c1", user: "", role: ""}` },
  { security: `${good.security}, sysctls: [{name: net.ipv4.tcp_syncookies, value: "0"}]` },
  {
    spec: 'volumes: [{name: a, emptyDir: {}}, {name: b}, {name: c, image: {reference: "a:1"}}, {name: d, hostPath: null}]',
  },
  { fields: 'ports: [{containerPort: 80, hostPort: 0}], livenessProbe: {httpGet: {port: 80, host: ""}}' },
  { security: `${good.security}, windowsOptions: {hostProcess: false}` },
];

const failing = (pod: ReturnType<typeof read>, level: Level, version: number) =>
  failedChecks(pod, level, version).map(({ check }) => check);

describe('Pod Security Standards', () => {
  for (const [check, level, versions, ...parts] of table) {
    for (const part of parts) {
      it(`${check}: ${Object.values(part).join('; ')}`, () => {
        const pod = podWith(part);
        const facts = violationFacts(pod);
        for (const version of all) {
          const at = failing(pod, level, version);
          assert.deepEqual(at, versions.includes(version) ? [check] : [], `v1.${version}`);
          for (const each of ['privileged', 'baseline', 'restricted'] as const)
            assert.deepEqual(failedByFacts(facts, each, version), failing(pod, each, version));
        }
        assert.deepEqual(failing(pod, 'privileged', newestPodSecurityVersion), []);
      });
    }
  }

  for (const part of allowed) {
    it(`lets in: ${Object.values(part).join('; ') || 'a restricted pod'}`, () => {
      for (const version of all) assert.deepEqual(failing(podWith(part), 'restricted', version), [], `v1.${version}`);
    });
  }

  it('restricted replaces checks of baseline', () => {
    const adds = podWith({ container: 'allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_RAW]}' });
    assert.deepEqual(failing(adds, 'restricted', 21), ['capabilities_baseline']);
    assert.deepEqual(failing(adds, 'restricted', 22), ['capabilities_restricted']);
    assert.deepEqual(
      replacedChecks(adds, 'restricted', 22).map(({ check }) => check),
      ['capabilities_baseline'],
    );
    const mounts = podWith({ spec: 'volumes: [{name: a, hostPath: {path: /a}}]' });
    assert.deepEqual(failing(mounts, 'restricted', 0), ['restrictedVolumes']);
    const seccomp = podWith({ security: 'runAsNonRoot: true, seccompProfile: {type: Unconfined}' });
    assert.deepEqual(failing(seccomp, 'restricted', 37), ['seccompProfile_restricted']);
    const proc = podWith({ spec: 'hostUsers: false', container: `${good.container}, procMount: Unmasked` });
    assert.deepEqual(failing(proc, 'restricted', 34), ['procMount']);
    assert.deepEqual(failing(proc, 'restricted', 35), ['procMount_restricted']);
  });

  it('looks at init, sidecar and ephemeral containers, and at what the API server fills in', () => {
    const pod = read(`apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostNetwork: true
  initContainers:
  - {name: a, image: a:1, securityContext: {privileged: true}}
  - {name: b, image: b:1, restartPolicy: Always, securityContext: {privileged: true}}
  containers:
  - {name: c, image: c:1, ports: [{containerPort: 80}]}
  ephemeralContainers:
  - {name: d, image: d:1, securityContext: {privileged: true}}
`);
    const [namespaces, privileged, ports] = failedChecks(pod, 'baseline', 37);
    assert.equal(namespaces?.check, 'hostNamespaces');
    assert.equal(
      describeCheck(privileged!),
      'Init container a sets privileged to true; sidecar b sets privileged to true; ephemeral container d sets privileged to true.',
    );
    assert.equal(describeCheck(ports!), 'Container c uses host port 80 by way of hostNetwork.');
    assert.equal(levelOf(pod, 37), 'privileged');
  });

  it('says nothing of what a template hides, and of values of another type', () => {
    const hidden = read(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      securityContext:
        {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
      - name: web
        image: web:1
        securityContext: {{ toYaml .Values.securityContext | nindent 10 }}
`);
    assert.deepEqual(failing(hidden, 'restricted', 37), []);
    const odd = podWith({ container: 'privileged: "true", runAsUser: "0", capabilities: {drop: ALL, add: NET_ADMIN}' });
    assert.deepEqual(failing(odd, 'baseline', 37), []);
    for (const containers of ['null', '{web: {image: web:1}}', 'web', '[null, web, [a]]', ''])
      assert.deepEqual(
        failing(
          read(`apiVersion: v1\nkind: Pod\nspec: {securityContext: [a], containers: ${containers}}`),
          'restricted',
          37,
        ),
        [],
      );
  });

  it('reads versions as admission does', () => {
    assert.equal(podSecurityVersion('latest'), newestPodSecurityVersion);
    assert.equal(podSecurityVersion('v1.29'), 29);
    assert.equal(podSecurityVersion('1.0'), 0);
    assert.equal(podSecurityVersion('v1.99'), newestPodSecurityVersion);
    assert.equal(podSecurityVersion('v1.999999999999999999999'), newestPodSecurityVersion);
    for (const text of ['1.2x', 'v1', 'v2.1', '', 'v1.', 'v1.-1', 'v1.05', 'Latest'])
      assert.equal(podSecurityVersion(text), undefined, text);
  });
});
