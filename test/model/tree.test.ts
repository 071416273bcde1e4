/** Both readers make the same tree: of hand-written texts, of random ones, and of every file of the corpus. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { maskTemplates, readTree } from '../../rules/model/read.js';
import { readBroken } from '../../rules/model/read-broken.js';
import { readValid } from '../../rules/model/read-valid.js';
import { splitStream } from '../../rules/model/stream.js';
import type { Node, Tree } from '../../rules/model/tree.js';

const corpus = path.resolve('../shared/corpus/real');

/** The tree without cycles: an alias's target by its place. */
function plain(node: Node | undefined): unknown {
  return JSON.parse(
    JSON.stringify(node ?? null, (key, value) =>
      key === 'target' && value ? { start: value.start, end: value.end } : value,
    ),
  );
}

function assertEqualTrees(text: string, what: string): void {
  const valid = readValid(text);
  if (valid === undefined) return;
  const broken = readBroken(text);
  assert.deepEqual(plain(broken.root), plain(valid.root), what);
}

/** Every node as "kind text". */
function outline({ root, text }: Tree): string[] {
  const lines: string[] = [];
  const visit = (node: Node) => {
    lines.push(`${node.kind} ${text.slice(node.start, node.end)}`);
    if (node.kind === 'seq') node.items.forEach(visit);
    if (node.kind === 'map') for (const entry of node.entries) [entry.key, entry.value].forEach(visit);
  };
  if (root) visit(root);
  return lines;
}

const texts: Record<string, string> = {
  'block and flow': 'a: 1\nb:\n  - x\n  - {c: d, "e": [1, 2,], f}\n  -\n  - - y\ng:\nh: ~ # c\n',
  'anchors, tags, aliases': 'a: &x !!str 1\nb: *x\nc: &m {d: *x}\ne:\n  <<: *m\n  f: !t {}\ng: &y\nh: !!null\n',
  'block scalars': 'a: |\n  one\n\n  two\n\nb: >-\n  folded\nc: |+\n  kept\n\n\nd: |2\n   x\ne: |\nf: 1\n',
  'comments everywhere': '# head\na: # one\n  # two\n  b: 1 # three\n  # four\nc: [1, # five\n  2 # six\n  ]\n# tail',
  'multi-line scalars': 'a: one\n  two\nb: "three\n  four"\nc: \'five\n\n  six\'\n',
  'document markers': '--- # first\na: 1\n...\n',
  'explicit keys': '? a\n: 1\n? [b]\n: 2\n? c\n',
  CRLF: 'a:\r\n  - b: |\r\n      x\r\n    c: 1\r\n',
  JSON: '{\n  "a": [true, null, {"b": "c"}],\n  "d": {}\n}',
  'byte order mark': '\uFEFFa: 1\n',
  astral: 'a: "😀" # 😀\n😀: b\n',
  empty: '',
  'only a comment': '# nothing\n',
  'implicit pairs in a flow sequence': 'a: [b: 1, c: 2]\n',
};

describe('trees', () => {
  for (const [name, text] of Object.entries(texts)) {
    it(`of both readers are equal: ${name}`, () => {
      assert.ok(readValid(text), 'js-yaml does not take it');
      assertEqualTrees(text, name);
    });
  }

  it('have exact spans', () => {
    const tree = readTree('a: &x "b" # c\nd:\n  - {e: f}\n  - |\n    g\n\nh:\n');
    assert.deepEqual(outline(tree), [
      'map a: &x "b" # c\nd:\n  - {e: f}\n  - |\n    g\n\nh:',
      'scalar a',
      'scalar "b"',
      'scalar d',
      'seq - {e: f}\n  - |\n    g',
      'map {e: f}',
      'scalar e',
      'scalar f',
      'scalar |\n    g',
      'scalar h',
      'scalar ',
    ]);
  });

  it('of random texts are equal', () => {
    const scalar = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('a\nb\n'),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), tie('value'), { maxKeys: 4 }),
      ),
    }));
    const style = fc.record({
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
      lineWidth: fc.constantFrom(0, 20),
    });
    fc.assert(
      fc.property(value, style, (data, options) => {
        const text = stringify(data, options);
        assertEqualTrees(text, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('of every document of the corpus are equal', function () {
    this.timeout(60_000);
    if (!existsSync(corpus)) {
      console.log('      skipped: there is no ../shared/corpus/real');
      this.skip();
    }
    let documents = 0;
    for (const entry of readdirSync(corpus, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.(?:ya?ml|json)$/.test(entry.name)) continue;
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const text = readFileSync(file, 'utf8');
      for (const { start, end } of splitStream(text)) {
        assertEqualTrees(maskTemplates(text.slice(start, end)).text, `${file} at ${start}`);
        documents++;
      }
    }
    console.log(`      ${documents} documents`);
  });
});

describe('bad input', () => {
  const bad: Record<string, string> = {
    'nesting 100,000 deep, flow': '['.repeat(100_000),
    'nesting 100,000 deep, closed': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    'nesting 100,000 deep, block': `${'- '.repeat(100_000)}x`,
    'nesting 5,000 deep, by indentation': Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(depth)}a:`).join(
      '\n',
    ),
    'alias bomb': `a: &a [x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n === 0 ? 'a' : `b${n - 1}`}, *${n === 0 ? 'a' : `b${n - 1}`}]`).join('\n')}`,
    '30,000 anchors in broken YAML': `${Array.from({ length: 30_000 }, (_, n) => `k${n}: &a${n} 1`).join('\n')}\nx: "open`,
    'a scalar of 10 MB': `a: ${'x'.repeat(10_000_000)}`,
    'an alias of itself': 'a: &a [*a]\nb: &b {c: *b}\n',
    'an unknown alias': 'a: *b\n',
    tabs: 'a:\n\tb: 1\n',
    'an open quote': 'a: "b\nc: 1\n',
    'a bracket that is not closed': 'a: {b: 1\nc: [2\n',
    'bytes that are no text': '\u0000\u0001\ud800a: \uffff',
    'duplicate keys': 'a: 1\na: 2\n',
  };
  for (const [name, text] of Object.entries(bad)) {
    it(`is read without throwing: ${name}`, () => {
      const tree = readTree(text);
      assert.equal(tree.text, text);
    });
  }

  it('of any kind is read without throwing', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '&a ',
      '*a',
      '|\n',
      '#',
      '? ',
      '!!str ',
      '\t',
      '{{',
      '}}',
      '---\n',
      '\r\n',
      '<<: ',
      '%',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const within = (node: Node) =>
          assert.ok(0 <= node.start && node.start <= node.end && node.end <= text.length, text);
        const visit = (node: Node): void => {
          within(node);
          if (node.kind === 'seq') node.items.forEach(visit);
          if (node.kind === 'map') for (const entry of node.entries) [entry.key, entry.value].forEach(visit);
        };
        const { root } = readTree(text);
        if (root) visit(root);
      }),
      { numRuns: 5000 },
    );
  });

  it('leaves the rest of the document readable', () => {
    const { root, problems } = readTree('a: 1\nb: "open\nc: 2\n');
    assert.ok(root?.kind === 'map' && root.entries.length >= 2);
    assert.equal(problems.length, 1);
    assert.doesNotMatch(problems[0]!.message, /open/);
  });
});
