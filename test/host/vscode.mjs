/** A real VS Code: its server, and pages of it in a browser. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBrowser, ensureServer, Problem } from '../../scripts/ensure.mjs';

/** What a quiet VS Code is set to: no welcome, no telemetry, no updates, no Git. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  // In the browser VS Code saves by itself, on the desktop it does not: a test that undoes its edits would find them saved.
  'files.autoSave': 'off',
  'window.commandCenter': false,
};

// Every way out runs the exit handlers, which end VS Code and Chromium; a signal alone would not.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
])
  process.on(signal, () => process.exit(128 + number));

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts VS Code's server.
 * @param {{ extensionsDir?: string, settings?: object, trust?: boolean, env?: object }} options `extensionsDir`: a folder of installed extensions; `trust`: ask whether
 *   the workspace is trusted, as VS Code does; `env`: what extensions find in their environment besides this one
 * @returns {Promise<{ port: number, url(folder: string, payload?: string[][]): string, remote(path: string): string, log(): string, ended: Promise<string>,
 *   stop(): void }>} `log`: what the server said so far; `ended`: the same when it is over
 */
export async function startServer({ extensionsDir, settings = {}, trust = false, env = {} } = {}) {
  const { node, serverMain } = ensureServer();
  const port = await freePort();
  const data = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-vscode-'));
  // The browser keeps user settings; the server's machine settings hold for everybody.
  const machine = path.join(data, 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
  const args = [
    serverMain,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--accept-server-license-terms',
    '--enable-smoke-test-driver',
    '--telemetry-level',
    'off',
    '--server-data-dir',
    data,
  ];
  if (!trust) args.push('--disable-workspace-trust');
  if (extensionsDir !== undefined) args.push('--extensions-dir', extensionsDir);
  const { child, output, stop: end } = startGroup(node, args, env);
  const ended = new Promise((resolve) => child.once('exit', () => resolve(output())));
  const stop = () => {
    process.off('exit', stop);
    end();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on('exit', stop);
  const listening = new Promise((resolve) => {
    child.stdout.on('data', () => output().includes('Extension host agent listening') && resolve('listening'));
  });
  const late = sleep(60_000, 'within a minute', { ref: false });
  const state = await Promise.race([listening, ended, late]);
  if (state !== 'listening') {
    stop();
    throw new Problem(`VS Code's server did not start:\n${output()}`);
  }
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  const url = (folder, payload = []) =>
    `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}&payload=${encodeURIComponent(JSON.stringify([['skipWelcome', 'true'], ...payload]))}`;
  return { port, url, remote, log: output, ended, stop };
}

/**
 * Starts a program in a process group of its own, which is ended as a whole, at the latest when this process ends: VS Code's extension host
 * outlives the VS Code that started it.
 * @param {string} program
 * @param {string[]} args
 * @param {object} env besides this process's environment
 * @returns {{ child: import('node:child_process').ChildProcess, output(): string, stop(): void }}
 */
export function startGroup(program, args, env = {}) {
  // What a terminal inside VS Code adds would be taken for the new VS Code's own.
  const inside = (name) => /^(?:VSCODE_|ELECTRON_RUN_AS_NODE$|NODE_OPTIONS$)/.test(name);
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inside(name)));
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env: { ...outside, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  // 'exit' follows only where the program could be started.
  child.once('error', (error) => {
    output += error.message;
    child.emit('exit', error.code);
  });
  const stop = () => {
    process.off('exit', stop);
    if (child.pid !== undefined) endGroup(child.pid);
  };
  process.on('exit', stop);
  return { child, output: () => output, stop };
}

/** Synchronous, for the way out. */
function endGroup(pid) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended by itself.
  }
}

/**
 * Opens a page in a headless browser.
 * @param {string} url
 * @param {{ width?: number, height?: number, expose?: Record<string, Function>, scale?: number }} options `expose`: functions that the page may call
 * @returns {Promise<{ page: import('playwright-core').Page, log(): string, close(): Promise<void> }>} `log`: the page's console
 */
export async function openPage(url, { width = 1280, height = 800, expose = {}, scale = 1 } = {}) {
  const { playwright, chromium } = await ensureBrowser();
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const own = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const browser = await playwright.chromium.launch({ executablePath: chromium, args, headless: true, ...own });
  try {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
    const page = await context.newPage();
    let output = '';
    page.on('console', (message) => (output += `${message.type()}: ${message.text()}\n`));
    for (const [name, work] of Object.entries(expose)) await page.exposeFunction(name, work);
    await page.goto(url);
    return { page, log: () => output, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** A fresh copy of a folder, so that what a test writes is gone afterwards. */
export function copyOf(folder) {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'plimsoll-workspace-'));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Waits until the workbench is there. */
export async function workbenchReady(page) {
  await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
}

/** Opens a file by its name, as a person would. */
export async function openFile(page, name) {
  await page.keyboard.press('ControlOrMeta+P');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(name);
  await page.waitForSelector(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`.tab.active[aria-label*="${name.split('/').at(-1)}"]`);
}

/** Runs a command by its title, as the command palette shows it. */
export async function runCommand(page, title) {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(title);
  // The best match comes to the top a moment later; what was there before must not be run.
  await page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label*="${title}"]`);
  await page.keyboard.press('Enter');
}
