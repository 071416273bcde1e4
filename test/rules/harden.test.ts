/**
 * Hardening, held to what people fear of it: afterwards the pod is restricted, or what is left is named; nothing else has changed, no comment is
 * lost, and doing it again does nothing. Over the corpora, and over pods made at random.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { type FileKind, fileKind, readDocument, splitDocuments } from '../../rules/document.js';
import { applyEdits, type MadeEdit } from '../../rules/fix.js';
import { type HardenOptions, harden } from '../../rules/harden.js';
import { defaultConfiguration } from '../../rules/lint.js';
import { commentsIn } from '../../rules/model/comments.js';
import { Field } from '../../rules/model/field.js';
import { readTree } from '../../rules/model/read.js';
import { Source } from '../../rules/model/source.js';
import { failedChecks } from '../../rules/pod-security/standards/verdict.js';
import { newestPodSecurityVersion } from '../../rules/pod-security/standards/version.js';
import { readText } from '../../server/files/disk.js';
import { dedent } from '../marked.js';

const shared = path.resolve(process.cwd(), '../shared/corpus');
const variants: readonly HardenOptions[] = [
  { numbered: false, scratch: false },
  { numbered: true, scratch: true },
];

/** Every scalar and key with the keys above it, by where it starts. */
function scalars(text: string): Map<number, { readonly text: string; readonly keys: string }> {
  const found = new Map<number, { text: string; keys: string }>();
  const source = new Source(readTree(text));
  const visit = (field: Field, keys: string) => {
    const { written } = field.place;
    if (written === undefined || written.kind === 'alias') return;
    if (written.kind === 'scalar' && written.start < written.end)
      found.set(written.start, { text: text.slice(written.start, written.end), keys });
    for (const { key, keySpan, value } of field.entries()) {
      found.set(keySpan.start, { text: text.slice(keySpan.start, keySpan.end), keys: `${keys}/` });
      visit(value, `${keys}/${key}`);
    }
    for (const item of field.items()) visit(item, keys);
  };
  visit(Field.root(source), '');
  return found;
}

/** Where an offset of the old text that no edit touches has gone to. */
function moved(offset: number, edits: readonly MadeEdit[]): number {
  return edits.reduce(
    (sum, edit) => (edit.end <= offset ? sum + edit.text.length - (edit.end - edit.start) : sum),
    offset,
  );
}

const comments = (text: string) =>
  [...commentsIn(readTree(text))].map(({ start, end }) => text.slice(start, end).trimEnd());

/** Hardens every pod of a document, one after the other, and holds each step to the promises. @returns the checks left, by pod */
function check(text: string, kind: FileKind, file: string, options: HardenOptions): string[] {
  const before = readDocument(text, kind, file);
  const left: string[] = [];
  let current = text;
  for (const pod of before.manifests.flatMap((manifest) => manifest.pods)) {
    const key = pod.spec.path;
    const hardened = harden(current, kind, file, key, options, defaultConfiguration);
    const { edits } = hardened;
    edits.forEach((edit, index) => {
      assert.ok(edit.start <= edit.end && (index === 0 || edits[index - 1]!.end <= edit.start), 'edits overlap');
    });
    const next = applyEdits(current, edits);
    const after = readDocument(next, kind, file);
    assert.equal(
      after.problems.length,
      before.problems.length,
      `cannot be read any more: ${after.problems[0]?.message}`,
    );
    assert.equal(after.manifests.length, before.manifests.length);

    const found = after.manifests.flatMap((manifest) => manifest.pods).find(({ spec }) => spec.path === key);
    assert.ok(found);
    const failed = failedChecks(found, 'restricted', newestPodSecurityVersion).map((one) => one.check);
    assert.deepEqual(failed, hardened.left);
    left.push(...hardened.left);

    const there = scalars(next);
    for (const [start, { text: written, keys }] of scalars(current)) {
      const end = start + written.length;
      if (edits.some((edit) => edit.start < end && start < edit.end)) continue;
      // What stands right behind an insertion is untouched, but where an insertion at its start goes is not said.
      if (edits.some((edit) => edit.start === start && edit.end === start)) continue;
      const same = there.get(moved(start, edits));
      assert.deepEqual(same, { text: written, keys }, `${written} at ${start} is not what it was`);
    }
    const kept = comments(next);
    for (const comment of comments(current)) {
      const at = kept.indexOf(comment);
      assert.ok(at >= 0, `lost: ${comment}`);
      kept.splice(at, 1);
    }
    const again = harden(next, kind, file, key, options, defaultConfiguration);
    assert.deepEqual(
      again.edits.map(({ text: written }) => written),
      [],
      'the second time changes something',
    );
    current = next;
  }
  return left;
}

/** Runs `check` over files; gives the failures, and how many pods are left with each check. */
function checkFiles(files: readonly string[]) {
  const failures: string[] = [];
  const left = new Map<string, number>();
  let pods = 0;
  for (const file of files) {
    const read = readText(file);
    const kind = fileKind(file);
    if (!('text' in read) || kind !== 'yaml') continue;
    for (const { start, end } of splitDocuments(read.text, kind)) {
      const text = read.text.slice(start, end);
      pods += readDocument(text, kind, file).manifests.flatMap((manifest) => manifest.pods).length;
      for (const options of variants) {
        try {
          for (const one of check(text, kind, file, options)) left.set(one, (left.get(one) ?? 0) + 1);
        } catch (error) {
          failures.push(`${file} at ${start}: ${(error as Error).message.slice(0, 300)}`);
        }
      }
    }
  }
  return { failures, left, pods };
}

describe('harden', function () {
  this.timeout(300_000);

  it('makes a bare Deployment restricted, in one edit for each place', () => {
    const text = dedent(`
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web # the shop
      spec:
        template:
          spec:
            # two of them
            containers:
            - name: web
              image: web:1
              ports: [{containerPort: 80}]
            - {name: proxy, image: proxy:1} # sidecar
    `);
    const { edits, left } = harden(
      text,
      'yaml',
      'web.yaml',
      'spec/template/spec',
      { numbered: true, scratch: true },
      defaultConfiguration,
    );
    assert.deepEqual(left, []);
    assert.equal(
      applyEdits(text, edits),
      dedent(`
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web # the shop
        spec:
          template:
            spec:
              # two of them
              containers:
              - name: web
                image: web:1
                ports: [{containerPort: 80}]
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
                    add: [NET_BIND_SERVICE]
                  readOnlyRootFilesystem: true
                volumeMounts:
                - name: tmp
                  mountPath: /tmp
              - {name: proxy, image: proxy:1, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}, volumeMounts: [{name: tmp-proxy, mountPath: /tmp}]} # sidecar
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
                runAsGroup: 10001
                fsGroup: 10001
                seccompProfile:
                  type: RuntimeDefault
              volumes:
              - name: tmp
                emptyDir: {}
              - name: tmp-proxy
                emptyDir: {}
      `),
    );
  });

  it('repairs the snippet of the pattern, whose settings stand in the pod', () => {
    const text = dedent(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          runAsNonRoot: true
          runAsUser: 10001
          runAsGroup: 10001
          fsGroup: 10001
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
          seccompProfile:
            type: RuntimeDefault
        containers:
          - name: web
            image: web:1
    `);
    const { edits, left } = harden(text, 'yaml', 'pod.yaml', 'spec', variants[0]!, defaultConfiguration);
    assert.deepEqual(left, []);
    assert.equal(
      applyEdits(text, edits),
      dedent(`
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            runAsGroup: 10001
            fsGroup: 10001
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: web
              image: web:1
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
      `),
    );
  });

  it('leaves what is suppressed, and names what only a person can decide', () => {
    const text = dedent(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostPID: true # plimsoll-ignore host-pid: it watches the node
        containers: [{name: web, image: web:1}]
        volumes: [{name: logs, hostPath: {path: /var/log}}]
    `);
    const { edits, left } = harden(text, 'yaml', 'pod.yaml', 'spec', variants[0]!, defaultConfiguration);
    assert.deepEqual(left, ['hostNamespaces', 'restrictedVolumes']);
    assert.match(applyEdits(text, edits), /hostPID: true # plimsoll-ignore/);
  });

  it('changes nothing that an alias elsewhere repeats, and nothing in what does not parse', () => {
    const left = (text: string, pod = 'spec') => {
      const hardened = harden(text, 'yaml', 'pod.yaml', pod, variants[1]!, defaultConfiguration);
      return { text: applyEdits(text, hardened.edits), left: hardened.left };
    };
    const flag = dedent(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: web
            image: web:1
            securityContext: {privileged: &yes true}
            tty: *yes
    `);
    assert.match(left(flag).text, /privileged: &yes true/);
    assert.ok(left(flag).left.includes('privileged'));

    const list = dedent(`
      apiVersion: v1
      kind: List
      items:
        - apiVersion: v1
          kind: Pod
          metadata: {name: a}
          spec: {containers: [{name: a, image: a:1, securityContext: &sc {privileged: true}}]}
        - apiVersion: v1
          kind: Pod
          metadata: {name: b}
          spec: {containers: [{name: b, image: b:1, securityContext: *sc}]}
    `);
    const ofList = left(list, 'items/0/spec');
    assert.match(ofList.text, /&sc \{privileged: true\}/);
    assert.ok(ofList.left.includes('privileged'));

    const broken =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    command: ["a\n';
    assert.equal(left(broken).text, broken);
  });

  it('keeps its promises on every fail fixture of Kubernetes', function () {
    const folder = path.join(shared, 'psa');
    if (!existsSync(folder)) {
      console.log(`      skipped: there is no ${folder}`);
      return this.skip();
    }
    const index: { file: string; expect: string }[] = JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8'));
    const files = index.filter(({ expect }) => expect === 'fail').map(({ file }) => path.join(folder, file));
    const { failures, left, pods } = checkFiles(files);
    console.log(
      `      ${pods} pods; left: ${[...left].map(([name, number]) => `${name} ${number}`).join(', ') || 'nothing'}`,
    );
    assert.deepEqual(failures, []);
    assert.deepEqual([...left.keys()], ['restrictedVolumes']);
  });

  it('keeps its promises on every pod of the corpus', function () {
    const folder = path.join(shared, 'real');
    if (!existsSync(folder)) {
      console.log(`      skipped: there is no ${folder}`);
      return this.skip();
    }
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
    const { failures, left, pods } = checkFiles(files);
    console.log(
      `      ${pods} pods; left: ${[...left].map(([name, number]) => `${name} ${number}`).join(', ') || 'nothing'}`,
    );
    assert.equal(failures.length, 0, `${failures.length} of ${pods}:\n${failures.slice(0, 20).join('\n')}`);
  });

  it('keeps its promises on pods made at random, in any style', () => {
    const style = fc.record({
      collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
      indentSeq: fc.boolean(),
      indent: fc.constantFrom(2, 3, 4),
      lineWidth: fc.constant(0),
    });
    const document = fc
      .tuple(podSpec, style, fc.boolean(), fc.infiniteStream(fc.nat(6)))
      .map(([spec, options, deployed, dice]) => {
        const template = { metadata: { labels: { app: 'web' } }, spec };
        const object = deployed
          ? { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template } }
          : { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };
        return commented(stringify(object, options), options.collectionStyle === 'flow', dice);
      });
    fc.assert(
      fc.property(document, fc.constantFrom(...variants), (text, options) => {
        const left = check(text, 'yaml', 'random.yaml', options);
        assert.deepEqual(
          left.filter((one) => one !== 'restrictedVolumes'),
          [],
        );
      }),
      { numRuns: 400 },
    );
  });
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const capability = fc.constantFrom('ALL', 'NET_ADMIN', 'CHOWN', 'CAP_CHOWN', 'NET_BIND_SERVICE', 'all');
const profile = fc.constantFrom(
  { type: 'RuntimeDefault' },
  { type: 'Unconfined' },
  { type: 'Localhost', localhostProfile: 'a.json' },
  {},
);

const both = {
  runAsNonRoot: maybe(fc.boolean()),
  runAsUser: maybe(fc.constantFrom(0, 1000, 10001)),
  runAsGroup: maybe(fc.constantFrom(0, 10001)),
  seccompProfile: maybe(profile),
  appArmorProfile: maybe(profile),
  seLinuxOptions: maybe(fc.constantFrom({ type: 'spc_t' }, { level: 's0', user: 'u' }, {})),
};
const containerSecurity = fc.record({
  ...both,
  allowPrivilegeEscalation: maybe(fc.boolean()),
  privileged: maybe(fc.boolean()),
  readOnlyRootFilesystem: maybe(fc.boolean()),
  procMount: maybe(fc.constantFrom('Default', 'Unmasked')),
  capabilities: maybe(
    fc.record({
      drop: maybe(fc.array(capability, { maxLength: 3 })),
      add: maybe(fc.array(capability, { maxLength: 3 })),
    }),
  ),
});
const podSecurity = fc.record({
  ...both,
  fsGroup: maybe(fc.constant(2000)),
  sysctls: maybe(
    fc.array(fc.constantFrom({ name: 'kernel.msgmax', value: '1' }, { name: 'net.ipv4.tcp_syncookies', value: '1' }), {
      maxLength: 2,
    }),
  ),
  // In the wrong place.
  readOnlyRootFilesystem: maybe(fc.boolean()),
  capabilities: maybe(fc.constant({ drop: ['ALL'] })),
});
const container = (prefix: string) =>
  fc
    .array(
      fc.record({
        image: fc.constantFrom('web:1', 'quay.io/web'),
        securityContext: maybe(containerSecurity),
        ports: maybe(fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 8080, hostPort: 80 }])),
        livenessProbe: maybe(fc.constantFrom({ httpGet: { port: 80, host: 'a' } }, { tcpSocket: { port: 1 } })),
        volumeMounts: maybe(
          fc.constantFrom([{ name: 'data', mountPath: '/data' }], [{ name: 'data', mountPath: '/tmp' }]),
        ),
      }),
      { maxLength: 3 },
    )
    .map((list) => list.map((one, index) => ({ name: `${prefix}${index}`, ...one })));
const podSpec = fc
  .record({
    hostPID: maybe(fc.boolean()),
    hostNetwork: maybe(fc.boolean()),
    securityContext: maybe(podSecurity),
    initContainers: maybe(container('init')),
    containers: container('web').filter((list) => list.length > 0),
    volumes: maybe(fc.constantFrom([{ name: 'data', emptyDir: {} }], [{ name: 'data', hostPath: { path: '/' } }], [])),
  })
  .map((spec) => JSON.parse(JSON.stringify(spec)) as object);

/** The text with comments at the ends of some lines and between others. */
function commented(text: string, isFlow: boolean, dice: Iterable<number>): string {
  if (isFlow) return text;
  const throwDice = dice[Symbol.iterator]();
  let count = 0;
  return text
    .split('\n')
    .flatMap((line) => {
      const roll = throwDice.next().value as number;
      if (line.trim() === '') return [line];
      if (roll === 0) return [`${line} # end ${count++}`];
      return roll === 1 ? [`${/^[ ]*/.exec(line)![0]}# above ${count++}`, line] : [line];
    })
    .join('\n');
}
