import type { Field } from '../model/field.js';
import type { Container, Pod } from '../model/pod.js';
import { rule } from '../rule.js';

export default rule({
  id: 'fs-group-set',
  on: 'pod',
  severity: 'hint',
  preset: 'recommended',
  title: 'Volume without a group for its files',
  why: 'A new volume belongs to root. A container that does not run as root can’t write there unless `fsGroup` gives the volume to a group of its own, and the usual way out, running as root or a chown in a privileged init container, undoes the hardening.',
  default: 'Volumes keep the owner and group that the storage gives them.',
  remedy:
    'Write `fsGroup` in the pod’s `securityContext`, and `fsGroupChangePolicy: OnRootMismatch` so that large volumes are not gone through at every start. Some storage drivers ignore it.',
  standards: ['nsa:non-root-containers'],
  aliases: { kyverno: ['restrict-usergroup-fsgroup-id'] },
  hover: ['securityContext/fsGroup', 'securityContext/fsGroupChangePolicy'],
  *check(pod) {
    const group = pod.security.at('fsGroup');
    if (pod.windows || pod.isOpenShift || !group.absent || pod.containers.length === 0) return;
    const claims = claimed(pod);
    const writer = pod.containers.find((container) => writes(container, claims));
    if (writer === undefined || !pod.containers.every(isNotRoot)) return;
    const policy = pod.security.at('fsGroupChangePolicy');
    const settings = { fsGroup: 10001, ...(policy.absent && { fsGroupChangePolicy: 'OnRootMismatch' }) };
    yield {
      at: group.span,
      message: `${pod.title} does not run as root and sets no fsGroup for the volumes that it writes.`,
      absent: 'fsGroup',
      fixes: [{ title: 'Set fsGroup to 10001', edits: pod.security.setAll(settings), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          template:
            spec:
              «securityContext»:
                runAsNonRoot: true # as agreed
              containers:
              - {name: db, image: db:1, volumeMounts: [{name: data, mountPath: /data, readOnly: false}]}
          volumeClaimTemplates:
          - metadata: {name: data}
      `,
      good: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true # as agreed
                fsGroup: 10001
                fsGroupChangePolicy: OnRootMismatch
              containers:
              - {name: db, image: db:1, volumeMounts: [{name: data, mountPath: /data, readOnly: false}]}
          volumeClaimTemplates:
          - metadata: {name: data}
      `,
    },
    {
      why: 'set; read only; no claim; may run as root',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext: {runAsUser: 1000, fsGroup: 1000}
          containers: [{name: a, image: a:1, volumeMounts: [{name: data, mountPath: /data}]}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec:
          securityContext: {runAsUser: 1000}
          containers: [{name: b, image: b:1, volumeMounts: [{name: data, mountPath: /data, readOnly: true}, {name: scratch, mountPath: /tmp}]}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: scratch, emptyDir: {}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: c}
        spec:
          containers: [{name: c, image: c:1, volumeMounts: [{name: data, mountPath: /data}]}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
      `,
    },
  ],
});

/** The volumes that are claims: named in the pod, or made from a StatefulSet's templates. */
function claimed({ spec, manifest }: Pod): string[] {
  const volumes = spec.at('volumes').items();
  const own = volumes.filter(
    (volume) =>
      (volume.at('persistentVolumeClaim').exists && !volume.at('persistentVolumeClaim', 'readOnly').is(true)) ||
      volume.at('ephemeral').exists,
  );
  const templates = manifest.kind === 'StatefulSet' ? manifest.spec.at('volumeClaimTemplates').items() : [];
  const names = [...own.map((volume) => volume.at('name')), ...templates.map((claim) => claim.at('metadata', 'name'))];
  return names.flatMap(({ text }) => text ?? []);
}

function writes({ field }: Container, claims: readonly string[]): boolean {
  return field
    .at('volumeMounts')
    .items()
    .some((mount) => claims.includes(mount.at('name').text ?? '') && isWritten(mount.at('readOnly')));
}

function isWritten(readOnly: Field): boolean {
  return readOnly.absent || readOnly.is(false);
}

function isNotRoot(container: Container): boolean {
  const user = container.effective('runAsUser').int;
  return (user !== undefined && user !== 0) || (user === undefined && container.effective('runAsNonRoot').is(true));
}
