import { parseImageReference } from '../model/image-reference.js';
import { rule } from '../rule.js';

export default rule({
  id: 'dockerfile-from-tag',
  on: 'dockerfile',
  severity: 'warning',
  preset: 'recommended',
  title: 'Base image without a fixed version',
  why: 'Without a tag, or with `latest`, each build starts from whatever was pushed last. The same commit gives different images, and a bad push to the base reaches production with the next build.',
  default: 'No tag means `latest`.',
  remedy: 'Name a version, better with its digest: `FROM node:24@sha256:…`.',
  standards: ['cis-docker:4.2', 'cwe:1357'],
  aliases: {
    hadolint: ['DL3006', 'DL3007'],
    trivy: ['DS-0001'],
    checkov: ['CKV_DOCKER_7'],
    sonar: ['docker:S6596', 'docker:S8431'],
  },
  hover: ['FROM'],
  covers: ['dockerfile-from-digest'],
  *check(file) {
    for (const { written, span, image } of file.images) {
      const reference = parseImageReference(image ?? '');
      if (
        reference === undefined ||
        reference.digest !== undefined ||
        (reference.tag !== undefined && reference.tag !== 'latest')
      )
        continue;
      const what = reference.tag === undefined ? `${reference.name} without a tag` : `${reference.name}:latest`;
      const through = written === image ? '' : ` (from ${written})`;
      yield { at: span, message: `The build takes ${what}${through}, whatever that is today.` };
    }
  },
  examples: [
    {
      bad: `
        ARG BASE=alpine
        FROM --platform=$BUILDPLATFORM «golang» AS build
        FROM «\${BASE}:latest»
        COPY --from=«example.com/tools» /tool /tool
        COPY --from=build /app /app
        RUN --mount=type=bind,from=«busybox»,target=/mnt true
      `,
    },
    {
      ok: `
        ARG BASE
        FROM $BASE AS a
        FROM scratch AS b
        FROM debian:13 AS c
        FROM C AS d
        FROM debian@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        COPY --from=0 /x /x
        COPY --from=c /y /y
        RUN --mount=type=bind,from=a,target=/mnt true
      `,
    },
  ],
});
