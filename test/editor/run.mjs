/**
 * Runs the editor suite (out/test/editor/index.js) in a real VS Code: in Electron where VSCODE_TEST_ELECTRON=1 (@vscode/test-electron
 * downloads it) or a VS Code is named (PLIMSOLL_CODE or --code PATH), else in VS Code from npm and Chromium. The suite is the same.
 *
 *   node test/editor/run.mjs [--vsix FILE] [--code PATH]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensureServer, main, Problem, root } from '../../scripts/ensure.mjs';
import { copyOf, openPage, quietSettings, startGroup, startServer } from '../host/vscode.mjs';

/** How long the suite may take, in milliseconds. */
const limit = Number(process.env.PLIMSOLL_EDITOR_LIMIT ?? 5 * 60_000);

/** Where what VS Code said and showed is kept when the suite fails. */
const kept = path.join(root, '.vscode-test', 'editor');

const tests = path.join(root, 'out', 'test', 'editor', 'index.js');

/**
 * @param {{ vsix?: string, code?: string }} options `vsix`: test this package, installed, instead of the source tree; `code`: the executable
 *   of a VS Code to test in
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runEditorSuite({ vsix, code = process.env.PLIMSOLL_CODE } = {}) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-editor-'));
  const job = {
    workspace: copyOf(path.join(root, 'test', 'editor', 'workspace')),
    extensions: path.join(scratch, 'extensions'),
    // Under test, or, when that is an installed one, a stub that only carries the tests.
    extension: vsix === undefined ? root : path.join(root, 'test', 'editor', 'stub'),
    data: path.join(scratch, 'data'),
    results: path.join(scratch, 'results.json'),
    vsix,
    code,
  };
  const clean = () => {
    for (const folder of [scratch, job.workspace]) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', clean);
  try {
    const electron = code || process.env.VSCODE_TEST_ELECTRON === '1';
    const end = await (electron ? inElectron : inBrowser)(job);
    if (existsSync(job.results)) return JSON.parse(readFileSync(job.results, 'utf8'));
    throw new Problem(`The editor suite ${end} without a result. What VS Code said and showed is in ${kept}.`);
  } finally {
    clean();
  }
}

/** Settles, saying how, when the suite has ended or its time is up. */
function endOf(...ends) {
  return Promise.race([...ends, sleep(limit, `was stopped after ${limit / 1000} seconds`, { ref: false })]);
}

/** Shows what the suite says of its tests. */
function tell(text) {
  for (const [, line] of text.matchAll(/^PLIMSOLL-TEST (.*(?:\n\s.*)*)/gm)) console.log(`  ${line}`);
}

/** Keeps what explains a failure; nothing where all tests passed. */
async function keep({ results }, log, page) {
  if (existsSync(results) && JSON.parse(readFileSync(results, 'utf8')).failed === 0) return;
  mkdirSync(kept, { recursive: true });
  writeFileSync(path.join(kept, 'vscode.log'), log);
  await page?.screenshot({ path: path.join(kept, 'last.png') }).catch(() => {});
}

async function inBrowser(job) {
  // First of all: where there is no browser, nothing else needs to be started.
  await ensureBrowser();
  if (job.vsix !== undefined) {
    const { node, serverMain } = ensureServer();
    install(node, [serverMain, '--accept-server-license-terms', '--server-data-dir', job.data], job);
  }
  const server = await startServer({ extensionsDir: job.extensions, env: { PLIMSOLL_RESULTS: job.results } });
  let browser;
  try {
    let ended = () => {};
    const exited = new Promise((resolve) => (ended = resolve));
    browser = await openPage(
      server.url(job.workspace, [
        ['extensionDevelopmentPath', server.remote(job.extension)],
        ['extensionTestsPath', server.remote(tests)],
      ]),
      {
        expose: {
          codeAutomationLog: (_type, args) => tell([args].flat().join(' ')),
          codeAutomationExit: (code) => ended(`ended with code ${code}`),
        },
      },
    );
    const end = await endOf(
      exited,
      server.ended.then(() => "ended with VS Code's server"),
    );
    await keep(job, `${server.log()}\n${browser.log()}`, browser.page);
    return end;
  } finally {
    await browser?.close();
    server.stop();
  }
}

async function inElectron(job) {
  const { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } = await import('@vscode/test-electron');
  const executable = job.code ?? (await downloadAndUnzipVSCode({ cachePath: path.join(root, '.vscode-test') }));
  mkdirSync(path.join(job.data, 'User'), { recursive: true });
  writeFileSync(path.join(job.data, 'User', 'settings.json'), JSON.stringify(quietSettings));
  const folders = ['--user-data-dir', job.data, '--extensions-dir', job.extensions];
  if (job.vsix !== undefined) {
    const [cli] = resolveCliArgsFromVSCodeExecutablePath(executable);
    install(cli, ['--no-sandbox', '--user-data-dir', job.data], job);
  }
  // Started here and not by runTests, which has no time limit.
  const { child, output, stop } = startGroup(
    executable,
    [
      job.workspace,
      ...folders,
      `--extensionDevelopmentPath=${job.extension}`,
      `--extensionTestsPath=${tests}`,
      '--disable-workspace-trust',
      '--disable-updates',
      '--skip-welcome',
      '--skip-release-notes',
      '--no-sandbox',
      '--disable-gpu-sandbox',
    ],
    { PLIMSOLL_RESULTS: job.results },
  );
  const end = await endOf(new Promise((resolve) => child.once('exit', (code) => resolve(`ended with code ${code}`))));
  stop();
  tell(output());
  await keep(job, output());
  return end;
}

/** Installs the .vsix as VS Code does. */
function install(program, args, { vsix, extensions }) {
  const all = [...args, '--extensions-dir', extensions, '--install-extension', vsix];
  const { status, stdout, stderr, error } = spawnSync(program, all, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Problem(`${vsix} can't be installed:\n${error?.message ?? ''}${stdout}${stderr}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { values } = parseArgs({ options: { vsix: { type: 'string' }, code: { type: 'string' } } });
    const vsix = values.vsix && path.resolve(values.vsix);
    const { passed, failed } = await runEditorSuite({ vsix, code: values.code });
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  });
}
