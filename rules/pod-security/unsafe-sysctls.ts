import { rule } from '../rule.js';
import { isSafeSysctl, violations } from './standards/checks.js';

export default rule({
  id: 'unsafe-sysctls',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Sets a sysctl that is not safe',
  why: 'Only a few kernel parameters are known to stay within the pod. The others may reach the node or its other pods: memory for all, queues for all, a denial of service for all.',
  default: 'No kernel parameter is set; the kubelet refuses unsafe ones unless it was told to allow them.',
  remedy:
    'Take the entry out, or set the parameter for the whole node where that is meant. The safe ones are those that Pod Security baseline lists, such as `net.ipv4.ip_unprivileged_port_start`.',
  standards: ['pss:baseline/sysctls', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['sysctls'],
    'kube-linter': ['unsafe-sysctls'],
    trivy: ['KSV-0026'],
    kyverno: ['restrict-sysctls'],
    monokle: ['PSS111'],
  },
  hover: ['securityContext/sysctls', 'sysctls/#/name'],
  *check(pod, { podSecurityVersion }) {
    for (const { field } of violations(pod, 'sysctls', podSecurityVersion)) {
      // The kubelet takes slashes for dots, admission does not.
      const name = field.text ?? '';
      const dotted = name.replaceAll('/', '.');
      const isMeant = isSafeSysctl(dotted, podSecurityVersion);
      yield {
        at: field.span,
        message: isMeant
          ? `${pod.title} writes the sysctl ${name} with slashes, which admission does not accept.`
          : `${pod.title} sets ${name === '' ? 'a sysctl without a name' : `the sysctl ${name}`}, which Pod Security baseline forbids.`,
        fixes: isMeant
          ? [{ title: `Write ${dotted}`, edits: field.set(dotted), safe: true }]
          : [{ title: name === '' ? 'Remove it' : `Remove ${name}`, edits: field.parent!.remove(), safe: false }],
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
          securityContext:
            sysctls:
              - name: net.ipv4.ip_unprivileged_port_start
                value: "0"
              - name: «net.core.somaxconn» # a long queue
                value: "1024"
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            sysctls:
              - name: net.ipv4.ip_unprivileged_port_start
                value: "0"
              # a long queue
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
            sysctls: [{name: «kernel.msgmax», value: "65536"}, {name: «net/ipv4/tcp_syncookies», value: "1"}]
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
            sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'the list of safe ones grew with the versions',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            sysctls:
            - {name: kernel.shm_rmid_forced, value: "1"}
            - {name: net.ipv4.tcp_rmem, value: 4096 87380 6291456}
            - {name: net.ipv4.tcp_notsent_lowat, value: "1"}
            - {name: "{{ .Values.sysctl }}", value: "1"}
          containers: [{name: web, image: web:1}]
      `,
    },
  ],
});
