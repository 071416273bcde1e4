import { expand } from '../model/dockerfile.js';
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
    if (stage === undefined) return;
    for (const part of file.chain(stage)) {
      const user = part.instructions.findLast(({ keyword }) => keyword === 'USER');
      const [word] = user?.words ?? [];
      if (user === undefined || word === undefined) continue;
      const name = expand(word.text, file.variables(part, user))?.split(':')[0];
      // An init system started as root gives its services users of their own.
      const drops = file
        .chain(stage)
        .some(({ instructions }) =>
          instructions.some(({ span }) =>
            /\b(?:gosu|su-exec|setpriv|s6-overlay|\/init"\s*\])/.test(file.text.slice(span.start, span.end)),
          ),
        );
      if ((name === 'root' || name === '0') && !drops) {
        const edits = [{ start: word.span.start, end: word.span.end, text: '10001:10001' }];
        yield {
          at: word.span,
          message: 'The image runs as root.',
          fixes: [{ title: 'Run as user 10001', edits, safe: false }],
        };
      }
      return;
    }
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
    { why: 'it drops root itself', ok: 'FROM debian:13\nUSER root\nENTRYPOINT ["gosu", "app", "/app"]\n' },
  ],
});
