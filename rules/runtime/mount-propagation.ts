import { isOptional } from '../model/branches.js';
import { rule } from '../rule.js';

export default rule({
  id: 'mount-propagation',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Mounts reach the node (Bidirectional)',
  why: 'With `Bidirectional` every mount that the container makes appears on the node and in all pods that use the volume. An attacker lays a filesystem of their own over the node’s files; Kubernetes allows it only to privileged containers, which could not be contained anyhow.',
  default: 'No mount travels in either direction (`None`).',
  remedy:
    'Take the field out, or write `HostToContainer` if the container has to see what the node mounts. Only drivers that mount volumes for others (CSI and FUSE on the node) need `Bidirectional`: suppress the finding there and say why.',
  standards: ['cis-docker:5.20', 'mitre:T1611', 'cwe:668'],
  aliases: { monokle: ['KBP115'] },
  hover: ['volumeMounts/#/mountPropagation'],
  *check({ title, field, privileged }) {
    for (const mount of field.at('volumeMounts').items()) {
      const propagation = mount.at('mountPropagation');
      if (!propagation.is('Bidirectional') || isOptional(propagation, field)) continue;
      const path = mount.at('mountPath').text;
      const where = path === undefined ? '' : ` below ${path}`;
      yield {
        at: propagation.span,
        message: privileged
          ? `${title} makes mounts${where} that appear on the node.`
          : `${title} asks for mounts${where} that appear on the node, which is refused to all but privileged containers.`,
        fixes: [
          { title: 'Remove mountPropagation', edits: propagation.remove(), safe: false },
          { title: 'Set mountPropagation to HostToContainer', edits: propagation.set('HostToContainer'), safe: false },
        ],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: driver}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  volumeMounts: [{name: pods, mountPath: /pods, mountPropagation: «Bidirectional»}]
              containers:
                - name: driver
                  image: driver:1
                  securityContext: {privileged: true}
                  volumeMounts:
                    - name: pods
                      mountPath: /pods
                      mountPropagation: «"Bidirectional"» # for FUSE
                      readOnly: false
      `,
      good: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: driver}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  volumeMounts: [{name: pods, mountPath: /pods}]
              containers:
                - name: driver
                  image: driver:1
                  securityContext: {privileged: true}
                  volumeMounts:
                    - name: pods
                      mountPath: /pods
                      # for FUSE
                      readOnly: false
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              volumeMounts:
                - {name: a, mountPath: /a}
                - {name: b, mountPath: /b, mountPropagation: HostToContainer}
                - {name: c, mountPath: /c, mountPropagation: None}
                - {name: d, mountPath: /d, mountPropagation: {{ .Values.propagation }}}
      `,
    },
  ],
});
