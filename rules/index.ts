/** All rules: one line each, sorted, under the layer that is their folder. A test compares this list with the folders. */
import aadPodIdentityDeprecated from './identity/aad-pod-identity-deprecated.js';
import automountServiceAccountToken from './identity/automount-service-account-token.js';
import cloudCredentialHostPath from './identity/cloud-credential-host-path.js';
import defaultServiceAccount from './identity/default-service-account.js';
import deprecatedServiceAccountField from './identity/deprecated-service-account-field.js';
import serviceAccountTokenExpiration from './identity/service-account-token-expiration.js';
import staticCloudCredentials from './identity/static-cloud-credentials.js';
import dockerfileAddInsteadOfCopy from './image/dockerfile-add-instead-of-copy.js';
import dockerfileFromDigest from './image/dockerfile-from-digest.js';
import dockerfileFromTag from './image/dockerfile-from-tag.js';
import imageDigest from './image/image-digest.js';
import imageReferenceInvalid from './image/image-reference-invalid.js';
import imageTagLatest from './image/image-tag-latest.js';
import defaultDenyMissing from './network/default-deny-missing.js';
import networkPolicyAllowAll from './network/network-policy-allow-all.js';
import apparmorUnconfined from './pod-security/apparmor-unconfined.js';
import capabilitiesAddBaseline from './pod-security/capabilities-add-baseline.js';
import capabilitiesAddRestricted from './pod-security/capabilities-add-restricted.js';
import hostIpc from './pod-security/host-ipc.js';
import hostNetwork from './pod-security/host-network.js';
import hostPathVolume from './pod-security/host-path-volume.js';
import hostPid from './pod-security/host-pid.js';
import hostPort from './pod-security/host-port.js';
import namespacePssAuditWarn from './pod-security/namespace-pss-audit-warn.js';
import namespacePssEnforce from './pod-security/namespace-pss-enforce.js';
import namespacePssLabelInvalid from './pod-security/namespace-pss-label-invalid.js';
import namespacePssNotRestricted from './pod-security/namespace-pss-not-restricted.js';
import namespacePssPrivileged from './pod-security/namespace-pss-privileged.js';
import namespacePssVersionPin from './pod-security/namespace-pss-version-pin.js';
import probeLifecycleHost from './pod-security/probe-lifecycle-host.js';
import procMount from './pod-security/proc-mount.js';
import restrictedVolumeTypes from './pod-security/restricted-volume-types.js';
import seccompUnconfined from './pod-security/seccomp-unconfined.js';
import selinuxOptions from './pod-security/selinux-options.js';
import unsafeSysctls from './pod-security/unsafe-sysctls.js';
import windowsHostProcess from './pod-security/windows-host-process.js';
import workloadViolatesNamespacePss from './pod-security/workload-violates-namespace-pss.js';
import rbacClusterAdminBinding from './rbac/rbac-cluster-admin-binding.js';
import rbacWildcardAll from './rbac/rbac-wildcard-all.js';
import imagePullPolicy from './registry/image-pull-policy.js';
import imagePullSecrets from './registry/image-pull-secrets.js';
import imageRegistryAllowed from './registry/image-registry-allowed.js';
import imageRegistryDeprecated from './registry/image-registry-deprecated.js';
import imageRegistryImplicit from './registry/image-registry-implicit.js';
import cpuLimit from './resources/cpu-limit.js';
import cpuRequest from './resources/cpu-request.js';
import emptyDirSizeLimit from './resources/empty-dir-size-limit.js';
import ephemeralStorageLimit from './resources/ephemeral-storage-limit.js';
import ephemeralStorageRequest from './resources/ephemeral-storage-request.js';
import jobLifetime from './resources/job-lifetime.js';
import livenessProbe from './resources/liveness-probe.js';
import memoryLimit from './resources/memory-limit.js';
import memoryRequest from './resources/memory-request.js';
import nakedPod from './resources/naked-pod.js';
import probePortUndeclared from './resources/probe-port-undeclared.js';
import readinessProbe from './resources/readiness-probe.js';
import replicasAndDisruption from './resources/replicas-and-disruption.js';
import resourceRequestExceedsLimit from './resources/resource-request-exceeds-limit.js';
import resourceUnitSuspicious from './resources/resource-unit-suspicious.js';
import type { Layer, LocalRule, Rule, Subjects, WorkspaceRule } from './rule.js';
import adminPortExposed from './runtime/admin-port-exposed.js';
import allowPrivilegeEscalation from './runtime/allow-privilege-escalation.js';
import apparmorAnnotationDeprecated from './runtime/apparmor-annotation-deprecated.js';
import apparmorProfileSet from './runtime/apparmor-profile-set.js';
import capabilitiesDropAll from './runtime/capabilities-drop-all.js';
import composePrivileged from './runtime/compose-privileged.js';
import composeRuntimeSocket from './runtime/compose-runtime-socket.js';
import containerRuntimeSocket from './runtime/container-runtime-socket.js';
import controlPlaneToleration from './runtime/control-plane-toleration.js';
import dangerousCapabilities from './runtime/dangerous-capabilities.js';
import dockerfileUserMissing from './runtime/dockerfile-user-missing.js';
import dockerfileUserRoot from './runtime/dockerfile-user-root.js';
import dropNetRaw from './runtime/drop-net-raw.js';
import ephemeralContainersInManifest from './runtime/ephemeral-containers-in-manifest.js';
import fsGroupSet from './runtime/fs-group-set.js';
import gitSyncExec from './runtime/git-sync-exec.js';
import hostAliases from './runtime/host-aliases.js';
import hostUsers from './runtime/host-users.js';
import mountPropagation from './runtime/mount-propagation.js';
import noRootGroup from './runtime/no-root-group.js';
import privilegedContainer from './runtime/privileged-container.js';
import privilegedPort from './runtime/privileged-port.js';
import readOnlyRootFilesystem from './runtime/read-only-root-filesystem.js';
import readOnlyRootNeedsTmp from './runtime/read-only-root-needs-tmp.js';
import runAsHighGid from './runtime/run-as-high-gid.js';
import runAsHighUid from './runtime/run-as-high-uid.js';
import runAsNonRoot from './runtime/run-as-non-root.js';
import runAsUserNotRoot from './runtime/run-as-user-not-root.js';
import runAsUserSet from './runtime/run-as-user-set.js';
import runtimeClassSandbox from './runtime/runtime-class-sandbox.js';
import seccompAnnotationRemoved from './runtime/seccomp-annotation-removed.js';
import seccompProfileSet from './runtime/seccomp-profile-set.js';
import securityContextMisplaced from './runtime/security-context-misplaced.js';
import securityContextMissing from './runtime/security-context-missing.js';
import sensitiveHostPath from './runtime/sensitive-host-path.js';
import shareProcessNamespace from './runtime/share-process-namespace.js';
import sudoInCommand from './runtime/sudo-in-command.js';
import writableHostPath from './runtime/writable-host-path.js';
import dockerfileSecretInArgEnv from './secrets/dockerfile-secret-in-arg-env.js';
import duplicateEnvVar from './secrets/duplicate-env-var.js';
import secretEnvFrom from './secrets/secret-env-from.js';
import secretInArgs from './secrets/secret-in-args.js';
import secretInEnvValue from './secrets/secret-in-env-value.js';
import secretVolumeMode from './secrets/secret-volume-mode.js';
import vaultInjectorInsecure from './secrets/vault-injector-insecure.js';

const layers: Partial<Record<Layer, readonly (LocalRule | WorkspaceRule)[]>> = {
  identity: [
    aadPodIdentityDeprecated,
    automountServiceAccountToken,
    cloudCredentialHostPath,
    defaultServiceAccount,
    deprecatedServiceAccountField,
    serviceAccountTokenExpiration,
    staticCloudCredentials,
  ],
  image: [
    dockerfileAddInsteadOfCopy,
    dockerfileFromDigest,
    dockerfileFromTag,
    imageDigest,
    imageReferenceInvalid,
    imageTagLatest,
  ],
  network: [defaultDenyMissing, networkPolicyAllowAll],
  'pod-security': [
    apparmorUnconfined,
    capabilitiesAddBaseline,
    capabilitiesAddRestricted,
    hostIpc,
    hostNetwork,
    hostPathVolume,
    hostPid,
    hostPort,
    namespacePssAuditWarn,
    namespacePssEnforce,
    namespacePssLabelInvalid,
    namespacePssNotRestricted,
    namespacePssPrivileged,
    namespacePssVersionPin,
    probeLifecycleHost,
    procMount,
    restrictedVolumeTypes,
    seccompUnconfined,
    selinuxOptions,
    unsafeSysctls,
    windowsHostProcess,
    workloadViolatesNamespacePss,
  ],
  rbac: [rbacClusterAdminBinding, rbacWildcardAll],
  registry: [imagePullPolicy, imagePullSecrets, imageRegistryAllowed, imageRegistryDeprecated, imageRegistryImplicit],
  resources: [
    cpuLimit,
    cpuRequest,
    emptyDirSizeLimit,
    ephemeralStorageLimit,
    ephemeralStorageRequest,
    jobLifetime,
    livenessProbe,
    memoryLimit,
    memoryRequest,
    nakedPod,
    probePortUndeclared,
    readinessProbe,
    replicasAndDisruption,
    resourceRequestExceedsLimit,
    resourceUnitSuspicious,
  ],
  runtime: [
    adminPortExposed,
    allowPrivilegeEscalation,
    apparmorAnnotationDeprecated,
    apparmorProfileSet,
    capabilitiesDropAll,
    composePrivileged,
    composeRuntimeSocket,
    containerRuntimeSocket,
    controlPlaneToleration,
    dangerousCapabilities,
    dockerfileUserMissing,
    dockerfileUserRoot,
    dropNetRaw,
    ephemeralContainersInManifest,
    fsGroupSet,
    gitSyncExec,
    hostAliases,
    hostUsers,
    mountPropagation,
    noRootGroup,
    privilegedContainer,
    privilegedPort,
    readOnlyRootFilesystem,
    readOnlyRootNeedsTmp,
    runAsHighGid,
    runAsHighUid,
    runAsNonRoot,
    runAsUserNotRoot,
    runAsUserSet,
    runtimeClassSandbox,
    seccompAnnotationRemoved,
    seccompProfileSet,
    securityContextMisplaced,
    securityContextMissing,
    sensitiveHostPath,
    shareProcessNamespace,
    sudoInCommand,
    writableHostPath,
  ],
  secrets: [
    dockerfileSecretInArgEnv,
    duplicateEnvVar,
    secretEnvFrom,
    secretInArgs,
    secretInEnvValue,
    secretVolumeMode,
    vaultInjectorInsecure,
  ],
};

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = Object.entries(layers)
  .flatMap(([layer, list]) => list.map((rule): Rule => ({ ...rule, layer: layer as Layer })))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

export const ruleById: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));

/** The rules that see one subject, by the subject that they look at. */
export const localRules: { readonly [K in keyof Subjects]: readonly Rule[] } = {
  manifest: rules.filter(({ on }) => on === 'manifest'),
  pod: rules.filter(({ on }) => on === 'pod'),
  container: rules.filter(({ on }) => on === 'container'),
  service: rules.filter(({ on }) => on === 'service'),
  dockerfile: rules.filter(({ on }) => on === 'dockerfile'),
};

export const workspaceRules: readonly (WorkspaceRule & Rule)[] = rules.filter((rule) => rule.on === 'workspace');
