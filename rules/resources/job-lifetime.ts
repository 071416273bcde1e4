import { rule } from '../rule.js';

export default rule({
  id: 'job-lifetime',
  on: 'manifest',
  severity: 'hint',
  preset: 'strict',
  title: 'Job without an end',
  why: 'A finished Job keeps its pods, with their logs and their environment, until somebody deletes them. A CronJob that starts although its last run still goes on piles up pods until the node is full, or runs what was planted in it for ever.',
  default: 'Finished Jobs stay; a CronJob starts however late it is and whatever still runs.',
  remedy:
    'Give a Job `ttlSecondsAfterFinished`. Give a CronJob `startingDeadlineSeconds`, or `concurrencyPolicy: Forbid` (or `Replace`).',
  standards: ['mitre:T1053.007'],
  aliases: {
    'kube-linter': ['job-ttl-seconds-after-finished', 'restart-policy'],
    'kube-score': ['cronjob-has-deadline', 'cronjob-restartpolicy'],
    kubescape: ['C-0026'],
    kyverno: ['add-ttl-jobs', 'restrict-jobs', 'enforce-pod-duration'],
  },
  hover: ['spec/ttlSecondsAfterFinished', 'spec/startingDeadlineSeconds', 'spec/concurrencyPolicy'],
  *check({ kind, group, title, metadata, spec }) {
    if (group !== 'batch') return;
    // Helm and Argo CD delete what they run as a hook.
    const isHook = metadata
      .at('annotations')
      .entries()
      .some(({ key }) => /^(?:helm\.sh|argocd\.argoproj\.io)\/hook$/.test(key));
    const ttl = spec.at('ttlSecondsAfterFinished');
    if (kind === 'Job' && !isHook && ttl.absent && !metadata.at('annotations').open) {
      yield {
        at: ttl.span,
        message: `${title} stays for ever when it is finished.`,
        absent: 'ttlSecondsAfterFinished',
        fixes: [{ title: 'Delete it a day after it has finished', edits: ttl.set(86400), safe: false }],
      };
    }
    const deadline = spec.at('startingDeadlineSeconds');
    const policy = spec.at('concurrencyPolicy');
    if (kind !== 'CronJob' || !deadline.absent || policy.unknown || policy.is('Forbid') || policy.is('Replace')) return;
    yield {
      at: deadline.span,
      message: `${title} starts whatever still runs, and however late it is.`,
      absent: 'startingDeadlineSeconds',
      fixes: [
        { title: 'Forbid that it runs twice at a time', edits: policy.set('Forbid'), safe: false },
        { title: 'Start it at most five minutes late', edits: deadline.set(300), safe: false },
      ],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: {name: load}
        «spec»:
          template: {spec: {containers: [{name: load, image: load:1}]}}
          backoffLimit: 2 # enough
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: backup}
        «spec»:
          schedule: "@daily"
      `,
      good: `
        apiVersion: batch/v1
        kind: Job
        metadata: {name: load}
        spec:
          template: {spec: {containers: [{name: load, image: load:1}]}}
          backoffLimit: 2 # enough
          ttlSecondsAfterFinished: 86400
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: backup}
        spec:
          schedule: "@daily"
          concurrencyPolicy: Forbid
      `,
    },
    {
      why: 'with an end; hooks; a CronJob that keeps order by itself',
      ok: `
        apiVersion: batch/v1
        kind: Job
        metadata: {name: a}
        spec: {ttlSecondsAfterFinished: 100}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: b, annotations: {helm.sh/hook: post-install}}
        spec: {}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: c}
        spec: {concurrencyPolicy: Replace}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: d}
        spec: {startingDeadlineSeconds: 60, jobTemplate: {spec: {}}}
      `,
    },
  ],
});
