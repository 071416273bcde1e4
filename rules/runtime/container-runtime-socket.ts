import { hostPathVolumes, runtimeSocket } from '../model/host-path.js';
import { rule } from '../rule.js';

export default rule({
  id: 'container-runtime-socket',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Container runtime’s socket mounted',
  why: 'Who can talk to the container runtime’s socket starts a container that mounts the node’s whole disk: it is root on the node without a password, and no admission check sees that container. A read-only mount changes nothing, as the socket is written to by talking to it.',
  default: 'A pod does not see the runtime’s socket.',
  remedy:
    'Build images without the runtime (Buildah, rootless BuildKit, a build service), and take metrics and metadata from the kubelet or the API server. Node agents that can’t do without: suppress the finding and say why.',
  standards: ['cis-docker:5.32', 'mitre:T1611', 'cwe:668'],
  aliases: {
    'kube-linter': ['docker-sock'],
    trivy: ['KSV-0006'],
    checkov: ['CKV_K8S_27'],
    sonar: ['kubernetes:S6429'],
    kubesec: ['DockerSock'],
    kubescape: ['C-0074'],
    kyverno: ['disallow-cri-sock-mount', 'docker-socket-requires-label'],
    monokle: ['KBP101'],
  },
  hover: [],
  covers: ['sensitive-host-path'],
  *check(pod) {
    for (const { field, path } of hostPathVolumes(pod)) {
      const found = runtimeSocket(path);
      if (found === undefined) continue;
      const where = found === 'socket' ? '' : ', where the container runtime has its socket';
      yield { at: field.span, message: `${pod.title} mounts ${path}${where}: that is root on the node.` };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: build}
        spec:
          template:
            spec:
              containers:
                - name: build
                  image: build:1
                  volumeMounts: [{name: docker, mountPath: /var/run/docker.sock, readOnly: true}]
              volumes:
                - name: docker
                  hostPath:
                    path: «/var/run/docker.sock» # for the builds
                    type: Socket
                - {name: containerd, hostPath: {path: «/run/containerd/containerd.sock»}}
                - {name: k3s, hostPath: {path: «/run/k3s/containerd/containerd.sock»}}
                - {name: shim, hostPath: {path: «"/var/run/dockershim.sock"»}}
                - {name: crio, hostPath: {path: «/var/run/crio/crio.sock»}}
                - {name: podman, hostPath: {path: «/run/user/1000/podman/podman.sock»}}
                - {name: pipe, hostPath: {path: «'\\\\.\\pipe\\docker_engine'»}}
      `,
    },
    {
      why: 'the folder that the socket lies in gives the same; a custom resource',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              volumes:
                - {name: run, hostPath: {path: «/run»}}
                - {name: var-run, hostPath: {path: «/var//run/»}}
                - {name: containerd, hostPath: {path: «/run/containerd»}}
      `,
    },
    {
      why: 'other things below /run, sockets of the pod’s own, a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: docker
              image: docker:29-dind-rootless
              volumeMounts: [{name: own, mountPath: /var/run}]
          volumes:
            - {name: own, emptyDir: {}}
            - {name: lock, hostPath: {path: /run/xtables.lock}}
            - {name: agent, hostPath: {path: /var/run/datadog/apm.socket}}
            - {name: named like it, hostPath: {path: /etc/docker.sock.d}}
            - {name: nothing, hostPath: null}
            - {name: other, hostPath: {path: {{ .Values.socket }}}}
      `,
    },
  ],
});
