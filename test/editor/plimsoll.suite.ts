/** What a user sees, in VS Code itself: squiggles while typing, fixes, hovers, the Problems panel, fix-on-save, suppression. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PlimsollApi } from '../../client/extension.js';
import { someDigest, startRegistry, withToken } from '../registry/registry.js';

const folder = () => vscode.workspace.workspaceFolders![0]!.uri;
const file = (name: string) => vscode.Uri.joinPath(folder(), name);

/** Waits until a condition holds; VS Code tells of most things only by letting one look again. */
async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const result = await look();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ours = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'plimsoll');
const codeOf = ({ code }: vscode.Diagnostic) => String(typeof code === 'object' ? code.value : code);
const found = (uri: vscode.Uri, code: string) =>
  eventually(`${code} in ${uri.path}`, () => ours(uri).find((diagnostic) => codeOf(diagnostic) === code));
const gone = (uri: vscode.Uri, code: string) =>
  eventually(`the end of ${code} in ${uri.path}`, () => !ours(uri).some((diagnostic) => codeOf(diagnostic) === code));

async function open(name: string) {
  const document = await vscode.workspace.openTextDocument(file(name));
  const editor = await vscode.window.showTextDocument(document);
  return { document, editor, uri: document.uri };
}

function rangeOf(document: vscode.TextDocument, text: string, from = 0): vscode.Range {
  const start = document.getText().indexOf(text, from);
  assert.notEqual(start, -1, `there is no ${text}`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

async function replace(editor: vscode.TextEditor, before: string, after: string) {
  assert.ok(await editor.edit((builder) => builder.replace(rangeOf(editor.document, before), after)));
}

/** The fixes for a place; costly edits are made for the first few only. */
async function fixes(uri: vscode.Uri, range: vscode.Range) {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
}

async function applyFix(uri: vscode.Uri, range: vscode.Range, title: string | RegExp) {
  const offered = await fixes(uri, range);
  const action = offered.find((candidate) =>
    typeof title === 'string' ? candidate.title === title : title.test(candidate.title),
  );
  assert.ok(action?.edit, `no fix "${title}" among ${offered.map((candidate) => candidate.title).join(' | ')}`);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

/** Takes back what has not been saved, also in documents that no editor shows. */
async function revertAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Starts a change that VS Code shows before it makes it, and confirms it there: ticks the first category, which is the one to be confirmed, and applies.
 * The preview does not tell when it is ready, so that this is done again where it came too early.
 * @param start what opens the preview
 * @param isMade whether the change has been made
 */
async function confirmed(start: () => Promise<unknown>, isMade: () => boolean): Promise<void> {
  for (let attempt = 1; attempt <= 8 && !isMade(); attempt++) {
    void start();
    await pause(300 * attempt);
    for (const command of ['refactorPreview.focus', 'list.focusFirst', 'refactorPreview.toggleCheckedState']) {
      await vscode.commands.executeCommand(command);
      await pause(50 * attempt);
    }
    await vscode.commands.executeCommand('refactorPreview.apply');
    await pause(200);
  }
  await eventually('a confirmed change', isMade);
}

async function hover(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
    .join('\n');
}

describe('Plimsoll in VS Code', () => {
  before(async () => {
    const extension = vscode.extensions.getExtension<PlimsollApi>('plimsoll.plimsoll');
    assert.ok(extension, 'the extension is not there');
    await vscode.workspace.openTextDocument(file('notes.yaml'));
    await (await extension.activate()).ready;
  });

  afterEach(async () => {
    await revertAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows the findings of closed files, and not those of ignored ones', async () => {
    const diagnostic = await found(file('closed/agent.yaml'), 'host-pid');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual(diagnostic.range, new vscode.Range(5, 11, 5, 15));
    assert.deepEqual(ours(file('ignored/agent.yaml')), []);
  });

  it('manifest: typing makes a squiggle, the fix makes it go', async () => {
    const { document, editor, uri } = await open('web.yaml');
    const clean = document.getText();
    await eventually('a clean file', () => ours(uri).length === 0);
    await replace(editor, 'privileged: false', 'privileged: true');
    const diagnostic = await found(uri, 'privileged-container');
    assert.deepEqual(diagnostic.range, rangeOf(document, 'true', document.getText().indexOf('privileged:')));
    assert.match(
      await hover(uri, diagnostic.range.start),
      /every Linux capability.*Asked for by Pod Security baseline/s,
    );
    await applyFix(uri, diagnostic.range, 'Set privileged to false');
    assert.equal(document.getText(), clean);
    await gone(uri, 'privileged-container');
  });

  it('Dockerfile: typing makes a squiggle, the fix makes it go', async () => {
    const { document, editor, uri } = await open('Dockerfile');
    const clean = document.getText();
    await replace(editor, 'COPY . /app', 'ADD . /app');
    const diagnostic = await found(uri, 'dockerfile-add-instead-of-copy');
    assert.deepEqual(diagnostic.range, rangeOf(document, 'ADD'));
    assert.match(await hover(uri, diagnostic.range.start), /unpacks archives/);
    await applyFix(uri, diagnostic.range, 'Use COPY');
    assert.equal(document.getText(), clean);
    await gone(uri, 'dockerfile-add-instead-of-copy');
  });

  it('Compose file: typing makes a squiggle, the fix makes it go', async () => {
    const { document, editor, uri } = await open('compose.yaml');
    await replace(editor, 'privileged: false', 'privileged: true');
    const diagnostic = await found(uri, 'compose-privileged');
    assert.deepEqual(diagnostic.range, rangeOf(document, 'true'));
    assert.match(await hover(uri, diagnostic.range.start), /owns the machine/);
    await applyFix(uri, diagnostic.range, 'Remove privileged');
    assert.equal(document.getText(), 'services:\n  web:\n    image: nginx:1.29\n');
    await gone(uri, 'compose-privileged');
  });

  it('explains a field where nothing is wrong', async () => {
    const { document, uri } = await open('web.yaml');
    assert.match(
      await hover(uri, rangeOf(document, 'readOnlyRootFilesystem').start),
      /Most attacks write something.*The root filesystem is writable/s,
    );
    const { document: dockerfile, uri: dockerfileUri } = await open('Dockerfile');
    assert.match(await hover(dockerfileUri, rangeOf(dockerfile, 'USER').start), /Put `USER 10001`/);
  });

  it('makes one diagnostic of what a container lacks, and one fix', async () => {
    const { document, editor, uri } = await open('bare.yaml');
    const diagnostic = await eventually('one diagnostic on the container', () => {
      const here = ours(uri).filter(({ range }) => range.isEqual(rangeOf(document, 'shop')));
      return here.length === 1 && here[0];
    });
    assert.match(diagnostic.message, /^Container shop lacks 7 hardening settings: /);
    const [first, ...others] = await fixes(uri, diagnostic.range);
    assert.equal(first?.title, 'Harden container shop (7 settings)');
    assert.equal(first.isPreferred, true);
    assert.ok(others.some(({ title }) => title === 'Drop all capabilities'));
    editor.selection = new vscode.Selection(diagnostic.range.start, diagnostic.range.start);
    const preferred = { kind: vscode.CodeActionKind.QuickFix.value, apply: 'first', preferred: true };
    const before = document.getText();
    await confirmed(
      async () => {
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('editor.action.codeAction', preferred);
      },
      () => document.getText() !== before,
    );
    await eventually('a hardened container', () =>
      ours(uri).every(({ range }) => !range.isEqual(rangeOf(document, 'shop'))),
    );
    assert.match(document.getText(), /securityContext:\n {12}allowPrivilegeEscalation: false\n/);
  });

  it('says the Pod Security level above a workload, and hardens it, asking before what the application may notice', async () => {
    const { document, uri } = await open('prod.yaml');
    const before = document.getText();
    const lenses = () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    const harden = await eventually('the lens', async () =>
      (await lenses()).map(({ command }) => command).find((command) => command?.command === 'plimsoll.harden'),
    );
    const level = (await lenses())
      .map(({ command }) => command?.title)
      .find((title) => title?.startsWith('Pod Security'));
    assert.equal(level, 'Pod Security: baseline, 4 controls from restricted');
    await confirmed(
      async () => {
        void vscode.commands.executeCommand(harden.command, ...harden.arguments!);
        await pause(200);
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      },
      () => document.getText() !== before,
    );
    const text = document.getText();
    assert.ok(text.startsWith(before.trimEnd()));
    for (const line of ['drop: [ALL]', 'type: RuntimeDefault', 'runAsNonRoot: true', 'mountPath: /tmp', 'emptyDir: {}'])
      assert.ok(text.includes(line), `${line} in ${text}`);
    await eventually('a restricted workload', async () =>
      (await lenses()).some(({ command }) => command?.title === 'Pod Security: restricted'),
    );
  });

  it('says at a workload what its namespace will do about it', async () => {
    const { document, editor, uri } = await open('prod.yaml');
    await replace(editor, '      # reviewed', '      hostPID: true\n      # reviewed');
    const diagnostic = await eventually('the verdict of the namespace', () =>
      ours(uri).find((one) => codeOf(one) === 'workload-violates-namespace-pss' && one.message.includes('enforces')),
    );
    assert.equal(
      diagnostic.message,
      'Namespace prod enforces baseline: the API server will reject the pods of Deployment api (hostNamespaces).',
    );
    assert.deepEqual(diagnostic.range, rangeOf(document, 'api', document.getText().indexOf('kind: Deployment')));
    const [label] = diagnostic.relatedInformation!;
    assert.deepEqual(label!.location.range, rangeOf(document, 'baseline'));
    await replace(editor, '      hostPID: true\n', '');
    const warned = await eventually('what is left is warned of', () =>
      ours(uri).find((one) => codeOf(one) === 'workload-violates-namespace-pss' && one.message.includes('warns')),
    );
    assert.equal(warned.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('fixes all of a rule in the workspace, after showing it', async () => {
    const name = 'new/agent.yaml';
    const agent = 'apiVersion: v1\nkind: Pod\nmetadata: {name: second}\nspec: {hostPID: true, containers: []}\n';
    await vscode.workspace.fs.writeFile(file(name), Buffer.from(agent));
    try {
      await found(file(name), 'host-pid');
      await found(file('closed/agent.yaml'), 'host-pid');
      const { document, uri } = await open(name);
      const offered = await fixes(uri, rangeOf(document, 'true'));
      const all = offered.find(({ title }) => title.startsWith('Fix all 2 in 2 files of the workspace'));
      assert.ok(all?.edit, offered.map(({ title }) => title).join(' | '));
      const { edit } = all;
      await confirmed(
        async () => vscode.workspace.applyEdit(edit),
        () => document.getText() !== agent,
      );
      await gone(uri, 'host-pid');
      await gone(file('closed/agent.yaml'), 'host-pid');
      assert.equal(document.getText(), agent.replace('hostPID: true, ', ''));
    } finally {
      await revertAll();
      await vscode.workspace.fs.delete(file('new'), { recursive: true });
      await found(file('closed/agent.yaml'), 'host-pid');
    }
  });

  it('pins an image to the digest that its registry names', async () => {
    const registry = await startRegistry(withToken('1', someDigest));
    try {
      const image = `${registry.host}/team/web:1`;
      const { document, editor, uri } = await open('bare.yaml');
      const [pinned] = /docker\.io\S+/.exec(document.getText())!;
      await replace(editor, pinned, image);
      await found(uri, 'image-digest');
      assert.deepEqual(registry.asked, []);
      await applyFix(uri, rangeOf(document, image), `Pin to its digest (asks ${registry.host})`);
      assert.ok(document.getText().includes(`${image}@${someDigest}`));
      await gone(uri, 'image-digest');
    } finally {
      await registry.stop();
    }
  });

  it('fixes on save what is safe', async () => {
    const settings = vscode.workspace.getConfiguration('editor');
    await settings.update(
      'codeActionsOnSave',
      { 'source.fixAll.plimsoll': 'explicit' },
      vscode.ConfigurationTarget.Workspace,
    );
    try {
      const { document, editor } = await open('Dockerfile');
      const clean = document.getText();
      await replace(editor, 'COPY . /app', 'ADD . /app');
      await document.save();
      await eventually('COPY after saving', () => document.getText() === clean);
      await document.save();
    } finally {
      await settings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('suppresses with a reason, and tells of a suppression that is not needed', async () => {
    const { document, editor, uri } = await open('web.yaml');
    await replace(
      editor,
      'privileged: false',
      'privileged: true # plimsoll-ignore privileged-container: needs the disk',
    );
    await eventually('silence', () => ours(uri).length === 0 && document.version > 1);
    await replace(editor, 'privileged: true', 'privileged: false');
    const hint = await found(uri, 'plimsoll-ignore');
    assert.equal(hint.severity, vscode.DiagnosticSeverity.Hint);
    assert.match(hint.message, /can go/);
  });

  it('offers to ignore a finding', async () => {
    const { document, editor, uri } = await open('web.yaml');
    await replace(editor, 'privileged: false', 'privileged: true');
    const diagnostic = await found(uri, 'privileged-container');
    const ignore = (await fixes(uri, diagnostic.range)).find(
      ({ title }) => title === 'Ignore privileged-container here with a reason',
    );
    assert.ok(ignore?.edit);
    await vscode.workspace.applyEdit(ignore.edit);
    await gone(uri, 'privileged-container');
    assert.match(document.getText(), /\n {8}# plimsoll-ignore privileged-container: reason\n {8}privileged: true/);
  });

  it('follows the settings', async () => {
    const settings = vscode.workspace.getConfiguration('plimsoll');
    const uri = file('closed/agent.yaml');
    await settings.update('rules', { 'host-pid': 'off' }, vscode.ConfigurationTarget.Workspace);
    await gone(uri, 'host-pid');
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await found(uri, 'host-pid');
    await settings.update('exclude', ['closed/**'], vscode.ConfigurationTarget.Workspace);
    await gone(uri, 'host-pid');
    await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await found(uri, 'host-pid');
  });

  it('follows files that come, change and go', async () => {
    const uri = file('new/fresh.yaml');
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: {name: fresh}\nspec: {hostIPC: true, containers: []}\n'),
    );
    await found(uri, 'host-ipc');
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: {name: fresh}\nspec: {containers: []}\n'),
    );
    await gone(uri, 'host-ipc');
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: {name: fresh}\nspec: {hostPID: true, containers: []}\n'),
    );
    await found(uri, 'host-pid');
    await vscode.workspace.fs.delete(file('new'), { recursive: true });
    await gone(uri, 'host-pid');
  });

  it('explains a rule in a page of its own', async () => {
    await vscode.commands.executeCommand('plimsoll.explainRule', 'privileged-container');
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: 'plimsoll-rule', path: '/privileged-container.md' }),
    );
    assert.match(document.getText(), /## privileged-container/);
  });

  it('scans again and restarts on command', async () => {
    await vscode.commands.executeCommand('plimsoll.scanWorkspace');
    await vscode.commands.executeCommand('plimsoll.restartServer');
    await found(file('closed/agent.yaml'), 'host-pid');
  });
});
