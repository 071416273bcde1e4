/** `npm run package`: makes plimsoll-VERSION.vsix with vsce; a warning of vsce is an error here. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild, ensureDependencies, main, Problem, root } from './ensure.mjs';

/** The most that the package may weigh, in bytes. */
const budget = 700 * 1024;

/** Builds and packages; returns the path of the .vsix. */
export function packageExtension() {
  ensureDependencies();
  ensureBuild();
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, `plimsoll-${version}.vsix`);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Everything is in the bundle: node_modules is not looked at.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--out', file],
    { cwd: root, encoding: 'utf8' },
  );
  const output = stdout + stderr;
  if (status !== 0) throw new Problem(`vsce failed:\n${output}`);
  if (/\bWARNING\b/.test(output)) throw new Problem(`vsce warns:\n${output}`);
  const { size } = statSync(file);
  if (size > budget) throw new Problem(`${file} weighs ${size} bytes, more than the ${budget} it may.`);
  console.log(`${path.basename(file)}: ${(size / 1024).toFixed(0)} KB`);
  return file;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(async () => void packageExtension());
