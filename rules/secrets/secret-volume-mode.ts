import type { Field } from '../model/field.js';
import type { Pod } from '../model/pod.js';
import { secretsIn } from '../model/volumes.js';
import { type Edit, type Fix, rule } from '../rule.js';

/** What the kubelet gives a file of a Secret that says nothing (core/v1 SecretVolumeSource, defaultMode). */
const unset = 0o644;

/** Digits that are meant as octal: everybody may do what the group may, and the group what the owner may. */
const meantAsOctal = /^(?:4(?:00|40|44)|5(?:00|50|5[45])|6(?:00|4[04]|6[046])|7(?:00|4[04]|5[045]|7[0457]))$/;

export default rule({
  id: 'secret-volume-mode',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  partlyRecommended: true,
  title: 'Files of a Secret that everybody may read',
  why: 'The files of a Secret volume can be read by every user of every container that mounts it. A helper process that was put under another user on purpose reads the keys all the same. A mode that was written in decimal by mistake gives away more still: `440` is 0670.',
  default: 'Files have the mode 0644 and belong to root; with `fsGroup` they belong to that group.',
  remedy:
    'Set `defaultMode: 0440` and the pod’s `fsGroup`, so that a user other than root can read the files through the group. JSON knows no octal numbers: 0440 is 288 there.',
  standards: ['cwe:732'],
  aliases: {},
  hover: ['secret/defaultMode', 'projected/defaultMode'],
  *check(pod) {
    if (pod.windows) return;
    for (const volume of pod.spec.at('volumes').items()) {
      const projected = volume.at('projected');
      const present = secretsIn(volume);
      if (present.length === 0) continue;
      const modes = present.flatMap((secret) => secret.at('items').items()).map((item) => item.at('mode'));
      const byDefault = present.some((secret) => {
        const items = secret.at('items');
        return items.absent || items.open || items.items().some((item) => item.at('mode').absent);
      });
      const fallback = (projected.exists ? projected : volume.at('secret')).at('defaultMode');
      const name = volume.at('name').text;
      const files = `the files of ${name === undefined ? 'a volume' : `volume ${name}`} in ${pod.title}`;
      for (const mode of [...(byDefault ? [fallback] : []), ...modes.filter(({ exists }) => exists)]) {
        const value = mode.absent ? unset : mode.int;
        if (value === undefined) continue;
        const report = { at: mode.span, fixes: fixes(pod, mode) };
        const decimal = mode.exists && mode.word === String(value) && meantAsOctal.test(String(value));
        if (decimal) {
          const octal = value > 0o777 ? 'more than the API server takes' : `0${value.toString(8)} in octal`;
          const message = `${files[0]!.toUpperCase()}${files.slice(1)} have the mode ${value} in decimal, which is ${octal}.`;
          yield { ...report, severity: 'warning', message, recommended: true };
        } else if (mode.absent) {
          yield { ...report, message: `Every user may read ${files}.`, absent: 'defaultMode' };
        } else if ((value & 0o004) !== 0) {
          yield { ...report, message: `Every user may read ${files}: the mode is 0${value.toString(8)}.` };
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
          securityContext: {fsGroup: 2000}
          containers: [{name: web, image: web:1}]
          volumes:
            - name: keys
              «secret»:
                secretName: keys
            - name: certs
              secret:
                secretName: certs
                defaultMode: «0644» # for nginx
            - {name: all, projected: {defaultMode: «0o444», sources: [{secret: {name: a}}, {configMap: {name: b}}]}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {fsGroup: 2000}
          containers: [{name: web, image: web:1}]
          volumes:
            - name: keys
              secret:
                secretName: keys
                defaultMode: 0440
            - name: certs
              secret:
                secretName: certs
                defaultMode: 0440 # for nginx
            - {name: all, projected: {defaultMode: 0440, sources: [{secret: {name: a}}, {configMap: {name: b}}]}}
      `,
    },
    {
      why: 'decimal by mistake; a group comes with it',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: keys
              secret:
                secretName: keys
                defaultMode: «440»
                items: [{key: a, path: a}, {key: b, path: b, mode: «400»}, {key: c, path: c, mode: 0400}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: keys
              secret:
                secretName: keys
                defaultMode: 0440
                items: [{key: a, path: a}, {key: b, path: b, mode: 0440}, {key: c, path: c, mode: 0400}]
          securityContext:
            fsGroup: 10001
      `,
    },
    {
      why: 'the volume comes last, and so does what is added to it and to the pod',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              volumes:
              - name: keys
                «secret»:
                  secretName: keys
      `,
      good: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              volumes:
              - name: keys
                secret:
                  secretName: keys
                  defaultMode: 0440
              securityContext:
                fsGroup: 10001
      `,
    },
    {
      file: 'pod.json',
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "securityContext": {"fsGroup": 2000},
            "containers": [{"name": "web", "image": "web:1"}],
            "volumes": [{"name": "keys", "secret": {"secretName": "keys", "defaultMode": «420»}}]
          }
        }
      `,
      good: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": {"name": "web"},
          "spec": {
            "securityContext": {"fsGroup": 2000},
            "containers": [{"name": "web", "image": "web:1"}],
            "volumes": [{"name": "keys", "secret": {"secretName": "keys", "defaultMode": 288}}]
          }
        }
      `,
    },
    {
      why: 'the preset recommended asks for the decimal mistake alone',
      options: { preset: 'recommended' },
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}], volumes: [{name: a, secret: {secretName: a, defaultMode: «440»}}, {name: b, secret: {secretName: b}}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}], volumes: [{name: a, secret: {secretName: a, defaultMode: 0440}}, {name: b, secret: {secretName: b}}], securityContext: {fsGroup: 10001}}
      `,
    },
    {
      why: 'closed already, every file for itself, no Secret, Windows, a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - {name: a, secret: {secretName: a, defaultMode: 0400}}
            - {name: b, secret: {secretName: b, defaultMode: 288}}
            - {name: c, secret: {secretName: c, items: [{key: a, path: a, mode: 0400}]}}
            - {name: d, configMap: {name: d}}
            - {name: e, projected: {sources: [{configMap: {name: e}}, {serviceAccountToken: {path: token}}]}}
            - name: f
              secret:
                secretName: f
                defaultMode: {{ .Values.mode }}
            - name: g
              secret:
                {{- toYaml .Values.secret | nindent 8 }}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: windows}
        spec:
          os: {name: windows}
          containers: [{name: web, image: web:1}]
          volumes: [{name: a, secret: {secretName: a}}]
      `,
    },
  ],
});

/** 0440, and a group for it where the pod has none. */
function fixes(pod: Pod, mode: Field): Fix[] {
  const title = `Set ${mode.key} to 0440`;
  const edits = setOctal(mode, 0o440);
  const group = pod.security.at('fsGroup');
  const grouped = group.absent && !pod.isOpenShift ? group.set(10001) : [];
  const alone = { title, edits, safe: false };
  if (edits.length === 0 || grouped.length === 0) return [alone];
  // At one and the same place, what lies deeper comes first.
  return [{ title: `${title} and fsGroup to 10001`, edits: [...edits, ...grouped], safe: false }, alone];
}

/** Writes a mode as everybody knows it; JSON has decimal numbers only. */
function setOctal(field: Field, mode: number): Edit[] {
  const edits = field.set(mode);
  if (field.source.json) return edits;
  return edits.map((edit) => ({ ...edit, text: edit.text.replace(String(mode), `0${mode.toString(8)}`) }));
}
