import { commandLines } from '../model/commands.js';
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
  *check({ field, title }) {
    for (const { words, where } of commandLines(field)) {
      for (const [index, word] of words.entries()) {
        const text = word.text ?? '';
        if (index === 0 ? isSudo.test(text) : /\s/.test(text) && callsSudo(text))
          yield { at: word.span, message: `${title} calls sudo ${where}.` };
      }
    }
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
              args:
                - «|»
                  # sudo is not needed for this
                  echo "with sudo next"
                  if ! test -e /data; then FOO=bar sudo mkdir /data; fi
      `.replace(/- «\|»/, '- |'),
    },
  ],
});

const isSudo = /^(?:\/[\w/]*\/)?sudo$/;

/** A command begins with sudo: at the start, or behind what ends or opens a command, with or without variables of its own. */
const command =
  /(?:^|[\n;&|(`{]|(?:^|\s)(?:then|do|else|if|while|until|time|exec|!)\s)[ \t]*(?:\w+=\S*[ \t]+)*(?:\/[\w/]*\/)?sudo(?=\s)/;

/** A shell's script calls sudo; comments, quoted text and here-documents are no commands. */
function callsSudo(script: string): boolean {
  const code = script
    .slice(0, 1 << 16)
    .replace(/(^|\s)#.*/g, '$1')
    .replace(/"[^"]*"|'[^']*'/g, '""')
    .replace(/<<-?\s*(\w+)\b[\s\S]*?\n\s*\1\b/g, '');
  return command.test(code);
}
