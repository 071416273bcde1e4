/**
 * 1,704 real files, without labels: nothing throws on them, and every fix that is offered there, made alone, leaves a document that can
 * still be read, takes its finding away and brings none of its rule's.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileKind } from '../../rules/document.js';
import { answered, applyEdits, compatibleEdits } from '../../rules/fix.js';
import { type Configuration, defaultConfiguration, finish, lintDocument } from '../../rules/lint.js';
import type { Finding } from '../../rules/rule.js';
import { readText } from '../../server/files/disk.js';
import { Session } from '../../server/session.js';
import { someDigest } from '../registry/registry.js';
import { lintJson, project } from './run.js';

const corpus = path.resolve(project, '../shared/corpus/real');

describe('corpus of real files', function () {
  this.timeout(120_000);
  before(function () {
    if (existsSync(corpus)) return;
    console.log(`      skipped: there is no ${corpus}`);
    this.skip();
  });

  const listed = () =>
    (JSON.parse(readFileSync(path.join(corpus, 'stats.json'), 'utf8')) as { files: { file: string }[] }).files.map(
      ({ file }) => file,
    );

  it('is read completely', () => {
    const ours = listed().filter((file) => fileKind(file) !== undefined);
    const { files, skipped, code, findings } = lintJson(['../shared/corpus/real', '--fail-on', 'never']);
    // stats.json is JSON, and ours too.
    assert.equal(files, ours.length + 1);
    assert.equal(code, 0);
    for (const { reason } of skipped) assert.match(reason, /^line \d+: /);
    for (const finding of findings) assert.ok(finding.start.line >= 1 && finding.offset[0] <= finding.offset[1]);
    console.log(`      ${files} files, ${findings.length} findings, ${skipped.length} read in part`);
  });

  it('is read completely when every file is given by name', () => {
    const { files, code, skipped } = lintJson([
      ...listed().map((file) => `../shared/corpus/real/${file}`),
      '--fail-on',
      'never',
      '--preset',
      'strict',
    ]);
    assert.equal(files, listed().length);
    assert.equal(code, 0);
    for (const { reason } of skipped) assert.match(reason, /^line \d+: /);
  });

  it('is mended by every fix that is offered', () => {
    const configuration: Configuration = { ...defaultConfiguration, preset: 'strict' };
    const session = new Session(configuration);
    for (const file of listed()) {
      const read = fileKind(file) === undefined ? { problem: 'not ours' } : readText(path.join(corpus, file));
      if ('text' in read) session.set(file, read.text);
    }
    const isClaimed = (claim: string) => session.isClaimed(claim);
    const failures: string[] = [];
    let tried = 0;
    for (const file of session.paths()) {
      const { kind, documents } = session.file(file)!;
      for (const [index, { text, result }] of documents.entries()) {
        // What workspace rules found can't be found again in one document.
        const local = new Set<Finding>(result.findings);
        for (const finding of session.documentFindings(file, index)) {
          if (!local.has(finding)) continue;
          const { rule, at, fixes } = finding;
          for (const fix of fixes.map((one) => answered(one, someDigest))) {
            tried++;
            const fixed = applyEdits(text, compatibleEdits([fix]));
            const after = lintDocument(fixed, kind, file, configuration);
            const mine = (list: readonly Finding[]) => list.filter((other) => other.rule === rule).length;
            const left = mine(finish(after, fixed, file, [], isClaimed, configuration));
            const had = mine(session.documentFindings(file, index).filter((other) => local.has(other)));
            const where = `${file}#${index} at ${at.start} (${rule}: ${fix.title})`;
            if (fixed === text) failures.push(`${where}: changes nothing`);
            if (after.kind !== result.kind || after.objects !== result.objects)
              failures.push(`${where}: is something else afterwards`);
            if (after.problems.length > result.problems.length)
              failures.push(`${where}: ${after.problems[0]!.message}`);
            if (left >= had) failures.push(`${where}: ${had} findings of the rule before, ${left} after`);
          }
        }
      }
    }
    assert.deepEqual(session.takeCrashes(), []);
    console.log(`      ${tried} fixes tried`);
    assert.equal(failures.length, 0, `${failures.length} of ${tried}:\n${failures.slice(0, 25).join('\n')}`);
  });
});
