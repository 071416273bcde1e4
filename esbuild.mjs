/**
 * Builds dist/ (what ships) and, with --tests, out/test/ (what runs the tests). Everything for Node is CommonJS: the
 * `yaml` package's Node build breaks inside an ESM bundle, and VS Code loads extensions with require.
 *
 *   node esbuild.mjs [--tests] [--watch]
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
};

const ships = {
  ...shared,
  entryPoints: { client: 'client/extension.ts', server: 'server/node.ts', cli: 'server/cli.ts' },
  outdir: 'dist',
  minify: true,
  external: ['vscode', './server.js'],
  // Nothing is loaded before it is needed: the command line does not read the language server for a lint.
  legalComments: 'none',
};

/** Every file below test/ that mocha runs, and what the editor suite loads. */
function testEntries() {
  const found = {};
  for (const entry of readdirSync('test', { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (file.includes('node_modules') || file.startsWith(path.join('test', 'host'))) continue;
    if (/\.(?:test|suite)\.ts$/.test(entry.name) || file === path.join('test', 'editor', 'index.ts')) {
      found[file.replace(/\.ts$/, '').slice('test/'.length)] = file;
    }
  }
  return found;
}

const builds = [ships];
if (process.argv.includes('--tests')) {
  rmSync('out', { recursive: true, force: true });
  builds.push({
    ...shared,
    entryPoints: testEntries(),
    outdir: 'out/test',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'esbuild'],
  });
}

if (process.argv.includes('--watch')) for (const build of builds) await (await esbuild.context(build)).watch();
else await Promise.all(builds.map((build) => esbuild.build(build)));
