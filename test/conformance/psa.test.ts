/** Kubernetes' own fixtures: our verdict is that of pod-security-admission. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readDocument } from '../../rules/document.js';
import { failedChecks, type Level, replacedChecks } from '../../rules/pod-security/standards/verdict.js';
import { podSecurityVersion } from '../../rules/pod-security/standards/version.js';
import { project } from '../cli/run.js';

const corpus = path.resolve(project, '../shared/corpus/psa');

interface Fixture {
  readonly file: string;
  readonly level: Level;
  readonly version: string;
  readonly expect: 'pass' | 'fail';
  readonly check_id: string | null;
}

describe('Pod Security fixtures of Kubernetes', () => {
  before(function () {
    if (existsSync(corpus)) return;
    console.log(`      skipped: there is no ${corpus}`);
    this.skip();
  });

  it('get the verdict that admission gives', () => {
    const fixtures: Fixture[] = JSON.parse(readFileSync(path.join(corpus, 'index.json'), 'utf8'));
    assert.ok(fixtures.length > 0);
    const wrong = fixtures.flatMap(({ file, level, version, expect, check_id }) => {
      const { manifests } = readDocument(readFileSync(path.join(corpus, file), 'utf8'), 'yaml', file);
      const pods = manifests.flatMap((manifest) => manifest.pods);
      const minor = podSecurityVersion(version)!;
      const failed = pods.flatMap((pod) => failedChecks(pod, level, minor));
      // Some fixtures are named after a check of baseline that restricted replaces by a stricter one.
      const replaced = failed.length === 0 ? [] : pods.flatMap((pod) => replacedChecks(pod, level, minor));
      const checks: readonly string[] = [...failed, ...replaced].map(({ check }) => check);
      const right =
        pods.length === 1 && (expect === 'pass' ? checks.length === 0 : check_id !== null && checks.includes(check_id));
      return right ? [] : [`${file}: ${expect} expected, failed checks: ${checks.join(', ') || 'none'}`];
    });
    console.log(`      ${fixtures.length - wrong.length} of ${fixtures.length} verdicts agree`);
    assert.deepEqual(wrong, []);
  });
});
