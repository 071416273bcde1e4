import type { Field } from '../model/field.js';
import { moveEdits } from '../model/move.js';
import { type Report, rule } from '../rule.js';
import { isLevel, isVersionLabel, labelPrefix, modes } from './standards/namespace.js';
import { levels } from './standards/verdict.js';

/** What the API server makes of a level that it can't parse (api/helpers.go, PolicyToEvaluate). */
const fallback: Readonly<Record<string, string>> = { enforce: 'restricted', audit: 'privileged', warn: 'privileged' };

export default rule({
  id: 'namespace-pss-label-invalid',
  on: 'manifest',
  severity: 'error',
  preset: 'recommended',
  title: 'Pod Security label that can’t be read',
  why: 'A misspelt level looks like protection and isn’t. The API server refuses to write such a label; where one is stored already, `enforce` counts as restricted, `audit` and `warn` as privileged, which is silence, and a version as latest. In annotations or on pods the labels mean nothing at all.',
  default: 'No label, no level, unless the cluster’s configuration has a default.',
  remedy:
    'The levels are `privileged`, `baseline` and `restricted`; a version is `latest` or `v1.N`. They are labels of the Namespace: `pod-security.kubernetes.io/enforce`, `audit`, `warn`, each with its `-version`.',
  standards: ['cwe:1173'],
  aliases: {},
  hover: [],
  *check({ kind, group, title, metadata, pods }) {
    const isNamespace = kind === 'Namespace' && group === '';
    for (const [where, holder] of [
      ['labels', metadata],
      ['annotations', metadata],
      ...pods.flatMap((pod) => (pod.metadata.path === metadata.path ? [] : [['labels', pod.metadata] as const])),
    ] as const) {
      for (const { key, keySpan, value } of holder.at(where).entries()) {
        if (!key.startsWith(labelPrefix) || key.includes('{{')) continue;
        if (isNamespace && where === 'labels') yield* invalid(title, key, keySpan, value);
        else yield misplaced(title, where, keySpan, value, isNamespace ? metadata.at('labels') : undefined);
      }
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: «Restricted» # at last
            pod-security.kubernetes.io/enforce-version: «"1.36"»
            pod-security.kubernetes.io/audit: «strict»
            pod-security.kubernetes.io/warn: «true»
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted # at last
            pod-security.kubernetes.io/enforce-version: "v1.36"
            pod-security.kubernetes.io/audit: restricted
            pod-security.kubernetes.io/warn: restricted
      `,
    },
    {
      why: 'a mode that does not exist',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            «pod-security.kubernetes.io/enforced»: restricted # at last
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted # at last
      `,
    },
    {
      why: 'other spellings; nothing said',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            «pod-security.kubernetes.io/Enforce»: baseline
            «pod-security.kubernetes.io/audit-Version»: v1.30
            pod-security.kubernetes.io/warn: «""»
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/audit-version: v1.30
            pod-security.kubernetes.io/warn: "restricted"
      `,
    },
    {
      why: 'a label that is there already is not written twice',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            «pod-security.kubernetes.io/warning»: baseline
            pod-security.kubernetes.io/warn: restricted
      `,
    },
    {
      why: 'nobody knows what is meant',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {«pod-security.kubernetes.io/level»: restricted}}
      `,
    },
    {
      why: 'places where the labels mean nothing',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          annotations:
            team: shop
            «pod-security.kubernetes.io/enforce»: restricted # at last
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata: {labels: {app: web, «pod-security.kubernetes.io/enforce»: restricted}}
            spec: {containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          annotations:
            team: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted # at last
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/enforce-version: latest
            pod-security.kubernetes.io/audit: baseline
            pod-security.kubernetes.io/audit-version: v1.99
            pod-security.kubernetes.io/warn: "{{ .Values.level }}"
            security.openshift.io/scc.podSecurityLabelSync: "false"
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: office
          labels:
            {{- range $mode := list "enforce" "audit" "warn" }}
            pod-security.kubernetes.io/{{ $mode }}: restricted
            {{- end }}
      `,
    },
  ],
});

function misplaced(title: string, where: string, at: Report['at'], value: Field, labels: Field | undefined): Report {
  return {
    at,
    message: `${title} has ${value.key} among its ${where}; it counts only as a label of a Namespace.`,
    fixes: [
      labels === undefined
        ? { title: `Remove the label ${value.key}`, edits: value.remove(), safe: false }
        : {
            title: 'Make it a label',
            edits: moveEdits([value], [{ target: labels, fields: [value] }]),
            safe: false,
          },
    ],
  };
}

function* invalid(title: string, key: string, keySpan: Report['at'], value: Field): Generator<Report> {
  const name = key.slice(labelPrefix.length);
  const mode = modes.find((one) => name === one || name === `${one}-version`);
  if (mode === undefined) {
    const right = labelMeant(name);
    const others = value.parent!.entries().filter((other) => other.key !== key && other.key.startsWith(labelPrefix));
    const isTaken = others.some((other) => labelMeant(other.key.slice(labelPrefix.length)) === right);
    const edits = right === undefined || isTaken ? [] : value.replace(right, value.text ?? '');
    yield {
      at: keySpan,
      message: `${title} has the label ${key}, which Pod Security does not know.`,
      fixes: value.text === undefined ? [] : [{ title: `Write ${right}`, edits, safe: false }],
    };
    return;
  }
  if (value.unknown) return;
  const text = value.word ?? '';
  const isVersion = name !== mode;
  if (value.text !== undefined && (isVersion ? isVersionLabel(text) : isLevel(text))) return;
  const meant = isVersion ? versionLike(text) : levelLike(text);
  yield {
    at: value.span,
    message: isVersion
      ? `${title} names ${text === '' ? 'an empty version' : `the version ${text}`}, which can't be parsed: a version is latest or v1.N.`
      : `${title} has ${text === '' ? 'an empty level' : `the level ${text}`} for ${mode}, which can't be parsed and counts as ${fallback[mode]} where it is stored.`,
    fixes: [{ title: `Write ${meant}`, edits: value.set(meant), safe: false }],
  };
}

/** The label that begins like this, whatever its case: `warn-Version`, `enforced`. */
function labelMeant(name: string): string | undefined {
  const lower = name.toLowerCase();
  const mode = modes.find((one) => lower.startsWith(one));
  return mode && `${labelPrefix}${mode}${lower.endsWith('version') ? '-version' : ''}`;
}

function versionLike(text: string): string {
  const minor = /^v?1?\.?(\d{1,3})(?:\.\d+)?$/i.exec(text)?.[1];
  return minor === undefined ? 'latest' : `v1.${Number(minor)}`;
}

/** The level that begins like this; else the strictest, as that is what somebody means who names one. */
function levelLike(text: string): string {
  const start = text.trim().toLowerCase().slice(0, 3);
  return levels.find((level) => start.length === 3 && level.startsWith(start)) ?? 'restricted';
}
