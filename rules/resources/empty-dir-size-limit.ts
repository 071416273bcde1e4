import type { Field } from '../model/field.js';
import type { Pod } from '../model/pod.js';
import { quantity } from '../model/quantity.js';
import { rule } from '../rule.js';

export default rule({
  id: 'empty-dir-size-limit',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  partlyRecommended: true,
  title: 'emptyDir without a size limit',
  why: 'An emptyDir lies on the node’s disk, or in its memory. Without a limit a container fills it until other pods are evicted; in memory it may take what the node has left.',
  default: 'No limit; with `medium: Memory` the container’s memory limit, else the memory that the node gives to pods.',
  remedy: 'Set `sizeLimit` well above what is written there: beyond it the pod is evicted.',
  standards: ['cwe:770'],
  aliases: { kyverno: ['add-emptydir-sizelimit', 'require-emptydir-requests-limits'] },
  hover: ['volumes/#/emptyDir', 'emptyDir/sizeLimit'],
  *check(pod) {
    for (const volume of pod.spec.at('volumes').items()) {
      const directory = volume.at('emptyDir');
      const limit = directory.at('sizeLimit');
      // pkg/kubelet/eviction, emptyDirLimitEviction: a limit of 0 is none.
      if (!isEmptyDir(volume) || !(limit.absent || quantity(limit.word ?? '') === 0)) continue;
      const inMemory = directory.at('medium').is('Memory') && !isBounded(pod, volume.at('name'));
      const name = volume.at('name').text ?? '';
      yield {
        at: limit.exists ? limit.span : (directory.keySpan ?? directory.span),
        severity: inMemory ? 'warning' : 'hint',
        recommended: inMemory,
        message: inMemory
          ? `${pod.title} may fill the node's memory through volume ${name}.`
          : `${pod.title} sets no size limit for volume ${name}.`,
        whole: true,
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
      why: 'no limit either: a size of 0, a memory limit of 0, a volume of which only the name is said',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {limits: {memory: "0"}}, volumeMounts: [{name: b, mountPath: /b}]}]
          volumes:
            - {name: a, emptyDir: {sizeLimit: «0»}}
            - {name: b, «emptyDir»: {medium: Memory}}
            - «name»: c
            - name: d
              «emptyDir»:
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, resources: {limits: {memory: "0"}}, volumeMounts: [{name: b, mountPath: /b}]}]
          volumes:
            - {name: a, emptyDir: {sizeLimit: 64Mi}}
            - {name: b, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
            - name: c
              emptyDir:
                sizeLimit: 64Mi
            - name: d
              emptyDir:
                sizeLimit: 64Mi
      `,
    },
    {
      why: 'the preset recommended asks for what fills the memory alone',
      options: { preset: 'recommended' },
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}], volumes: [{name: a, emptyDir: {}}, {name: b, «emptyDir»: {medium: Memory}}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}], volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {medium: Memory, sizeLimit: 64Mi}}]}
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
            - {name: later, {{ .Values.later }}}
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
  const isLimited = (holder: Field) => {
    const limit = holder.at('resources', 'limits', 'memory');
    return !limit.absent && quantity(limit.word ?? '') !== 0;
  };
  return isLimited(pod.spec) || (users.length > 0 && users.every(({ field }) => isLimited(field)));
}

/** Also where nothing is said but a name (SetDefaults_Volume, pkg/apis/core/v1/defaults.go). */
function isEmptyDir(volume: Field): boolean {
  if (volume.at('emptyDir').exists) return true;
  return (
    volume.at('name').exists &&
    !volume.open &&
    volume.entries().every(({ key, value }) => key === 'name' || (key === 'emptyDir' && value.absent))
  );
}
