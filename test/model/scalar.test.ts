/** Scalars as goyaml.v2 types them, streams, comments, templates. */
import assert from 'node:assert/strict';
import { commentsIn } from '../../rules/model/comments.js';
import { Field } from '../../rules/model/field.js';
import { maskTemplates, readTree } from '../../rules/model/read.js';
import { resolvePlain } from '../../rules/model/scalar.js';
import { Source } from '../../rules/model/source.js';
import { splitStream } from '../../rules/model/stream.js';

const root = (text: string) => Field.root(new Source(readTree(text)));

describe('scalars', () => {
  it('are typed as Kubernetes types them', () => {
    const cases: [string, unknown][] = [
      ['true', true],
      ['yes', true],
      ['On', true],
      ['y', true],
      ['no', false],
      ['OFF', false],
      ['n', false],
      ['tRue', 'tRue'],
      ['null', null],
      ['~', null],
      ['', null],
      ['Null', null],
      ['0', 0],
      ['-12', -12],
      ['0x1F', 31],
      ['0o17', 15],
      ['017', 15],
      ['0b101', 5],
      ['1_000', 1000],
      ['+7', 7],
      ['1.5', 1.5],
      ['1e3', 1000],
      ['.5', 0.5],
      ['1.29', 1.29],
      ['v1.29', 'v1.29'],
      ['1.2.3', '1.2.3'],
      ['512Mi', '512Mi'],
      ['-', '-'],
      ['0.0.0.0/0', '0.0.0.0/0'],
    ];
    for (const [text, value] of cases) assert.equal(resolvePlain(text), value, text);
  });

  it('are decoded', () => {
    const field = root(
      `a: "x\\n\\u00e9\\"y"\nb: 'it''s'\nc: |\n  one\n  two\nd: >-\n  one\n  two\ne: one\n  two\nf: "a\n  b"\ng: !!str 5\nh: |2-\n    x\n`,
    );
    const texts = Object.fromEntries(field.entries().map(({ key, value }) => [key, value.text]));
    assert.deepEqual(texts, {
      a: 'x\né"y',
      b: "it's",
      c: 'one\ntwo\n',
      d: 'one two',
      e: 'one two',
      f: 'a b',
      g: '5',
      h: '  x',
    });
  });

  it('of another type answer undefined', () => {
    const field = root('a: "1"\nb: 1\nc: [1]\nd:\n');
    assert.deepEqual(
      [field.at('a').int, field.at('b').text, field.at('b').word, field.at('c').flag, field.at('d').text],
      [undefined, undefined, '1', undefined, undefined],
    );
    assert.deepEqual([field.at('d').exists, field.at('d').absent, field.at('x', 'y', 0).absent], [false, true, true]);
  });
});

describe('streams', () => {
  const parts = (text: string) => splitStream(text).map(({ start, end }) => text.slice(start, end));
  it('split at markers at column 0 and cover the text', () => {
    assert.deepEqual(parts('a: 1\n---\nb: 2\n--- # c\nc: |\n  ---\n----\n'), [
      'a: 1\n',
      '---\nb: 2\n',
      '--- # c\nc: |\n  ---\n----\n',
    ]);
    assert.deepEqual(parts('# head\n---\na: 1\n---'), ['# head\n---\na: 1\n', '---']);
    assert.deepEqual(parts('a\r\n---\r\nb'), ['a\r\n', '---\r\nb']);
    assert.deepEqual(parts(''), ['']);
  });
});

describe('comments', () => {
  it('are not looked for inside scalars', () => {
    const text = '# one\na: "# no" # two\nb: |\n  # no\nc: x#no\nd: [1, # three\n 2]\n';
    assert.deepEqual(
      [...commentsIn(readTree(text))].map(({ start, end }) => text.slice(start, end)),
      ['# one', '# two', '# three'],
    );
  });
});

describe('templates', () => {
  it('are blanked in place', () => {
    const text = 'a: {{ .x }}\n{{- if .y }}\nb: "{{ "}}" }}z"\n{{- end }}\nc: {{ open\nd: 1\n';
    const { text: masked, holes } = maskTemplates(text);
    assert.equal(masked.length, text.length);
    assert.equal(masked, 'a: xxxxxxxx\n            \nb: "xxxxxxxxxxz"\n          \nc: xxxxxxx\nd: 1\n');
    assert.equal(holes.length, 5);
  });

  it('make values unknown, and mappings open where they print', () => {
    const text =
      'spec:\n  a: {{ .x }}\n  b:\n    {{- toYaml .y | nindent 4 }}\n  c:\n    d: 1\n    {{- include "e" . | nindent 4 }}\n  f:\n    {{- if .g }}\n    h: 1\n    {{- end }}\n';
    const spec = root(text).at('spec');
    const state = (...keys: string[]) => [spec.at(...keys).unknown, spec.at(...keys).absent];
    assert.deepEqual(state('a'), [true, false]);
    assert.deepEqual(state('b', 'x'), [true, false]);
    assert.deepEqual(state('c', 'x'), [true, false]);
    assert.deepEqual(state('f', 'x'), [false, true]);
    assert.deepEqual(state('x'), [false, true]);
    assert.equal(spec.at('c', 'd').int, 1);
  });
});
