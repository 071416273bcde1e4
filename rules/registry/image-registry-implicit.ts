import { imageIsNamed } from '../model/claims.js';
import { dockerHub } from '../model/image-names.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-registry-implicit',
  on: 'pod',
  severity: 'hint',
  preset: 'recommended',
  title: 'Image without its registry',
  why: 'A short name leaves open where the image comes from. containerd takes Docker Hub; CRI-O and Podman try the registries that the node lists, so that whoever has the name in an earlier one is served. Policies by registry and mirrors are easily missed too.',
  default:
    'Docker Hub (`docker.io`), `docker.io/library` for a name of one part, or what the node’s short-name settings say.',
  remedy: 'Write the registry: `docker.io/library/nginx:1.29`, `docker.io/grafana/grafana:12`.',
  standards: ['cwe:1357'],
  aliases: { trivy: ['KSV-0034'] },
  hover: [],
  *check(pod) {
    for (const { title, field, reference } of pod.images) {
      if (reference === undefined || reference.registry !== undefined) continue;
      const { name } = reference;
      const full = `${dockerHub}/${name.includes('/') ? '' : 'library/'}${field.text}`;
      yield {
        at: field.span,
        message: `${title} takes ${name} without naming a registry, which is Docker Hub or what the node tries first.`,
        unless: [imageIsNamed(name)],
        fixes: [{ title: `Write ${full}`, edits: field.set(full), safe: false }],
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
          initContainers: [{name: setup, image: «'busybox'»}]
          containers:
            - name: web
              image: «nginx:1.29» # stable
            - {name: grafana, image: «"grafana/grafana:12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"»}
          volumes: [{name: data, image: {reference: «example/data:1»}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: setup, image: 'docker.io/library/busybox'}]
          containers:
            - name: web
              image: docker.io/library/nginx:1.29 # stable
            - {name: grafana, image: "docker.io/grafana/grafana:12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
          volumes: [{name: data, image: {reference: docker.io/example/data:1}}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "docker.io/library/nginx:1.29"}
            - {name: b, image: "localhost/web"}
            - {name: c, image: "registry:5000/web:1"}
            - {name: d, image: "\${REGISTRY}/web"}
            - {name: e, image: "{{ .Values.registry }}web:1"}
            - {name: f, image: auto}
      `,
    },
    {
      why: 'Skaffold finds the image by its name',
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
