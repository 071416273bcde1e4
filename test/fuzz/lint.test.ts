/**
 * Half-typed and mangled texts: every example of every rule, cut, with pieces taken out, put in or exchanged. Nothing may throw, every
 * span and edit lies within the text, no sentence has a hole in it, and every fix leaves a text that can be linted again.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answered, applyEdits } from '../../rules/fix.js';
import { rules } from '../../rules/index.js';
import { type Configuration, defaultConfiguration } from '../../rules/lint.js';
import { lintFiles } from '../lint-files.js';
import { dedent, unmark } from '../marked.js';
import { someDigest } from '../registry/registry.js';

const strict: Configuration = { ...defaultConfiguration, preset: 'strict', allowedRegistries: ['ghcr.io/example'] };

const files = rules.flatMap(({ on, examples }) => {
  const usual = on === 'dockerfile' ? 'Dockerfile' : on === 'service' ? 'compose.yaml' : 'manifest.yaml';
  return examples.map((example) => ({
    path: example.file ?? usual,
    text: unmark(dedent('ok' in example ? example.ok : example.bad)).text,
  }));
});

const pieces = [
  ...[
    '\n',
    '\r\n',
    ' ',
    '  ',
    '\t',
    ':',
    ': ',
    '- ',
    '\n- ',
    '---\n',
    '...\n',
    '#',
    ' # x',
    '\uFEFF',
    '\u0000',
    '\u2028',
    '🙂',
  ],
  ...['{', '}', '[', ']', ',', "'", '"', '|\n', '>-\n', '&a ', '*a', '<<: *a\n', '!!str ', '? ', '%', '@', '`'],
  ...[
    'null',
    '~',
    '[]',
    '{}',
    '""',
    '0',
    '-1',
    '1e9',
    '0x10',
    '.nan',
    'true',
    'yes',
    '[null]',
    '[[]]',
    '{a: {}}',
    '9'.repeat(30),
  ],
  ...[
    '{{ .Values.x }}',
    '{{- if .Values.x }}\n',
    '{{- end }}\n',
    '{{',
    '}}',
    `\${X}`,
    '$(X)',
    '\\\n',
    '<<EOF\n',
    'FROM x\n',
    'kind: List\n',
  ],
  ...[
    'securityContext:\n',
    'containers:\n',
    'spec: ',
    'name: ',
    'image: ',
    '# plimsoll-ignore ',
    '# plimsoll-ignore host-port: x\n',
  ],
];

type Change = {
  readonly at: number;
  readonly length: number;
  readonly text: string;
  readonly way: 'cut' | 'replace' | 'value';
};

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 30 }),
  text: fc.constantFrom('', ...pieces),
  way: fc.constantFrom('cut', 'replace', 'replace', 'value', 'value'),
});

function changed(text: string, { at, length, text: put, way }: Change): string {
  if (way === 'value') {
    // A value of another type, where an editor's user would put one.
    const values = [...text.matchAll(/(?<=[:-] +)[^\s#][^\n]*/g)];
    const chosen = values[Math.floor(at * (values.length - 1))];
    return chosen === undefined ? put : text.slice(0, chosen.index) + put + text.slice(chosen.index + chosen[0].length);
  }
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + put + (way === 'cut' ? '' : text.slice(start + length));
}

describe('any text', () => {
  it('is linted without a crash, with spans and fixes that hold', function () {
    this.timeout(300_000);
    const runs = 1000;
    let findings = 0;
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        const text = changes.reduce(changed, file.text);
        findings += lintOnce(file.path, text);
      }),
      { numRuns: runs },
    );
    console.log(`      ${runs} texts, ${findings} findings`);
    assert.ok(findings > runs);
  });
});

/** Lints a text and each text that one of its fixes makes. @returns how many findings there were */
function lintOnce(path: string, text: string): number {
  const { findings, crashes, documents } = lintFiles([{ path, text }], strict);
  const broken = documents.some(({ result }) => result.problems.length > 0);
  assert.deepEqual(crashes, []);
  for (const { rule, at, message, fixes } of findings) {
    assert.ok(at.start >= 0 && at.start <= at.end && at.end <= text.length, `${rule} at ${at.start}–${at.end}`);
    assert.doesNotMatch(message, /undefined|\[object|NaN|\bnull\b|\n/, rule);
    for (const { title, edits } of fixes.map((fix) => answered(fix, someDigest))) {
      assert.doesNotMatch(title, /undefined|\[object|NaN|\n/, rule);
      const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
      for (const [index, edit] of sorted.entries()) {
        assert.ok(edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length, `${rule}: ${title}`);
        assert.ok(index === 0 || sorted[index - 1]!.end <= edit.start, `${rule}: ${title}: edits overlap`);
      }
      const after = lintFiles([{ path, text: applyEdits(text, edits) }], strict);
      assert.deepEqual(after.crashes, [], `${rule}: ${title}`);
      const count = (all: readonly { readonly rule: string }[]) => all.filter((other) => other.rule === rule).length;
      // What does not parse may be read in another way once something is put in.
      if (!broken)
        assert.ok(
          count(after.findings) < count(findings),
          `${rule}: ${title}: does not mend it\n${text}\n----\n${applyEdits(text, edits)}`,
        );
    }
  }
  return findings.length;
}
