/** Versions of the Pod Security Standards, as minor numbers: 36 for v1.36. */

/** The newest version that the checks know: v1.37. */
export const newestPodSecurityVersion = 37;

/**
 * `v1.36`, `1.36` or `latest` as a minor number; newer than known is taken to the newest known, as pod-security-admission does (policy/registry.go).
 * Undefined when it is none of these.
 */
export function podSecurityVersion(text: string): number | undefined {
  if (text === 'latest') return newestPodSecurityVersion;
  const minor = /^v?1\.(0|[1-9]\d*)$/.exec(text)?.[1];
  return minor === undefined ? undefined : Math.min(Number(minor), newestPodSecurityVersion);
}
