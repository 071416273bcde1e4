import { imageIsRewritten } from '../model/claims.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-tag-latest',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Image without a fixed version',
  why: 'Without a tag, or with `latest`, each node runs whatever was pushed last when it pulled. Nobody can say which version is running, a rollback brings back nothing, and whoever can push to the repository decides what starts next.',
  default: 'No tag means `latest`.',
  remedy: 'Name a version, better with its digest: `nginx:1.29@sha256:…`. A tag alone can still be moved.',
  standards: ['nsa:image-scanning', 'cwe:1357'],
  aliases: {
    'kube-linter': ['latest-tag'],
    trivy: ['KSV-0013'],
    checkov: ['CKV_K8S_14'],
    sonar: ['kubernetes:S6596'],
    polaris: ['tagNotSpecified'],
    'kube-score': ['container-image-tag'],
    kubescape: ['C-0075'],
    kyverno: ['disallow-latest-tag'],
    monokle: ['KBP001', 'KBP116'],
  },
  hover: ['containers/#/image', 'initContainers/#/image'],
  covers: ['image-digest', 'image-registry-implicit'],
  *check(pod) {
    for (const { title, field, reference } of pod.images) {
      if (
        reference === undefined ||
        reference.digest !== undefined ||
        (reference.tag !== undefined && reference.tag !== 'latest')
      )
        continue;
      yield {
        at: field.span,
        message: `${title} takes ${reference.tag === undefined ? `${reference.name} without a tag` : `${reference.name}:latest`}, whatever that is on the day it starts.`,
        unless: [imageIsRewritten(reference.name)],
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
          initContainers: [{name: setup, image: «localhost:5000/setup»}]
          containers:
            - name: web
              image: «nginx:latest»
            - name: log
              image: «"busybox"»
          volumes: [{name: data, image: {reference: «example.com/data»}}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: tag, image: "host:5000/nginx:1.29"}
            - {name: digest, image: "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: digest of latest, image: "nginx:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            - {name: filled in later, image: "\${IMAGE}"}
            - {name: case matters, image: "nginx:Latest"}
            - {name: injected, image: auto}
      `,
    },
    {
      why: 'a custom resource with a pod template, in a List',
      bad: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: serving.knative.dev/v1
          kind: Service
          metadata: {name: hello}
          spec:
            template:
              spec:
                containers:
                - name: hello
                  image: «"ghcr.io/example/hello:latest"»
      `,
    },
    {
      why: 'Skaffold fills it in',
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
    {
      why: 'a template fills it in',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: "{{ .Values.image }}"
            - name: log
              image: busybox:{{ .Values.tag }}
      `,
    },
  ],
});
