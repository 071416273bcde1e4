/** The four formats. */
import assert from 'node:assert/strict';
import { escalatingPod, folder, lintJson, privilegedPod, run } from './run.js';

/** Turns every rule off but one. */
function only(rule: string): string[] {
  const ids = (JSON.parse(run(['rules', '--format', 'json']).out) as { id: string }[]).map(({ id }) => id);
  return ids.filter((id) => id !== rule).flatMap((id) => ['--rule', `${id}=off`]);
}

describe('reports', function () {
  this.timeout(60_000);
  const privileged = () => only('privileged-container');
  const escalation = () => only('allow-privilege-escalation');

  it('JSON is what the contract says, to the letter', () => {
    const pod = privilegedPod('b').replace('name: b\n', 'name: b\n  namespace: shop\n');
    const cwd = folder({
      'b.yaml': pod,
      'a.yaml': 'kind: [',
    });
    const { code, out, err } = run(['lint', '--format', 'json', ...privileged()], { cwd });
    assert.equal(err, '');
    assert.equal(code, 1);
    const report = JSON.parse(out);
    assert.deepEqual(Object.keys(report), ['version', 'files', 'findings', 'skipped']);
    const [finding] = report.findings;
    assert.deepEqual(Object.keys(finding), [
      'rule',
      'severity',
      'message',
      'path',
      'start',
      'end',
      'offset',
      'resource',
      'fixes',
    ]);
    // Which fixes a rule offers is its own affair.
    const { fixes } = finding;
    for (const fix of fixes)
      assert.deepEqual([Object.keys(fix), typeof fix.title, typeof fix.safe], [['title', 'safe'], 'string', 'boolean']);
    assert.ok(fixes.length > 0);
    assert.deepEqual(report, {
      version: 1,
      files: 2,
      findings: [
        {
          rule: 'privileged-container',
          severity: 'error',
          message: 'Container b runs privileged, with full access to the node.',
          path: 'b.yaml',
          start: { line: 11, column: 21 },
          end: { line: 11, column: 25 },
          offset: [pod.indexOf('true'), pod.indexOf('true') + 4],
          resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'b' },
          fixes,
        },
      ],
      skipped: [],
    });
  });

  it('JSON has null for what is no resource', () => {
    const cwd = folder({ Dockerfile: 'FROM alpine:latest\nRUN true\n' });
    const { findings } = lintJson(['Dockerfile', '--preset', 'strict'], { cwd });
    for (const { resource } of findings) assert.equal(resource, null);
  });

  it('syntax problems are named and change no exit code', () => {
    const cwd = folder({ 'a.yaml': `${privilegedPod()}broken: "\n` });
    const { code, skipped, findings } = lintJson([...privileged(), '--fail-on', 'never'], { cwd });
    assert.equal(code, 0);
    assert.equal(findings.length, 1);
    assert.equal(skipped.length, 1);
    assert.match(skipped[0]!.reason, /^line 1[12]: .*; what could be read was linted$/);
  });

  it('text underlines the exact place, whatever stands before it', () => {
    const pod = (before: string) => privilegedPod().replace(/ {8}privileged: true/, before);
    const cwd = folder({
      'emoji.yaml': pod('        {"日本 👩‍👩‍👧 é": 1, privileged: true}'),
      'tab.yaml': pod('        {\tprivileged: true }'),
      'crlf.yaml': pod('        privileged: true').replaceAll('\n', '\r\n'),
      'long.yaml': pod(`        {"${'x'.repeat(400)}": 1, privileged: true, "${'y'.repeat(400)}": 1}`),
    });
    const text = (file: string) => run(['lint', file, ...privileged()], { cwd }).out;
    // Columns of a terminal: 8 blanks, {" 2, 日本 4, blank, a family 2, blank, é, ": 1, 6, privileged: 12.
    assert.deepEqual(text('emoji.yaml').split('\n'), [
      'emoji.yaml:10:42  error  Container web runs privileged, with full access to the node.  privileged-container',
      '    10 |         {"日本 👩‍👩‍👧 é": 1, privileged: true}',
      `       | ${' '.repeat(8 + 2 + 4 + 1 + 2 + 1 + 1 + 6 + 12)}^^^^`,
      '',
      '1 file: 1 error',
      '',
    ]);
    assert.ok(
      text('tab.yaml').includes('    10 |         {   privileged: true }\n       |                         ^^^^\n'),
      text('tab.yaml'),
    );
    assert.ok(
      text('crlf.yaml').includes('    10 |         privileged: true\n       |                     ^^^^\n'),
      text('crlf.yaml'),
    );
    const lines = text('long.yaml').split('\n');
    assert.ok(lines.every((line) => line.length < 120));
    assert.equal(lines[1]!.indexOf('true'), lines[2]!.indexOf('^^^^'));
    assert.equal(text('emoji.yaml').includes('\x1b'), false, 'no colours where there is no terminal');
  });

  it('text shows a line once, with all that is found on it', () => {
    const cwd = folder({ 'a.yaml': privilegedPod() });
    const lines = run(['lint', 'a.yaml', '--preset', 'strict'], { cwd }).out.split('\n');
    const sources = lines.filter((line) => /^ *\d+ \|/.test(line));
    assert.equal(new Set(sources).size, sources.length);
  });

  it('text keeps terminals safe from what files say', () => {
    const cwd = folder({
      'a.yaml': privilegedPod().replace('    - name: web', '    - name: "we\\e[31mb\\u202e"\n      x: "\u202e"'),
    });
    const { out } = run(['lint', 'a.yaml', ...escalation()], { cwd });
    assert.ok(!out.includes('\x1b') && !out.includes('\u202e'), out);
  });

  it('text says what was not read, and when there was nothing to read', () => {
    const cwd = folder({ 'sub/readme.md': '' });
    const { out, code } = run(['lint', 'gone.yaml'], { cwd });
    assert.equal(code, 2);
    assert.ok(out.startsWith('Skipped, or read only in part:\n  gone.yaml: no such file or folder\n'), out);
    assert.match(run(['lint', 'sub'], { cwd }).out, /^No files: /);
  });

  it('SARIF names rules, places and fixes', () => {
    const cwd = folder({ 'my dir/ü.yaml': escalatingPod(), 'a.yaml': '' });
    const { out, code } = run(['lint', 'my dir', 'gone', '--format', 'sarif', ...escalation()], { cwd });
    assert.equal(code, 2);
    const log = JSON.parse(out);
    assert.equal(log.version, '2.1.0');
    const [{ tool, results, columnKind, invocations }] = log.runs;
    assert.equal(columnKind, 'utf16CodeUnits');
    assert.deepEqual(
      tool.driver.rules.map(({ id }: { id: string }) => id),
      ['allow-privilege-escalation'],
    );
    assert.equal(tool.driver.name, 'Plimsoll');
    assert.equal(results.length, 1);
    const [{ ruleId, ruleIndex, level, message, locations, fixes }] = results;
    assert.deepEqual(
      { ruleId, ruleIndex, level },
      { ruleId: 'allow-privilege-escalation', ruleIndex: 0, level: 'warning' },
    );
    assert.equal(typeof message.text, 'string');
    const { artifactLocation, region } = locations[0].physicalLocation;
    assert.equal(artifactLocation.uri, 'my%20dir/%C3%BC.yaml');
    assert.equal(region.startLine, region.endLine);
    const [{ deletedRegion, insertedContent }] = fixes[0].artifactChanges[0].replacements;
    assert.equal(deletedRegion.startLine, deletedRegion.endLine);
    assert.match(insertedContent.text, /allowPrivilegeEscalation: false/);
    assert.match(invocations[0].toolExecutionNotifications[0].message.text, /no such file/);
  });

  it('SARIF has the URIs of absolute paths', () => {
    const cwd = folder({ 'a.yaml': privilegedPod() });
    const log = JSON.parse(run(['lint', `${cwd}/a.yaml`, '--format', 'sarif', ...privileged()]).out);
    assert.equal(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri, `file://${cwd}/a.yaml`);
  });

  it('GitHub annotations are escaped', () => {
    const cwd = folder({ 'a,b:100%.yaml': privilegedPod() });
    const { out } = run(['lint', '.', '--format', 'github', ...privileged()], { cwd });
    assert.equal(
      out,
      '::error file=a%2Cb%3A100%25.yaml,line=10,endLine=10,col=21,endColumn=25,title=Plimsoll%3A privileged-container::' +
        'Container web runs privileged, with full access to the node.\n1 file: 1 error\n',
    );
  });

  it('no format shows the value of a secret', function () {
    const secret = 'Zx9-hunter2-AKIAIOSFODNN7EXAMPLE';
    const compose = `services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${secret}\n      # plimsoll-ignore all: none\n      B_PASSWORD: ${secret}\n`;
    const cwd = folder({
      'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: ${secret}\n`,
      'pod.yaml': escalatingPod().replace(
        '      securityContext:',
        `      env: [{ name: DB_PASSWORD, value: "${secret}" }]\n      securityContext:`,
      ),
      'compose.yaml': compose,
      Dockerfile: `FROM alpine:3\nENV DB_PASSWORD=${secret}\nARG TOKEN=${secret}\n`,
    });
    const { findings } = lintJson(['--preset', 'strict'], { cwd });
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const { out } = run(['lint', '--preset', 'strict', '--format', format], { cwd });
      assert.ok(!out.includes(secret), `${format}:\n${out}`);
    }
    if (!findings.some(({ rule }) => /secret|password|credential|env/.test(rule))) this.skip();
  });
});
