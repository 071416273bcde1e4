import { rule } from '../rule.js';

export default rule({
  id: 'dockerfile-user-root',
  on: 'dockerfile',
  severity: 'warning',
  preset: 'recommended',
  title: 'Image runs as root on purpose',
  why: 'The last `USER` decides as whom the image runs. Root in the container can change all of its files and turns every bug of the runtime or the kernel into root on the machine.',
  default: 'The user of the base image.',
  remedy:
    'Do what needs root first, then switch: `USER 10001:10001` as the last one. Files that the application writes must belong to that user.',
  standards: ['cis-docker:4.1', 'nsa:pod-security', 'cwe:250'],
  aliases: { hadolint: ['DL3002'], trivy: ['DS-0002'], checkov: ['CKV_DOCKER_8'], sonar: ['docker:S6471'] },
  hover: ['USER'],
  *check(file) {
    const stage = file.finalStage;
    const user = stage && file.userOf(stage);
    if (stage === undefined || user === undefined) return;
    // An init system or an entrypoint that is started as root gives its services users of their own.
    if ((user.name !== 'root' && user.name !== '0') || file.dropsRoot(stage)) return;
    yield {
      at: user.word.span,
      message: `${stage.name === undefined ? 'The image' : `Stage ${stage.name}`} runs as root.`,
      fixes: [{ title: 'Run as user 10001', edits: file.replace(user.word.span, '10001:10001'), safe: false }],
    };
  },
  examples: [
    {
      bad: `
        FROM debian:13
        USER root
        RUN apt-get update
        USER «0:0» # needed?
        ENTRYPOINT ["/app"]
      `,
      good: `
        FROM debian:13
        USER root
        RUN apt-get update
        USER 10001:10001 # needed?
        ENTRYPOINT ["/app"]
      `,
    },
    {
      why: 'quotes, a default, a script that says otherwise',
      bad: `
        from debian:13 as shop
        user "app"
        run <<EOF
        user app
        EOF
        user «"\${UID:-root}"»
      `,
      good: `
        from debian:13 as shop
        user "app"
        run <<EOF
        user app
        EOF
        user 10001:10001
      `,
    },
    {
      why: 'through a variable and an earlier stage',
      bad: `
        FROM debian:13 AS base
        ARG user=root
        USER «$user»
        FROM base
        CMD ["app"]
      `,
      good: `
        FROM debian:13 AS base
        ARG user=root
        USER 10001:10001
        FROM base
        CMD ["app"]
      `,
    },
    { ok: 'FROM debian:13 AS build\nUSER root\nFROM debian:13\nUSER 10001\n' },
    { ok: 'FROM debian:13\nUSER root\nRUN apt-get update\nUSER app\n' },
    { why: 'a value that only the build knows', ok: 'FROM debian:13\nARG UID\nUSER $UID\n' },
    {
      why: 'a variable that the image sets',
      ok: `
        FROM debian:13
        ENV RUN_AS=app
        USER \${RUN_AS:-root}
      `,
    },
    { why: 'it drops root itself', ok: 'FROM debian:13\nUSER root\nENTRYPOINT ["gosu", "app", "/app"]\n' },
  ],
});
