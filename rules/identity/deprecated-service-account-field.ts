import { branchBetween } from '../model/branches.js';
import { isBuiltInWorkload } from '../model/pod.js';
import { rule } from '../rule.js';

export default rule({
  id: 'deprecated-service-account-field',
  on: 'pod',
  severity: 'information',
  preset: 'recommended',
  title: 'serviceAccount instead of serviceAccountName',
  why: '`serviceAccount` is the old name of `serviceAccountName`, kept for manifests of the first days. Policies, admission webhooks and reviewers look at the new name, so that an account under the old one slips past them. Where both stand there and differ, the pod runs under another identity than half of its readers believe.',
  default: 'Without either field the account is `default`; `serviceAccountName` wins where both are written.',
  remedy: 'Write `serviceAccountName`, and take `serviceAccount` out.',
  standards: ['cis-k8s:5.1.5'],
  aliases: {
    'kube-linter': ['deprecated-service-account-field'],
    kubescape: ['C-0294'],
  },
  hover: ['spec/serviceAccount'],
  *check(pod) {
    const old = pod.spec.at('serviceAccount');
    const name = pod.spec.at('serviceAccountName');
    const { entry, written, merged } = old.place;
    if (entry === undefined || written === undefined || old.isNull || old.is('')) return;
    const at = old.keySpan ?? old.span;
    const safe = isBuiltInWorkload(pod.manifest);
    const remove = { title: 'Remove serviceAccount', edits: old.remove(), safe };
    if (name.node === undefined) {
      // The value, whatever it is, stays as it is written.
      const key = /^["']/.exec(old.source.text.slice(at.start, at.end))?.[0] ?? '';
      const edits = old.behindAlias || merged ? [] : [{ ...at, text: `${key}serviceAccountName${key}` }];
      const fixes = pod.spec.open ? [] : [{ title: 'Rename serviceAccount to serviceAccountName', edits, safe }];
      yield { at, message: `${pod.title} names its account in the deprecated field serviceAccount.`, fixes };
      return;
    }
    const [first, second] = [old.place.written!, name.node].sort((a, b) => a.start - b.start);
    const apart = branchBetween(old.source, first!.end, second!.start);
    const [was, is] = [old.node!, name.node].map(({ start, end }) => old.source.text.slice(start, end));
    if (apart) {
      yield { at, message: `${pod.title} may name its account in the deprecated field serviceAccount.` };
    } else if (was === is || (old.text !== undefined && old.text === name.text)) {
      yield {
        at,
        message: `${pod.title} repeats its account in the deprecated field serviceAccount.`,
        fixes: [remove],
      };
    } else if (old.text !== undefined && name.text !== undefined) {
      // conversion.go, Convert_v1_PodSpec_To_core_PodSpec: the old field counts only where the new one is empty.
      const counts = name.text === '' ? old.text : name.text;
      const edits = name.text === '' ? [] : old.remove();
      yield {
        at,
        severity: 'error',
        message: `${pod.title} says serviceAccount ${old.text} and serviceAccountName ${name.text || '""'}; it runs as ${counts}.`,
        fixes: [{ ...remove, edits, safe: false }],
      };
    } else {
      yield { at, message: `${pod.title} has the deprecated field serviceAccount beside serviceAccountName.` };
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
              «serviceAccount»: web   # since 2016
              containers: [{name: web, image: web:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log}
        spec: {«"serviceAccount"»: log, containers: [{name: log, image: log:1}]}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              serviceAccountName: web   # since 2016
              containers: [{name: web, image: web:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log}
        spec: {"serviceAccountName": log, containers: [{name: log, image: log:1}]}
      `,
    },
    {
      why: 'as kubectl prints it; and two accounts, of which the new field’s counts',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «serviceAccount»: web
          serviceAccountName: web
          containers: [{name: web, image: web:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log}
        spec:
          serviceAccountName: quiet
          containers: [{name: log, image: log:1}]
          «serviceAccount»: admin
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          serviceAccountName: web
          containers: [{name: web, image: web:1}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: log}
        spec:
          serviceAccountName: quiet
          containers: [{name: log, image: log:1}]
      `,
    },
    {
      why: 'what a template prints stays, and goes where it is repeated',
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              «serviceAccount»: {{ .Values.account }}
              containers: [{name: web, image: web:1}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: log}
        spec:
          template:
            spec:
              serviceAccountName: {{ .Values.account }}
              «serviceAccount»: {{ .Values.account }}
              containers: [{name: log, image: log:1}]
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              serviceAccountName: {{ .Values.account }}
              containers: [{name: web, image: web:1}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: log}
        spec:
          template:
            spec:
              serviceAccountName: {{ .Values.account }}
              containers: [{name: log, image: log:1}]
      `,
    },
    {
      why: 'no fix where the template chooses between the two',
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              {{- if .Values.old }}
              «serviceAccount»: web
              {{- else }}
              serviceAccountName: web-new
              {{- end }}
              containers: [{name: web, image: web:1}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          serviceAccountName: web
          serviceAccount: ""
          containers: [{name: web, image: web:1}]
        ---
        apiVersion: example.com/v1
        kind: Backup
        metadata: {name: not-a-pod}
        spec: {serviceAccount: backup}
      `,
    },
  ],
});
