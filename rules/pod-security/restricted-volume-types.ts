import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'restricted-volume-types',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Volume of a type that restricted forbids',
  why: 'Volumes that name their storage in the pod itself (NFS servers, iSCSI targets, cloud disks) leave it to whoever writes a pod which data is mounted, with the node’s rights. A PersistentVolumeClaim leaves that to an administrator.',
  default: 'A volume without a source is an `emptyDir`.',
  remedy:
    'Claim the storage with a `persistentVolumeClaim` and describe it in a PersistentVolume or a StorageClass with a CSI driver. The in-tree cloud types are gone from current Kubernetes anyhow, and `gitRepo` is switched off since 1.33.',
  standards: ['pss:restricted/restrictedVolumes', 'cwe:668'],
  aliases: {
    'pod-security-admission': ['restrictedVolumes'],
    trivy: ['KSV-0028'],
    kyverno: ['restrict-volume-types'],
    monokle: ['PSS201'],
  },
  hover: ['volumes/#/nfs', 'volumes/#/gitRepo', 'volumes/#/iscsi'],
  *check(pod, { podSecurityVersion }) {
    for (const { field } of violations(pod, 'restrictedVolumes', podSecurityVersion)) {
      // A path of the node is host-path-volume's.
      if (field.key === 'hostPath') continue;
      const name = field.parent!.at('name').text;
      yield {
        at: field.keySpan ?? field.span,
        severity: field.key === 'gitRepo' ? 'error' : 'warning',
        message: `${pod.title} mounts ${name === undefined ? 'a volume' : `volume ${name}`} of type ${field.key}, which ${field.key === 'gitRepo' ? 'lets its writer run programs on the node' : 'Pod Security restricted forbids'}.`,
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
          containers: [{name: web, image: web:1}]
          volumes:
          - name: data
            «nfs»:
              server: files.example.com
              path: /data
          - {name: code, «gitRepo»: {repository: "https://example.com/code.git"}}
      `,
    },
    {
      why: 'everything that restricted knows, a volume without a source, and a path of the node, which is another rule’s',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1}]
          volumes:
          - {name: a, configMap: {name: a}}
          - {name: b, csi: {driver: b}}
          - {name: c, downwardAPI: {}}
          - {name: d, emptyDir: {}}
          - {name: e, ephemeral: {volumeClaimTemplate: {spec: {}}}}
          - {name: f, image: {reference: "f:1"}}
          - {name: g, persistentVolumeClaim: {claimName: g}}
          - {name: h, projected: {sources: []}}
          - {name: i, secret: {secretName: i}}
          - {name: j}
          - {name: k, hostPath: {path: /k}}
          - name: l
            {{- toYaml .Values.volume | nindent 4 }}
      `,
    },
  ],
});
