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
      // Without a version there is nothing to pin yet; dockerfile-from-tag says so.
      if (reference === undefined || reference.digestValid || reference.tag === undefined || reference.tag === 'latest')
        continue;
      yield { at: span, message: `The build takes ${reference.name}:${reference.tag} by its tag, which can be moved.` };
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
      bad: `
        # syntax=«docker/dockerfile:1»
        FROM «node:24» AS build
        FROM «node:24-slim»
        COPY --from=build /app /app
      `,
    },
    {
      ok: `
        FROM node:24@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        FROM scratch
      `,
    },
  ],
});
