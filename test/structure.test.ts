/** What ARCHITECTURE.md promises, held true: the arrow, the list of rules, names, generated pages. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from '../rules/index.js';
import { layerPages, readme } from '../scripts/docs-source.js';

/** All TypeScript files below a folder. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** What a file imports, as paths from the root or names of packages. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import|require\()\s*['"]([^'"]+)['"]/g)].map(([, target]) =>
    target!.startsWith('.') ? path.join(path.dirname(file), target!) : target!,
  );
}

describe('structure', () => {
  it('imports point from client to server to rules, and never back', () => {
    const wrong = (folder: string, others: string[]) =>
      sources(folder).flatMap((file) =>
        imports(file)
          .filter((target) => others.some((other) => target.startsWith(other)))
          .map((target) => `${file} → ${target}`),
      );
    assert.deepEqual(
      wrong('rules', [`server${path.sep}`, `client${path.sep}`, 'node:', 'vscode', 'fs', 'path']).filter(
        (line) => !line.endsWith('vscode-languageserver-types'),
      ),
      [],
    );
    assert.deepEqual(wrong('server', [`client${path.sep}`]), []);
  });

  it('only server/registry goes to the network', () => {
    const users = [...sources('rules'), ...sources('server'), ...sources('client')].filter((file) =>
      /\bfetch\(|WebSocket|node:(?:https?|http2|net|tls|dgram|dns)\b/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(users, [path.join('server', 'registry', 'digest.ts')]);
  });

  it('the client takes only types from the server', () => {
    for (const file of sources('client')) {
      const text = readFileSync(file, 'utf8');
      for (const [line] of text.matchAll(/^import .*server\/.*$/gm)) assert.match(line, /^import type /, file);
    }
  });

  it('the list of rules is the list of files, each named by its id, sorted', () => {
    const found = readdirSync('rules', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'model')
      .flatMap(({ name: layer }) =>
        readdirSync(path.join('rules', layer))
          .filter((file) => file.endsWith('.ts'))
          .map((file) => `${layer}/${file.slice(0, -3)}`),
      );
    assert.deepEqual(
      rules.map(({ layer, id }) => `${layer}/${id}`).sort(),
      found.filter((name) => readFileSync(`rules/${name}.ts`, 'utf8').includes('export default rule(')).sort(),
    );
    assert.deepEqual(
      rules.map(({ id }) => id),
      rules.map(({ id }) => id).sort(),
    );
  });

  it('rules say what they have to', () => {
    for (const { id, title, why, remedy, default: byDefault } of rules) {
      assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
      assert.doesNotMatch(title, /\.$/, id);
      for (const text of [why, remedy, byDefault]) assert.match(text, /[.:)]$/, id);
    }
  });

  it('what ships is read by V8 as one byte a character, which halves the time to start', () => {
    for (const file of ['dist/cli.js', 'dist/server.js', 'dist/client.js']) {
      const text = readFileSync(file, 'utf8');
      const wide = [...text].findIndex((character) => character.codePointAt(0)! > 0xff);
      assert.equal(wide, -1, `${file}: write as an escape what stands behind ${text.slice(wide - 40, wide)}`);
    }
  });

  it('the generated pages are up to date (npm run docs)', () => {
    for (const [file, text] of layerPages()) assert.equal(existsSync(file) && readFileSync(file, 'utf8'), text, file);
    const text = readFileSync('README.md', 'utf8');
    assert.equal(readme(text), text);
  });
});
