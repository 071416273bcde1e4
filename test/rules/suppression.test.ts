/** Suppression comments: what they cover, and what is said of those that are wrong. */
import assert from 'node:assert/strict';
import { ruleById } from '../../rules/index.js';
import { suppressionId } from '../../rules/suppression.js';
import { lintFiles } from '../lint-files.js';
import { dedent } from '../marked.js';

function lint(text: string, path = 'manifest.yaml') {
  const source = dedent(text);
  return lintFiles([{ path, text: source }]).findings.map(({ rule, at, message }) => ({
    rule,
    line: source.slice(0, at.start).split('\n').length,
    text: source.slice(at.start, at.end),
    message,
  }));
}

const idsAt = (text: string, path?: string) => lint(text, path).map(({ rule, line }) => `${rule}@${line}`);
const host = (ids: string[]) => ids.filter((id) => id.startsWith('host-') || id.startsWith(suppressionId));

describe('suppression', () => {
  it('covers the line that it stands on', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        hostPID: true # plimsoll-ignore host-pid: reads processes
        hostIPC: true
        containers: []
    `;
    assert.deepEqual(host(idsAt(text)), ['host-ipc@6']);
  });

  it('covers the entry that follows, over comments and blank lines', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        # plimsoll-ignore host-pid: reads processes
        # (agreed in March)

        hostPID: true
        hostIPC: true
        containers: []
    `;
    assert.deepEqual(host(idsAt(text)), ['host-ipc@9']);
  });

  it('covers a whole block and a whole sequence item', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          # plimsoll-ignore privileged-container, secret-in-env-value: a test pod
          - name: a
            image: a:1
            env: [{name: PASSWORD, value: x1}]
            securityContext:
              privileged: true
          - name: b
            image: b:1
            securityContext:
              privileged: true
        # plimsoll-ignore host-path-volume: logs
        volumes:
          - name: a
            hostPath: {path: /var/log}
    `;
    const ids = idsAt(text).filter((id) => /privileged-c|secret|host-path|plimsoll/.test(id));
    assert.deepEqual(ids, ['privileged-container@15']);
  });

  it('covers the document that it heads', () => {
    const text = `
      # plimsoll-ignore host-pid: all of it
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {hostPID: true, containers: []}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec: {hostPID: true, containers: []}
    `;
    assert.deepEqual(host(idsAt(text)), ['host-pid@10']);
  });

  it('covers an instruction of a Dockerfile with its continuation lines', () => {
    const text = `
      FROM debian:13@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      # plimsoll-ignore dockerfile-secret-in-arg-env: for the tests
      ENV A=1 \\
          PASSWORD=hunter2
      ENV TOKEN=hunter2
      USER 10001
    `;
    assert.deepEqual(idsAt(text, 'Dockerfile'), ['dockerfile-secret-in-arg-env@5']);
  });

  it('works in Compose files', () => {
    const text = `
      services:
        a:
          image: a:1
          privileged: true # plimsoll-ignore compose-privileged: dind
    `;
    assert.deepEqual(idsAt(text, 'compose.yaml'), []);
  });

  it('is no comment inside a string or a block scalar', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata:
        name: a
        annotations:
          note: "# plimsoll-ignore host-pid: no"
          block: |
            # plimsoll-ignore host-pid: no
      spec: {hostPID: true, containers: []}
    `;
    assert.deepEqual(host(idsAt(text)), ['host-pid@9']);
  });

  it('is reported when it names no rule or an unknown one, gives no reason, or suppresses nothing', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        hostPID: true # plimsoll-ignore host-pid
        hostIPC: true # plimsoll-ignore host-icp: typing error
        hostNetwork: false # plimsoll-ignore host-network: not any more
        containers: [] # plimsoll-ignore
    `;
    const hints = lint(text).filter(({ rule }) => rule === suppressionId);
    assert.deepEqual(
      hints.map(({ line, text: at }) => `${line} ${at}`),
      ['5 # plimsoll-ignore host-pid', '6 host-icp', '7 host-network', '8 # plimsoll-ignore'],
    );
    assert.match(hints[0]!.message, /no reason/);
    assert.match(hints[1]!.message, /no rule host-icp/);
    assert.match(hints[2]!.message, /can go/);
    assert.match(hints[3]!.message, /names no rule/);
  });

  it('reaches findings of workspace rules', () => {
    const text = `
      apiVersion: v1
      kind: Pod
      metadata:
        # plimsoll-ignore default-deny-missing: done by the platform
        name: a
        namespace: shop
      spec: {containers: []}
    `;
    assert.deepEqual(
      idsAt(text).filter((id) => /default-deny|plimsoll/.test(id)),
      [],
    );
  });
});

describe('a rule that throws', () => {
  it('is named once for each document and stops no other', () => {
    const rule = ruleById.get('host-pid') as unknown as { check: unknown };
    const { check } = rule;
    rule.check = () => {
      throw new Error('a defect');
    };
    try {
      const text =
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, hostIPC: true, containers: []}\n';
      const { findings, crashes } = lintFiles([{ path: 'a.yaml', text }]);
      assert.deepEqual(
        crashes.map((crash) => crash.rule),
        ['host-pid'],
      );
      assert.ok(findings.some((finding) => finding.rule === 'host-ipc'));
    } finally {
      rule.check = check;
    }
  });
});
