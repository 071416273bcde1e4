import { normalPath } from '../model/host-path.js';
import { rule } from '../rule.js';

/** Directories of programs: what is writable there can be changed and run. */
const programs = /^\/(?:|usr|bin|sbin|lib|lib64|app|opt|usr\/(?:bin|sbin|lib|local|local\/bin|local\/sbin))$/;

/** Volumes that nobody can write to (core/v1 VolumeSource). */
const readOnlyKinds = ['configMap', 'secret', 'downwardAPI', 'projected', 'image'];

export default rule({
  id: 'read-only-root-needs-tmp',
  on: 'container',
  severity: 'hint',
  preset: 'recommended',
  title: 'Read-only root filesystem without the one writable place',
  why: 'Many programs write to `/tmp` and fail where they can’t, so the read-only root filesystem is soon taken back. The one place to write is an `emptyDir` at `/tmp`; one over a directory of programs would let an attacker change what runs.',
  default: 'With `readOnlyRootFilesystem: true` nothing can be written but what is mounted.',
  remedy:
    'Mount an `emptyDir` at `/tmp`. A static program that never writes needs none: suppress the hint, or leave it.',
  standards: ['nsa:immutable-file-systems'],
  aliases: {},
  hover: ['volumeMounts/#/mountPath'],
  *check(container) {
    const { title, field, pod, role } = container;
    if (!container.security.at('readOnlyRootFilesystem').is(true) || role === 'ephemeral container') return;
    const mounts = field.at('volumeMounts');
    const volumes = pod.spec.at('volumes').items();
    const mounted = mounts.items().map((mount) => {
      const path = mount.at('mountPath');
      const volume = volumes.find((one) => one.at('name').is(mount.at('name').text ?? ''));
      const isWritable = !mount.at('readOnly').is(true) && !readOnlyKinds.some((kind) => volume?.at(kind).exists);
      return { path, at: path.text && normalPath(path.text), volume, isWritable };
    });
    for (const { path, at, volume, isWritable } of mounted) {
      if (isWritable && volume?.at('emptyDir').exists && at !== undefined && programs.test(at))
        yield { at: path.span, message: `${title} can change its programs in ${path.text}, an emptyDir.` };
    }
    const isHidden = mounts.open || mounts.unknown || mounted.some(({ path }) => path.unknown);
    if (isHidden || mounted.some(({ at, isWritable }) => isWritable && at && /^\/tmp(?:\/|$)/.test(at))) return;
    yield {
      at: container.security.at('readOnlyRootFilesystem').keySpan ?? container.security.span,
      message: `${title} has a read-only root filesystem and nothing writable at /tmp.`,
      whole: true,
      fixes: [{ title: 'Mount an emptyDir at /tmp', edits: container.withScratch('/tmp'), safe: false }],
    };
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
            securityContext:
              «readOnlyRootFilesystem»: true
            volumeMounts:
              - {name: data, mountPath: /data} # ours
          volumes:
            - {name: data, persistentVolumeClaim: {claimName: data}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              readOnlyRootFilesystem: true
            volumeMounts:
              - {name: data, mountPath: /data} # ours
              - name: tmp
                mountPath: /tmp
          volumes:
            - {name: data, persistentVolumeClaim: {claimName: data}}
            - name: tmp
              emptyDir: {}
      `,
    },
    {
      why: 'an emptyDir over programs',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: web
            image: web:1
            securityContext: {readOnlyRootFilesystem: true}
            volumeMounts: [{name: tmp, mountPath: /tmp}, {name: app, mountPath: «/app/»}, {name: app, mountPath: /app/cache}]
          volumes: [{name: tmp, emptyDir: {}}, {name: app, emptyDir: {}}]
      `,
    },
    {
      why: 'what is mounted there can’t be written to; another spelling of a path',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {«readOnlyRootFilesystem»: true}, volumeMounts: [{name: settings, mountPath: /tmp}]}
          - {name: b, image: b:1, securityContext: {«readOnlyRootFilesystem»: true}, volumeMounts: [{name: t, mountPath: /tmp/, readOnly: true}]}
          - {name: c, image: c:1, securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: t, mountPath: «//usr//bin»}, {name: t, mountPath: /tmp/}]}
          volumes: [{name: settings, configMap: {name: web}}, {name: t, emptyDir: {}}]
      `,
    },
    {
      why: 'a place below /tmp, a writable root filesystem, and what a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: a, image: a:1, securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: t, mountPath: /tmp/a}]}
          - {name: b, image: b:1, securityContext: {readOnlyRootFilesystem: false}}
          - name: c
            image: c:1
            securityContext: {readOnlyRootFilesystem: true}
            volumeMounts:
              {{- toYaml .Values.mounts | nindent 6 }}
      `,
    },
  ],
});
