/**
 * `npm test`: everything, from types to the editor suite in a real VS Code. Ends with one line "N passed, N failed".
 *
 *   --no-editor    without the editor suite (where there is no Chromium)
 *   --editor       the editor suite alone
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureBuild, ensureDependencies, main, Problem, root } from './ensure.mjs';

const asked = process.argv.slice(2);
const unknown = asked.find((option) => !['--no-editor', '--editor'].includes(option));
let passed = 0;
let failed = 0;

await main(async () => {
  if (unknown !== undefined) throw new Problem(`npm test knows no ${unknown}; it knows --no-editor and --editor.`);
  ensureDependencies();
  ensureBuild({ tests: true });
  if (!asked.includes('--editor')) {
    tool('types', 'typescript/bin/tsc', ['--noEmit']);
    tool('lint and format', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
    mochaSuites();
  }
  if (!asked.includes('--no-editor')) await editorSuites();
}).finally(() => {
  // What stopped a suite from running at all counts as a failure too.
  if (process.exitCode && failed === 0) failed++;
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

/** A tool that passes or fails as a whole. */
function tool(name, script, args) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === 0) passed++;
  else failed++;
}

/** Everything that mocha runs outside the editor: rules, model, protocol, command line. */
function mochaSuites() {
  console.log('\n— rules, model, protocol, command line');
  const results = path.join(root, 'out', 'results.json');
  rmSync(results, { force: true });
  mkdirSync(path.dirname(results), { recursive: true });
  const args = [
    path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    '--reporter',
    path.join(root, 'scripts', 'reporter.cjs'),
    '--reporter-option',
    `output=${results}`,
    '--timeout',
    '120000',
    'out/test/!(editor)/**/*.js',
  ];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (!existsSync(results)) {
    console.error(`mocha ended with code ${status} before it ran a test.`);
    failed++;
    return;
  }
  const counts = JSON.parse(readFileSync(results, 'utf8'));
  passed += counts.passed;
  failed += counts.failed;
  if (counts.passed + counts.failed === 0) failed++;
}

/** The editor suite, once against the source tree and once against the installed .vsix. */
async function editorSuites() {
  const { runEditorSuite } = await import('../test/editor/run.mjs');
  const { packageExtension } = await import('./package.mjs');
  for (const [name, options] of [
    ['editor suite, source tree', {}],
    ['editor suite, installed .vsix', { vsix: true }],
  ]) {
    console.log(`\n— ${name}`);
    const counts = await runEditorSuite(options.vsix ? { vsix: packageExtension() } : {});
    passed += counts.passed;
    failed += counts.failed;
    if (counts.passed + counts.failed === 0) failed++;
  }
}
