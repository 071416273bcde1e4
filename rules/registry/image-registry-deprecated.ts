import { imageIsNamed } from '../model/claims.js';
import { rule } from '../rule.js';

/** What was given up, by how names there begin, and where the same images lie now. */
const moved: readonly {
  readonly from: RegExp;
  readonly to: string;
  readonly place: string;
  readonly state: string;
  /** Only what has a version has moved. */
  readonly versions?: boolean;
}[] = [
  // kubernetes.io/blog/2023/03/10/image-registry-redirect; gcr.io itself lives on, as Artifact Registry.
  {
    from: /^(?:k8s\.gcr\.io|(?:(?:us|eu|asia)\.)?gcr\.io\/(?:google[-_]containers|k8s-artifacts-prod))\//,
    to: 'registry.k8s.io/',
    place: 'the old registry of Kubernetes',
    state: 'which has got no new images since April 2023 and will be closed',
  },
  // docs.github.com, "Migrating to the Container registry from the Docker registry": the repository falls away.
  {
    from: /^docker\.pkg\.github\.com\/([^/]+)\/[^/]+\//,
    to: 'ghcr.io/$1/',
    place: 'GitHub’s old Docker registry',
    state: 'which the Container registry has replaced',
  },
  // github.com/bitnami/containers/issues/83267: only `latest` has stayed.
  {
    from: /^((?:(?:index\.)?docker\.io\/)?)bitnami\//,
    to: '$1bitnamilegacy/',
    place: 'Bitnami’s old catalogue',
    state: 'whose versions were taken out of Docker Hub in 2025',
    versions: true,
  },
];

export default rule({
  id: 'image-registry-deprecated',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Image from a registry that was given up',
  why: 'A registry that was frozen gets no fixes, so known holes stay open, and one day it stops answering: then no new node can start the pod. A name that is free again can be taken by anybody.',
  default: 'Nodes pull from where the reference says.',
  remedy:
    'Take the image from the registry’s successor: `registry.k8s.io`, `ghcr.io`. Bitnami’s old versions lie in `bitnamilegacy`, without updates: move to another image soon.',
  standards: ['nsa:image-scanning', 'cwe:1104'],
  aliases: { kubescape: ['C-0253'], kyverno: ['restrict-deprecated-registry'] },
  hover: [],
  *check(pod) {
    for (const { title, field, named } of pod.images) {
      if (named === undefined) continue;
      const { name, tag } = named;
      const found = moved.find(({ from }) => from.test(name));
      if (found === undefined || (found.versions && (tag === undefined || tag === 'latest'))) continue;
      const text = field.text?.replace(found.from, found.to);
      yield {
        at: field.span,
        message: `${title} takes ${name} from ${found.place}, ${found.state}.`,
        unless: [imageIsNamed(name)],
        fixes: text === undefined ? [] : [{ title: `Write ${text}`, edits: field.set(text), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              initContainers: [{name: a, image: «"k8s.gcr.io/git-sync/git-sync:v3.6.2"»}]
              containers:
                - name: b
                  image: «gcr.io/google_containers/pause:3.1» # old
                - {name: c, image: «eu.gcr.io/k8s-artifacts-prod/pause:3.9»}
                - {name: d, image: «docker.pkg.github.com/example/web/api:1»}
                - {name: e, image: «"bitnami/redis:7.2"»}
                - {name: f, image: «docker.io/bitnami/kubectl:1.33»}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              initContainers: [{name: a, image: "registry.k8s.io/git-sync/git-sync:v3.6.2"}]
              containers:
                - name: b
                  image: registry.k8s.io/pause:3.1 # old
                - {name: c, image: registry.k8s.io/pause:3.9}
                - {name: d, image: ghcr.io/example/api:1}
                - {name: e, image: "bitnamilegacy/redis:7.2"}
                - {name: f, image: docker.io/bitnamilegacy/kubectl:1.33}
      `,
    },
    {
      why: 'gcr.io lives on; what stayed; mirrors; templates',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: "gcr.io/distroless/static:nonroot"}
            - {name: b, image: "registry.k8s.io/pause:3.10"}
            - {name: c, image: "bitnami/redis:latest"}
            - {name: d, image: bitnami/redis}
            - {name: e, image: "mirror.example.com/k8s.gcr.io/pause:3.9"}
            - {name: f, image: "ghcr.io/bitnami/redis:7"}
            - {name: g, image: "{{ .Values.registry }}k8s.gcr.io/pause:3.9"}
      `,
    },
    {
      why: 'a tag that is filled in later',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: a, image: «"k8s.gcr.io/pause:{{ .Values.tag }}"»}]}
      `,
    },
    {
      why: 'a kustomization or Skaffold replaces it',
      ok: `
        apiVersion: skaffold/v4beta11
        kind: Config
        build: {artifacts: [{image: k8s.gcr.io/web, context: src/web}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: k8s.gcr.io/web}]}
      `,
    },
  ],
});
