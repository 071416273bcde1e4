/** Secrets with which images are pulled, as claims: which registries they are for, and which ones can't be used. */
import { anyNamespace } from './claims.js';
import type { Field } from './field.js';
import type { Manifest } from './manifest.js';

/** A Secret of the namespace has a login for this registry. */
export const registryHasLogin = (namespace: string, registry: string) => `registry-login:${namespace}/${registry}`;

/** A ServiceAccount of the namespace names pull secrets, which its pods get (`anyNamespace` where it leaves that open). */
export const accountPulls = (namespace: string, account: string) => `account-pulls:${namespace}/${account}`;

/** Something makes a Secret of this name in the namespace, by which images can be pulled as far as one can see. */
export const pullSecretIsIn = (namespace: string, name: string) => `pull-secret:${namespace}/${name}`;

/** A Secret of this name in the namespace has a type by which no image can be pulled. */
export const secretCannotPull = (namespace: string, name: string) => `no-pull-secret:${namespace}/${name}`;

/** A Secret of this name, for pulling, stands in some namespace, and nothing copies it to others. */
export const pullSecretIsElsewhere = (name: string) => `pull-secret-elsewhere:${name}`;

/** What a manifest claims about pull secrets. */
export function* pullSecretClaims({ kind, group, name, namespace, root, metadata }: Manifest): Generator<string> {
  if (kind === 'ServiceAccount' && root.at('imagePullSecrets').items().length > 0) {
    yield accountPulls(namespace || anyNamespace, name);
    // A pod that leaves its namespace to kubectl or Kustomize may be in any.
    yield accountPulls('', name);
  }
  // Sealed, external and other secrets of operators; what is made of them is not known.
  if (kind.endsWith('Secret') && group !== '')
    for (const made of [name, root.at('spec', 'target', 'name').text ?? name]) yield pullSecretIsIn(namespace, made);
  if (kind !== 'Secret' || group !== '' || root.at('type').unknown) return;
  if (!/^kubernetes\.io\/dockerc(?:onfigjson|fg)$/.test(root.at('type').text ?? 'Opaque')) {
    yield secretCannotPull(namespace, name);
    return;
  }
  yield pullSecretIsIn(namespace, name);
  // Reflector, Replicator, Kubed and the like copy what is annotated so.
  const copied = metadata
    .at('annotations')
    .entries()
    .some(({ key }) => /reflect|replicat|kubed|sync|copy/i.test(key));
  if (namespace !== '' && !copied) yield pullSecretIsElsewhere(name);
  for (const registry of registries(root)) yield registryHasLogin(namespace, registry);
}

/** The registries that a Secret of type `kubernetes.io/dockerconfigjson` has a login for. */
function registries(secret: Field): string[] {
  const key = '.dockerconfigjson';
  try {
    const plain = secret.at('stringData', key).text ?? atob(secret.at('data', key).text ?? '');
    const { auths } = JSON.parse(plain) as { auths?: unknown };
    return Object.keys(auths ?? {}).map((url) =>
      url
        .replace(/^https?:\/\//, '')
        .replace(/\/.*$/, '')
        .toLowerCase(),
    );
  } catch {
    return [];
  }
}
