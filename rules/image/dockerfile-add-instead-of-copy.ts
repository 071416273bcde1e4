import { expand } from '../model/dockerfile.js';
import { rule } from '../rule.js';

/** What ADD unpacks by itself, by name (it looks at the content; the name is what a reader has): tar, plain or compressed with gzip, bzip2, xz, zstd. */
const archive = /\.(?:tar(?:\.(?:gz|bz2|xz|zst|lzma|Z))?|t[gbx]z2?|tzst)$/i;

export default rule({
  id: 'dockerfile-add-instead-of-copy',
  on: 'dockerfile',
  severity: 'warning',
  preset: 'recommended',
  title: 'ADD where COPY would do',
  why: '`ADD` does more than it says: it unpacks archives and fetches URLs. A file that turns out to be a crafted archive is spread over the image; `COPY` just copies.',
  default: 'Both copy local files.',
  remedy: 'Write `COPY`. Keep `ADD` for archives that shall be unpacked and for URLs with a `--checksum`.',
  standards: ['cis-docker:4.9'],
  aliases: { hadolint: ['DL3020', 'DL3010'], trivy: ['DS-0005'], checkov: ['CKV_DOCKER_4'], sonar: ['docker:S7029'] },
  hover: ['ADD'],
  *check(file) {
    for (const stage of file.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ADD' || instruction.words.length < 2) continue;
        const sources = instruction.words
          .slice(0, -1)
          .map(({ text }) => expand(text, file.variables(stage, instruction)));
        // A pattern may match an archive, an unknown variable may be anything.
        if (!sources.every((source) => source !== undefined && isPlainFile(source))) continue;
        // COPY has no --checksum and no --keep-git-dir, and --unpack asks for what only ADD does.
        if (instruction.flags.some(({ name }) => ['checksum', 'keep-git-dir', 'unpack'].includes(name))) continue;
        const { keywordSpan } = instruction;
        const written = file.text.slice(keywordSpan.start, keywordSpan.end);
        const text = written === written.toLowerCase() ? 'copy' : 'COPY';
        yield {
          at: keywordSpan,
          message: 'ADD only copies local files here; COPY does that without surprises.',
          fixes: [{ title: 'Use COPY', edits: [{ ...keywordSpan, text }], safe: true }],
        };
      }
    }
  },
  examples: [
    {
      bad: `
        FROM debian:13
        «ADD» --chown=app:app src/ /src
        «add» ["a file", "/x"] # odd name
        «ADD» a b \\
          c /dest/
      `,
      good: `
        FROM debian:13
        COPY --chown=app:app src/ /src
        copy ["a file", "/x"] # odd name
        COPY a b \\
          c /dest/
      `,
    },
    {
      ok: `
        FROM debian:13
        ADD rootfs.tar.xz /
        ADD https://example.com/file /file
        ADD git@github.com:moby/buildkit.git /src
        ADD https://github.com/moby/buildkit.git#v0.23.0 /src
        ADD $ROOTFS /
        ADD *.gz /
        ADD src/a layer.tgz /
        COPY src /src
        ADD <<EOF /file
        ADD a b
        EOF
      `,
    },
  ],
});

function isPlainFile(source: string): boolean {
  return !archive.test(source) && !/^(?:[a-z][\w+.-]*:\/\/|git@|\S+@\S+:|<<)|[*?[]|\.git(?:#|$)/i.test(source);
}
