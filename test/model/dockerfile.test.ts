/** Dockerfiles as BuildKit reads them: lines, words, stages, variables, edits, and texts that are none. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits } from '../../rules/fix.js';
import { type Dockerfile, expand, type Instruction, readDockerfile } from '../../rules/model/dockerfile.js';
import type { Span } from '../../rules/model/tree.js';

const cut = (text: string, span: Span | undefined) => span && text.slice(span.start, span.end);
/** Keywords and texts of all instructions, on one line each. */
const lines = (text: string) =>
  readDockerfile(text).instructions.map(({ keyword, span }) => `${keyword}: ${JSON.stringify(cut(text, span))}`);
const only = (text: string): Instruction => readDockerfile(text).instructions[0]!;
const words = (text: string) => only(text).words.map((word) => word.text);
const pairs = (text: string) => only(text).pairs.map(({ name, value }) => [name.text, value?.text]);
const comments = (text: string) => readDockerfile(text).comments.map((comment) => comment.text);
const bases = (text: string) => readDockerfile(text).stages.map(({ base }) => base.stage?.index ?? base.image);
const user = (text: string) => {
  const file = readDockerfile(text);
  return file.finalStage && file.userOf(file.finalStage)?.name;
};

/** Asks for everything that a Dockerfile knows; every span must lie within the text, every word within its instruction. */
function readAll(text: string): Dockerfile {
  const file = readDockerfile(text);
  const within = (span: Span | undefined, outer: Span = { start: 0, end: text.length }) =>
    assert.ok(
      span === undefined || (outer.start <= span.start && span.start <= span.end && span.end <= outer.end),
      `${JSON.stringify(span)} in ${JSON.stringify(text.slice(0, 300))}`,
    );
  const check = (instruction: Instruction) => {
    const { span, keywordSpan, words, flags, pairs, heredocs, trigger } = instruction;
    within(span);
    for (const part of [keywordSpan, instruction.arguments]) within(part, span);
    for (const word of [...words, ...pairs.map(({ name }) => name), ...pairs.flatMap(({ value }) => value ?? [])])
      within(word.span, span);
    for (const flag of flags) within(flag.value?.span, flag.span);
    for (const { body } of heredocs) within(body, span);
    if (trigger !== undefined && trigger.keyword !== 'ONBUILD') check(trigger);
  };
  let last = 0;
  for (const instruction of file.instructions) {
    assert.ok(instruction.span.start >= last, 'instructions are in order and apart');
    last = instruction.span.end;
    check(instruction);
    for (const edits of [
      file.insertBefore(instruction, 'X'),
      file.insertAfter(instruction, 'X'),
      file.remove(instruction),
    ])
      for (const edit of edits) within(edit);
  }
  for (const comment of file.comments) assert.equal(cut(text, comment), comment.text);
  for (const stage of file.stages.slice(-20)) {
    file.variables(stage);
    file.userOf(stage);
    file.dropsRoot(stage);
  }
  for (const { span } of file.images) within(span);
  return file;
}

describe('Dockerfile', () => {
  describe('lines', () => {
    for (const [name, text, expected] of [
      ['blanks round an instruction', '  FROM a\n\tRUN b  \n', ['FROM: "FROM a"', 'RUN: "RUN b"']],
      [
        'CRLF',
        'FROM a\r\nRUN b \\\r\n  c\r\nUSER d\r\n',
        ['FROM: "FROM a"', 'RUN: "RUN b \\\\\\r\\n  c"', 'USER: "USER d"'],
      ],
      ['lower case', 'from a\nuser b', ['FROM: "from a"', 'USER: "user b"']],
      ['blanks behind the backslash', 'RUN a \\  \n b', ['RUN: "RUN a \\\\  \\n b"']],
      [
        'comments and empty lines between',
        'RUN a \\\n# b\n\n  # c\n d\nUSER e',
        ['RUN: "RUN a \\\\\\n# b\\n\\n  # c\\n d"', 'USER: "USER e"'],
      ],
      ['two backslashes are one character', 'RUN a\\\\\nUSER b', ['RUN: "RUN a\\\\\\\\"', 'USER: "USER b"']],
      [
        'a backtick',
        '# escape=`\nRUN a `\n b\nCOPY c d\\\nUSER e',
        ['RUN: "RUN a `\\n b"', 'COPY: "COPY c d\\\\"', 'USER: "USER e"'],
      ],
      ['a keyword over two lines', 'US\\\nER a', ['USER: "US\\\\\\nER a"']],
      ['nothing behind the last backslash', 'FROM a\nRUN b \\\n# c\n', ['FROM: "FROM a"', 'RUN: "RUN b \\\\"']],
      ['a byte order mark', '\ufeffFROM a', ['FROM: "FROM a"']],
    ] as const)
      it(name, () => assert.deepEqual(lines(text), expected));
  });

  describe('comments and directives', () => {
    for (const [name, text, expected] of [
      ['all comments', '# a\nFROM b # c\n  # d\nRUN e \\\n # f\n g\n', ['# a', '# d', '# f']],
      ['none in a heredoc', 'RUN <<EOF\n# a\nEOF\n# b', ['# b']],
      ['a directive is none', '# syntax=a\n# escape=`\n# check=skip=all\n# b', ['# b']],
      ['an unknown directive is one', '# a=b\n# syntax=c\nFROM d', ['# a=b']],
      ['a sentence with = is one', '# plimsoll-ignore a: b=c\nFROM d', ['# plimsoll-ignore a: b=c']],
      ['a directive behind a comment is one', '# a\n# escape=`\nFROM b', ['# a', '# escape=`']],
    ] as const)
      it(name, () => assert.deepEqual(comments(text), expected));
    for (const [text, expected] of [
      ['# syntax=docker/dockerfile:1\nFROM a', 'docker/dockerfile:1'],
      ['\ufeff#syntax = docker/dockerfile:1 \r\nFROM a', 'docker/dockerfile:1'],
      ['# a=b\n# SYNTAX=docker/dockerfile:1\nFROM a', 'docker/dockerfile:1'],
      ['# a\n# syntax=docker/dockerfile:1\nFROM a', undefined],
      ['\n# syntax=docker/dockerfile:1\nFROM a', undefined],
    ] as const)
      it(`syntax of ${JSON.stringify(text)}`, () => {
        const { syntax } = readDockerfile(text);
        assert.equal(syntax?.text, expected);
        assert.equal(cut(text, syntax?.span), expected);
      });
  });

  describe('heredocs', () => {
    for (const [name, text, bodies] of [
      ['one', 'RUN cat <<EOF > /a\nUSER b\nEOF\nUSER c', ['USER b\n']],
      ['CRLF', 'RUN <<EOF\r\nUSER b\r\nEOF\r\nUSER c', ['USER b\r\n']],
      ['two', 'COPY <<A <<"B" /x/\na\nA\nb\nB\nUSER c', ['a\n', 'b\n']],
      ['tabs before the closing line', 'COPY <<-A /x\n\ta\n\tA\nUSER c', ['\ta\n']],
      ['no tabs without the dash', 'COPY <<A /x\n\tA\nA\nUSER c', ['\tA\n']],
      ['a file descriptor', 'RUN 3<<EOF a\nUSER b\nEOF\nUSER c', ['USER b\n']],
      ['a name with a blank', "COPY <<'A B' /x\nUSER b\nA B\nUSER c", ['USER b\n']],
      ['a blank before the name', 'RUN cat << EOF\nUSER b\nEOF\nUSER c', ['USER b\n']],
      ['behind ONBUILD', 'ONBUILD RUN <<EOF\nUSER b\nEOF\nUSER c', ['USER b\n']],
      ['empty', 'RUN <<EOF\nEOF\nUSER c', ['']],
      ['a longer word is not the end', 'RUN <<EOF\nEOFX\n EOF\nEOF\nUSER c', ['EOFX\n EOF\n']],
      ['over two lines', 'RUN a && \\\n cat <<EOF\nUSER b\nEOF\nUSER c', ['USER b\n']],
      ['none: a here-string', 'RUN cat <<< "a"\nUSER c', []],
      ['none: within quotes', 'RUN echo "cat <<EOF x"\nUSER c', []],
      ['none: arithmetic', 'RUN echo $((1 << 2))\nUSER c', []],
      ['none: another instruction', 'LABEL a=<<EOF\nUSER c', []],
    ] as const)
      it(name, () => {
        const { instructions } = readDockerfile(text);
        assert.deepEqual(
          instructions[0]?.heredocs.map(({ body }) => cut(text, body)),
          bodies,
        );
        assert.deepEqual(
          instructions.slice(1).map(({ keyword }) => keyword),
          ['USER'],
        );
      });
    it('one that is not closed reaches to the end, and nothing goes behind it', () => {
      const file = readDockerfile('FROM a\nRUN <<EOF\nUSER b\n');
      const run = file.instructions[1]!;
      assert.deepEqual([run.span.end, run.unfinished], [file.text.length, true]);
      assert.deepEqual(file.insertAfter(run, 'USER c'), []);
    });
  });

  describe('words', () => {
    for (const [text, expected] of [
      ['FROM --platform=$X img:1 AS name', ['img:1', 'AS', 'name']],
      ['FROM --platform=linux/amd64 \\\n  a:1 \\\n AS x', ['a:1', 'AS', 'x']],
      ['USER a\\\nb', ['ab']],
      ['ADD ["a b", "/c"]', ['a b', '/c']],
      ['COPY --from=x ["a","b" ,\\\n # c\n "d"]', ['a', 'b', 'd']],
      ['CMD ["a \\"b\\"", "\\u0063"]', ['a "b"', 'c']],
      ['CMD ["a" "b"]', ['["a"', '"b"]']],
      ['CMD [a]', ['[a]']],
      ['USER ["a"]', ['["a"]']],
      ['RUN echo 😀 \\\n 😀x', ['echo', '😀', '😀x']],
      ['FROM', []],
      ['USER \\\n', []],
    ] as const)
      it(JSON.stringify(text), () => assert.deepEqual(words(text), expected));
    it('a string of the JSON form is pointed at with its quotes', () => {
      const text = 'FROM a\r\nENTRYPOINT [ "/a b", \\\r\n "c" ]';
      const { instructions } = readDockerfile(text);
      assert.equal(instructions[1]!.json, true);
      assert.deepEqual(
        instructions[1]!.words.map(({ span }) => cut(text, span)),
        ['"/a b"', '"c"'],
      );
    });
    it('flags with their values', () => {
      const text = 'RUN --mount=type=bind,from=b:1,target=/m --network=none echo --foo=1';
      const { flags } = only(text);
      assert.deepEqual(
        flags.map(({ name, value }) => [name, value?.text]),
        [
          ['mount', 'type=bind,from=b:1,target=/m'],
          ['network', 'none'],
        ],
      );
      assert.equal(cut(text, flags[1]!.span), '--network=none');
      assert.equal(cut(text, flags[1]!.value!.span), 'none');
      assert.equal(cut(text, only(text).arguments), 'echo --foo=1');
    });
    it('the instruction behind ONBUILD', () => {
      const text = 'ONBUILD ADD --chown=a:b x /y';
      const { trigger } = only(text);
      assert.equal(trigger?.keyword, 'ADD');
      assert.equal(cut(text, trigger?.keywordSpan), 'ADD');
      assert.deepEqual(
        trigger?.words.map((word) => cut(text, word.span)),
        ['x', '/y'],
      );
      assert.equal(only('ADD x /y').trigger, undefined);
      assert.equal(only('ONBUILD').trigger, undefined);
    });
  });

  describe('names and values', () => {
    for (const [text, expected] of [
      ['ENV a b c d', [['a', 'b c d']]],
      [
        'ENV a=b\\ c d="e f" g=\'h i\'',
        [
          ['a', 'b c'],
          ['d', 'e f'],
          ['g', 'h i'],
        ],
      ],
      [
        'ENV a= b=""',
        [
          ['a', ''],
          ['b', ''],
        ],
      ],
      [
        'ENV a=1 \\\n # b\n c=2',
        [
          ['a', '1'],
          ['c', '2'],
        ],
      ],
      ['ENV a="1 \\\n2"', [['a', '1 2']]],
      ['ARG A', [['A', undefined]]],
      [
        'ARG A=1 B',
        [
          ['A', '1'],
          ['B', undefined],
        ],
      ],
      [
        'ARG A B C=d',
        [
          ['A', undefined],
          ['B', undefined],
          ['C', 'd'],
        ],
      ],
      [
        'ARG A \\\n  B',
        [
          ['A', undefined],
          ['B', undefined],
        ],
      ],
      ['ARG "A=b c"', [['A', 'b c']]],
    ] as const)
      it(JSON.stringify(text), () => assert.deepEqual(pairs(text), expected));
    it('a quoted value is pointed at with its quotes', () => {
      const text = 'ENV 😀=1 B="😀 x"';
      const { name, value } = only(text).pairs[1]!;
      assert.deepEqual([cut(text, name.span), cut(text, value?.span)], ['B', '"😀 x"']);
    });
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are Dockerfile variables
  describe('stages', () => {
    for (const [name, text, expected] of [
      ['by name, whatever its case', 'FROM a AS Build\nFROM build', ['a', 0]],
      ['the last one of a name', 'FROM a AS x\nFROM b AS x\nFROM x', ['a', 'b', 1]],
      ['not itself', 'FROM alpine AS alpine', ['alpine']],
      ['not by number', 'FROM a\nFROM 0', ['a', '0']],
      ['not a later one', 'FROM b\nFROM a AS b', ['b', 'a']],
      ['through a variable', 'ARG B=build\nFROM a AS build\nFROM $B', ['a', 0]],
      ['with a default', 'ARG V=1\nFROM a:${V} AS x\nFROM b:${W:-2}\nFROM c${V:+-slim}', ['a:1', 'b:2', 'c-slim']],
      [
        'one that only the build knows',
        'ARG V\nFROM a:$V\nFROM b:$W\nFROM c:$TARGETARCH\nFROM d:${TARGETARCH:-x}',
        [undefined, undefined, undefined, undefined],
      ],
      ['an argument without a value, with a default', 'ARG V\nFROM a:${V:-1}', ['a:1']],
      ['an argument of an argument', 'ARG A=1 B=a:$A\nFROM $B', ['a:1']],
      ['an argument of a stage is none of FROM', 'FROM a\nARG V=1\nFROM b:$V', ['a', undefined]],
      ['quotes', 'FROM "a:1"', ['a:1']],
      ['without an image', 'FROM a\nFROM', ['a', undefined]],
    ] as const)
      it(name, () => assert.deepEqual(bases(text), expected));
    it('a chain goes down to the external image', () => {
      const file = readDockerfile('FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z');
      assert.deepEqual(
        file.chain(file.finalStage!).map(({ index }) => index),
        [3, 2, 0],
      );
    });
    it('the images that the build takes', () => {
      const file = readDockerfile(
        'ARG V=2\nFROM a AS x\nFROM scratch\nCOPY --from=X a b\nCOPY --from=0 a b\nCOPY --from=9 a b\nCOPY --from=later a b\nCOPY --from=b:$V a b\nRUN --mount=type=bind,target=/x,from=c:1 --mount=from=x,target=/y a\nFROM x AS later',
      );
      assert.deepEqual(
        file.images.map(({ image, span }) => [image, cut(file.text, span)]),
        [
          ['a', 'a'],
          ['b:2', 'b:$V'],
          ['c:1', 'c:1'],
        ],
      );
    });
  });

  describe('variables', () => {
    const values = (text: string) => {
      const file = readDockerfile(text);
      return Object.fromEntries(file.variables(file.finalStage!));
    };
    for (const [name, text, expected] of [
      ['ENV is inherited, ARG is not', 'FROM a AS x\nARG A=1\nENV B=$A\nFROM x', { B: '1' }],
      ['ENV wins over ARG', 'FROM a\nENV A=1\nARG A=2', { A: '1' }],
      ['an ARG before FROM has to be declared again', 'ARG A=1\nFROM a\nARG A\nENV B=$A', { A: '1', B: '1' }],
      ['values of one instruction see what was before', 'FROM a\nENV A=1\nENV A=2 B=$A', { A: '2', B: '1' }],
      ['unknown', 'FROM a\nARG A\nENV B=$A C=$D', { A: undefined, B: undefined, C: undefined }],
    ] as const)
      it(name, () => assert.deepEqual(values(text), expected));
    it('at a point of a stage', () => {
      const file = readDockerfile('FROM a\nENV A=1\nRUN b\nENV A=2');
      const [stage] = file.stages;
      assert.equal(file.variables(stage!, stage!.instructions[1]).get('A'), '1');
    });
    const known = new Map<string, string | undefined>([
      ['A', 'a'],
      ['E', ''],
      ['U', undefined],
    ]);
    for (const [text, expected] of [
      ['$A-${A}', 'a-a'],
      ['${E:-d}${E-d}', 'd'],
      ['${X:-${A}}', 'a'],
      ['${A:+y}${E:+y}${E+z}${X+n}', 'yz'],
      ['\\$A', '$A'],
      ['$X', undefined],
      ['$U', undefined],
      ['${U:+y}', undefined],
      ['${A#x}', undefined],
      ['${A', undefined],
    ] as const)
      it(text, () => assert.equal(expand(text, known), expected));
    it('does not hang on braces that match nothing', () => {
      assert.equal(expand('${A:-'.repeat(500_000), known), undefined);
    });
  });

  describe('user', () => {
    for (const [text, expected] of [
      ['FROM a\nUSER b\nUSER c:d', 'c'],
      ['FROM a AS x\nUSER b\nFROM x', 'b'],
      ['FROM a AS x\nUSER b\nFROM a', undefined],
      ['FROM a\nUSER "0"', '0'],
      ['FROM a\nENV U=app\nUSER ${U:-root}', 'app'],
      ['FROM a\nARG U\nUSER $U', undefined],
      ['FROM a\nUSER b\nUSER', 'b'],
      ['FROM a\nUSER b\nONBUILD USER c', 'b'],
      ['', undefined],
    ] as const)
      it(JSON.stringify(text), () => assert.equal(user(text), expected));
  });

  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are Dockerfile variables

  describe('edits', () => {
    for (const eol of ['\n', '\r\n']) {
      const text = ['FROM a # b', '  RUN c \\', '    d', '# e', 'CMD f'].join(eol);
      const file = readDockerfile(text);
      const [from, run, command] = file.instructions as [Instruction, Instruction, Instruction];
      for (const [name, edits, expected] of [
        ['before', file.insertBefore(run, 'USER x'), ['FROM a # b', '  USER x', '  RUN c \\', '    d', '# e', 'CMD f']],
        ['after', file.insertAfter(run, 'USER x'), ['FROM a # b', '  RUN c \\', '    d', 'USER x', '# e', 'CMD f']],
        [
          'at the end',
          file.insertAfter(command, 'USER x'),
          ['FROM a # b', '  RUN c \\', '    d', '# e', 'CMD f', 'USER x'],
        ],
        ['remove', file.remove(run), ['FROM a # b', '# e', 'CMD f']],
        ['remove the first', file.remove(from), ['  RUN c \\', '    d', '# e', 'CMD f']],
        ['remove the last', file.remove(command), ['FROM a # b', '  RUN c \\', '    d', '# e']],
        ['replace', file.replace(command.words[0]!.span, 'g'), ['FROM a # b', '  RUN c \\', '    d', '# e', 'CMD g']],
      ] as const)
        it(`${name}, ${eol === '\n' ? 'LF' : 'CRLF'}`, () => assert.equal(applyEdits(text, edits), expected.join(eol)));
    }
    it('before the first instruction, behind a byte order mark', () => {
      const file = readDockerfile('\ufeffFROM a');
      assert.equal(applyEdits(file.text, file.insertBefore(file.instructions[0]!, 'ARG x')), '\ufeffARG x\nFROM a');
    });
    it('removes the only instruction', () => {
      const file = readDockerfile('FROM a');
      assert.equal(applyEdits(file.text, file.remove(file.instructions[0]!)), '');
    });
  });

  describe('any text', () => {
    const M = 1 << 20;
    const binary = Array.from({ length: 200_000 }, (_, at) => String.fromCharCode((at * 7919) % 256)).join('');
    for (const [name, text] of [
      ['nothing', ''],
      ['blanks', ' \r\n\t\n'],
      ['a backslash', '\\'],
      ['binary', binary],
      ['half an emoji', 'FROM \ud83d\nENV A=\ude00 \\\n\ud83d=1'],
      ['carriage returns alone', 'FROM a\rUSER b\r'],
      ['a byte order mark amid the text', 'FROM a\n\ufeffUSER b\nONBUILD \ufeffUSER c\n\ufeff#\\ d'],
      ['a comment behind ONBUILD', 'ONBUILD #a\\b c'],
      ['a RUN of 10 MB', `FROM a\nRUN ${'x '.repeat(5 * M)}`],
      ['a word of 10 MB', `FROM a\nENV A=${'x'.repeat(10 * M)}`],
      ['a keyword of 10 MB', 'x'.repeat(10 * M)],
      ['a comment of 10 MB', `#${' '.repeat(10 * M)}x\nFROM a`],
      ['an image of 10 MB', `FROM ${'a'.repeat(10 * M)}\nUSER \${A:-${'b'.repeat(M)}`],
      ['a heredoc of 10 MB that is not closed', `RUN <<E\n${'xE\n'.repeat(3 * M)}`],
      ['100,000 lines of one instruction', `RUN a \\\n${'  b \\\n'.repeat(100_000)} c`],
      ['20,000 stages', 'FROM a AS b\n'.repeat(20_000)],
      [
        '20,000 stages on each other',
        Array.from({ length: 20_000 }, (_, at) => `FROM s${at} AS s${at + 1}`).join('\n'),
      ],
      ['20,000 quotes', `ENV ${'"'.repeat(20_000)}`],
      ['20,000 flags', `RUN ${'--mount=type=x '.repeat(20_000)}`],
      ['20,000 heredocs', `RUN ${'<<E '.repeat(20_000)}\nE\n`],
    ] as const)
      it(name, () => {
        readAll(text);
      });
    it('pieces in any order', () => {
      let state = 1;
      const random = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const pieces = [
        ...[
          '\n',
          '\r\n',
          '\r',
          '\\',
          '\\\n',
          '\\ \n',
          '`',
          '"',
          "'",
          '<<',
          '<<EOF',
          '<<-EOF',
          'EOF',
          '#',
          '# x\n',
          '$',
          '${',
          '}',
        ],
        ...[
          '=',
          ' ',
          '\t',
          '[',
          ']',
          ',',
          ':',
          '@',
          '😀',
          '\ud83d',
          '\0',
          '\ufeff',
          '\u00a0',
          '\u2028',
          'a',
          'b',
          '--',
          '--from=',
        ],
        ...[
          'FROM ',
          'RUN ',
          'ENV ',
          'ARG ',
          'COPY ',
          'ADD ',
          'ONBUILD ',
          'USER ',
          'LABEL ',
          'HEALTHCHECK ',
          'CMD ',
          'AS ',
        ],
        ...['# escape=`\n', '# syntax=', '--mount=type=bind,from='],
      ];
      for (let round = 0; round < 5000; round++)
        readAll(Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join(''));
    });
    it('every Dockerfile of the corpus', function () {
      const corpus = path.resolve('..', 'shared', 'corpus', 'real');
      if (!existsSync(corpus)) {
        console.log(`      skipped: there is no ${corpus}`);
        this.skip();
      }
      let count = 0;
      for (const entry of readdirSync(corpus, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile() || !/dockerfile|containerfile/i.test(entry.name) || entry.name.endsWith('.txt')) continue;
        const text = readFileSync(path.join(entry.parentPath ?? entry.path, entry.name), 'utf8');
        readAll(text.replaceAll('\n', '\r\n'));
        assert.notEqual(readAll(text).stages.length, 0, entry.name);
        count++;
      }
      assert.ok(count > 300, `${count} Dockerfiles`);
    });
  });
});
