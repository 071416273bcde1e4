import { sudoCalls } from '../model/commands.js';
import { rule } from '../rule.js';

export default rule({
  id: 'sudo-in-command',
  on: 'container',
  severity: 'warning',
  preset: 'recommended',
  title: 'Command calls sudo',
  why: 'A container that calls `sudo` carries a setuid program and a rule that lets its user become root without a password. Whoever takes over the application has the same way to root; with `allowPrivilegeEscalation: false` the call fails anyhow.',
  default: 'A container’s command runs as the user of the pod or image.',
  remedy:
    'Do in the Dockerfile what needs root, or in an init container of its own; give the files that the application writes to its user (`chown` in the image, `fsGroup` for volumes). Then take `sudo` out of the command and of the image.',
  standards: ['nsa:non-root-containers', 'mitre:T1548.003', 'cwe:250'],
  aliases: { kubescape: ['C-0062'] },
  hover: [],
  // As in `echo password | sudo -S`.
  secret: true,
  *check({ field, title }) {
    for (const { word, where } of sudoCalls(field)) yield { at: word.span, message: `${title} calls sudo ${where}.` };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: setup, image: setup:1, args: [«sudo», chown, -R, app, /data]}
          containers:
            - name: web
              image: web:1
              command: [«/usr/bin/sudo», -E, web]
              livenessProbe: {exec: {command: [«"sudo"», test, -e, /run/web]}}
              lifecycle:
                postStart: {exec: {command: [sh, -c, «"cd /data && sudo -u app touch x"»]}}
            - name: script
              image: web:1
              command: [bash, -ec]
              «args»:
                - |
                  # as root
                  if ! test -e /data; then FOO=bar sudo mkdir /data; fi
      `,
    },
    {
      why: 'behind what starts other programs; in a substitution within quotes',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - {name: a, image: a:1, command: [tini, --, «sudo», -u, web, web]}
            - {name: b, image: b:1, command: [/usr/bin/env, -i, HOME=/x, «/usr/bin/sudo», web]}
            - {name: c, image: c:1, command: [sh, -c, «'echo "$(sudo cat /x)"'»]}
            - {name: d, image: d:1, command: [sh, -c, «"nohup env A=b sudo web &"»]}
      `,
    },
    {
      why: 'the word elsewhere: in names, arguments, comments, quotes, here-documents, other languages; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              command: [web, --sudo, sudo, /etc/sudoers]
              lifecycle: {preStop: {exec: {command: [env, A=b, echo, sudo]}}}
              args: ["pseudo x", "install sudo and more", "{{ .Values.sudo }} x"]
              livenessProbe: {exec: {command: [/bin/sudo-check, now]}}
            - name: script
              image: web:1
              command:
                - sh
                - -c
                - |
                  # sudo is not needed here
                  apt-get install -y \\
                    sudo curl
                  echo "first
                  sudo them"; nosudo x
                  cat > /readme <<'EOF'
                  sudo make install
                  EOF
            - {name: python, image: python:3, command: [python, -c, "x = 1\nsudo = x\nprint(sudo )"]}
      `,
    },
    {
      why: 'a custom resource; a here-document’s end is the end of it',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  command: [sh, -c]
                  «args»:
                    - |-
                      cat > /x << EOF
                      nothing
                      EOF
                      sudo -u app sh /x
      `,
    },
  ],
});
