import { pin } from '../model/image-names.js';
import { parseImageReference } from '../model/image-reference.js';
import { rule } from '../rule.js';

export default rule({
  id: 'dockerfile-from-digest',
  on: 'dockerfile',
  severity: 'information',
  preset: 'recommended',
  title: 'Base image not pinned by digest',
  why: 'A tag is a label that can be put on another image at any time, by a mistake or by whoever holds the registry’s password; the next build takes it without a word. A digest is the content itself.',
  default: 'The tag is looked up anew at every build.',
  remedy:
    'Write the digest behind the tag, `FROM node:24@sha256:…`; the tag then only documents it. Renovate and Dependabot keep digests up to date.',
  standards: ['cwe:1357'],
  aliases: { sonar: ['docker:S7023'] },
  hover: ['FROM'],
  *check(file) {
    for (const { span, image } of file.images) {
      const reference = parseImageReference(image ?? '');
      if (reference === undefined || reference.digestValid) continue;
      const { name, tag, digest } = reference;
      const message =
        digest !== undefined
          ? `The build takes ${name} by a digest that is none.`
          : tag === undefined
            ? `The build takes ${name} without a digest, so that another image may come in its place.`
            : `The build takes ${name}:${tag} by its tag, which can be moved.`;
      const isWritten = digest === undefined && file.text.slice(span.start, span.end) === image;
      yield { at: span, message, fixes: isWritten ? [pin(reference, image!, span.end)] : [] };
    }
    const { syntax } = file;
    if (syntax !== undefined && !syntax.text.includes('@')) {
      yield {
        at: syntax.span,
        severity: 'hint',
        message: `The build takes its frontend ${syntax.text} by its tag, which can be moved.`,
      };
    }
  },
  examples: [
    {
      digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      bad: `
        FROM «node:24» AS build
        FROM «node:24-slim»
        COPY --from=build /app /app
        COPY --from=«example.com/tools» /tool /tool
      `,
      good: `
        FROM node:24@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef AS build
        FROM node:24-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        COPY --from=build /app /app
        COPY --from=example.com/tools@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /tool /tool
      `,
    },
    {
      why: 'the frontend; a digest that is none; a reference that is put together',
      bad: `
        # syntax=«docker/dockerfile:1»
        ARG VERSION=24
        FROM «node:$VERSION»
        FROM «debian:13@sha256:0123456789abcdef0123456789abcdef»
      `,
    },
    {
      ok: `
        FROM node:24@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        FROM scratch AS files
        FROM files
        ARG BASE
        RUN --mount=type=bind,from=0,target=/mnt true
      `,
    },
  ],
});
