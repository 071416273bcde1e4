import { imageIsRewritten } from '../model/claims.js';
import { pin } from '../model/image-names.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-digest',
  on: 'pod',
  severity: 'information',
  preset: 'recommended',
  title: 'Image not pinned by digest',
  why: 'A tag is a label that can be put on another image at any time, by a mistake or by whoever holds the registry’s password. A digest is the content itself: what was tested is what runs, on every node.',
  default: 'The tag is looked up anew at every pull.',
  remedy:
    'Write the digest behind the tag, `nginx:1.29@sha256:…`; the tag then only documents it. Renovate, Dependabot or Flux keep digests up to date.',
  standards: ['nsa:image-scanning', 'cwe:1357'],
  aliases: {
    checkov: ['CKV_K8S_43'],
    kubescape: ['C-0306'],
    kyverno: ['require-image-checksum', 'resolve-image-to-digest'],
  },
  hover: ['containers/#/image', 'initContainers/#/image'],
  covers: ['image-registry-implicit'],
  *check(pod) {
    for (const { title, field, reference } of pod.images) {
      if (reference === undefined || reference.digestValid) continue;
      const { name, tag, digest } = reference;
      yield {
        at: field.span,
        message:
          digest === undefined
            ? `${title} takes ${name}${tag === undefined ? '' : `:${tag}`} without a digest, so that another image may come in its place.`
            : `${title} takes ${name} by a digest that is none.`,
        unless: [imageIsRewritten(name)],
        // The same digest as the tag has today, so that nothing changes but what comes tomorrow: for its author to want.
        fixes: digest === undefined && field.textEnd !== undefined ? [pin(reference, field.text!, field.textEnd)] : [],
      };
    }
  },
  examples: [
    {
      digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: «nginx:1.29» # stable
            - {name: newest, image: «'ghcr.io/example/web'»}
          volumes: [{name: data, image: {reference: «"example.com/data:1"»}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: nginx:1.29@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef # stable
            - {name: newest, image: 'ghcr.io/example/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'}
          volumes: [{name: data, image: {reference: "example.com/data:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}]
      `,
    },
    {
      why: 'what stands there is no digest',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: short, image: «"nginx@sha256:0123456789abcdef0123456789abcdef"»}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "nginx:1.29@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: b, image: "nginx@sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: filled in later, image: "\${IMAGE}:1"}
            - {name: injected, image: auto}
      `,
    },
    {
      why: 'a template fills it in',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: "nginx:{{ .Values.tag }}"
            - name: log
              image: {{ .Values.log.image }}
      `,
    },
  ],
});
