import { credentialsAt, hostPathVolumes } from '../model/host-path.js';
import { rule } from '../rule.js';

export default rule({
  id: 'cloud-credential-host-path',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Mounts credentials of the node',
  why: 'On the node lie the credentials by which it talks to the cloud and to the API server, and those of administrators who worked there. A pod that can read them acts as the node or as the administrator: it starts machines, reads every Secret of its neighbours, or owns the cluster. Read-only makes no difference.',
  default: 'A pod has no access to the node’s files.',
  remedy:
    'Give the pod an identity of its own: a ServiceAccount with a Role for the API server, IRSA, EKS Pod Identity, Workload Identity or Entra Workload ID for the cloud. Only components of the control plane need these files.',
  standards: ['mitre:T1552', 'nsa:authentication', 'cwe:668'],
  aliases: { kubescape: ['C-0020'] },
  hover: ['hostPath/path'],
  covers: ['sensitive-host-path'],
  *check(pod) {
    if (pod.isControlPlane) return;
    for (const { field, path } of hostPathVolumes(pod)) {
      const found = credentialsAt(path);
      if (found !== undefined) yield { at: field.span, message: `${pod.title} mounts ${found} (${path}).` };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: agents}
        spec:
          template:
            spec:
              containers: [{name: agent, image: agent:1}]
              volumes:
                - name: azure
                  hostPath:
                    path: «/etc/kubernetes/azure.json» # for the disks
                    type: File
                - {name: aws, hostPath: {path: «/root/.aws/»}}
                - {name: aws-file, hostPath: {path: «"/home/ec2-user/.aws/credentials"»}}
                - {name: gcloud, hostPath: {path: «/root/.config/gcloud»}}
                - {name: kubelet, hostPath: {path: «/var/lib/kubelet/pki/kubelet-client-current.pem»}}
                - {name: admin, hostPath: {path: «/etc/kubernetes/admin.conf»}}
                - {name: all, hostPath: {path: «/etc/kubernetes»}}
      `,
    },
    {
      why: 'a custom resource',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers: [{name: web, image: web:1}]
              volumes: [{name: kube, hostPath: {path: «/root/.kube/config»}}]
      `,
    },
    {
      why: 'other paths of the node, paths in the container, the control plane’s own pods, a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              volumeMounts: [{name: aws, mountPath: /root/.aws}]
          volumes:
            - {name: aws, secret: {secretName: aws}}
            - {name: plugins, hostPath: {path: /var/lib/kubelet/plugins}}
            - {name: pods, hostPath: {path: /var/lib/kubelet}}
            - {name: cni, hostPath: {path: /etc/kubernetes/cni/net.d}}
            - {name: other, hostPath: {path: {{ .Values.path }}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: kube-apiserver, namespace: kube-system, labels: {component: kube-apiserver, tier: control-plane}}
        spec:
          containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.36.0"}]
          volumes: [{name: k8s-certs, hostPath: {path: /etc/kubernetes/pki}}]
      `,
    },
  ],
});
