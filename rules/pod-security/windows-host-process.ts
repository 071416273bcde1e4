import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'windows-host-process',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Runs as a process of the Windows node',
  why: 'A HostProcess container is no container: it runs directly on the Windows node, with its file system, its network and the rights of the account it names, up to SYSTEM. It is what `privileged` is on Linux.',
  default: 'Windows containers are isolated from the node.',
  remedy:
    'Take `hostProcess` out, and `hostNetwork` with it where nothing else needs that. Node agents and storage drivers can’t do without: suppress the finding there and say why.',
  standards: ['pss:baseline/windowsHostProcess', 'cis-k8s:5.2.11', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['windowsHostProcess'],
    trivy: ['KSV-0103'],
    polaris: ['hostProcess'],
    kubescape: ['C-0202'],
    kyverno: ['disallow-host-process', 'require-run-as-containeruser'],
    monokle: ['PSS101'],
  },
  hover: ['windowsOptions/hostProcess'],
  *check(pod, { podSecurityVersion }) {
    for (const { field, container } of violations(pod, 'windowsHostProcess', podSecurityVersion)) {
      yield {
        at: field.span,
        message: `${(container ?? pod).title} runs as a process of the Windows node.`,
        fixes: [{ title: 'Remove hostProcess', edits: field.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec:
          os: {name: windows}
          hostNetwork: true
          securityContext:
            windowsOptions:
              hostProcess: «true»
              runAsUserName: 'NT AUTHORITY\\\\SYSTEM'
          containers:
          - {name: agent, image: agent:1, securityContext: {windowsOptions: {hostProcess: «true»}}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec:
          os: {name: windows}
          hostNetwork: true
          securityContext:
            windowsOptions:
              runAsUserName: 'NT AUTHORITY\\\\SYSTEM'
          containers:
          - {name: agent, image: agent:1}
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          os: {name: windows}
          securityContext: {windowsOptions: {hostProcess: false, runAsUserName: ContainerUser}}
          containers: [{name: web, image: web:1}, {name: b, image: b:1, securityContext: {windowsOptions: {hostProcess: "{{ .Values.hp }}"}}}]
      `,
    },
  ],
});
