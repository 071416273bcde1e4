/** `npm run docs`: writes the rule pages and the tables of the README anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureDependencies, root } from './ensure.mjs';

ensureDependencies();
const { buildSync } = await import('esbuild');
const bundle = path.join(root, 'out', 'docs.cjs');
buildSync({
  entryPoints: [path.join(root, 'scripts', 'docs-source.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile: bundle,
  logLevel: 'warning',
});
const { layerPages, readme } = createRequire(import.meta.url)(bundle);
for (const [file, text] of layerPages()) writeFileSync(path.join(root, file), text);
const page = path.join(root, 'README.md');
writeFileSync(page, readme(readFileSync(page, 'utf8')));
