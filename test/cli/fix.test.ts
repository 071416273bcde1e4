/** `--fix` makes the safe fixes and only those, `--fix-all` the others too. */
import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { escalatingPod, folder, lintJson, privilegedPod, run } from './run.js';

const rule = 'allow-privilege-escalation';
const left = (report: ReturnType<typeof lintJson>) => report.findings.filter((finding) => finding.rule === rule);

describe('command line: --fix', function () {
  this.timeout(60_000);
  it('mends files in place, says what it did, and reports what is left', () => {
    const cwd = folder({ 'a.yaml': `# keep me\n${escalatingPod('a')}---\n${privilegedPod('b')}`, 'good.yaml': '' });
    assert.equal(left(lintJson(['.'], { cwd })).length, 1);
    const { out, err } = run(['lint', '.', '--fix', '--format', 'json'], { cwd });
    assert.match(err, /^fixed a\.yaml: .*allowPrivilegeEscalation to false/);
    const after = JSON.parse(out);
    assert.deepEqual(left(after), []);
    assert.ok(
      after.findings.some((finding: { rule: string }) => finding.rule === 'privileged-container'),
      'no unsafe fix is made',
    );
    const text = readFileSync(path.join(cwd, 'a.yaml'), 'utf8');
    assert.ok(text.startsWith('# keep me\n'));
    assert.match(text, /allowPrivilegeEscalation: false/);
    assert.match(text, /privileged: true/);
    assert.equal(run(['lint', '.', '--fix'], { cwd }).err, '', 'there is nothing left to fix');
    assert.equal(readFileSync(path.join(cwd, 'a.yaml'), 'utf8'), text);
    assert.deepEqual(readdirSync(cwd).sort(), ['a.yaml', 'good.yaml']);
  });

  it('with --fix-all makes the others too', () => {
    const cwd = folder({ 'a.yaml': `# keep me\n${privilegedPod('b')}` });
    const { err, out } = run(['lint', '.', '--fix-all', '--format', 'json'], { cwd });
    assert.match(err, /^fixed a\.yaml: /);
    const text = readFileSync(path.join(cwd, 'a.yaml'), 'utf8');
    assert.match(text, /^# keep me\n/);
    assert.match(text, /privileged: false/);
    assert.match(text, /runAsNonRoot: true/);
    assert.deepEqual(
      // The command line asks no registry.
      JSON.parse(out)
        .findings.flatMap((finding: { fixes: { title: string }[] }) => finding.fixes)
        .filter(({ title }: { title: string }) => !title.startsWith('Pin to its digest')),
      [],
    );
    assert.equal(run(['lint', '.', '--fix-all'], { cwd }).err, '', 'there is nothing left to fix');
  });

  it('keeps line breaks, byte order mark, encoding, mode and links', () => {
    const crlf = escalatingPod().replaceAll('\n', '\r\n');
    const cwd = folder({
      'bom.yaml': `\uFEFF${crlf}`,
      'utf16.yaml': Buffer.from(`\uFEFF${escalatingPod()}`, 'utf16le'),
      'utf16be.yaml': Buffer.from(`\uFEFF${escalatingPod()}`, 'utf16le').swap16(),
      'target/real.yaml': escalatingPod(),
    });
    chmodSync(path.join(cwd, 'bom.yaml'), 0o640);
    symlinkSync('target/real.yaml', path.join(cwd, 'link.yaml'));
    assert.equal(run(['lint', '.', '--fix', '--fail-on', 'never'], { cwd }).code, 0);
    const bom = readFileSync(path.join(cwd, 'bom.yaml'), 'utf8');
    assert.ok(bom.startsWith('\uFEFFapiVersion'));
    assert.match(bom, /allowPrivilegeEscalation: false\r\n/);
    assert.ok(!/[^\r]\n/.test(bom));
    if (process.platform !== 'win32') assert.equal(statSync(path.join(cwd, 'bom.yaml')).mode & 0o777, 0o640);
    assert.match(
      readFileSync(path.join(cwd, 'utf16.yaml'), 'utf16le'),
      /^\uFEFFapiVersion[\s\S]*allowPrivilegeEscalation: false\n/,
    );
    assert.match(
      readFileSync(path.join(cwd, 'utf16be.yaml')).swap16().toString('utf16le'),
      /^\uFEFFapiVersion[\s\S]*allowPrivilegeEscalation: false\n/,
    );
    assert.ok(lstatSync(path.join(cwd, 'link.yaml')).isSymbolicLink());
    assert.match(readFileSync(path.join(cwd, 'target/real.yaml'), 'utf8'), /allowPrivilegeEscalation: false/);
    assert.equal(
      readFileSync(path.join(cwd, 'target/real.yaml'), 'utf8').match(/allowPrivilegeEscalation/g)!.length,
      1,
    );
  });

  it('leaves alone what it would damage, and says so', () => {
    const latin1 = Buffer.concat([Buffer.from('# caf\xe9\n', 'latin1'), Buffer.from(escalatingPod())]);
    const cwd = folder({ 'latin1.yaml': latin1 });
    const { code, skipped, findings } = lintJson(['.', '--fix'], { cwd });
    assert.equal(code, 2);
    assert.match(skipped[0]!.reason, /^not fixed: /);
    assert.equal(findings.filter((finding) => finding.rule === rule).length, 1);
    assert.deepEqual(readFileSync(path.join(cwd, 'latin1.yaml')), latin1);
  });
});
