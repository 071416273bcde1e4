import { credentialsAt, hostPathVolumes, runtimeSocket } from '../model/host-path.js';
import { rule } from '../rule.js';

/** What harm comes of a place: by reading it already, only by writing to it, or hardly any. */
type Harm = 'read' | 'write' | 'little';

/**
 * Places of a node, the first that fits counts. Below `/run` and `/var` only those are named whose harm is known: most of what agents mount there is
 * a folder or a lock of their own, of which host-path-volume says enough. What log shippers, time zones and certificates need is harmless to read.
 */
const places: readonly (readonly [RegExp, string, Harm])[] = [
  [/^(?:\/|[A-Za-z]:[\\/]?)$/, 'the node’s whole disk', 'read'],
  [
    /^\/etc\/kubernetes\/manifests(?:\/|$)/,
    'the manifests of static pods: who writes there is root on the node',
    'read',
  ],
  [
    /^\/etc(?:$|\/(?:g?shadow-?|ssh|sudoers(?:\.d)?|kubernetes|rancher|ssl\/private|pki\/tls\/private)(?:\/|$))/,
    'the node’s configuration, with keys or the hashes of passwords',
    'read',
  ],
  [/^\/etc\/cni(?:\/|$)/, 'the settings of the network plugins, with their login to the cluster', 'read'],
  [/^\/etc\//, 'configuration that the node’s programs rely on', 'write'],
  [/^\/proc(?:\/|$)/, 'the node’s processes, with their environment and files', 'read'],
  [/^\/sys(?:\/|$)/, 'the kernel’s settings, by which a program can be started on the node', 'write'],
  [/^\/dev(?:\/(?:sd|nvme|vd|xvd|dm-|mapper|disk|k?mem).*)?$/, 'the node’s disks and memory as devices', 'read'],
  [/^\/dev\/(?!(?:log|shm|null|zero|u?random)(?:\/|$))/, 'a device of the node', 'little'],
  [/^\/(?:root|home)(?:\/|$)/, 'the home folders of those who work on the node, with their keys', 'read'],
  [/^\/(?:boot|lib|lib64|usr|bin|sbin)(?:\/|$)/, 'the node’s programs and kernel', 'write'],
  [/^\/var(?:\/lib)?$/, 'nearly all data of the node', 'read'],
  [/^\/var\/log(?:\/|$)/, 'the node’s logs; a link that is put there leads the kubelet to any file', 'write'],
  [/^\/var\/lib\/docker\/containers(?:\/|$)/, 'the logs and settings of all containers of the node', 'write'],
  [/^\/var\/lib\/(?:docker|containerd|containers|crio)(?:\/|$)/, 'the files of all containers of the node', 'read'],
  [
    /^\/var\/lib\/kubelet\/(?:plugins|plugins_registry|device-plugins|pod-resources)(?:\/|$)/,
    'the kubelet’s sockets for drivers',
    'little',
  ],
  [/^\/var\/lib\/kubelet(?:\/|$)/, 'the Secrets and tokens of all pods of the node', 'read'],
  [/^\/var\/lib\/etcd(?:\/|$)/, 'the data of the whole cluster, its Secrets too', 'read'],
  [
    /^\/var\/lib\/rancher(?:\/(?:k3s|rke2)(?:\/(?:server|agent)(?:\/.*)?)?)?$/,
    'the data of the whole cluster, with the token of its nodes',
    'read',
  ],
  [/^(?:\/var)?\/run$/, 'the sockets of the node’s services', 'read'],
  [/^(?:\/var)?\/run\/(?:systemd|dbus)(?:\/|$)/, 'the node’s service manager, which starts programs as root', 'read'],
];

/** They hold more than the sockets and credentials that other rules look for. */
const whole = /^(?:\/var)?\/run$|^\/etc\/kubernetes$/;

export default rule({
  id: 'sensitive-host-path',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Mounts a sensitive folder of the node',
  why: 'Some folders are the node itself: who writes to `/etc`, `/usr` or `/` runs programs as root on it, who reads `/var/lib/kubelet` or `/proc` has the tokens and Secrets of every pod there. From one pod that is broken into, an attacker goes on to the node and its neighbours.',
  default: 'A pod has no access to the node’s files.',
  remedy:
    'Mount the one file or folder that is needed instead of what it lies in, and `readOnly: true`. Agents that manage the node need more: run them in a namespace of their own, suppress the finding and say why.',
  standards: ['mitre:T1611', 'cis-docker:5.6', 'cwe:668'],
  aliases: {
    'kube-linter': ['sensitive-host-mounts'],
    trivy: ['KSV-0121'],
    sonar: ['kubernetes:S6433'],
    kubesec: ['ProcMount'],
    kyverno: ['limit-hostpath-vols'],
    kubescape: ['C-0048'],
  },
  hover: ['hostPath/path'],
  *check(pod) {
    if (pod.isControlPlane) return;
    for (const { field, path, mounts } of hostPathVolumes(pod)) {
      // Sockets and credentials have rules of their own (container-runtime-socket, cloud-credential-host-path), which cover this one's findings.
      if (!whole.test(path) && (runtimeSocket(path) !== undefined || credentialsAt(path) !== undefined)) continue;
      const [, what, harm] = places.find(([pattern]) => pattern.test(path)) ?? [];
      if (what === undefined || (harm === 'write' && mounts.length === 0)) continue;
      const isHarmless = harm === 'write' && mounts.every(({ readOnly }) => readOnly);
      yield {
        at: field.span,
        severity: isHarmless || harm === 'little' ? 'information' : 'error',
        message: isHarmless ? `${pod.title} may read ${path} of the node.` : `${pod.title} mounts ${path}: ${what}.`,
      };
    }
  },
  examples: [
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
                  image: agent:1
                  volumeMounts: [{name: logs, mountPath: /logs}]
              containers:
                - name: agent
                  image: agent:1
                  volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}, {name: cgroup, mountPath: /cgroup}]
              volumes:
                - name: root
                  hostPath:
                    path: «/» # for everything
                - {name: etc, hostPath: {path: «/etc/ssh»}}
                - {name: proc, hostPath: {path: «"/proc/"»}}
                - {name: cgroup, hostPath: {path: «/sys/fs/cgroup»}}
                - {name: disk, hostPath: {path: «/dev/sda1»}}
                - {name: pods, hostPath: {path: «/var/lib/kubelet/pods»}}
                - {name: lib, hostPath: {path: «/var/lib»}}
                - {name: k3s, hostPath: {path: «/var/lib/rancher/k3s/server/token»}}
                - {name: run, hostPath: {path: «/var/run/»}}
                - {name: kubernetes, hostPath: {path: «/etc/kubernetes»}}
                - {name: static, hostPath: {path: «/etc/kubernetes/manifests»}}
                - {name: logs, hostPath: {path: «/var/log»}}
                - {name: dotted, hostPath: {path: «/opt/../root»}}
                - {name: windows, hostPath: {path: «'C:\\'»}}
      `,
    },
    {
      why: 'what is harmless to read, and only read, is for information',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: logs}
        spec:
          containers:
            - name: logs
              image: logs:1
              volumeMounts:
                - {name: log, mountPath: /var/log, readOnly: true}
                - {name: time, mountPath: /etc/localtime, readOnly: true}
          volumes:
            - {name: log, hostPath: {path: «/var/log/pods»}}
            - {name: time, hostPath: {path: «/etc/localtime», type: File}}
            - {name: fuse, hostPath: {path: «/dev/fuse», type: CharDevice}}
            - {name: plugins, hostPath: {path: «/var/lib/kubelet/plugins_registry»}}
      `,
    },
    {
      why: 'folders of applications; what other rules report; logs that nobody mounts; the control plane’s own pods; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: web, image: web:1, volumeMounts: [{name: etc, mountPath: /etc}]}]
          volumes:
            - {name: etc, emptyDir: {}}
            - {name: data, hostPath: {path: /mnt/data}}
            - {name: opt, hostPath: {path: /opt/web}}
            - {name: own, hostPath: {path: /var/lib/web}}
            - {name: volumes, hostPath: {path: /var/lib/rancher/k3s/storage/web}}
            - {name: like it, hostPath: {path: /etcetera}}
            - {name: unused, hostPath: {path: /var/log}}
            - {name: syslog, hostPath: {path: /dev/log}}
            - {name: lock, hostPath: {path: /run/xtables.lock}}
            - {name: socket, hostPath: {path: /var/run/docker.sock}}
            - {name: cloud, hostPath: {path: /root/.aws}}
            - {name: other, hostPath: {path: {{ .Values.path }}}}
            - {name: below, hostPath: {path: "{{ .Values.root }}/etc"}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: etcd, namespace: kube-system, labels: {component: etcd, tier: control-plane}}
        spec:
          containers: [{name: etcd, image: "registry.k8s.io/etcd:3.6.4-0"}]
          volumes: [{name: etcd-data, hostPath: {path: /var/lib/etcd}}]
      `,
    },
  ],
});
