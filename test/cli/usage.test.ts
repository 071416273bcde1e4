/** What the command line understands, and its exit codes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newestPodSecurityVersion } from '../../rules/pod-security/standards/version.js';
import { escalatingPod, folder, lintJson, privilegedPod, project, run } from './run.js';

describe('command line: usage', function () {
  this.timeout(60_000);
  it('says its version and how it is used', () => {
    const { version } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
    assert.deepEqual(run(['--version']), { code: 0, out: `${version}\n`, err: '' });
    const help = run(['--help']);
    assert.equal(help.code, 0);
    for (const word of ['lint', 'rules', 'explain', 'lsp', '--fix', '--fail-on', 'Exit code'])
      assert.ok(help.out.includes(word), word);
  });

  const wrong: [string[], RegExp][] = [
    [[], /no command/],
    [['lnit'], /no command lnit; did you mean lint\?/],
    [['lint', '--fromat', 'json'], /no option --fromat; did you mean --format\?/],
    [['lint', '-x'], /no option -x/],
    [['lint', '--format'], /--format/],
    [['lint', '--format', 'sarf'], /--format sarf: .*json.*; did you mean sarif\?/],
    [['lint', '--preset', 'strickt'], /--preset strickt: .*; did you mean strict\?/],
    [['lint', '--rule', 'privileged-contaner=off'], /no rule privileged-contaner; did you mean privileged-container\?/],
    [['lint', '--rule', 'privileged-container'], /ID=LEVEL/],
    [
      ['lint', '--rule', 'privileged-container=warn'],
      /warn: it can be .*; did you mean warning\?|--rule privileged-container warn: it can be off, hint, information, warning or error/,
    ],
    [['lint', '--fail-on', 'hints'], /--fail-on hints: it can be error, warning, information or never/],
    [['lint', '--pod-security-version', '1.2x'], /--pod-security-version 1\.2x/],
    [['lint', '--stdin-filename', 'a.yaml', 'b.yaml'], /--stdin-filename/],
    [['lint', '--stdio'], /lint has no option --stdio/],
    [['rules', '--format', 'sarif'], /--format sarif/],
    [['explain'], /one rule/],
    [['explain', 'privileged-containr'], /did you mean privileged-container\?/],
    [['lsp'], /--stdio/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses: plimsoll ${args.join(' ')}`, () => {
      const { code, out, err } = run(args);
      assert.equal(code, 2, err);
      assert.equal(out, '');
      assert.match(err, message);
      assert.ok(!err.includes('    at '), 'no stack trace');
    });
  }

  it('lists the rules, for people and for machines', () => {
    const { code, out } = run(['rules', '--format', 'json']);
    assert.equal(code, 0);
    const rules = JSON.parse(out) as Record<string, unknown>[];
    const keys = ['id', 'layer', 'on', 'severity', 'preset', 'title', 'standards', 'aliases', 'fixable'];
    for (const rule of rules) assert.deepEqual(Object.keys(rule), keys);
    assert.deepEqual(
      rules.map(({ id }) => id),
      rules.map(({ id }) => id).sort(),
    );
    const text = run(['rules']).out;
    for (const { id } of rules) assert.ok(text.includes(String(id)));
  });

  it('explains every rule without markup, and wrong suppressions', () => {
    const page = run(['explain', 'privileged-container']);
    assert.equal(page.code, 0);
    assert.match(page.out, /^Container runs privileged\n/);
    assert.match(page.out, /privileged: true/);
    assert.ok(!/[«»`]/.test(page.out));
    assert.equal(run(['explain', 'plimsoll-ignore']).code, 0);
  });
});

describe('command line: exit codes', function () {
  this.timeout(60_000);
  const only = ['--rule', 'privileged-container=warning'];

  it('0 without findings, 1 with, as --fail-on says', () => {
    const cwd = folder({ 'bad.yaml': privilegedPod(), 'empty.yaml': '' });
    assert.equal(run(['lint', 'empty.yaml'], { cwd }).code, 0);
    assert.equal(run(['lint', 'bad.yaml'], { cwd }).code, 1);
    assert.equal(run(['lint', 'bad.yaml', '--fail-on', 'error', ...only], { cwd }).code, 0);
    assert.equal(run(['lint', 'bad.yaml', '--fail-on', 'error'], { cwd }).code, 1);
    assert.equal(run(['lint', 'bad.yaml', '--fail-on', 'never'], { cwd }).code, 0);
    const mild = run(['rules', '--format', 'json']);
    const off = (JSON.parse(mild.out) as { id: string }[]).flatMap(({ id }) => [
      '--rule',
      `${id}=${id === 'privileged-container' ? 'information' : 'off'}`,
    ]);
    assert.equal(run(['lint', 'bad.yaml', ...off], { cwd }).code, 0);
    assert.equal(run(['lint', 'bad.yaml', '--fail-on', 'information', ...off], { cwd }).code, 1);
  });

  it('2 when something could not be read, and the rest is linted all the same', () => {
    const cwd = folder({ 'bad.yaml': privilegedPod() });
    const { code, findings, skipped } = lintJson(['nowhere', 'bad.yaml'], { cwd });
    assert.equal(code, 2);
    assert.deepEqual(skipped, [{ path: 'nowhere', reason: 'no such file or folder' }]);
    assert.ok(findings.some(({ rule }) => rule === 'privileged-container'));
  });

  it('takes a newer Pod Security version for the newest known one, and says what a wrong one looks like', () => {
    const cwd = folder({ 'a.yaml': escalatingPod() });
    const newest = lintJson(['a.yaml', '--pod-security-version', 'v1.99'], { cwd });
    assert.deepEqual(lintJson(['a.yaml', '--pod-security-version', `1.${newestPodSecurityVersion}`], { cwd }), newest);
    assert.deepEqual(lintJson(['a.yaml', '--pod-security-version', 'latest'], { cwd }), newest);
  });

  it('knows the registries that images may come from, once they are named', () => {
    const cwd = folder({ 'a.yaml': privilegedPod() });
    const found = (...args: string[]) =>
      lintJson(['a.yaml', ...args], { cwd }).findings.some(({ rule }) => rule === 'image-registry-allowed');
    assert.equal(found(), false);
    assert.equal(found('--allowed-registry', 'ghcr.io', '--allowed-registry', 'registry.example'), false);
    assert.equal(found('--allowed-registry', 'ghcr.io'), true);
  });

  it('says nothing when the reader has gone', function () {
    if (process.platform === 'win32') this.skip();
    const cwd = folder(
      Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`${index}.yaml`, privilegedPod()])),
    );
    const shell = `"${process.execPath}" "${path.join(project, 'dist', 'cli.js')}" lint . | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', shell], { cwd, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.match(stdout, /^0\.yaml:/);
  });
});

describe('command line: standard input', function () {
  this.timeout(60_000);
  it('lints it as the file that is named, of whatever name', () => {
    const found = lintJson(['--stdin-filename', 'sub/web.yaml'], { input: privilegedPod() });
    assert.equal(found.files, 1);
    assert.ok(found.findings.every((finding) => finding.path === 'sub/web.yaml'));
    assert.ok(found.findings.some(({ rule }) => rule === 'privileged-container'));
    assert.ok(lintJson(['--stdin-filename', 'whatever'], { input: privilegedPod() }).findings.length > 0);
    assert.deepEqual(lintJson(['--stdin-filename', 'empty.yaml'], { input: '' }).findings, []);
  });
});
