/** What every script needs first: dependencies, a build, and for the editor a real VS Code in a real browser. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A problem that is told in a sentence, without a stack. */
export class Problem extends Error {
  exitCode = 1;
}

/** The script was called in a wrong way. */
export class WrongUsage extends Problem {
  exitCode = 2;
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a program in a folder; its output is shown only when it fails. */
function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    shell: program === npm && process.platform === 'win32',
  });
  if (status === 0) return;
  throw new Problem(`${program} ${args.join(' ')} failed in ${cwd}:\n${error?.message ?? ''}${stdout}${stderr}`);
}

/** Runs `npm ci` where node_modules is missing or older than the lock file. */
export function ensureDependencies() {
  const mark = path.join(root, 'node_modules', '.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs) return;
  console.log('Installing dependencies (npm ci)…');
  run(npm, ['ci', '--no-audit', '--no-fund'], root);
}

/** Builds dist/, and with `tests` also out/. */
export function ensureBuild({ tests = false } = {}) {
  execFileSync(process.execPath, ['esbuild.mjs', ...(tests ? ['--tests'] : [])], { cwd: root, stdio: 'inherit' });
}

/**
 * Installs VS Code, its Node and a Chromium from the npm registry into .vscode-test/host, unless that is done already. The stamp is written last, so that an
 * installation that was interrupted is made anew.
 */
function ensureHostPackages() {
  const source = path.join(root, 'test', 'host');
  const host = path.join(root, '.vscode-test', 'host');
  const stamp = path.join(host, '.complete');
  const wanted = readFileSync(path.join(source, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return host;
  console.log('Installing VS Code for the browser into .vscode-test/ (once, about a minute)…');
  rmSync(host, { recursive: true, force: true });
  mkdirSync(host, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(source, name), path.join(host, name));
  // Nothing is compiled: VS Code logs that two native modules are missing and works without them.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'];
  try {
    run(npm, ['ci', ...quiet], host);
    run(npm, ['install', '--omit=dev', ...quiet], path.join(host, 'node_modules', 'code-server', 'lib', 'vscode'));
  } catch (error) {
    const hint = 'Everything but the editor suite runs without it: npm test -- --no-editor';
    throw new Problem(`VS Code and Chromium can't be had from npm. ${hint}\n${error.message}`);
  }
  writeFileSync(stamp, wanted);
  return host;
}

/**
 * VS Code's server and the Node that runs it.
 * @returns {{ node: string, serverMain: string, host: string }} absolute paths
 */
export function ensureServer() {
  const host = ensureHostPackages();
  const modules = path.join(host, 'node_modules');
  const packaged = path.join(
    modules,
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const own = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
  const node = existsSync(packaged) ? packaged : own;
  if (node === undefined)
    throw new Problem(
      `VS Code needs Node 24, and npm has none for ${process.platform}-${process.arch}: run this with Node 24 or newer.`,
    );
  return { node, serverMain: path.join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'), host };
}

/**
 * A Chromium and playwright to drive it.
 * @returns {Promise<{ playwright: import('playwright-core'), chromium: string }>}
 */
export async function ensureBrowser() {
  const { node, host } = ensureServer();
  const modules = path.join(host, 'node_modules');
  const { default: playwright } = await import(pathToFileURL(path.join(modules, 'playwright-core', 'index.js')).href);
  const installed = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const chromium = process.env.PLIMSOLL_CHROMIUM ?? installed.find(existsSync) ?? packedChromium(node, host);
  // Asked for its version only: that is enough to tell that a library is missing.
  const { status, stderr, error } = spawnSync(chromium, ['--version', '--no-sandbox', '--headless'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const [why] = (error?.message ?? stderr).trim().split('\n');
  if (status !== 0) throw noBrowser(`${chromium} does not start: ${why || `exit code ${status}`}`);
  return { playwright, chromium };
}

/**
 * The Chromium that is packed in an npm package; unpacked by Node 24, which the package wants, into what it believes to be the system's
 * temporary folder. Renamed when complete: the package takes any file of that name for a whole one.
 */
function packedChromium(node, host) {
  const folder = path.join(host, 'chromium');
  const chromium = path.join(folder, 'chromium');
  if (existsSync(chromium)) return chromium;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw noBrowser(`it is for linux-x64, this is ${process.platform}-${process.arch}`);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  const script = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`;
  const { status, stderr } = spawnSync(node, ['--input-type=module', '--eval', script], {
    cwd: host,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: part },
  });
  if (status !== 0) throw noBrowser(stderr.trim().split('\n')[0]);
  renameSync(part, folder);
  return chromium;
}

function noBrowser(reason) {
  return new Problem(
    `No Chromium for the editor suite: ${reason}.\n` +
      'Install chromium (or libnss3 and libexpat1, which the one from npm needs), or name one in PLIMSOLL_CHROMIUM;\n' +
      'or run everything else with: npm test -- --no-editor',
  );
}

/** Runs a script's main function; a Problem is printed as a sentence, exit code 1 unless it says otherwise. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
