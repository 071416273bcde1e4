/**
 * Claims: what one document says that makes reports of other documents void. A report names the claims it would yield to
 * (Report.unless), a document's facts name those it makes (Facts.provides); both use these functions, so that the two
 * sides cannot drift apart.
 */

/** A LimitRange of type Container sets a default limit of this resource in the namespace. */
export const limitRangeSets = (namespace: string, resource: string) => `limit-range:${namespace}/${resource}`;

/** A LimitRange of type Container sets a default request of this resource in the namespace. */
export const limitRangeRequests = (namespace: string, resource: string) =>
  `limit-range-request:${namespace}/${resource}`;

/** A ServiceAccount turns the mounting of its token off. */
export const tokenIsOff = (namespace: string, account: string) => `token-off:${namespace}/${account}`;

/** Stands for the namespace of a binding that leaves it to kubectl or Kustomize. */
export const anyNamespace = '*';

/** Stands for all accounts of a namespace, as in the group `system:serviceaccounts:shop`. */
export const anyAccount = '*';

/** A RoleBinding or ClusterRoleBinding gives rights to a ServiceAccount, so that its pods need the token. */
export const accountIsBound = (namespace: string, account: string) => `bound:${namespace}/${account}`;

/** The claims any of which says that a binding names the account. */
export const accountIsNamed = (namespace: string, account: string) =>
  [namespace, anyNamespace].map((where) => accountIsBound(where, account));

/** The claims any of which says that the account has rights, be it as one of many. */
export const accountHasRights = (namespace: string, account: string) => [
  ...accountIsNamed(namespace, account),
  ...accountIsNamed(namespace, anyAccount),
];

/** Something other than namespace labels enforces Pod Security for the whole cluster. */
export const podSecurityIsEnforced = 'pod-security-enforced';

/** Something other than NetworkPolicy denies traffic by default for the whole cluster. */
export const trafficIsDenied = 'traffic-denied';

/** A kustomization or Skaffold gives this image (name without tag and digest) another tag or digest. */
export const imageIsRewritten = (name: string) => `image:${name}`;

/** A kustomization or Skaffold looks for this image by its name, so that it must not be called otherwise here, and may come from elsewhere in the end. */
export const imageIsNamed = (name: string) => `image-named:${name}`;

/** A kustomization uses this file as a patch: it is a part of a manifest, and what it leaves out stands elsewhere. */
export const fileIsPatch = (path: string) => `patch:${path}`;
