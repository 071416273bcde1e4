import { anyNamespace, imageIsNamed } from '../model/claims.js';
import type { Field } from '../model/field.js';
import { registryOf } from '../model/image-names.js';
import type { Pod } from '../model/pod.js';
import {
  accountPulls,
  pullSecretIsElsewhere,
  pullSecretIsIn,
  registryHasLogin,
  secretCannotPull,
} from '../model/pull-secrets.js';
import { type Report, rule } from '../rule.js';

/** Registries whose images are mostly for everybody, so that a login for one says nothing of a pod. */
const open =
  /^(?:docker\.io|ghcr\.io|quay\.io|lscr\.io|(?:\w+\.)?gcr\.io|nvcr\.io|registry\.k8s\.io|registry\.gitlab\.com|public\.ecr\.aws|mcr\.microsoft\.com|registry\.access\.redhat\.com)$/;

/**
 * Nodes often log in by themselves (kubelet credential providers), so a pod without pull secrets is reported only where a Secret of its namespace has a
 * login for just that registry.
 */
export default rule({
  id: 'image-pull-secrets',
  on: 'manifest',
  severity: 'hint',
  preset: 'recommended',
  title: 'Pull secret missing or unusable',
  why: 'Without a login the node can’t pull a private image. The pod stays in `ImagePullBackOff`, or starts only on nodes where the image lies already, so that one gets used to images that nobody checks. A Secret of another namespace or type is passed over without a word.',
  default: 'The pull secrets of the ServiceAccount, and what the node itself has a login for.',
  remedy:
    'Name a Secret of type `kubernetes.io/dockerconfigjson` in the pod’s own namespace under `imagePullSecrets`, in the pod or in its ServiceAccount. Where the kubelet’s credential provider logs in, delete the Secret instead.',
  standards: ['nsa:image-scanning'],
  aliases: { kyverno: ['require-imagepullsecrets', 'add-imagepullsecrets'] },
  hover: ['spec/imagePullSecrets'],
  *check(manifest) {
    const { kind, group, root, namespace, title } = manifest;
    for (const pod of manifest.pods) {
      yield* unusable(pod.spec.at('imagePullSecrets'), namespace, title);
      yield* missing(pod);
    }
    if (kind === 'ServiceAccount' && group === '') yield* unusable(root.at('imagePullSecrets'), namespace, title);
  },
  examples: [
    {
      why: 'a Secret has a login for the registry, but the pod does not name it',
      bad: `
        apiVersion: v1
        kind: Secret
        metadata: {name: login, namespace: shop}
        type: kubernetes.io/dockerconfigjson
        stringData:
          .dockerconfigjson: '{"auths": {"https://registry.example.com/v2/": {"auth": "eHh4"}}}'
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: «web», namespace: shop}
        spec: {template: {spec: {containers: [{name: web, image: registry.example.com/web:1}]}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: other, namespace: office}
        spec: {containers: [{name: web, image: registry.example.com/web:1}]}
      `,
    },
    {
      why: 'a Secret of the wrong type, and one of another namespace',
      bad: `
        apiVersion: v1
        kind: Secret
        metadata: {name: plain, namespace: shop}
        stringData: {.dockerconfigjson: '{}'}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: login, namespace: office}
        type: kubernetes.io/dockercfg
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec:
          imagePullSecrets:
            - name: «plain»
            - name: «login»
          containers: [{name: web, image: registry.example.com/web:1}]
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: web, namespace: shop}
        imagePullSecrets: [{name: «plain»}]
      `,
    },
    {
      why: 'named by the pod or its account; a public registry; a Secret that is copied; one that an operator makes; a template',
      ok: `
        apiVersion: v1
        kind: Secret
        metadata: {name: login, namespace: shop, annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: "true"}}
        type: kubernetes.io/dockerconfigjson
        data: {.dockerconfigjson: eyJhdXRocyI6eyJyZWdpc3RyeS5leGFtcGxlLmNvbSI6e30sImdoY3IuaW8iOnt9fX0=}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: web, namespace: shop}
        imagePullSecrets: [{name: login}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: shop}
        spec: {serviceAccountName: web, containers: [{name: a, image: registry.example.com/a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: shop}
        spec: {imagePullSecrets: [{name: login}, {name: made}], containers: [{name: b, image: registry.example.com/b:1}]}
        ---
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: {name: made, namespace: shop}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c, namespace: shop}
        spec: {containers: [{name: c, image: ghcr.io/example/c:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: d, namespace: office}
        spec: {imagePullSecrets: [{name: login}, {name: unheard-of}], containers: [{name: d, image: registry.example.com/d:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: e, namespace: shop}
        spec:
          {{- with .Values.secrets }}
          imagePullSecrets: {{ toYaml . | nindent 4 }}
          {{- end }}
          containers: [{name: e, image: registry.example.com/e:1}]
      `,
    },
  ],
});

/** Pull secrets of which another document says that no image can be pulled by them. */
function* unusable(secrets: Field, namespace: string, title: string): Generator<Report> {
  for (const secret of secrets.items()) {
    const { text, span } = secret.at('name');
    if (text === undefined) continue;
    yield {
      at: span,
      severity: 'information',
      message: `${title} pulls with Secret ${text}, whose type is neither kubernetes.io/dockerconfigjson nor kubernetes.io/dockercfg.`,
      onlyIf: [secretCannotPull(namespace, text)],
      unless: [pullSecretIsIn(namespace, text)],
    };
    if (namespace === '') continue;
    yield {
      at: span,
      severity: 'information',
      message: `${title} pulls with Secret ${text}, which stands in another namespace than ${namespace}.`,
      onlyIf: [pullSecretIsElsewhere(text)],
      unless: [pullSecretIsIn(namespace, text), pullSecretIsIn('', text), secretCannotPull(namespace, text)],
    };
  }
}

function* missing({ manifest, spec, images, title, serviceAccount }: Pod): Generator<Report> {
  const secrets = spec.at('imagePullSecrets');
  const { namespace } = manifest;
  if (!secrets.absent || spec.at('serviceAccountName').unknown || spec.at('serviceAccount').unknown) return;
  const named = images.flatMap(({ reference }) => (reference?.registry === undefined ? [] : [reference]));
  const byRegistry = new Map(named.map((reference) => [registryOf(reference), reference]));
  for (const [registry, { name }] of byRegistry) {
    if (open.test(registry)) continue;
    yield {
      at: secrets.span,
      message: `${title} names no imagePullSecrets, though a Secret of its namespace has a login for ${registry}.`,
      absent: 'imagePullSecrets',
      onlyIf: [registryHasLogin(namespace, registry)],
      unless: [accountPulls(namespace, serviceAccount), accountPulls(anyNamespace, serviceAccount), imageIsNamed(name)],
    };
  }
}
