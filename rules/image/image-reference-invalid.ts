import { imageIsNamed } from '../model/claims.js';
import { isPlaceholder } from '../model/image-names.js';
import { parseImageReference } from '../model/image-reference.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-reference-invalid',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Image reference that can’t be read',
  why: 'The node refuses a reference that breaks the grammar (`InvalidImageName`), so that the pod never starts. A digest of the wrong length pins nothing at all, although it looks as if it did.',
  default: 'A reference is registry, path, tag and digest: `ghcr.io/example/web:1.2@sha256:…`.',
  remedy:
    'Write registry and path without a scheme and in lower case, a tag of at most 128 letters, digits, `_`, `.` and `-`, and a digest of 64 hexadecimal digits behind `sha256:`.',
  standards: ['cwe:1173'],
  aliases: {},
  hover: [],
  covers: ['image-digest'],
  // A user and a password may be in it.
  secret: true,
  *check(pod) {
    for (const { title, field } of pod.images) {
      const { text } = field;
      const reference = parseImageReference(text ?? '');
      const isRead = reference !== undefined && (reference.digest === undefined || reference.digestValid);
      if (text === undefined || isRead || isPlaceholder(text)) continue;
      const { what, better } = flaw(text);
      yield {
        at: field.span,
        message: `${title} has an image reference ${what}.`,
        unless: [imageIsNamed(text.replace(/@.*$|:[^/]*$/g, ''))],
        // What can't be pulled works nowhere, but whether this is what was meant only its author knows.
        fixes:
          better === undefined || parseImageReference(better) === undefined
            ? []
            : [{ title: `Write ${better}`, edits: field.set(better), safe: false }],
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
          initContainers:
            - {name: scheme, image: «"https://ghcr.io/example/web:1"»}
          containers:
            - name: capitals
              image: «ghcr.io/Example/web:V1» # ours
            - {name: blanks, image: «' nginx:1.29 '»}
          volumes: [{name: data, image: {reference: «docker://example.com/data:1»}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: scheme, image: "ghcr.io/example/web:1"}
          containers:
            - name: capitals
              image: ghcr.io/example/web:V1 # ours
            - {name: blanks, image: 'nginx:1.29'}
          volumes: [{name: data, image: {reference: example.com/data:1}}]
      `,
    },
    {
      why: 'nobody knows what was meant',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - {name: short, image: «"nginx:1.29@sha256:0123456789abcdef0123456789abcdef"»}
                - {name: md5, image: «"nginx@md5:0123456789abcdef0123456789abcdef"»}
                - {name: tags, image: «"nginx:1.29:2"»}
                - {name: empty, image: «"nginx:"»}
                - {name: sign, image: «"nginx:1.29+build"»}
                - {name: two, image: «nginx 1.29»}
      `,
    },
    {
      why: 'a digest in capitals, a tag that is empty',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: «"web@sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"»}
            - {name: b, image: «"web:@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"»}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: b, image: "web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      `,
    },
    {
      why: 'a login',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: «"web:hunter2@ghcr.io/example/web:1"»}]}
      `,
    },
    {
      why: 'place-holders, what tools fill in, templates',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "\${IMAGE}:1"}
            - {name: b, image: "$(params.image)"}
            - {name: c, image: "<registry>/web:1"}
            - {name: d, image: IMAGE_NAME}
            - {name: e, image: "gcr.io/PROJECT_ID/web:1"}
            - {name: f, image: "%IMAGE%"}
            - {name: g, image: ko://github.com/Example/web}
            - {name: h, image: " "}
            - {name: i, image: ""}
            - {name: j, image: auto}
            - {name: k, image: "{{ .Values.image }}"}
            - {name: l, image: "Web:{{ .Values.tag }}"}
            - {name: m, image: }
            - {name: n, image: "REGISTRY/web"}
      `,
    },
    {
      why: 'Skaffold puts its own in the place of this name',
      ok: `
        apiVersion: skaffold/v4beta11
        kind: Config
        build: {artifacts: [{image: Web, context: src/web}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: Web}]}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "localhost:5000/a/b__c-d.e:V1.2_3-x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: b, image: "[fd00::1]:5000/web:1"}
            - {name: c, image: 1234567890.dkr.ecr.eu-west-1.amazonaws.com/web}
      `,
    },
  ],
});

/** What is wrong with a reference, and what was most likely meant. */
function flaw(text: string): { readonly what: string; readonly better?: string } {
  const bare = text.trim();
  if (bare !== text && !/\s/.test(bare)) return { what: 'with blanks around it', better: bare };
  if (/\s/.test(bare)) return { what: 'with a blank in it' };
  const [scheme] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? [];
  if (scheme !== undefined) return { what: `with a scheme (${scheme})`, better: text.slice(scheme.length) };
  if (/^[^/@]*:[^/@]*@[^/@]*\//.test(text))
    return { what: 'with a user and a password, which belong into a pull secret' };
  const [name, rest] = [text.replace(/@.*$|:[^/]*$/g, ''), /@.*$|:[^/]*$/.exec(text)?.[0] ?? ''];
  if (parseImageReference(name) === undefined)
    return name === name.toLowerCase()
      ? { what: `whose name ${name} is none` }
      : { what: 'with capitals in its path', better: name.toLowerCase() + rest };
  if (rest.startsWith(':@')) return { what: 'with an empty tag', better: name + rest.slice(1) };
  const lower = text.replace(/(?<=@.*:).*$/, (hex) => hex.toLowerCase());
  if (lower !== text && parseImageReference(lower)?.digestValid)
    return { what: 'with capitals in its digest', better: lower };
  return { what: rest.includes('@') ? 'with a digest of the wrong length or kind' : `with ${rest} for a tag` };
}
