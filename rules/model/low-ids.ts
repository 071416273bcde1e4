/** What run-as-high-uid and run-as-high-gid have in common. */
import type { Field } from './field.js';
import type { Pod } from './pod.js';

/** Below it lie the users and groups of the node itself and of its packages. */
const threshold = 10_000;

/**
 * Where a pod or its containers name a user or group (`runAsUser`, `runAsGroup`) that the node may have too; the pod's own number only when
 * some container takes it. Root is left out, and so is a pod whose numbers are not the node's.
 */
export function lowIds(pod: Pod, key: string): { readonly title: string; readonly field: Field }[] {
  if (pod.windows || pod.userNamespace) return [];
  const inherited = pod.containers.some(({ security }) => security.at(key).absent);
  return [...(inherited ? [pod] : []), ...pod.containers]
    .map(({ title, security }) => ({ title, field: security.at(key) }))
    .filter(({ field }) => field.int !== undefined && field.int > 0 && field.int < threshold);
}
