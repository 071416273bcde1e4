import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'host-path-volume',
  on: 'manifest',
  severity: 'error',
  preset: 'recommended',
  title: 'Mounts a path of the node',
  why: 'A `hostPath` volume is a hole in the container’s wall: what is written there is on the node, what lies there can be read. Through `/`, `/etc`, `/var/lib/kubelet` or a runtime’s socket it is the node itself, and read-only helps little against a link that leads out.',
  default: 'A pod has no access to the node’s files.',
  remedy:
    'Use an `emptyDir` for scratch space, a ConfigMap or Secret for files, a `local` or CSI volume for data. Agents that manage the node need it: suppress the finding there and say why.',
  standards: ['pss:baseline/hostPathVolumes', 'mitre:T1611', 'cis-k8s:5.2.12', 'cwe:668'],
  aliases: {
    'pod-security-admission': ['hostPathVolumes'],
    trivy: ['KSV-0023'],
    polaris: ['hostPathSet'],
    sonar: ['kubernetes:S6433'],
    kubescape: ['C-0048', 'C-0203'],
    kyverno: ['disallow-host-path', 'remove-hostpath-volumes'],
    monokle: ['PSS105'],
  },
  hover: ['volumes/#/hostPath', 'hostPath/path'],
  *check(manifest, { podSecurityVersion }) {
    for (const pod of manifest.pods) {
      for (const { field } of violations(pod, 'hostPathVolumes', podSecurityVersion)) {
        const { text } = field.at('path');
        yield {
          at: field.keySpan ?? field.span,
          message: `${pod.title} mounts ${text === undefined ? 'a path' : text} of the node.`,
        };
      }
    }
    if (manifest.kind !== 'PersistentVolume' || manifest.group !== '') return;
    const field = manifest.spec.at('hostPath');
    if (!field.exists) return;
    yield {
      at: field.keySpan ?? field.span,
      severity: 'warning',
      message: `${manifest.title} is a path of whichever node its pod runs on; Pod Security does not see it.`,
    };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            - name: logs # not even mounted
              «hostPath»:
                path: /var/log
            - {name: root, «hostPath»: {path: /}}
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: data}
        spec:
          «hostPath»: {path: /data}
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
            - {name: scratch, emptyDir: {}}
            - {name: nothing, hostPath: null}
      `,
    },
    {
      why: 'a choice that a chart offers',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
            {{- range .Values.extraHostPathMounts }}
            - name: {{ .name }}
              hostPath:
                path: {{ .hostPath }}
            {{- end }}
            - {name: scratch, emptyDir: {}}
      `,
    },
    {
      why: 'custom resources and lists count; a template may hide the path, but not that it is one',
      bad: `
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps.kruise.io/v1alpha1
          kind: CloneSet
          metadata: {name: web}
          spec:
            template:
              spec:
                containers: [{name: web, image: web:1}]
                volumes:
                - name: logs
                  «hostPath»:
                    path: {{ .Values.logs }}
      `,
    },
  ],
});
