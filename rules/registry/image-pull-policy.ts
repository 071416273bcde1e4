import { imageIsRewritten } from '../model/claims.js';
import { rule } from '../rule.js';

export default rule({
  id: 'image-pull-policy',
  on: 'pod',
  severity: 'information',
  preset: 'strict',
  partlyRecommended: true,
  title: 'Pull policy that lets an old image run',
  why: 'An image that is on the node is run without asking the registry: nodes run different things under one moving tag, a fix does not arrive, and a pod may use an image that its namespace has no right to pull.',
  default: 'Always for `latest` or no tag, else IfNotPresent.',
  remedy:
    'Write `Always`, or better pin the image by version and digest, and leave the policy out. The registry has to answer whenever a container starts then; layers that are there are not loaded again.',
  standards: ['cis-k8s:1.2.11', 'cwe:1357'],
  aliases: {
    checkov: ['CKV_K8S_15'],
    polaris: ['pullPolicyNotAlways'],
    'kube-score': ['container-image-pull-policy'],
    kubescape: ['C-0075'],
    kyverno: ['imagepullpolicy-always', 'always-pull-images'],
  },
  hover: ['containers/#/imagePullPolicy', 'initContainers/#/imagePullPolicy'],
  *check(pod) {
    for (const { title, field, reference } of pod.images) {
      const policy = field.parent!.at(field.key === 'reference' ? 'pullPolicy' : 'imagePullPolicy');
      // A digest can only be one image, wherever it comes from.
      if (reference === undefined || reference.digestValid) continue;
      const { name, tag } = reference;
      const moves = tag === undefined || !/\d/.test(tag);
      if (!policy.is('Never') && !(moves && policy.is('IfNotPresent'))) continue;
      yield {
        at: policy.span,
        message: policy.is('Never')
          ? `${title} only runs what lies on the node as ${name}, whoever put it there.`
          : `${title} keeps the ${name}:${tag ?? 'latest'} that is on the node, though that tag moves.`,
        recommended: policy.is('IfNotPresent') && (tag ?? 'latest') === 'latest',
        unless: [imageIsRewritten(name)],
        fixes: [{ title: `Set ${policy.key} to Always`, edits: policy.set('Always'), safe: false }],
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
          initContainers: [{name: setup, image: "setup:1.2", imagePullPolicy: «Never»}]
          containers:
            - name: web
              image: nginx
              imagePullPolicy: «IfNotPresent» # faster
            - {name: log, image: "fluent-bit:stable", imagePullPolicy: «"IfNotPresent"»}
          volumes: [{name: data, image: {reference: "example.com/data:latest", pullPolicy: «Never»}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: setup, image: "setup:1.2", imagePullPolicy: Always}]
          containers:
            - name: web
              image: nginx
              imagePullPolicy: Always # faster
            - {name: log, image: "fluent-bit:stable", imagePullPolicy: "Always"}
          volumes: [{name: data, image: {reference: "example.com/data:latest", pullPolicy: Always}}]
      `,
    },
    {
      why: 'the preset recommended asks for latest alone',
      options: { preset: 'recommended' },
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: a, image: a:latest, imagePullPolicy: «IfNotPresent»}, {name: b, image: b:1, imagePullPolicy: Never}, {name: c, image: c:stable, imagePullPolicy: IfNotPresent}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: a, image: a:latest, imagePullPolicy: Always}, {name: b, image: b:1, imagePullPolicy: Never}, {name: c, image: c:stable, imagePullPolicy: IfNotPresent}]}
      `,
    },
    {
      why: 'defaults, versions, digests, templates',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: nginx}
            - {name: b, image: "nginx:1.29", imagePullPolicy: IfNotPresent}
            - {name: c, image: "nginx:latest", imagePullPolicy: Always}
            - {name: d, image: "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", imagePullPolicy: Never}
            - {name: e, image: "{{ .Values.image }}", imagePullPolicy: Never}
            - {name: f, image: nginx, imagePullPolicy: {{ .Values.policy }}}
      `,
    },
  ],
});
