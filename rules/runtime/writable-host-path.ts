import { hostPathVolumes, runtimeSocket } from '../model/host-path.js';
import { rule } from '../rule.js';

/** Behind these stands no file: what is sent there goes through a read-only mount as well. */
const channels = /^(?:Socket|CharDevice|BlockDevice)$/;

export default rule({
  id: 'writable-host-path',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Path of the node mounted writable',
  why: 'What is written to a `hostPath` stays on the node when the pod is gone. An attacker leaves there a cron job, a key or a changed program that the node runs as root, or data that the next pod trusts.',
  default: 'Mounts are writable.',
  remedy:
    'Write `readOnly: true` at the mount if the container only reads. Mounts below it stay writable unless `recursiveReadOnly` is set too (Kubernetes 1.33).',
  standards: ['mitre:T1611', 'cwe:732'],
  aliases: { 'kube-linter': ['writable-host-mount'], kubescape: ['C-0045'], kyverno: ['ensure-readonly-hostpath'] },
  hover: ['volumeMounts/#/readOnly'],
  *check(pod) {
    if (pod.isControlPlane) return;
    for (const { path, type, mounts } of hostPathVolumes(pod)) {
      if (channels.test(type) || runtimeSocket(path) !== undefined || /^\/dev\/|\.sock(?:et)?$/.test(path)) continue;
      for (const { container, field, readOnly } of mounts) {
        const propagation = field.at('mountPropagation');
        // Who mounts things for the node has to write: mount-propagation reports that.
        if (readOnly || propagation.is('Bidirectional')) continue;
        const set = field.at('readOnly');
        const written = set.exists;
        const recursively = field.setAll({ readOnly: true, recursiveReadOnly: 'IfPossible' });
        yield {
          at: written ? set.span : field.at('mountPath').span,
          message: `${container.title} can write to ${path} of the node.`,
          absent: written ? undefined : 'readOnly: true',
          fixes: [
            { title: 'Set readOnly to true', edits: set.set(true), safe: false },
            // core/v1 VolumeMount: recursiveReadOnly goes only together with no propagation.
            {
              title: 'Set readOnly to true, also for mounts below it',
              edits: propagation.absent ? recursively : [],
              safe: false,
            },
          ],
        };
      }
    }
  },
  examples: [
    {
      why: 'a choice that a chart offers',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec:
          containers:
          - name: agent
            image: agent:1
            volumeMounts:
            {{- if .Values.ambient }}
            - {name: sockets, mountPath: /sockets}
            {{- end }}
            - {name: scratch, mountPath: /tmp}
          volumes:
          - {name: sockets, hostPath: {path: /opt/sockets}}
          - {name: scratch, emptyDir: {}}
      `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  volumeMounts: [{name: data, mountPath: «/data»}]
              containers:
                - name: agent
                  image: agent:1
                  volumeMounts:
                    - name: data
                      mountPath: «/data» # the node's
                    - mountPath: /logs
                      name: logs
                      readOnly: «false»
              volumes:
                - name: data
                  hostPath: {path: /mnt/data, type: DirectoryOrCreate}
                - name: logs
                  hostPath: {path: /var/log}
      `,
      good: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
              containers:
                - name: agent
                  image: agent:1
                  volumeMounts:
                    - name: data
                      mountPath: /data # the node's
                      readOnly: true
                    - mountPath: /logs
                      name: logs
                      readOnly: true
              volumes:
                - name: data
                  hostPath: {path: /mnt/data, type: DirectoryOrCreate}
                - name: logs
                  hostPath: {path: /var/log}
      `,
    },
    {
      why: 'read-only; not mounted; another volume; sockets and devices, for which it makes no difference; a driver that mounts for the node; templates',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              volumeMounts:
                - {name: data, mountPath: /data, readOnly: true}
                - {name: data, mountPath: /more, readOnly: {{ .Values.readOnly }}}
                - {name: scratch, mountPath: /tmp}
                - {name: docker, mountPath: /var/run/docker.sock}
                - {name: agent, mountPath: /agent.sock}
                - {name: fuse, mountPath: /dev/fuse}
                - {name: pods, mountPath: /pods, mountPropagation: Bidirectional}
                - {name: other, mountPath: /other}
            - name: templated
              image: web:1
              volumeMounts:
                - name: data
                  mountPath: /data
                  {{- with .Values.mount }}
                  {{- toYaml . | nindent 10 }}
                  {{- end }}
          volumes:
            - {name: data, hostPath: {path: /mnt/data}}
            - {name: unused, hostPath: {path: /mnt/more}}
            - {name: scratch, emptyDir: {}}
            - {name: docker, hostPath: {path: /var/run/docker.sock}}
            - {name: agent, hostPath: {path: /run/agent, type: Socket}}
            - {name: fuse, hostPath: {path: /dev/fuse}}
            - {name: pods, hostPath: {path: /var/lib/kubelet/pods}}
            - {name: other, hostPath: {path: {{ .Values.path }}}}
      `,
    },
  ],
});
