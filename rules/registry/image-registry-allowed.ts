import { imageIsNamed } from '../model/claims.js';
import { canonicalName, dockerHub, isPlaceholder, registryOf } from '../model/image-names.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-registry-allowed',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Image from a registry that is not allowed',
  why: 'Whoever may push to a registry decides what runs. An image from a place that nobody scans, signs or keeps may be a look-alike, and may be gone or changed tomorrow.',
  default: 'Nodes pull from any registry that they can reach; without a list this rule says nothing.',
  remedy:
    'Copy the image into a registry of your list, or add its registry to the setting `plimsoll.allowedRegistries` (`--allowed-registry`): `ghcr.io`, or `ghcr.io/example` for a part of it. Enforce the same by an admission policy.',
  standards: ['nsa:image-scanning', 'cis-k8s:5.5.1', 'mitre:T1204.003', 'cwe:829'],
  aliases: {
    trivy: ['KSV-0125', 'KSV-0032', 'KSV-0033', 'KSV-0034', 'KSV-0035'],
    kubescape: ['C-0078', 'C-0001', 'C-0304'],
    kyverno: [
      'restrict-image-registries',
      'allowed-image-repos',
      'advanced-restrict-image-registries',
      'only-trustworthy-registries-set-root',
    ],
  },
  hover: [],
  *check(pod, { allowedRegistries }) {
    const allowed = allowedRegistries.map(canonicalFolder).filter((folder) => folder !== '');
    if (allowed.length === 0) return;
    for (const { title, field, named } of pod.images) {
      if (named === undefined || isPlaceholder(named.registry ?? '-')) continue;
      const name = canonicalName(named);
      if (allowed.some((folder) => name === folder || name.startsWith(`${folder}/`))) continue;
      const registry = registryOf(named);
      const listed = allowed.some((folder) => folder.startsWith(`${registry}/`));
      yield {
        at: field.span,
        message: `${title} takes its image from ${listed ? name : registry}, which is not on the list of allowed registries.`,
        unless: [imageIsNamed(named.name)],
      };
    }
  },
  examples: [
    {
      why: 'allowed are ghcr.io/example, registry.example.com:5000 and quay.io',
      options: { allowedRegistries: ['ghcr.io/example', 'registry.example.com:5000/', 'https://quay.io'] },
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: setup, image: «busybox:1.37»}]
          containers:
            - {name: ours, image: "ghcr.io/example/web:1"}
            - name: theirs
              image: «ghcr.io/other/web:1»
            - {name: look-alike, image: «ghcr.io/example-evil/web:1»}
            - {name: host, image: «quay.io.example.net/web»}
            - {name: port, image: «registry.example.com/web:1»}
          ephemeralContainers: [{name: debug, image: «"docker.io/library/busybox"»}]
          volumes: [{name: data, image: {reference: «example.net/data:1»}}]
      `,
    },
    {
      why: 'allowed are docker.io/library, bitnamilegacy and grafana on Docker Hub, and ghcr.io',
      options: { allowedRegistries: ['docker.io/library', 'bitnamilegacy', 'index.docker.io/grafana', 'ghcr.io'] },
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: nginx}
            - {name: b, image: "docker.io/nginx:1.29"}
            - {name: c, image: "bitnamilegacy/redis:7"}
            - {name: d, image: "grafana/grafana:12"}
            - {name: e, image: "GHCR.io/x/y:1"}
            - {name: f, image: "REGISTRY/web:1"}
            - {name: g, image: "\${REGISTRY}/web:1"}
            - {name: h, image: "{{ .Values.registry }}/web:1"}
      `,
    },
    {
      why: 'a tag that is filled in later; allowed is ghcr.io',
      options: { allowedRegistries: ['ghcr.io'] },
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: «"evil.example/web:{{ .Values.tag }}"»}
            - {name: b, image: «"evil.example/web@\${DIGEST}"»}
            - {name: c, image: "ghcr.io/example/web:$(TAG)"}
      `,
    },
    {
      why: 'without a list there is nothing to say',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: a, image: example.net/web}]}
      `,
    },
    {
      why: 'allowed is ghcr.io, and Skaffold puts its own registry before the name',
      options: { allowedRegistries: ['ghcr.io'] },
      ok: `
        apiVersion: skaffold/v4beta11
        kind: Config
        build: {artifacts: [{image: web, context: src/web}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web}]}
      `,
    },
  ],
});

/** An entry of the list as canonicalName writes names: without a scheme and a slash at its end, Docker Hub in full. */
function canonicalFolder(entry: string): string {
  const folder = entry
    .trim()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/+$/, '');
  const [host = '', ...path] = folder.split('/');
  if (host === `index.${dockerHub}`) return [dockerHub, ...path].join('/');
  if (/[.:]/.test(host) || host === 'localhost') return [host.toLowerCase(), ...path].join('/');
  return folder === '' ? '' : `${dockerHub}/${folder}`;
}
