/** A real VS Code: its server, and pages of it in a browser. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser, ensureServer, Problem } from '../../scripts/ensure.mjs';

/** What a quiet VS Code is set to: no welcome, no telemetry, no updates, no Git. */
const quietSettings = {
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
  'window.commandCenter': false,
};

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
 * @param {{ extensionsDir?: string, settings?: object, trust?: boolean }} options `extensionsDir`: a folder of installed extensions; `trust`: ask whether
 *   the workspace is trusted, as VS Code does
 * @returns {Promise<{ port: number, url(folder: string, payload?: string[][]): string, remote(path: string): string, log(): string, stop(): void }>}
 */
export async function startServer({ extensionsDir, settings = {}, trust = false } = {}) {
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
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const stop = () => {
    child.kill();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
    process.off('exit', stop);
  };
  process.on('exit', stop);
  await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Problem(`VS Code's server did not start within a minute:\n${output}`)),
      60_000,
    );
    child.once('exit', (code) => reject(new Problem(`VS Code's server ended with code ${code}:\n${output}`)));
    child.stdout.on('data', () => {
      if (!output.includes('Extension host agent listening')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  const url = (folder, payload = []) =>
    `http://127.0.0.1:${port}/?folder=${encodeURI(folder)}&payload=${encodeURIComponent(JSON.stringify([['skipWelcome', 'true'], ...payload]))}`;
  return { port, url, remote, log: () => output, stop };
}

/**
 * Opens a page in a headless browser.
 * @param {string} url
 * @param {{ width?: number, height?: number, expose?: Record<string, Function>, scale?: number }} options `expose`: functions that the page may call
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
  const browser = await playwright.chromium.launch({ executablePath: chromium, args, headless: true });
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  const page = await context.newPage();
  for (const [name, work] of Object.entries(expose)) await page.exposeFunction(name, work);
  await page.goto(url);
  return { page, close: () => browser.close() };
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
  await page.keyboard.press('Control+P');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(name);
  await page.waitForSelector(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`.tab.active[aria-label*="${name.split('/').at(-1)}"]`);
}

/** Runs a command by its title. */
export async function runCommand(page, title) {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(title);
  await page.waitForSelector('.quick-input-list .monaco-list-row');
  await page.keyboard.press('Enter');
}
