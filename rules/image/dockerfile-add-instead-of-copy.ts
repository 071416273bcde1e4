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
      for (const written of stage.instructions) {
        const instruction = written.trigger ?? written;
        if (instruction.keyword !== 'ADD' || instruction.words.length < 2) continue;
        const paths = instruction.words.slice(0, -1).map(({ text }) => text);
        const values = paths.some((path) => path.includes('$')) ? file.variables(stage, written) : new Map();
        const sources = paths.map((path) => expand(path, values));
        // An unknown variable may be anything.
        if (!sources.every((source) => source !== undefined && isPlainFile(source))) continue;
        // COPY has no --checksum and no --keep-git-dir, and --unpack asks for what only ADD does.
        if (instruction.flags.some(({ name }) => ['checksum', 'keep-git-dir', 'unpack'].includes(name))) continue;
        const { keywordSpan } = instruction;
        const keyword = file.text.slice(keywordSpan.start, keywordSpan.end);
        const text = keyword === keyword.toLowerCase() ? 'copy' : 'COPY';
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
        # an odd name
        «add» ["a file", "/x"]
        «ADD» a b \\
          c /dest/
        «ADD» *.py conf/*.json /app/
        ENV DIR=src
        «ADD» $DIR /src
        ONBUILD «ADD» . /app
      `,
      good: `
        FROM debian:13
        COPY --chown=app:app src/ /src
        # an odd name
        copy ["a file", "/x"]
        COPY a b \\
          c /dest/
        COPY *.py conf/*.json /app/
        ENV DIR=src
        COPY $DIR /src
        ONBUILD COPY . /app
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
        ADD *.gz layers/* /
        ADD ["root fs.tar", "/"]
        ADD src/a layer.tgz /
        COPY src /src
        ADD <<EOF /file
        ADD a b
        EOF
      `,
    },
  ],
});

/** A local file or folder that isn't an archive by its name. A pattern is one when it ends with an extension that archives don't have. */
function isPlainFile(source: string): boolean {
  if (archive.test(source) || /^(?:[a-z][\w+.-]*:\/\/|git@|\S+@\S+:|<<)|\.git(?:#|$)/i.test(source)) return false;
  return !/[*?[]/.test(source) || /\.(?!gz$|bz2$|xz$|zst$|lzma$|Z$)[A-Za-z]\w*$/.test(source);
}
