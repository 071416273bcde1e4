import { branchBetween } from '../model/branches.js';
import type { Field } from '../model/field.js';
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
    for (const { title, field } of pod.resourceHolders) {
      const limits = field.at('resources', 'limits');
      for (const { key, value } of field.at('resources', 'requests').entries()) {
        const limit = limits.at(key);
        const whole = isWhole(key);
        const [asked, allowed] = [quantity(value.word ?? ''), quantity(limit.word ?? '')];
        if (asked === undefined) continue;
        if (whole && limit.absent) {
          yield {
            at: value.span,
            message: `${title} requests ${key} and sets no limit, which has to be equal.`,
            whole: true,
            fixes: [{ title: `Set a limit of ${value.word}`, edits: limit.set(scalar(value)), safe: false }],
          };
          continue;
        }
        if (allowed === undefined || (whole ? asked === allowed : asked <= allowed) || perhapsApart(value, limit))
          continue;
        yield {
          at: value.span,
          message: whole
            ? `${title} requests ${value.word} of ${key} and limits it to ${limit.word}; these have to be equal.`
            : `${title} requests more ${key} (${value.word}) than its limit of ${limit.word}.`,
          fixes: [
            {
              title: `${asked > allowed ? 'Lower' : 'Raise'} the request to ${limit.word}`,
              edits: value.set(scalar(limit)),
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
      why: 'devices and huge pages need a limit',
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
                  cpu: 1
                  nvidia.com/gpu: «1»
            - {name: b, image: b:1, resources: {requests: {hugepages-1Gi: «1Gi»}, limits: {cpu: 1}}}
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
                  cpu: 1
                  nvidia.com/gpu: 1
                limits:
                  nvidia.com/gpu: 1
            - {name: b, image: b:1, resources: {requests: {hugepages-1Gi: 1Gi}, limits: {cpu: 1, hugepages-1Gi: 1Gi}}}
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
            - name: f
              image: f:1
              resources:
                {{- if .Values.guaranteed }}
                requests: {memory: 2Gi}
                {{- else }}
                limits: {memory: 1Gi}
                {{- end }}
      `,
    },
  ],
});

/** Can't be overcommitted (pkg/apis/core/helper, IsOvercommitAllowed): huge pages and extended resources. */
function isWhole(resource: string): boolean {
  return resource.startsWith('hugepages-') || (resource.includes('/') && !resource.includes('kubernetes.io/'));
}

function scalar(field: Field): string | number {
  return field.text ?? field.int ?? field.word!;
}

/** A chart may print the one or the other. */
function perhapsApart(a: Field, b: Field): boolean {
  const [first, second] = [a.span.start, b.span.start].sort((x, y) => x - y) as [number, number];
  return branchBetween(a.source, first, second);
}
