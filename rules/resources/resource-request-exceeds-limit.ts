import { quantity } from '../model/quantity.js';
import { rule } from '../rule.js';

export default rule({
  id: 'resource-request-exceeds-limit',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Request above the limit',
  why: 'The API server refuses a pod that asks for more than it may use, and so every pod of the workload: nothing starts. Huge pages and devices can’t be overcommitted, so there the two have to be equal.',
  default: 'Without a request the limit is the request.',
  remedy: 'Lower the request to the limit, or raise the limit.',
  standards: ['cwe:1173'],
  aliases: {
    kyverno: ['memory-requests-equal-limits'],
    'kube-score': [
      'container-memory-requests-equal-limits',
      'container-cpu-requests-equal-limits',
      'container-resource-requests-equal-limits',
    ],
  },
  hover: [],
  *check(pod) {
    for (const { title, field } of [{ title: pod.title, field: pod.spec }, ...pod.containers]) {
      const limits = field.at('resources', 'limits');
      for (const { key, value } of field.at('resources', 'requests').entries()) {
        const limit = limits.at(key);
        const [asked, allowed] = [quantity(value.word ?? ''), quantity(limit.word ?? '')];
        if (asked === undefined || allowed === undefined) continue;
        // pkg/apis/core/validation, ValidateResourceRequirements: what can't be overcommitted has to be equal.
        const isWhole = key.startsWith('hugepages-') || (key.includes('/') && !key.startsWith('kubernetes.io/'));
        if (isWhole ? asked === allowed : asked <= allowed) continue;
        yield {
          at: value.span,
          message: isWhole
            ? `${title} requests ${value.word} of ${key} and limits it to ${limit.word}; these have to be equal.`
            : `${title} requests more ${key} (${value.word}) than its limit of ${limit.word}.`,
          fixes: [
            {
              title: `Lower the request to ${limit.word}`,
              edits: value.set(limit.text ?? limit.int ?? limit.word!),
              safe: false,
            },
          ],
        };
      }
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
              image: web:1
              resources:
                requests:
                  memory: «1Gi» # at the peak
                  cpu: «2»
                  nvidia.com/gpu: «1»
                limits:
                  memory: 512Mi
                  cpu: 500m
                  nvidia.com/gpu: 2
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              resources:
                requests:
                  memory: 512Mi # at the peak
                  cpu: 500m
                  nvidia.com/gpu: 2
                limits:
                  memory: 512Mi
                  cpu: 500m
                  nvidia.com/gpu: 2
      `,
    },
    {
      why: 'less, equal in another unit, without a limit, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: a, image: a:1, resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}}]
          containers:
            - {name: b, image: b:1, resources: {requests: {cpu: 1000m, memory: 1Gi}, limits: {cpu: 1, memory: 1024Mi}}}
            - {name: c, image: c:1, resources: {requests: {cpu: 4}}}
            - {name: d, image: d:1, resources: {requests: {cpu: "{{ .Values.cpu }}"}, limits: {cpu: 1m}}}
            - {name: e, image: e:1, resources: {requests: {hugepages-2Mi: 64Mi}, limits: {hugepages-2Mi: 64Mi}}}
      `,
    },
  ],
});
