import { quantity } from '../model/quantity.js';
import { rule } from '../rule.js';

const mebibyte = 2 ** 20;
/** More cores than a container is ever meant to have: millicores without their `m`. */
const manyCores = 256;
/** A larger number without a unit was hardly meant in mebibytes. */
const manyMebibytes = 65_536;

export default rule({
  id: 'resource-unit-suspicious',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Amount in a unit that can’t be meant',
  why: '`memory: 512m` is half a byte, and a container with that limit never starts; `cpu: 500` asks for five hundred cores, and its pod is never scheduled. A unit that does not exist makes the API server refuse the pod.',
  default: 'Without a unit memory is counted in bytes and CPU in cores.',
  remedy: 'Memory and storage in `Mi` or `Gi`, CPU in cores (`0.5`) or millicores (`500m`).',
  standards: ['cwe:1173'],
  aliases: {},
  hover: ['requests/#', 'limits/#'],
  *check(pod) {
    for (const { title, field } of pod.resourceHolders) {
      for (const kind of ['requests', 'limits']) {
        for (const { key, value } of field.at('resources', kind).entries()) {
          const text = value.word;
          if (text === undefined || !['memory', 'cpu', 'ephemeral-storage'].includes(key)) continue;
          const meant = key === 'cpu' ? cpuMeant(text) : bytesMeant(text);
          if (meant === undefined) continue;
          yield {
            at: value.span,
            message: `${title} ${kind === 'limits' ? 'limits its' : 'requests'} ${key} ${kind === 'limits' ? 'to' : 'of'} ${text}: ${meant.problem}.`,
            fixes:
              meant.text === undefined
                ? []
                : [{ title: `Write ${meant.text}`, edits: value.set(meant.text), safe: false }],
          };
        }
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
                  cpu: «500» # half a core
                  memory: «"256mb"»
                limits: {cpu: «100Mi», memory: «512m», ephemeral-storage: «2gi»}
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
                  cpu: 500m # half a core
                  memory: "256Mi"
                limits: {cpu: 100m, memory: 512Mi, ephemeral-storage: 2Gi}
      `,
    },
    {
      why: 'a number of bytes that is too small',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {requests: {memory: «512»}}}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {requests: {memory: 512Mi}}}]
      `,
    },
    {
      why: 'with an exponent',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, resources: {limits: {memory: «1e3», cpu: «1e3»}}}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, resources: {limits: {memory: 1000Mi, cpu: 1000m}}}]}
      `,
    },
    {
      why: 'nobody knows what is meant',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {limits: {memory: «100Ki», cpu: «2Gi», ephemeral-storage: «12KB»}, requests: {memory: «524288»}}}]
      `,
    },
    {
      why: 'every unit that makes sense, bytes by the million, zero, and what is filled in later',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: a:1, resources: {limits: {cpu: 0.5, memory: 1.5Gi}, requests: {cpu: 250m, memory: 128M}}}
            - {name: b, image: b:1, resources: {limits: {cpu: 64, memory: 134217728, ephemeral-storage: 1e9}}}
            - {name: c, image: c:1, resources: {limits: {cpu: 0, memory: "0", nvidia.com/gpu: 1, hugepages-2Mi: 4Mi}}}
            - {name: d, image: d:1, resources: {limits: {memory: "{{ .Values.memory }}", cpu: "$CPU"}}}
      `,
    },
  ],
});

interface Meant {
  readonly problem: string;
  /** What was probably meant; undefined where that can't be told. */
  readonly text: string | undefined;
}

const notation = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s?([A-Za-z]*)$/;

function bytesMeant(text: string): Meant | undefined {
  const [, number, unit = ''] = notation.exec(text) ?? [];
  if (number === undefined) return undefined;
  const bytes = quantity(text);
  if (bytes === undefined) {
    const letter = /^([kmgt])i?b?$/i.exec(unit)?.[1]?.toUpperCase();
    return { problem: `there is no unit ${unit}`, text: letter && enough(`${number}${letter}i`) };
  }
  if (bytes === 0 || bytes >= mebibyte) return undefined;
  const mebibytes = Number(number) <= manyMebibytes ? `${Number(number)}Mi` : undefined;
  if (unit === 'm') return { problem: 'm stands for thousandths of a byte', text: mebibytes };
  return { problem: 'that is less than a mebibyte', text: unit === '' ? mebibytes : undefined };
}

/** The quantity, unless it would be too little as well. */
function enough(text: string): string | undefined {
  return quantity(text)! >= mebibyte ? text : undefined;
}

function cpuMeant(text: string): Meant | undefined {
  const [, number, unit = ''] = notation.exec(text) ?? [];
  if (number === undefined || unit === 'm' || unit === 'n' || unit === 'u') return undefined;
  const millicores = `${Number(number)}m`;
  if (unit === '') return Number(number) > manyCores ? { problem: 'that many cores', text: millicores } : undefined;
  return { problem: `${unit} is no unit of CPU`, text: /^M/i.test(unit) ? millicores : undefined };
}
