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
  *check(pod) {
    for (const { title, field, reference } of pod.images) {
      // Without a version there is nothing to pin yet; image-tag-latest says so.
      if (reference === undefined || reference.digestValid || reference.tag === undefined || reference.tag === 'latest')
        continue;
      yield {
        at: field.span,
        message: `${title} takes ${reference.name}:${reference.tag} by its tag, which can be moved.`,
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: «nginx:1.29» # stable
          volumes: [{name: data, image: {reference: «"example.com/data:1"»}}]
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
            - {name: b, image: "\${IMAGE}:1"}
      `,
    },
  ],
});
