/** From a document to the facts that the rest of the workspace may see (workspace.ts). */

import { admissionDefaults, namespaceLabels } from '../pod-security/standards/namespace.js';
import { violationFacts } from '../pod-security/standards/verdict.js';
import {
  accountIsBound,
  anyAccount,
  anyNamespace,
  fileIsPatch,
  imageIsNamed,
  imageIsRewritten,
  limitRangeRequests,
  limitRangeSets,
  podSecurityIsEnforced,
  tokenIsOff,
  trafficIsDenied,
} from './claims.js';
import { Field } from './field.js';
import type { Manifest } from './manifest.js';
import { defaultDeny } from './network-policy.js';
import type { Pod } from './pod.js';
import { pullSecretClaims } from './pull-secrets.js';
import type { Source } from './source.js';
import type { Facts, ObjectFact, PodFact, SelectionFact } from './workspace.js';

/** The facts of a document without Kubernetes objects. */
export const noFacts: Facts = { objects: [], provides: [], end: undefined };

/** The facts of a document's objects. */
export function factsOf(source: Source, manifests: readonly Manifest[]): Facts {
  if (manifests.length === 0) return noFacts;
  return {
    objects: manifests.map(objectFact),
    provides: manifests.flatMap((manifest) => [...claims(manifest)]),
    end: streamEnd(source),
  };
}

/** The facts of a kustomization.yaml at `path` (with forward slashes). */
export function kustomizationFacts(source: Source, path: string): Facts {
  const root = Field.root(source);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const patches = [
    ...root.at('patchesStrategicMerge').items(),
    ...[...root.at('patches').items(), ...root.at('patchesJson6902').items()].map((patch) => patch.at('path')),
  ].flatMap(({ text }) => (text === undefined || text.includes('\n') ? [] : [fileIsPatch(join(folder, text))]));
  const images = root
    .at('images')
    .items()
    .flatMap((image) => {
      const name = image.at('name').text ?? '';
      const tag = image.at('newTag');
      const fixed = (tag.exists && !tag.is('latest')) || image.at('digest').exists;
      return fixed ? [imageIsNamed(name), imageIsRewritten(name)] : [imageIsNamed(name)];
    });
  return { ...noFacts, provides: [...patches, ...images] };
}

function objectFact(manifest: Manifest): ObjectFact {
  const { apiVersion, kind, name, namespace } = manifest;
  const workload = manifest.pods.some((pod) => !pod.spec.at('hostNetwork').is(true));
  const denies = defaultDeny(manifest);
  const admission = admissionDefaults(manifest);
  const pods = namespace === '' ? [] : manifest.pods.map(podFact);
  const selection = selectionFact(manifest);
  return {
    apiVersion,
    kind,
    name,
    namespace,
    at: manifest.nameSpan,
    workload,
    ...(denies && { denies }),
    ...(kind === 'Namespace' && manifest.group === '' && { policies: namespaceLabels(manifest) }),
    ...(pods.length > 0 && { pods }),
    ...(admission && { admission }),
    ...(selection && { selection }),
  };
}

/** What selects pods, and what is selected and how it runs; undefined for an object that has to do with neither. */
function selectionFact(manifest: Manifest): SelectionFact | undefined {
  const { kind, group, spec } = manifest;
  const labels = (field: Field) =>
    Object.fromEntries(
      field.entries().flatMap(({ key, value }) => (value.word === undefined ? [] : [[key, value.word]])),
    );
  if (kind === 'Service' && group === '' && spec.at('selector').isMap && !spec.at('selector').open)
    return { selects: labels(spec.at('selector')) };
  if (kind === 'PodDisruptionBudget' && !spec.at('selector').open && spec.at('selector', 'matchExpressions').absent)
    return { protects: labels(spec.at('selector', 'matchLabels')) };
  if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') {
    const target = spec.at('scaleTargetRef');
    return { scales: `${target.at('kind').text ?? 'Deployment'}/${target.at('name').text ?? ''}` };
  }
  const [pod] = manifest.pods;
  if (pod === undefined || kind === 'Job' || kind === 'CronJob') return undefined;
  const replicas = spec.at('replicas');
  const isReplicated = ['Deployment', 'StatefulSet'].includes(kind) && group === 'apps' && !replicas.unknown;
  const affinity = pod.spec.at('affinity', 'podAntiAffinity');
  const constraints = pod.spec.at('topologySpreadConstraints');
  return {
    labels: labels(pod.metadata.at('labels')),
    unready: pod.containers
      .filter(({ role, field }) => role === 'container' && field.at('readinessProbe').absent)
      .map(({ name }) => name),
    ...(isReplicated && { replicas: replicas.int ?? 1, spread: !affinity.absent || !constraints.absent }),
  };
}

function podFact(pod: Pod): PodFact {
  return { runtimeClass: pod.spec.at('runtimeClassName').text ?? '', violations: violationFacts(pod) };
}

function* claims(manifest: Manifest): Generator<string> {
  const { kind, group, name, namespace, root, spec } = manifest;
  if (kind === 'LimitRange') {
    for (const limit of spec.at('limits').items()) {
      if (!limit.at('type').is('Container')) continue;
      // A maximum is the default where there is none (pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem).
      for (const { key } of [...limit.at('default').entries(), ...limit.at('max').entries()]) {
        yield limitRangeSets(namespace, key);
        yield limitRangeRequests(namespace, key);
      }
      for (const { key } of [...limit.at('defaultRequest').entries(), ...limit.at('min').entries()])
        yield limitRangeRequests(namespace, key);
    }
  }
  if (kind === 'ServiceAccount' && root.at('automountServiceAccountToken').is(false)) yield tokenIsOff(namespace, name);
  if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    for (const subject of root.at('subjects').items()) {
      const bound = boundAccount(subject, namespace);
      if (bound === undefined) continue;
      yield accountIsBound(bound.namespace, bound.account);
      // A pod that leaves its namespace to kubectl or Kustomize may be in any.
      yield accountIsBound('', bound.account);
    }
  }
  // Skaffold builds these images and writes their tags into the manifests that it deploys.
  if (kind === 'Config' && group === 'skaffold') {
    for (const artifact of root.at('build', 'artifacts').items()) {
      const name = artifact.at('image').text ?? '';
      yield imageIsNamed(name);
      yield imageIsRewritten(name);
    }
  }
  yield* pullSecretClaims(manifest);
  if (enforcesPodSecurity(manifest)) yield podSecurityIsEnforced;
  if (deniesTrafficClusterWide(manifest)) yield trafficIsDenied;
}

/** The account that a binding's subject is, by its own kind or by the names that accounts have as users and groups (apiserver, serviceaccount/util.go). */
function boundAccount(subject: Field, ofBinding: string): { namespace: string; account: string } | undefined {
  const name = subject.at('name').text ?? '';
  if (subject.at('kind').is('ServiceAccount'))
    return { namespace: subject.at('namespace').text || ofBinding || anyNamespace, account: name };
  const [, user, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (subject.at('kind').is('User') && user !== undefined) return { namespace: user, account: account! };
  const [whole, group] = /^system:serviceaccounts(?::([^:]+))?$/.exec(name) ?? [];
  if (subject.at('kind').is('Group') && whole !== undefined)
    return { namespace: group ?? anyNamespace, account: anyAccount };
  return undefined;
}

/** Kyverno's podSecurity rules, Gatekeeper's PSP library, or the API server's own PodSecurity defaults. */
function enforcesPodSecurity(manifest: Manifest): boolean {
  const { kind, group, spec } = manifest;
  if (kind === 'ClusterPolicy' && group === 'kyverno.io') {
    return spec
      .at('rules')
      .items()
      .some((rule) => rule.at('validate', 'podSecurity').exists);
  }
  if (group === 'constraints.gatekeeper.sh') return kind.startsWith('K8sPSP');
  return admissionDefaults(manifest)?.defaults.enforce !== undefined;
}

/** Policies of the cluster-wide kinds (Calico, Cilium, the SIG Network admin policies); what they let through isn't judged here. */
function deniesTrafficClusterWide({ kind }: Manifest): boolean {
  return /^(?:GlobalNetworkPolicy|CiliumClusterwideNetworkPolicy|(?:Baseline)?AdminNetworkPolicy|ClusterNetworkPolicy)$/.test(
    kind,
  );
}

function streamEnd({ json, text, eol }: Source): Facts['end'] {
  return json ? undefined : { prefix: text === '' || text.endsWith('\n') ? '' : '\n', eol };
}

/** Joins with `.` and `..` taken out; forward slashes throughout. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (folder + path).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
