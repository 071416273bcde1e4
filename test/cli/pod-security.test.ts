/** `plimsoll pod-security`: the verdict of the API server, as machines and people read it. */
import assert from 'node:assert/strict';
import { folder, privilegedPod, run } from './run.js';

const restricted = `apiVersion: v1
kind: Pod
metadata: {name: good, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: a, image: a:1, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
`;

interface Verdict {
  path: string;
  resource: { kind: string; namespace: string; name: string; apiVersion: string };
  level: string;
  version: string;
  allowed: boolean;
  violations: { check: string; message: string }[];
}

function judge(args: readonly string[], cwd: string): { code: number | null; verdicts: Verdict[]; err: string } {
  const { code, out, err } = run(['pod-security', '--format', 'json', ...args], { cwd });
  return { code, verdicts: out === '' ? [] : JSON.parse(out), err };
}

describe('command line: pod-security', function () {
  this.timeout(60_000);

  it('prints one verdict for each pod, with the checks that it fails', () => {
    const cwd = folder({ 'a.yaml': `${restricted}---\n${privilegedPod()}`, Dockerfile: 'FROM a:1\n' });
    const { code, verdicts, err } = judge(['--level', 'baseline'], cwd);
    assert.equal(code, 1);
    assert.equal(err, '');
    assert.deepEqual(verdicts, [
      {
        path: 'a.yaml',
        resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'good' },
        level: 'baseline',
        version: 'v1.37',
        allowed: true,
        violations: [],
      },
      {
        path: 'a.yaml',
        resource: { apiVersion: 'v1', kind: 'Pod', namespace: '', name: 'web' },
        level: 'baseline',
        version: 'v1.37',
        allowed: false,
        violations: [{ check: 'privileged', message: 'Container web sets privileged to true.' }],
      },
    ]);
    assert.equal(judge(['--level', 'restricted', 'a.yaml'], cwd).verdicts[0]!.allowed, true);
  });

  it('exits with 0 when all are allowed, and with 2 when a file could not be read', () => {
    const cwd = folder({ 'good.yaml': restricted, 'bad.yaml': privilegedPod() });
    assert.equal(judge(['good.yaml', '--level', 'restricted'], cwd).code, 0);
    const { code, verdicts, err } = judge(['good.yaml', 'gone.yaml', 'bad.yaml', '--level', 'restricted'], cwd);
    assert.equal(code, 2);
    assert.match(err, /gone\.yaml/);
    assert.deepEqual(
      verdicts.map(({ allowed }) => allowed),
      [true, false],
    );
  });

  it('judges by the version that is asked for, takes a newer one to the newest known, and refuses what is none', () => {
    const sysctl = 'securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: "1"}]}';
    const cwd = folder({ 'a.yaml': restricted.replace(/securityContext: \{runAsNonRoot.*/, sysctl) });
    const versions = ['v1.31', '1.32', 'latest', 'v1.99'].map((version) => {
      const { verdicts } = judge(['--level', 'baseline', '--version', version], cwd);
      return [verdicts[0]!.version, verdicts[0]!.allowed];
    });
    assert.deepEqual(versions, [
      ['v1.31', false],
      ['v1.32', true],
      ['v1.37', true],
      ['v1.37', true],
    ]);
    const wrong = run(['pod-security', '--level', 'baseline', '--version', '1.2x'], { cwd });
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /--version 1\.2x: neither latest nor a version such as v1\.36/);
    for (const args of [[], ['--level', 'strict'], ['--level']]) {
      const { code, out, err } = run(['pod-security', ...args], { cwd });
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /--level/);
    }
  });

  it('finds pods wherever they are, and reads what is odd without falling over', () => {
    const cwd = folder({
      'list.yaml': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: inner}\n    spec: {hostPID: true, containers: [{name: a, image: a:1}]}\n`,
      'crd.yaml': `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: widget}\nspec:\n  template: {spec: {containers: [{name: a, image: a:1}], hostIPC: true}}\n---\napiVersion: example.com/v1\nkind: Page\nmetadata: {name: page}\nspec: {template: {spec: {containers: [{title: a}], hostIPC: true}}}\n`,
      'odd.yaml': [
        'containers: {web: {image: a}}',
        'containers: web',
        'containers:',
        'containers: [{name: a, image: a:1, securityContext: [privileged]}]',
        'containers: [{name: a, image: a:1, securityContext: {privileged: "true", runAsUser: "0"}}]',
      ]
        .map(
          (containers, index) => `apiVersion: v1\nkind: Pod\nmetadata: {name: odd${index}}\nspec:\n  ${containers}\n`,
        )
        .join('---\n'),
      'windows.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: win}\nspec: {os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a:1}]}\n`,
      'kustomization.yaml': 'patches:\n- path: patch.yaml\n',
      'patch.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: patch}\nspec: {hostPID: true}\n',
      'broken.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: broken}\nspec:\n  hostPID: true\n  containers: [{\n',
    });
    const { code, verdicts, err } = judge(['--level', 'baseline'], cwd);
    assert.equal(code, 1);
    assert.match(err, /broken\.yaml: line \d+: not valid YAML/);
    assert.deepEqual(
      verdicts.map(({ resource, allowed, violations }) => [
        resource.name,
        allowed,
        ...violations.map((one) => one.check),
      ]),
      [
        ['broken', false, 'hostNamespaces'],
        ['widget', false, 'hostNamespaces'],
        ['inner', false, 'hostNamespaces'],
        ['odd0', true],
        ['odd1', true],
        ['odd2', true],
        ['odd3', true],
        ['odd4', true],
        ['win', true],
      ],
    );
    assert.ok(judge(['windows.yaml', '--level', 'restricted'], cwd).verdicts[0]!.allowed);
  });

  it('prints for people what is not allowed, and the sum', () => {
    const cwd = folder({ 'a.yaml': `${restricted}---\n${privilegedPod()}` });
    const { code, out } = run(['pod-security', '--level', 'baseline'], { cwd });
    assert.equal(code, 1);
    assert.equal(
      out,
      'a.yaml: Pod web\n  privileged  Container web sets privileged to true.\n\n2 pods judged by baseline v1.37, 1 not allowed\n',
    );
  });

  it('keeps --version of the program apart', () => {
    assert.match(run(['--version']).out, /^\d+\.\d+\.\d+\n$/);
  });
});
