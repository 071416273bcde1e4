/**
 * Runs the editor suite (out/test/editor/index.js) in a real VS Code: with @vscode/test-electron where VSCODE_TEST_ELECTRON=1 or a VS Code is named (PLIMSOLL_CODE or
 * --code PATH), else in VS Code from npm and Chromium. The suite is the same.
 *
 *   node test/editor/run.mjs [--vsix FILE] [--code PATH]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureServer, main, Problem, root } from '../../scripts/ensure.mjs';
import { copyOf, openPage, startServer } from '../host/vscode.mjs';

/** How long the suite may take, in milliseconds. */
const limit = 5 * 60_000;

/**
 * @param {{ vsix?: string, code?: string }} options `vsix`: test this package, installed, instead of the source tree; `code`: a VS Code to test in
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runEditorSuite({ vsix, code = process.env.PLIMSOLL_CODE } = {}) {
  const workspace = copyOf(path.join(root, 'test', 'editor', 'workspace'));
  try {
    if (code || process.env.VSCODE_TEST_ELECTRON === '1') return await inElectron(workspace, vsix, code);
    return await inBrowser(workspace, vsix);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** The extension under test, or, when that is installed, a stub that only carries the tests. */
function developed(vsix) {
  return vsix === undefined ? root : path.join(root, 'test', 'editor', 'stub');
}

const tests = path.join(root, 'out', 'test', 'editor', 'index.js');

async function inBrowser(workspace, vsix) {
  const extensions = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-extensions-'));
  if (vsix !== undefined) install(vsix, extensions);
  const server = await startServer({ extensionsDir: extensions });
  let result;
  let ended = () => {};
  const exit = new Promise((resolve) => (ended = resolve));
  const log = (_type, args) => {
    const text = (Array.isArray(args) ? args : [args]).map(String).join(' ');
    const match = /PLIMSOLL-RESULT (\{.*\})/.exec(text);
    if (match !== null) result = JSON.parse(match[1]);
    const [, line] = /^PLIMSOLL-TEST (.*)/s.exec(text) ?? [];
    if (line !== undefined) console.log(`  ${line}`);
  };
  const payload = [
    ['extensionDevelopmentPath', server.remote(developed(vsix))],
    ['extensionTestsPath', server.remote(tests)],
  ];
  const { page, close } = await openPage(server.url(workspace, payload), {
    expose: { codeAutomationLog: log, codeAutomationExit: (code) => ended(code) },
  });
  const timer = setTimeout(() => ended('timeout'), limit);
  const code = await exit;
  clearTimeout(timer);
  if (result === undefined || result.failed > 0) {
    mkdirSync(path.join(root, '.vscode-test'), { recursive: true });
    const picture = path.join(root, '.vscode-test', 'last-failure.png');
    await page.screenshot({ path: picture }).catch(() => {});
    console.log(`What VS Code showed at the end: ${picture}`);
  }
  await close();
  server.stop();
  rmSync(extensions, { recursive: true, force: true });
  if (result === undefined)
    throw new Problem(
      `The editor suite ended ${code === 'timeout' ? `after ${limit / 60_000} minutes` : `with code ${code}`} without a result.\n${server.log().slice(-2000)}`,
    );
  return result;
}

/** Installs a .vsix as VS Code does. */
function install(vsix, extensions) {
  const { node, serverMain } = ensureServer();
  const { status, stdout, stderr } = spawnSync(
    node,
    [serverMain, '--install-extension', vsix, '--extensions-dir', extensions, '--accept-server-license-terms'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Problem(`${vsix} can't be installed:\n${stdout}${stderr}`);
}

async function inElectron(workspace, vsix, code) {
  const { resolveCliArgsFromVSCodeExecutablePath, downloadAndUnzipVSCode, runTests } = await import(
    '@vscode/test-electron'
  );
  const executable = code ?? (await downloadAndUnzipVSCode());
  const extensions = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-extensions-'));
  if (vsix !== undefined) {
    const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
    const { status, stderr } = spawnSync(cli, [...args, '--install-extension', vsix, '--extensions-dir', extensions], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Problem(`${vsix} can't be installed: ${stderr}`);
  }
  // The suite says how it went in a file: its console belongs to VS Code here.
  const results = path.join(extensions, 'result.json');
  const launchArgs = [workspace, '--disable-workspace-trust', '--extensions-dir', extensions];
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: developed(vsix),
    extensionTestsPath: tests,
    launchArgs,
    extensionTestsEnv: { PLIMSOLL_RESULTS: results },
  }).catch(() => {});
  if (!existsSync(results)) throw new Problem('The editor suite ended without a result.');
  return JSON.parse(readFileSync(results, 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { values } = parseArgs({ options: { vsix: { type: 'string' }, code: { type: 'string' } } });
    const { passed, failed } = await runEditorSuite({
      vsix: values.vsix && path.resolve(values.vsix),
      code: values.code,
    });
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  });
}
