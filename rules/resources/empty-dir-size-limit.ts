import type { Field } from '../model/field.js';
import type { Pod } from '../model/pod.js';
import { rule } from '../rule.js';

export default rule({
  id: 'empty-dir-size-limit',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  title: 'emptyDir without a size limit',
  why: 'An emptyDir lies on the node’s disk, or in its memory. Without a limit a container fills it until other pods are evicted; in memory it may take half of the node’s.',
  default: 'No limit; with `medium: Memory` the container’s memory limit, else half of the node’s memory.',
  remedy: 'Set `sizeLimit` well above what is written there: beyond it the pod is evicted.',
  standards: ['cwe:770'],
  aliases: { kyverno: ['add-emptydir-sizelimit', 'require-emptydir-requests-limits'] },
  hover: ['volumes/#/emptyDir', 'emptyDir/sizeLimit'],
  *check(pod) {
    for (const volume of pod.spec.at('volumes').items()) {
      const directory = volume.at('emptyDir');
      const limit = directory.at('sizeLimit');
      if (!directory.exists || !limit.absent) continue;
      const inMemory = directory.at('medium').is('Memory') && !isBounded(pod, volume.at('name'));
      const name = volume.at('name').text ?? '';
      yield {
        at: directory.keySpan ?? directory.span,
        severity: inMemory ? 'warning' : 'hint',
        message: inMemory
          ? `${pod.title} may fill half of the node's memory through volume ${name}.`
          : `${pod.title} sets no size limit for volume ${name}.`,
        fixes: [{ title: 'Set a size limit of 64Mi', edits: limit.set('64Mi'), safe: false }],
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
          containers: [{name: web, image: web:1, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]
          volumes:
            - name: tmp
              «emptyDir»: {} # scratch
            - name: shm
              «emptyDir»:
                medium: Memory
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]
          volumes:
            - name: tmp
              emptyDir: {sizeLimit: 64Mi} # scratch
            - name: shm
              emptyDir:
                medium: Memory
                sizeLimit: 64Mi
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - {name: a, emptyDir: {sizeLimit: 1Gi}}
            - {name: b, configMap: {name: b}}
            - name: c
              emptyDir:
                {{- toYaml .Values.scratch | nindent 8 }}
      `,
    },
  ],
});

/** Every container that mounts the volume has a memory limit, against which what lies in it counts. */
function isBounded(pod: Pod, name: Field): boolean {
  const users = pod.containers.filter(({ field }) =>
    field
      .at('volumeMounts')
      .items()
      .some((mount) => mount.at('name').text === name.text),
  );
  return users.length > 0 && users.every(({ field }) => !field.at('resources', 'limits', 'memory').absent);
}
