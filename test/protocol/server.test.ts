/** The server as any client sees it, over stdio. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CodeAction, CodeLens, Hover, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { Lines } from '../../server/lines.js';
import { someDigest, startRegistry, withToken } from '../registry/registry.js';
import { Client, type Published, workspace } from './client.js';

const pod = (spec: string, name = 'a') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n${spec}\n  containers: []\n`;
const bare =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: bare\nspec:\n  containers:\n    - name: web\n      image: nginx:1.29\n';

let client: Client;
async function started(files: Record<string, string | Buffer> = {}, capabilities?: object): Promise<Client> {
  client = new Client(workspace(files));
  await client.start(capabilities);
  return client;
}

/** The text after an action's edits. */
function applied(text: string, { edit }: { edit?: WorkspaceEdit }, file = 0): string {
  const lines = new Lines(text);
  const change = edit!.documentChanges![file] as { edits: TextEdit[] };
  const edits = change.edits.map(({ range, newText }) => ({
    start: lines.offset(range.start),
    end: lines.offset(range.end),
    newText,
  }));
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

const actions = (name: string, line: number, character: number, only?: string[]) =>
  client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: client.uri(name) },
    range: { start: { line, character }, end: { line, character } },
    context: { diagnostics: [], ...(only && { only }) },
  });

const hover = (name: string, line: number, character: number) =>
  client.request<Hover | null>('textDocument/hover', {
    textDocument: { uri: client.uri(name) },
    position: { line, character },
  });

describe('protocol', function () {
  this.timeout(60_000);
  afterEach(() => client.stop());

  it('says what it can', async () => {
    client = new Client(workspace({}));
    const { capabilities } = await client.start({ general: { positionEncodings: ['utf-8'] } });
    assert.equal(capabilities.positionEncoding, 'utf-8');
    assert.equal(capabilities.hoverProvider, true);
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 });
    assert.deepEqual(capabilities.codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.plimsoll'],
      resolveProvider: true,
    });
    assert.deepEqual(capabilities.codeLensProvider, {});
  });

  it('publishes with the version, at the exact range, after each change', async () => {
    await started();
    await client.open('a.yaml', pod('  hostPID: false'));
    await client.until('a.yaml', ({ version }) => version === 1);
    await client.change('a.yaml', 2, 'true', { start: { line: 5, character: 11 }, end: { line: 5, character: 16 } });
    const { diagnostics } = await client.until('a.yaml', ({ version }) => version === 2);
    const found = diagnostics.find(({ code }) => code === 'host-pid')!;
    assert.deepEqual(found.range, { start: { line: 5, character: 11 }, end: { line: 5, character: 15 } });
    assert.equal(found.source, 'plimsoll');
    assert.equal(found.severity, 1);
    assert.match(found.codeDescription!.href, /rules\/pod-security\/README\.md#host-pid$/);
  });

  for (const [encoding, column] of [
    ['utf-16', 24],
    ['utf-8', 27],
  ] as const) {
    it(`counts ${encoding} units`, async () => {
      await started({}, { general: { positionEncodings: [encoding] } });
      await client.open(
        'a.yaml',
        `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {a: "😀é", hostPID: true, containers: []}\n`,
      );
      const { range } = await client.finds('a.yaml', 'host-pid');
      assert.deepEqual(range.start, { line: 3, character: column + 2 });
      await client.change('a.yaml', 2, 'false', { start: range.start, end: range.end });
      await client.loses('a.yaml', 'host-pid');
    });
  }

  it('moves the findings of later documents when an earlier one grows', async () => {
    await started();
    await client.open('a.yaml', `${pod('  hostPID: false')}---\n${pod('  hostIPC: true', 'b')}`);
    const before = await client.finds('a.yaml', 'host-ipc');
    await client.change('a.yaml', 2, '\n\n', { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    await client.until('a.yaml', ({ version }) => version === 2);
    assert.equal((await client.finds('a.yaml', 'host-ipc')).range.start.line, before.range.start.line + 2);
  });

  it('scans the workspace, and leaves out what is ignored or excluded', async () => {
    const text = pod('  hostPID: true');
    client = new Client(
      workspace({
        '.gitignore': 'out/\n',
        'k8s/a.yaml': text,
        'out/b.yaml': text,
        'vendor/c.yaml': text,
        'gone/d.yaml': text,
        'found/e.yaml': text,
        Dockerfile: 'FROM node\n',
      }),
    );
    client.settings = {
      plimsoll: { exclude: ['vendor/**'] },
      files: { exclude: { '**/gone': true } },
      search: { exclude: { '**/found': true } },
    };
    await client.start();
    await client.finds('k8s/a.yaml', 'host-pid');
    await client.finds('Dockerfile', 'dockerfile-from-tag');
    await client.connection.sendRequest('workspace/executeCommand', { command: 'plimsoll.server.scan' });
    assert.deepEqual([...client.published.keys()].sort(), [client.uri('Dockerfile'), client.uri('k8s/a.yaml')]);
  });

  it('follows files that change, come and go, and shows the disk again when an edited file is closed', async () => {
    await started({ 'a.yaml': pod('  hostPID: true') });
    await client.finds('a.yaml', 'host-pid');
    const changed = (name: string, type: number) =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: client.uri(name), type }],
      });
    writeFileSync(path.join(client.folder, 'a.yaml'), pod('  hostIPC: true'));
    await changed('a.yaml', 2);
    await client.finds('a.yaml', 'host-ipc');
    await client.open('a.yaml', pod('  hostNetwork: true'));
    await client.finds('a.yaml', 'host-network');
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: client.uri('a.yaml') } });
    await client.finds('a.yaml', 'host-ipc');
    mkdirSync(path.join(client.folder, 'new'));
    writeFileSync(path.join(client.folder, 'new/b.yaml'), pod('  hostPID: true'));
    await changed('new', 1);
    await client.finds('new/b.yaml', 'host-pid');
    rmSync(path.join(client.folder, 'new'), { recursive: true });
    await changed('new', 3);
    await client.loses('new/b.yaml', 'host-pid');
  });

  it('brings other files up to date when facts change', async () => {
    await started({ 'web.yaml': pod('  hostPID: false').replace('  name: a', '  name: a\n  namespace: shop') });
    const one = await client.until('web.yaml', ({ diagnostics }) => diagnostics.length > 0);
    assert.match(JSON.stringify(one), /default-deny/);
    const policy =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n';
    await client.open('policy.yaml', policy);
    await client.until('web.yaml', (published) => !JSON.stringify(published).includes('default-deny'));
    await client.change('policy.yaml', 2, policy.replace('shop', 'other'));
    await client.until('web.yaml', (published) => JSON.stringify(published).includes('default-deny'));
  });

  it('follows the settings', async () => {
    await started({ 'a.yaml': pod('  hostPID: true') });
    await client.finds('a.yaml', 'host-pid');
    client.settings = { plimsoll: { rules: { 'host-pid': 'off', nonsense: 'off' } } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await client.loses('a.yaml', 'host-pid');
    assert.ok(client.log.some((line) => line.includes('there is no rule \\"nonsense\\"')));
  });

  it('shows what is absent at one place as one diagnostic, and hardens in one edit', async () => {
    await started();
    await client.open('a.yaml', bare);
    const { diagnostics } = await client.until('a.yaml', ({ version }) => version === 1);
    const here = diagnostics.filter(({ range }) => range.start.line === 6);
    assert.equal(here.length, 1);
    assert.match(
      String(here[0]!.message),
      /^Container web lacks 7 hardening settings: allowPrivilegeEscalation, .*, readOnlyRootFilesystem, .*CPU limit/,
    );
    assert.equal(here[0]!.severity, 2);
    const [harden, ...others] = await actions('a.yaml', 6, 13);
    assert.equal(harden!.title, 'Harden container web (7 settings)');
    assert.equal(harden!.isPreferred, true);
    assert.ok(others.every(({ isPreferred }) => !isPreferred));
    const text = applied(bare, harden!);
    assert.ok(text.startsWith(bare.trimEnd()));
    for (const line of [
      'allowPrivilegeEscalation: false',
      'readOnlyRootFilesystem: true',
      'drop: [ALL]',
      'memory: 512Mi',
      'cpu: 1000m',
    ])
      assert.ok(text.includes(line), line);
    await client.change('a.yaml', 2, text);
    const after = await client.until('a.yaml', ({ version }) => version === 2);
    assert.ok(after.diagnostics.every(({ range }) => range.start.line !== 6));
  });

  it('fixes all of a rule in the file, and on save only what is safe', async () => {
    await started();
    const text =
      'services:\r\n  a:\r\n    image: a:1\r\n    privileged: true\r\n  b:\r\n    image: b:1\r\n    privileged: true # why\r\n';
    await client.open('compose.yaml', text);
    await client.finds('compose.yaml', 'compose-privileged');
    const all = (await actions('compose.yaml', 3, 17)).find(({ title }) => title.startsWith('Fix all 2 in this file'))!;
    assert.equal(applied(text, all), 'services:\r\n  a:\r\n    image: a:1\r\n  b:\r\n    image: b:1\r\n    # why\r\n');
    const docker = 'FROM debian:13\nADD a /a\nUSER root\n';
    await client.open('Dockerfile', docker);
    await client.finds('Dockerfile', 'dockerfile-user-root');
    const [save, ...more] = await actions('Dockerfile', 0, 0, ['source.fixAll']);
    assert.deepEqual(more, []);
    assert.equal(save!.kind, 'source.fixAll.plimsoll');
    assert.equal(applied(docker, save!), 'FROM debian:13\nCOPY a /a\nUSER root\n');
  });

  it('says the level above each workload, and hardens it on command', async () => {
    await started();
    const text = `${bare}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\nspec:\n  hostPID: true\n  containers: []\n`;
    await client.open('a.yaml', text);
    await client.until('a.yaml', ({ version }) => version === 1);
    const lenses = () =>
      client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: client.uri('a.yaml') } });
    const shown = await lenses();
    assert.deepEqual(
      shown.map(({ range, command }) => [range.start.line, command!.title]),
      [
        [0, 'Pod Security: baseline, 4 controls from restricted'],
        [0, 'Harden…'],
        [9, 'Pod Security: privileged, 1 control from restricted'],
        [9, 'Harden…'],
      ],
    );
    const { command, arguments: given } = shown[1]!.command!;
    const result = await client.request('workspace/executeCommand', {
      command,
      arguments: [...given!, { numbered: true }],
    });
    assert.deepEqual(result, { applied: true, left: [] });
    const hardened = applied(text, client.edits[0]!);
    for (const line of ['runAsUser: 10001', 'runAsNonRoot: true', 'drop: [ALL]', 'readOnlyRootFilesystem: true'])
      assert.ok(hardened.includes(line), line);
    assert.ok(hardened.includes('hostPID: true'), 'the other pod is not touched');
    await client.change('a.yaml', 2, hardened);
    await client.until('a.yaml', ({ version }) => version === 2);
    assert.deepEqual(
      (await lenses()).map((lens) => lens.command!.title),
      ['Pod Security: restricted', 'Pod Security: privileged, 1 control from restricted', 'Harden…'],
    );
    await assert.rejects(
      client.request('workspace/executeCommand', { command, arguments: [{ ...given![0], pod: 'spec/gone' }] }),
      /There is no Pod bare/,
    );
  });

  it('shows no level where the setting says so, and none above a patch', async () => {
    await started({ 'kustomization.yaml': 'patches:\n- path: patch.yaml\n', 'patch.yaml': bare });
    await client.open('patch.yaml', bare);
    await client.open('a.yaml', bare);
    await client.until('a.yaml', ({ version }) => version === 1);
    const lenses = (name: string) =>
      client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: client.uri(name) } });
    assert.deepEqual(await lenses('patch.yaml'), []);
    assert.equal((await lenses('a.yaml')).length, 2);
    client.settings = { plimsoll: { codeLens: false } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    let left = await lenses('a.yaml');
    for (let tries = 0; left.length > 0 && tries < 100; tries++) left = await lenses('a.yaml');
    assert.deepEqual(left, []);
  });

  it('makes costly edits when they are chosen, and lets the client ask before what may be noticed', async () => {
    await started(
      { 'b.yaml': pod('  hostPID: true', 'b'), 'c.yaml': pod('  hostPID: true', 'c') },
      {
        workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } } },
        textDocument: { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } },
      },
    );
    await client.open('a.yaml', bare);
    await client.until('a.yaml', ({ version }) => version === 1);
    const offered = await actions('a.yaml', 3, 9);
    assert.deepEqual(
      offered.map(({ title }) => title).filter((title) => title.startsWith('Harden')),
      [
        'Harden Pod bare to restricted',
        'Harden Pod bare to restricted, with an emptyDir at /tmp',
        'Harden Pod bare to restricted, as user 10001 with an emptyDir at /tmp',
      ],
    );
    const [lazy] = offered;
    assert.equal(lazy!.edit, undefined);
    const { edit } = await client.request<CodeAction>('codeAction/resolve', lazy!);
    assert.equal(edit!.changeAnnotations!.confirm!.needsConfirmation, true);
    assert.match(edit!.changeAnnotations!.confirm!.description!, /Set readOnlyRootFilesystem to true/);
    const text = applied(bare, { edit });
    assert.ok(text.startsWith(bare.trimEnd()) && !text.includes('runAsUser'));

    await client.open('b.yaml', pod('  hostPID: true', 'b'));
    await client.until('b.yaml', ({ version }) => version === 1);
    const all = (await actions('b.yaml', 5, 12)).find(({ title }) => title.startsWith('Fix all'))!;
    assert.equal(all.title, 'Fix all 2 in 2 files of the workspace: Shares the node’s processes');
    const resolved = await client.request<CodeAction>('codeAction/resolve', all);
    const changes = resolved.edit!.documentChanges as TextDocumentEdit[];
    assert.deepEqual(
      changes.map(({ textDocument }) => [path.basename(textDocument.uri), textDocument.version]),
      [
        ['b.yaml', 1],
        ['c.yaml', null],
      ],
    );
    assert.equal(resolved.edit!.changeAnnotations!.all!.needsConfirmation, true);
    assert.ok(!applied(pod('  hostPID: true', 'c'), resolved, 1).includes('hostPID'));
  });

  it('pins an image once its registry was asked, and says why where it can not', async () => {
    const registry = await startRegistry(withToken('1', someDigest));
    try {
      await started(
        {},
        { textDocument: { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } } },
      );
      const web = bare.replace('nginx:1.29', `${registry.host}/team/web:1`);
      const text = `${web}---\n${web.replace('web:1', 'web:2 # next')}`;
      await client.open('a.yaml', text);
      await client.until('a.yaml', ({ version }) => version === 1);
      const pin = async (line: number) => {
        const offered = await actions('a.yaml', line, 16);
        assert.ok(!offered.some(({ title }) => title.startsWith('Fix all')));
        const action = offered.find(({ title }) => title.startsWith('Pin '))!;
        assert.equal(action.edit, undefined);
        assert.notEqual(action.isPreferred, true);
        return client.request<CodeAction>('codeAction/resolve', action);
      };
      // Nobody is asked for anything before somebody chooses to.
      assert.deepEqual(registry.asked, []);
      assert.equal(applied(text, await pin(7)), text.replace('web:1', `web:1@${someDigest}`));
      const failed = await pin(16);
      assert.equal(failed.edit, undefined);
      assert.ok(client.log.some((message) => message.includes(`${registry.host} has no image of that name and tag`)));
    } finally {
      await registry.stop();
    }
  });

  it('says at the workload what its namespace does about it, with the place of the label', async () => {
    const namespace =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: prod\n  labels:\n    pod-security.kubernetes.io/enforce: restricted\n';
    await started({ 'namespace.yaml': namespace });
    const text = bare.replace('name: bare', 'name: bare\n  namespace: prod');
    await client.open('a.yaml', text);
    const refused = ({ diagnostics }: Published) =>
      diagnostics.find(({ code }) => code === 'workload-violates-namespace-pss');
    const found = refused(await client.until('a.yaml', (published) => refused(published) !== undefined))!;
    assert.match(
      String(found.message),
      /^Namespace prod enforces restricted: the API server will reject this pod \(allowPrivilegeEscalation, runAsNonRoot, /,
    );
    assert.equal(found.severity, 1);
    const [label] = found.relatedInformation!;
    assert.equal(label!.location.uri, client.uri('namespace.yaml'));
    assert.equal(label!.location.range.start.line, 5);
    const [harden] = (await actions('a.yaml', 3, 9)).filter(({ title }) => title.startsWith('Harden Pod'));
    await client.change('a.yaml', 2, applied(text, harden!));
    await client.until('a.yaml', (published) => published.version === 2 && refused(published) === undefined);
  });

  it('knows the registries that images may come from, once the settings name them', async () => {
    await started();
    await client.open('a.yaml', bare);
    const isForeign = ({ diagnostics }: Published) => diagnostics.some(({ code }) => code === 'image-registry-allowed');
    assert.equal(isForeign(await client.until('a.yaml', ({ version }) => version === 1)), false);
    client.settings = { plimsoll: { allowedRegistries: ['registry.example'] } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await client.until('a.yaml', isForeign);
  });

  it('makes one diagnostic of a capability that two rules report', async () => {
    await started();
    const adds = '[{name: i, image: a:1, securityContext: {capabilities: {add: [NET_ADMIN]}}}]';
    await client.open('a.yaml', pod(`  initContainers: ${adds}`));
    const { diagnostics } = await client.until('a.yaml', ({ version }) => version === 1);
    const here = diagnostics.filter(({ message }) => String(message).includes('NET_ADMIN'));
    assert.deepEqual(
      here.map(({ code }) => code),
      ['dangerous-capabilities'],
    );
    assert.match(here[0]!.relatedInformation![0]!.message, /Pod Security baseline forbids/);
    const titles = (await actions('a.yaml', 5, here[0]!.range.start.character + 1)).map(({ title }) => title);
    assert.equal(titles.filter((title) => title === 'Remove NET_ADMIN').length, 1);
    assert.ok(titles.includes('Ignore these 2 here with a reason'), titles.join('; '));
  });

  for (const snippets of [false, true]) {
    it(`ignores with a reason, ${snippets ? 'with' : 'without'} snippets`, async () => {
      await started({}, { workspace: { workspaceEdit: { snippetEditSupport: snippets } } });
      const text = pod('  hostPID: true');
      await client.open('a.yaml', text);
      await client.finds('a.yaml', 'host-pid');
      const ignore = (await actions('a.yaml', 5, 12)).find(
        ({ title }) => title === 'Ignore host-pid here with a reason',
      )!;
      if (snippets) assert.match(JSON.stringify(ignore.edit), /plimsoll-ignore host-pid: \$\{1:reason\}/);
      else assert.equal(applied(text, ignore), text.replace('  hostPID', '  # plimsoll-ignore host-pid: \n  hostPID'));
    });
  }

  it('explains findings, groups, clean fields and instructions, and nothing else', async () => {
    await started();
    await client.open('a.yaml', bare);
    await client.open('Dockerfile', 'FROM debian:13\nUSER 10001\n');
    await client.until('Dockerfile', () => true);
    const said = async (name: string, line: number, character: number) =>
      JSON.stringify(await hover(name, line, character));
    assert.match(await said('a.yaml', 6, 13), /\*\*Container web\*\*.*allowPrivilegeEscalation.*Why\?/);
    assert.match(await said('a.yaml', 7, 15), /Image not pinned by digest|pinned/i);
    assert.match(await said('Dockerfile', 1, 2), /USER 10001/);
    assert.equal(await hover('a.yaml', 0, 3), null);
  });

  it('answers commands, and refuses unknown ones', async () => {
    await started();
    const page = await client.request<string>('workspace/executeCommand', {
      command: 'plimsoll.server.explain',
      arguments: ['host-pid'],
    });
    assert.match(page, /## host-pid/);
    await assert.rejects(
      client.request('workspace/executeCommand', { command: 'plimsoll.server.explain', arguments: ['nonsense'] }),
      /no rule nonsense/,
    );
  });

  it('survives bad input, keeps the findings of other documents, and goes on answering', async () => {
    await started();
    const good = pod('  hostPID: true', 'good');
    const bad: Record<string, string> = {
      'half-typed': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n  contai',
      tabs: 'apiVersion: v1\nkind: Pod\n\tmetadata:\n',
      'an open quote': 'apiVersion: v1\nkind: Pod\nmetadata: {name: "x}\n',
      'a template': 'apiVersion: v1\nkind: Pod\nmetadata: {{ toYaml .x }}\nspec:\n  {{- include "y" . | nindent 2 }}\n',
      binary: 'kind: \u0000\u0001\ufffe apiVersion: \ud800\n',
      deep: `apiVersion: v1\nkind: ${'['.repeat(100_000)}\n`,
      bomb: `apiVersion: v1\nkind: Pod\na: &a [x]\n${Array.from({ length: 25 }, (_, n) => `b${n}: &b${n} [*${n ? `b${n - 1}` : 'a'}, *${n ? `b${n - 1}` : 'a'}]`).join('\n')}\n`,
      long: `apiVersion: v1\nkind: Pod\nx: ${'y'.repeat(10_000_000)}\n`,
      twice: 'apiVersion: v1\nkind: Pod\nkind: Pod\nspec: {}\nspec: {}\n',
    };
    let version = 1;
    await client.open('a.yaml', good);
    for (const [name, text] of Object.entries(bad)) {
      await client.change('a.yaml', ++version, `${text}---\n${good}`);
      const wanted = version;
      const { diagnostics } = await client.until('a.yaml', (published) => published.version === wanted);
      assert.ok(
        diagnostics.some(({ code }) => code === 'host-pid'),
        name,
      );
      assert.equal(await hover('a.yaml', 0, 0), null, name);
    }
    for (let end = 0; end < good.length; end += 3) await client.change('a.yaml', ++version, good.slice(0, end));
    await client.until('a.yaml', (published) => published.version === version);
    await client.change('a.yaml', ++version, '');
    const { diagnostics } = await client.until('a.yaml', (published) => published.version === version);
    assert.deepEqual(diagnostics, []);
  });

  it('scans past what can not be read', async () => {
    client = new Client(
      workspace({ 'good.yaml': pod('  hostPID: true'), 'binary.yaml': Buffer.from([0, 1, 2]), 'empty.yaml': '' }),
    );
    symlinkSync('loop.yaml', path.join(client.folder, 'loop.yaml'));
    symlinkSync('.', path.join(client.folder, 'circle'));
    await client.start();
    await client.finds('good.yaml', 'host-pid');
    await client.connection.sendRequest('workspace/executeCommand', { command: 'plimsoll.server.scan' });
    assert.ok(client.log.some((line) => /binary\.yaml/.test(line)));
    assert.ok(client.log.some((line) => /loop\.yaml/.test(line)));
  });

  it('never says a secret', async () => {
    await started();
    const secret = 'hunter2-xyzzy';
    await client.open(
      'a.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: web\n      image: a:1\n      env:\n        - {name: PASSWORD, value: ${secret}}\n`,
    );
    await client.open('Dockerfile', `FROM debian:13\nENV PASSWORD=${secret}\n`);
    await client.finds('a.yaml', 'secret-in-env-value');
    await client.finds('Dockerfile', 'dockerfile-secret-in-arg-env');
    const said = [
      ...client.log,
      JSON.stringify(await hover('a.yaml', 8, 36)),
      JSON.stringify(await actions('a.yaml', 8, 36)),
    ];
    assert.ok(said.every((line) => !line.includes(secret)));
  });
});
