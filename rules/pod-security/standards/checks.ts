/**
 * The checks of the Pod Security Standards, as pod-security-admission makes them (policy/check_*.go, July 2026, up to v1.37). A check looks
 * at a pod once and says of each violation in which versions of the policy it counts, so that one look serves every version. The rules that
 * underline these fields, the verdict on a pod and the facts of the workspace all stand on these functions.
 *
 * What a template hides, or prints only under a condition, violates nothing.
 */
import { isOptional } from '../../model/branches.js';
import type { Field } from '../../model/field.js';
import type { Container, Pod } from '../../model/pod.js';

/** The ids that admission gives its checks. */
export type CheckId = keyof typeof checks;

/** A value that a check forbids, or a setting that it asks for and that is not there. */
export interface Violation {
  readonly check: CheckId;
  /** The value, or where the missing one belongs. */
  readonly field: Field;
  /** Undefined when the pod itself is at fault. */
  readonly container: Container | undefined;
  /** What is wrong, to follow the name of the container or pod: "sets privileged to true". */
  readonly says: string;
  /** The versions in which it counts, as minor numbers: from `since` up to, not including, `until`. */
  readonly since: number;
  readonly until: number;
}

type Found = Pick<Violation, 'field' | 'says'> & Partial<Violation>;
type Check = (pod: Pod) => Iterable<Found>;

/** Since when a setting no longer counts in a pod with a user namespace (`hostUsers: false`). */
const relaxedForUserNamespaces = 35;
/** Since when a pod for Windows needs no Linux settings. */
const relaxedForWindows = 25;

const untilUserNamespace = (pod: Pod) => (pod.userNamespace ? relaxedForUserNamespaces : Infinity);
const untilWindows = (pod: Pod) => (pod.windows ? relaxedForWindows : Infinity);

/** The securityContexts of a pod: its own, and those of its containers. */
function* contexts(pod: Pod): Generator<{ security: Field; container: Container | undefined }> {
  yield { security: pod.security, container: undefined };
  for (const container of pod.containers) yield { security: container.security, container };
}

function* windowsHostProcess(pod: Pod): Generator<Found> {
  for (const { security, container } of contexts(pod)) {
    const field = security.at('windowsOptions', 'hostProcess');
    if (field.is(true)) yield { field, container, says: 'sets windowsOptions.hostProcess to true' };
  }
}

function* hostNamespaces(pod: Pod): Generator<Found> {
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) {
    const field = pod.spec.at(key);
    if (field.is(true)) yield { field, says: `sets ${key} to true` };
  }
}

function* privileged(pod: Pod): Generator<Found> {
  for (const container of pod.containers) {
    const field = container.security.at('privileged');
    if (field.is(true)) yield { field, container, says: 'sets privileged to true' };
  }
}

const baselineCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

/** A container may add it under baseline. */
export function isBaselineCapability(name: string): boolean {
  return baselineCapabilities.has(name);
}

function* addedCapabilities(pod: Pod): Generator<{ field: Field; text: string; container: Container }> {
  for (const container of pod.containers) {
    for (const field of container.security.at('capabilities', 'add').items()) {
      // An item that is null is an empty name to admission.
      const text = field.isNull ? '' : field.text;
      if (text !== undefined) yield { field, text, container };
    }
  }
}

function adding(capability: string): string {
  return capability === '' ? 'adds a capability without a name' : `adds capability ${capability}`;
}

/** Names are compared as written: `CAP_CHOWN` and `chown` are not on the list. */
function* capabilitiesBaseline(pod: Pod): Generator<Found> {
  for (const { field, text, container } of addedCapabilities(pod)) {
    if (!baselineCapabilities.has(text)) yield { field, container, says: adding(text) };
  }
}

function* capabilitiesRestricted(pod: Pod): Generator<Found> {
  const [since, until] = [22, untilWindows(pod)];
  for (const container of pod.containers) {
    const field = container.security.at('capabilities', 'drop');
    const hidden = field.unknown || field.open || field.items().some((item) => item.unknown);
    if (!hidden && !field.items().some((item) => item.is('ALL')))
      yield { field, container, since, until, says: 'does not drop ALL capabilities' };
  }
  for (const { field, text, container } of addedCapabilities(pod)) {
    if (text !== 'NET_BIND_SERVICE') yield { field, container, since, until, says: adding(text) };
  }
}

function* hostPathVolumes(pod: Pod): Generator<Found> {
  for (const volume of pod.spec.at('volumes').items()) {
    const field = volume.at('hostPath');
    if (field.exists) yield { field, says: `has a hostPath volume${named(volume)}` };
  }
}

/** The volume sources of core/v1 that `restricted` has no room for; a volume without a source becomes an emptyDir (SetDefaults_Volume). */
const unrestrictedVolumes = [
  'hostPath',
  'nfs',
  'iscsi',
  'fc',
  'rbd',
  'cephfs',
  'cinder',
  'gitRepo',
  'flexVolume',
  'glusterfs',
  'azureFile',
  'azureDisk',
  'awsElasticBlockStore',
  'gcePersistentDisk',
  'vsphereVolume',
  'portworxVolume',
  'quobyte',
  'scaleIO',
  'storageos',
  'flocker',
  'photonPersistentDisk',
];

function* restrictedVolumes(pod: Pod): Generator<Found> {
  for (const volume of pod.spec.at('volumes').items()) {
    for (const type of unrestrictedVolumes) {
      const field = volume.at(type);
      if (field.exists) yield { field, says: `has a volume of type ${type}${named(volume)}` };
    }
  }
}

function named(volume: Field): string {
  const name = volume.at('name').text;
  return name === undefined ? '' : ` (${name})`;
}

function* hostPorts(pod: Pod): Generator<Found> {
  const network = pod.spec.at('hostNetwork');
  const onHost = network.is(true) && !isOptional(network, pod.spec);
  for (const container of pod.containers) {
    for (const port of container.field.at('ports').items()) {
      const field = port.at('hostPort');
      if (field.int !== undefined && field.int !== 0) yield { field, container, says: `uses host port ${field.int}` };
      // On the host's network the API server fills in hostPort (pkg/apis/core/v1/defaults.go, setDefaultHostNetworkPorts).
      const { int } = port.at('containerPort');
      if (
        onHost &&
        (field.absent || field.is(0)) &&
        int !== undefined &&
        int !== 0 &&
        container.role !== 'ephemeral container'
      )
        yield { field: port.at('containerPort'), container, says: `uses host port ${int} by way of hostNetwork` };
    }
  }
}

/** Where a container names a host that the kubelet is to call. */
export const hostCalls: readonly (readonly string[])[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

function* hostProbesAndHostLifecycle(pod: Pod): Generator<Found> {
  for (const container of pod.containers) {
    for (const path of hostCalls) {
      const handler = container.field.at(...path);
      if (!handler.isMap) continue;
      for (const action of ['httpGet', 'tcpSocket']) {
        const field = handler.at(action, 'host');
        if (field.text) yield { field, container, since: 34, says: `sets ${path.join('.')}.${action}.host` };
      }
    }
  }
}

const confined = ['RuntimeDefault', 'Localhost'];

/** A profile of seccomp or AppArmor whose type is not allowed; one without a type counts. */
function* profiles(pod: Pod, key: string): Generator<Found> {
  for (const { security, container } of contexts(pod)) {
    const field = security.at(key, 'type');
    if (!security.at(key).isMap || field.unknown || confined.includes(field.text ?? '')) continue;
    yield { field, container, says: field.text ? `sets ${key} to ${field.text}` : `sets a ${key} without a type` };
  }
}

export const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

function* appArmorProfile(pod: Pod): Generator<Found> {
  yield* profiles(pod, 'appArmorProfile');
  for (const { key, value: field } of pod.metadata.at('annotations').entries()) {
    if (!key.startsWith(appArmorAnnotation) || !field.text) continue;
    if (field.text !== 'runtime/default' && !field.text.startsWith('localhost/'))
      yield { field, says: `has the annotation ${key} with another profile than runtime/default or localhost/…` };
  }
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

function* seLinuxOptions(pod: Pod): Generator<Found> {
  for (const { security, container } of contexts(pod)) {
    const options = security.at('seLinuxOptions');
    if (!options.isMap) continue;
    const type = options.at('type');
    if (type.text !== undefined && !seLinuxTypes.includes(type.text)) {
      const until = type.text === 'container_engine_t' ? 31 : Infinity;
      yield { field: type, container, until, says: `sets the SELinux type ${type.text}` };
    }
    for (const key of ['user', 'role']) {
      if (options.at(key).text) yield { field: options.at(key), container, says: `sets the SELinux ${key}` };
    }
  }
}

function* unusualProcMounts(pod: Pod): Generator<Found> {
  for (const container of pod.containers) {
    const field = container.security.at('procMount');
    if (field.text !== undefined && field.text !== 'Default')
      yield { field, container, says: `sets procMount to ${field.text}` };
  }
}

function* procMount(pod: Pod): Generator<Found> {
  for (const found of unusualProcMounts(pod)) yield { ...found, until: untilUserNamespace(pod) };
}

function* procMountRestricted(pod: Pod): Generator<Found> {
  for (const found of unusualProcMounts(pod)) yield { ...found, since: 35 };
}

export const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompContainerAnnotation = 'container.seccomp.security.alpha.kubernetes.io/';

/** Up to v1.18 the annotations counted and since then the fields. */
function* seccompProfileBaseline(pod: Pod): Generator<Found> {
  const annotations = pod.metadata.at('annotations');
  const annotated = [
    { field: annotations.at(seccompPodAnnotation), container: undefined },
    ...pod.containers.map((container) => ({
      field: annotations.at(seccompContainerAnnotation + container.name),
      container,
    })),
  ];
  for (const { field, container } of annotated) {
    // The value null is an empty one to admission.
    const profile = field.isNull ? '' : field.text;
    if (profile !== undefined && !/^(?:(?:runtime|docker)\/default$|localhost\/)/.test(profile))
      yield {
        field,
        container,
        until: 19,
        says: `is annotated with ${profile === '' ? 'no seccomp profile' : `the seccomp profile ${profile}`}`,
      };
  }
  for (const found of profiles(pod, 'seccompProfile')) yield { ...found, since: 19 };
}

function* seccompProfileRestricted(pod: Pod): Generator<Found> {
  const versions = { since: 19, until: untilWindows(pod) };
  for (const found of profiles(pod, 'seccompProfile')) yield { ...found, ...versions };
  if (!pod.security.at('seccompProfile').absent) return;
  for (const container of pod.containers) {
    if (container.security.at('seccompProfile').absent)
      yield { field: pod.security.at('seccompProfile', 'type'), container, ...versions, says: 'has no seccompProfile' };
  }
}

/** The sysctls that baseline allows, with the version that brought them. */
const safeSysctls: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

/** Baseline allows it in a version of the policy. */
export function isSafeSysctl(name: string, version: number): boolean {
  return version >= (safeSysctls.get(name) ?? Infinity);
}

function* sysctls(pod: Pod): Generator<Found> {
  for (const sysctl of pod.security.at('sysctls').items()) {
    const field = sysctl.at('name');
    // Without a name it is the one with the empty name.
    const name = field.absent ? '' : field.text;
    const until = safeSysctls.get(name ?? '') ?? Infinity;
    if (name !== undefined && until > 0)
      yield { field, until, says: name === '' ? 'sets a sysctl without a name' : `sets the sysctl ${name}` };
  }
}

function* allowPrivilegeEscalation(pod: Pod): Generator<Found> {
  for (const container of pod.containers) {
    const field = container.security.at('allowPrivilegeEscalation');
    if (field.is(true) || field.absent)
      yield {
        field,
        container,
        since: 8,
        until: untilWindows(pod),
        says: 'does not set allowPrivilegeEscalation to false',
      };
  }
}

function* runAsNonRoot(pod: Pod): Generator<Found> {
  const until = untilUserNamespace(pod);
  for (const { security, container } of contexts(pod)) {
    const field = security.at('runAsNonRoot');
    if (field.is(false)) yield { field, container, until, says: 'sets runAsNonRoot to false' };
  }
  const inPod = pod.security.at('runAsNonRoot');
  if (!inPod.absent && !inPod.is(false)) return;
  for (const container of pod.containers) {
    if (container.security.at('runAsNonRoot').absent)
      yield { field: inPod, container, until, says: 'does not set runAsNonRoot to true' };
  }
}

function* runAsUser(pod: Pod): Generator<Found> {
  for (const { security, container } of contexts(pod)) {
    const field = security.at('runAsUser');
    if (field.is(0)) yield { field, container, since: 23, until: untilUserNamespace(pod), says: 'sets runAsUser to 0' };
  }
}

interface CheckInfo {
  readonly level: 'baseline' | 'restricted';
  /** The version since which a stricter check takes this one's place at level restricted. */
  readonly replacedSince?: number;
  readonly find: Check;
}

/** Every check by its id, in the order in which a verdict names them. */
export const checks = {
  windowsHostProcess: { level: 'baseline', find: windowsHostProcess },
  hostNamespaces: { level: 'baseline', find: hostNamespaces },
  privileged: { level: 'baseline', find: privileged },
  capabilities_baseline: { level: 'baseline', replacedSince: 22, find: capabilitiesBaseline },
  hostPathVolumes: { level: 'baseline', replacedSince: 0, find: hostPathVolumes },
  hostPorts: { level: 'baseline', find: hostPorts },
  hostProbesAndHostLifecycle: { level: 'baseline', find: hostProbesAndHostLifecycle },
  appArmorProfile: { level: 'baseline', find: appArmorProfile },
  seLinuxOptions: { level: 'baseline', find: seLinuxOptions },
  procMount: { level: 'baseline', replacedSince: 35, find: procMount },
  seccompProfile_baseline: { level: 'baseline', replacedSince: 19, find: seccompProfileBaseline },
  sysctls: { level: 'baseline', find: sysctls },
  restrictedVolumes: { level: 'restricted', find: restrictedVolumes },
  allowPrivilegeEscalation: { level: 'restricted', find: allowPrivilegeEscalation },
  runAsNonRoot: { level: 'restricted', find: runAsNonRoot },
  runAsUser: { level: 'restricted', find: runAsUser },
  seccompProfile_restricted: { level: 'restricted', find: seccompProfileRestricted },
  capabilities_restricted: { level: 'restricted', find: capabilitiesRestricted },
  procMount_restricted: { level: 'restricted', find: procMountRestricted },
} as const satisfies Record<string, CheckInfo>;

/** The same, typed alike for all. */
export const checkInfo: Readonly<Record<CheckId, CheckInfo>> = checks;

const known = new WeakMap<Pod, Partial<Record<CheckId, readonly Violation[]>>>();

/** Every violation of a check by a pod, whatever the version. Each check looks at a pod once. */
export function allViolations(pod: Pod, check: CheckId): readonly Violation[] {
  const ofPod = known.get(pod) ?? {};
  known.set(pod, ofPod);
  ofPod[check] ??= [...checkInfo[check].find(pod)]
    .filter(({ field, container }) => !field.exists || !isOptional(field, container?.field ?? pod.holder))
    .map((found) => ({ container: undefined, since: 0, until: Infinity, ...found, check }));
  return ofPod[check];
}

/** The violations of a check that count in a version of the policy. */
export function violations(pod: Pod, check: CheckId, version: number): readonly Violation[] {
  return allViolations(pod, check).filter(({ since, until }) => version >= since && version < until);
}

/** The field that puts a pod into a namespace of the node's (`hostNetwork`, `hostPID`, `hostIPC`); undefined when it doesn't. */
export function hostNamespace(pod: Pod, key: string, version: number): Field | undefined {
  return violations(pod, 'hostNamespaces', version).find(({ field }) => field.key === key)?.field;
}

/** Those of them that are one container's. */
export function violationsOf(container: Container, check: CheckId, version: number): readonly Violation[] {
  return violations(container.pod, check, version).filter((violation) => violation.container === container);
}
