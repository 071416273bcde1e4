/**
 * Runs every example of every rule: exactly the marked spans are reported, the first fix turns `bad` into `good` byte for
 * byte with both line breaks, fixing twice changes nothing, comments survive, `good` and `ok` are silent.
 */
import assert from 'node:assert/strict';
import { answered, applyEdits, compatibleEdits, firstFixes } from '../../rules/fix.js';
import { rules } from '../../rules/index.js';
import { defaultConfiguration } from '../../rules/lint.js';
import type { Example, Rule, Span } from '../../rules/rule.js';
import { lintFiles } from '../lint-files.js';
import { dedent, unmark } from '../marked.js';

const fileNames = { service: 'compose.yaml', dockerfile: 'Dockerfile' } as Record<string, string>;

/** The findings of one rule in one file, under the preset that it belongs to. */
function findings(rule: Rule, text: string, file: string, options: Example['options']) {
  const configuration = { ...defaultConfiguration, preset: rule.preset, ...options };
  const result = lintFiles([{ path: file, text }], configuration);
  assert.deepEqual(result.crashes, []);
  return result.findings.filter((finding) => finding.rule === rule.id);
}

const comments = (text: string) => text.match(/(?<=^|\s)#.*/gm) ?? [];

describe('examples of the rules', () => {
  for (const rule of rules) {
    describe(rule.id, () => {
      it('has a bad and an ok example', () => {
        assert.ok(rule.examples.some((example) => 'bad' in example));
        assert.ok(rule.examples.some((example) => 'ok' in example || 'good' in example));
      });
      rule.examples.forEach((example, index) => {
        const file = example.file ?? fileNames[rule.on] ?? 'manifest.yaml';
        for (const eol of ['\n', '\r\n']) {
          const read = (source: string) => dedent(source).replaceAll('\n', eol);
          it(`${'ok' in example ? 'ok' : 'bad'} ${index + 1}, ${eol === '\n' ? 'LF' : 'CRLF'}`, () => {
            if ('ok' in example) {
              assert.deepEqual(findings(rule, read(example.ok), file, example.options), []);
              return;
            }
            const { text, spans } = unmark(read(example.bad));
            const found = findings(rule, text, file, example.options);
            const show = ({ start, end }: Span) => `${start}-${end} ${text.slice(start, end)}`;
            assert.deepEqual(
              found.map(({ at }) => show(at)),
              spans.map(show),
            );
            let fixed = text;
            for (let round = 0; round < 10; round++) {
              const fixes = firstFixes(findings(rule, fixed, file, example.options));
              const known = example.digest === undefined ? fixes : fixes.map((fix) => answered(fix, example.digest!));
              const edits = compatibleEdits(known);
              if (edits.length === 0) break;
              fixed = applyEdits(fixed, edits);
            }
            if (example.good === undefined) {
              assert.equal(fixed, text, 'a bad example whose finding has a fix needs its good text');
              return;
            }
            const good = read(example.good);
            assert.equal(fixed, good);
            assert.deepEqual(findings(rule, good, file, example.options), []);
            for (const comment of comments(text)) assert.ok(good.includes(comment.trimEnd()), `lost: ${comment}`);
          });
        }
      });
    });
  }
});
