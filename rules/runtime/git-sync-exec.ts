import { rule } from '../rule.js';

/** What git-sync starts: the git program, and a command after each sync (README of git-sync v3 and v4; `GIT_SYNC_…` and one dash are v3's). */
const variables = /^(?:GITSYNC|GIT_SYNC)_(?:GIT|(?:EXECHOOK|HOOK)_COMMAND)$/;
const flags = /^--?(?:git|(?:exechook|sync-hook)-command)(?:=|$)/;

export default rule({
  id: 'git-sync-exec',
  on: 'container',
  severity: 'information',
  preset: 'strict',
  title: 'git-sync starts a program that the manifest names',
  why: 'git-sync runs whatever `--git` and `--exechook-command` name, in a container that holds the repository’s credentials. Who may change the variable, or the repository if the program lies in it, runs code there at every sync; a look at the image does not show it.',
  default: 'git-sync runs the git of its image and nothing after a sync.',
  remedy:
    'Take the setting out. To tell an application of new content use `--webhook-url`; a hook that is needed should lie in an image of your own, not in the repository.',
  standards: ['mitre:T1059', 'cwe:94'],
  aliases: { checkov: ['CKV_K8S_159'] },
  hover: [],
  *check({ title, field, image }) {
    for (const variable of field.at('env').items()) {
      const name = variable.at('name');
      if (variables.test(name.text ?? ''))
        yield { at: name.span, message: `${title} lets ${name.text} say what git-sync starts.` };
    }
    if (!/(?:^|\/)git-sync(?:[-:@]|$)/.test(image.text ?? '')) return;
    for (const word of [...field.at('command').items(), ...field.at('args').items()]) {
      const [flag] = flags.exec(word.text ?? '') ?? [];
      if (flag !== undefined)
        yield { at: word.span, message: `${title} lets ${flag.replace('=', '')} say what git-sync starts.` };
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
            - name: sync
              image: registry.k8s.io/git-sync/git-sync:v4.5.0
              restartPolicy: Always
              args:
                - --repo=https://example.com/web.git
                - «--exechook-command=/tmp/git/web/hook.sh»
                - «--git»
                - /usr/local/bin/git
              env:
                - name: «GITSYNC_GIT»
                  value: /tmp/git
          containers:
            - name: own
              image: example.com/own:1
              env: [{name: «GIT_SYNC_EXECHOOK_COMMAND», valueFrom: {configMapKeyRef: {name: web, key: hook}}}]
      `,
    },
    {
      why: 'git-sync as it comes; another program’s --git; a template',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: sync
              image: registry.k8s.io/git-sync/git-sync:v4.5.0
              args: [--repo=https://example.com/web.git, --git-config=safe.directory:*, --webhook-url=http://localhost/]
              env: [{name: GITSYNC_REF, value: main}, {name: {{ .Values.name }}, value: x}]
            - {name: build, image: build:1, args: [--git, /usr/bin/git]}
      `,
    },
  ],
});
