/** Taking fields out, where their neighbours have comments, anchors and odd keys. */
import assert from 'node:assert/strict';
import { applyEdits } from '../../rules/fix.js';
import { Field } from '../../rules/model/field.js';
import { readTree } from '../../rules/model/read.js';
import { Source } from '../../rules/model/source.js';

/** The field at a path of keys and indices, without edits `undefined`. */
function removed(text: string, ...path: (string | number)[]): string | undefined {
  const tree = readTree(text);
  assert.deepEqual(tree.problems, []);
  const edits = Field.root(new Source(tree))
    .at(...path)
    .remove();
  const result = applyEdits(text, edits);
  assert.deepEqual(readTree(result).problems, [], result);
  return edits.length === 0 ? undefined : result;
}

describe('removing from a flow collection', () => {
  const several = 'add: [\n  BIND, # why bind\n  ADMIN, # why admin\n  CHOWN # why chown\n]\n';
  const cases: [string, string, (string | number)[], string | undefined][] = [
    ['on one line, the first', 'a: [A, B, C]\n', ['a', 0], 'a: [B, C]\n'],
    ['on one line, in the middle', 'a: [A, B, C]\n', ['a', 1], 'a: [A, C]\n'],
    ['on one line, the last', 'a: [A, B, C]\n', ['a', 2], 'a: [A, B]\n'],
    ['before a comma at the end', 'a: [A, B,]\n', ['a', 1], 'a: [A,]\n'],
    ['on lines of their own', 'a: [\n  A,\n  B,\n  C\n]\n', ['a', 1], 'a: [\n  A,\n  C\n]\n'],
    [
      'with comments, the first',
      several,
      ['add', 0],
      'add: [\n  # why bind\n  ADMIN, # why admin\n  CHOWN # why chown\n]\n',
    ],
    [
      'with comments, in the middle',
      several,
      ['add', 1],
      'add: [\n  BIND, # why bind\n  # why admin\n  CHOWN # why chown\n]\n',
    ],
    [
      'with comments, the last',
      several,
      ['add', 2],
      'add: [\n  BIND, # why bind\n  ADMIN # why admin\n  # why chown\n]\n',
    ],
    ['behind a neighbour’s comment', 'a: [A, # for port 80\n    B]\n', ['a', 1], 'a: [A # for port 80\n    ]\n'],
    [
      'an entry behind comments',
      'a: {b: 3, # b\n    # c\n    c: 4 # d\n   }\n',
      ['a', 'c'],
      'a: {b: 3 # b\n    # c\n    # d\n   }\n',
    ],
    ['an entry before a comment', 'a: {b: 3, # b\n    c: 4}\n', ['a', 'b'], 'a: { # b\n    c: 4}\n'],
    ['with a comment within', 'a: [A, {b: 1, # b\n  c: 2}, C]\n', ['a', 1], undefined],
    ['an explicit key', 'a:\n  ? b\n  : true\n  c: 1\n', ['a', 'b'], undefined],
    ['an explicit key in a list', '- ? b\n  : true\n  c: 1\n', [0, 'b'], undefined],
    ['what an alias names', 'a: {b: &x 1, c: *x}\n', ['a', 'b'], undefined],
  ];
  for (const [name, text, path, expected] of cases) {
    it(name, () => {
      assert.equal(removed(text, ...path), expected);
      const inCrlf = (lines: string | undefined) => lines?.replaceAll('\n', '\r\n');
      assert.equal(removed(inCrlf(text)!, ...path), inCrlf(expected));
    });
  }
});

describe('putting a setting behind the others', () => {
  /** The text with `new: 1` in the mapping at the path; undefined where there is no sure place. */
  const extended = (text: string, ...path: (string | number)[]): string | undefined => {
    const edits = Field.root(new Source(readTree(text)))
      .at(...path, 'new')
      .set(1);
    return edits.length === 0 ? undefined : applyEdits(text, edits);
  };
  const container = (end: string) => `spec:\n  containers:\n    - name: a\n      image: a:1\n${end}`;
  const cases: [string, string, (string | number)[], string | undefined][] = [
    [
      'behind what a template prints into the last value',
      container('      resources:\n        {{- toYaml .Values.resources | nindent 12 }}\n'),
      ['spec', 'containers', 0],
      container('      resources:\n        {{- toYaml .Values.resources | nindent 12 }}\n      new: 1\n'),
    ],
    [
      'behind the end of a branch',
      container(
        '      {{- with .Values.resources }}\n      resources:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n',
      ),
      ['spec', 'containers', 0],
      container(
        '      {{- with .Values.resources }}\n      resources:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n      new: 1\n',
      ),
    ],
    [
      'behind a printed block at column 0',
      container('      resources:\n{{ toYaml .Values.resources | indent 8 }}\n'),
      ['spec', 'containers', 0],
      container('      resources:\n{{ toYaml .Values.resources | indent 8 }}\n      new: 1\n'),
    ],
    [
      'before the end of a branch that began outside',
      `{{- if .Values.on }}\n${container('')}{{- end }}\n`,
      ['spec', 'containers', 0],
      `{{- if .Values.on }}\n${container('      new: 1\n')}{{- end }}\n`,
    ],
    [
      'before a branch that begins behind it',
      container('  {{- with .Values.node }}\n  nodeName: {{ . }}\n  {{- end }}\n'),
      ['spec', 'containers', 0],
      container('      new: 1\n  {{- with .Values.node }}\n  nodeName: {{ . }}\n  {{- end }}\n'),
    ],
    [
      'behind the branch in which its last entry ends',
      container('  {{- with .Values.node }}\n  nodeName: {{ . }}\n  {{- end }}\n'),
      ['spec'],
      container('  {{- with .Values.node }}\n  nodeName: {{ . }}\n  {{- end }}\n  new: 1\n'),
    ],
    [
      'nowhere, when a branch goes on beyond',
      container('      {{- if .Values.x }}\n      tty: true\n  dnsPolicy: None\n      {{- end }}\n'),
      ['spec', 'containers', 0],
      undefined,
    ],
    [
      'nowhere, when one line ends two branches',
      `{{- if .Values.on }}\n${container('      {{- if .Values.x }}\n      tty: true\n{{- end }}{{- end }}\n')}`,
      ['spec', 'containers', 0],
      undefined,
    ],
    [
      'behind what was commented out in the last container',
      container('      # resources:\n      #   limits: {cpu: 1}\n    # - name: debug\n    #   image: busybox\n'),
      ['spec'],
      container(
        '      # resources:\n      #   limits: {cpu: 1}\n    # - name: debug\n    #   image: busybox\n  new: 1\n',
      ),
    ],
    [
      'behind commented items at the column of the keys',
      'spec:\n  containers:\n  - name: a\n  # - name: debug\n  # the nodes\n  # of the zone\n',
      ['spec'],
      'spec:\n  containers:\n  - name: a\n  # - name: debug\n  new: 1\n  # the nodes\n  # of the zone\n',
    ],
    [
      'behind a comma at the end and its comment',
      'a: {\n  b: 1, # pinned?\n}\n',
      ['a'],
      'a: {\n  b: 1, # pinned?\n  new: 1,\n}\n',
    ],
    ['before a comment in nothing', 'a: {\n  # nothing\n}\n', ['a'], 'a: {new: 1\n  # nothing\n}\n'],
    [
      'before a comment of its own column',
      'a:\n  b: 1\n  # about c\nc: 2\n',
      ['a'],
      'a:\n  b: 1\n  new: 1\n  # about c\nc: 2\n',
    ],
    ['at the end of a text without a line break', 'a:\n  b: 1', ['a'], 'a:\n  b: 1\n  new: 1'],
  ];
  for (const [name, text, path, expected] of cases) it(name, () => assert.equal(extended(text, ...path), expected));
});
