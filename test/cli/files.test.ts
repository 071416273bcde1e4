/** Which files are read, and what is said of those that can't be. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decode, diskFiles, includes, readText, walk } from '../../server/files/disk.js';
import { folder, lintJson, privilegedPod, run } from './run.js';

const names = (root: string, exclude?: string[]) =>
  [...walk([root], exclude)].map((found) => found.path.slice(root.length + 1)).sort();

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'core.quotePath=false', ...args], { cwd, encoding: 'utf8' });

describe('walking folders', function () {
  this.timeout(60_000);
  it('finds YAML, JSON and Dockerfiles, and nothing below .git and node_modules', () => {
    const root = folder({
      'a.yaml': '',
      'b.YML': '',
      'c.json': '',
      Dockerfile: '',
      'sub/web.Dockerfile': '',
      'sub/Containerfile.dev': '',
      'readme.md': '',
      'x.tpl': '',
      'node_modules/m/a.yaml': '',
      '.git/a.yaml': '',
      'sub/node_modules/a.yaml': '',
      '.github/workflows/ci.yaml': '',
    });
    const expected = [
      '.github/workflows/ci.yaml',
      'Dockerfile',
      'a.yaml',
      'b.YML',
      'c.json',
      'sub/Containerfile.dev',
      'sub/web.Dockerfile',
    ];
    assert.deepEqual(names(root), expected);
    assert.deepEqual(names(path.join(root, 'node_modules')), ['m/a.yaml'], 'a folder that is asked for is walked');
  });

  const ignoring = {
    '.gitignore':
      '*.gen.yaml\n!keep.gen.yaml\n/build/\nsecret/*\n!secret/pub\nout/**\ndeep/**/x.yaml\nsp\\ ace.yaml\n# a comment\n',
    'a.yaml': '',
    'b.gen.yaml': '',
    'keep.gen.yaml': '',
    'build/a.yaml': '',
    'sub/build/a.yaml': '',
    'secret/a.yaml': '',
    'secret/pub/a.yaml': '',
    'out/a.yaml': '',
    'deep/1/2/x.yaml': '',
    'deep/1/2/y.yaml': '',
    'sp ace.yaml': '',
    'sub/.gitignore': '!b.gen.yaml\n*.local.yaml\n/only.yaml\n',
    'sub/b.gen.yaml': '',
    'sub/c.local.yaml': '',
    'sub/only.yaml': '',
    'sub/sub/only.yaml': '',
    'sub/build/b.local.yaml': '',
    'excluded.yaml': '',
    'again/.gitignore': '!/gen.gen.yaml/\n',
    'again/gen.gen.yaml/a.yaml': '',
    'case/A.GEN.YAML': '',
  };

  it('leaves out what git leaves out', () => {
    const root = folder(ignoring);
    git(root, 'init', '-q');
    mkdirSync(path.join(root, '.git/info'), { recursive: true });
    writeFileSync(path.join(root, '.git/info/exclude'), 'excluded.yaml\n');
    const expected = git(root, 'ls-files', '--others', '--exclude-standard')
      .split('\n')
      .filter((name) => /ya?ml$/i.test(name))
      .sort();
    assert.ok(expected.length > 8);
    assert.deepEqual(names(root), expected);
    // A walk that begins further down knows what stands above.
    const inSub = expected.filter((name) => name.startsWith('sub/')).map((name) => name.slice(4));
    assert.deepEqual(names(path.join(root, 'sub')), inSub);
    for (const name of Object.keys(ignoring).filter((name) => !name.endsWith('.gitignore'))) {
      assert.equal(includes(`${root}/${name}`, [root]), expected.includes(name), name);
      if (name.startsWith('sub/'))
        assert.equal(includes(`${root}/${name}`, [`${root}/sub`]), expected.includes(name), `${name} from sub`);
    }
  });

  it('walks an ignored folder when it is asked for', () => {
    const root = folder({
      '.gitignore': 'build/\n*.tmp.yaml\n',
      'build/a.yaml': '',
      'build/x/b.yaml': '',
      'build/c.tmp.yaml': '',
    });
    git(root, 'init', '-q');
    assert.deepEqual(names(root), []);
    assert.deepEqual(names(path.join(root, 'build')), ['a.yaml', 'c.tmp.yaml', 'x/b.yaml']);
    assert.equal(includes(`${root}/build/a.yaml`, [`${root}/build`]), true);
  });

  it('takes a repository within a repository for itself', () => {
    const root = folder({ '.gitignore': 'a.yaml\n', 'a.yaml': '', 'inner/a.yaml': '', 'inner/.git/HEAD': '' });
    assert.deepEqual(names(root), ['inner/a.yaml']);
    assert.equal(includes(`${root}/inner/a.yaml`, [root]), true);
  });

  it('understands the exclude globs of VS Code', () => {
    const root = folder({
      'a.yaml': '',
      'vendor/a.yaml': '',
      'x/vendor/a.yaml': '',
      'x/y.test.yaml': '',
      'x/z.yaml': '',
      '.hidden/a.yaml': '',
    });
    const cases: [string[], string[]][] = [
      [['**/vendor'], ['.hidden/a.yaml', 'a.yaml', 'x/y.test.yaml', 'x/z.yaml']],
      [['**/vendor/**'], ['.hidden/a.yaml', 'a.yaml', 'x/y.test.yaml', 'x/z.yaml']],
      [
        ['vendor', '**/*.test.{yaml,yml}'],
        ['.hidden/a.yaml', 'a.yaml', 'x/vendor/a.yaml', 'x/z.yaml'],
      ],
      [['x/'], ['.hidden/a.yaml', 'a.yaml', 'vendor/a.yaml']],
      [
        ['**/.*', '*.yaml', ''],
        ['vendor/a.yaml', 'x/vendor/a.yaml', 'x/y.test.yaml', 'x/z.yaml'],
      ],
      [['**/[a-y].yaml'], ['x/y.test.yaml', 'x/z.yaml']],
    ];
    for (const [exclude, expected] of cases) {
      assert.deepEqual(names(root, exclude), expected, exclude.join());
      const all = names(root);
      assert.deepEqual(
        all.filter((name) => includes(`${root}/${name}`, [root], exclude)),
        expected,
        `includes ${exclude.join()}`,
      );
    }
  });

  it('gives a file once, by the name that it was asked for', () => {
    const root = folder({ 'a.yaml': '', 'sub/b.yaml': '', 'unknown.xyz': '' });
    const { files, skipped } = lintJson(['a.yaml', './a.yaml', `${root}/a.yaml`, 'sub', './sub/', '.', 'unknown.xyz'], {
      cwd: root,
    });
    assert.equal(files, 3);
    assert.deepEqual(skipped, []);
    const found = (...roots: string[]) => [...walk(roots)].map((one) => one.path);
    const before = process.cwd();
    process.chdir(root);
    try {
      assert.deepEqual(found('.'), ['a.yaml', 'sub/b.yaml']);
      assert.deepEqual(found('./sub/'), ['sub/b.yaml']);
      assert.deepEqual(found('sub/../a.yaml', '.'), ['a.yaml', 'sub/b.yaml']);
      assert.deepEqual(found(root), [`${root}/a.yaml`, `${root}/sub/b.yaml`]);
    } finally {
      process.chdir(before);
    }
  });

  it('survives links that lead in circles, and names broken ones', function () {
    if (process.platform === 'win32') this.skip();
    const root = folder({ 'a/a.yaml': '', 'real.yaml': '' });
    symlinkSync('..', path.join(root, 'a/up'));
    symlinkSync('loop.yaml', path.join(root, 'loop.yaml'));
    symlinkSync('nowhere', path.join(root, 'broken.yaml'));
    symlinkSync('nowhere', path.join(root, '.#lock.yaml'));
    symlinkSync('real.yaml', path.join(root, 'linked.yaml'));
    symlinkSync('a', path.join(root, 'folder.yaml'));
    const found = [...walk([root])].map((one) => [one.path.slice(root.length + 1), one.problem]);
    assert.deepEqual(found.sort(), [
      ['a/a.yaml', undefined],
      ['broken.yaml', 'broken link: no such file or folder'],
      ['linked.yaml', undefined],
      ['loop.yaml', 'broken link: a link that leads to itself'],
      ['real.yaml', undefined],
    ]);
    assert.equal(includes(`${root}/a/up/a/a.yaml`, [root]), false);
  });

  it('is lazy', () => {
    const root = folder(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index}/a.yaml`, ''])));
    const steps = walk([root]);
    assert.equal(steps.next().value?.path, `${root}/0/a.yaml`);
    writeFileSync(path.join(root, '99/b.yaml'), '');
    assert.ok(
      [...steps].some((one) => one.path === `${root}/99/b.yaml`),
      'a folder is looked at when its turn comes',
    );
  });
});

describe('reading files', function () {
  this.timeout(60_000);
  it('reads what an editor reads, without the byte order mark', () => {
    const text = 'a: "ü👍"\r\n';
    assert.deepEqual(decode(Buffer.from(text)), { text });
    assert.deepEqual(decode(Buffer.from(`\uFEFF${text}`)), { text });
    assert.deepEqual(decode(Buffer.from(`\uFEFF${text}`, 'utf16le')), { text });
    assert.deepEqual(decode(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()), { text });
    assert.deepEqual(decode(new Uint8Array()), { text: '' });
    assert.deepEqual(decode(Buffer.from([0x61, 0xe9])), { text: 'a\ufffd' });
    assert.deepEqual(decode(Buffer.from('a\0b')), { problem: 'binary, not text' });
    assert.deepEqual(decode(Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0])])), {
      problem: 'binary, not text',
    });
  });

  it('counts columns and offsets without the byte order mark and in UTF-16 units', () => {
    const bom = `\uFEFF${privilegedPod().replace('name: web\nspec', 'name: web # 👍\nspec').replaceAll('\n', '\r\n')}`;
    const cwd = folder({ 'bom.yaml': bom, 'utf16.yaml': Buffer.from(bom, 'utf16le') });
    const places = lintJson(['.'], { cwd })
      .findings.filter(({ rule }) => rule === 'privileged-container')
      .map(({ offset, start, end }) => ({ offset, start, end }));
    const at = bom.indexOf('privileged: true') + 'privileged: '.length - 1;
    const place = { offset: [at, at + 4], start: { line: 10, column: 21 }, end: { line: 10, column: 25 } };
    assert.deepEqual(places, [place, place]);
  });

  it('refuses what is binary, too large or gone, and reads the rest', () => {
    const cwd = folder({
      'binary.yaml': Buffer.from([0x50, 0x4b, 0, 1]),
      'large.yaml': Buffer.alloc(20 * 1024 * 1024 + 1, 0x20),
      'a.yaml': privilegedPod(),
      'empty.yaml': '',
    });
    const { code, files, findings, skipped } = lintJson(['.'], { cwd });
    assert.equal(code, 2);
    assert.equal(files, 2);
    assert.ok(findings.length > 0);
    assert.deepEqual(skipped, [
      { path: 'binary.yaml', reason: 'binary, not text' },
      { path: 'large.yaml', reason: 'larger than 20 MB' },
    ]);
    assert.deepEqual(
      readText(path.join(cwd, 'gone.yaml')),
      { problem: 'no such file or folder' },
      'vanished between walk and read',
    );
    assert.deepEqual(readText(cwd), { problem: 'a folder, not a file' });
    assert.equal(diskFiles.isFolder(cwd), true);
    assert.equal(diskFiles.isFolder(path.join(cwd, 'gone')), false);
  });

  it('names folders and files that may not be read', function () {
    // Root may read everything, so the command runs as somebody else; who is neither has to go without this test.
    if (process.platform === 'win32' || (process.getuid?.() === 0 && !canRunAs(65534))) this.skip();
    const cwd = folder({ 'closed/a.yaml': '', 'secret.yaml': '', 'open.yaml': privilegedPod() });
    chmodSync(path.join(cwd, 'closed'), 0);
    chmodSync(path.join(cwd, 'secret.yaml'), 0);
    const { code, files, skipped } = lintJson(['.'], { cwd, uid: process.getuid?.() === 0 ? 65534 : undefined });
    chmodSync(path.join(cwd, 'closed'), 0o755);
    assert.equal(code, 2);
    assert.equal(files, 1);
    const denied = [
      { path: 'closed', reason: 'permission denied' },
      { path: 'secret.yaml', reason: 'permission denied' },
    ];
    assert.deepEqual(
      skipped.sort((a, b) => (a.path < b.path ? -1 : 1)),
      denied,
    );
  });

  it('reads a pipe that is given by name', function () {
    if (process.platform === 'win32') this.skip();
    const command = `cat a.txt | "${process.execPath}" "${path.resolve('dist/cli.js')}" lint --format json /dev/stdin`;
    const { stdout } = spawnSync('sh', ['-c', command], {
      cwd: folder({ 'a.txt': privilegedPod() }),
      encoding: 'utf8',
    });
    assert.equal(JSON.parse(stdout).files, 1);
  });

  it('takes a kustomization for what it is, wherever the command is started', () => {
    const root = folder({
      'base/kustomization.yaml': 'resources: [web.yaml]\npatches: [{ path: patch.yaml }]\n',
      'base/patch.yaml': privilegedPod().replace('privileged: true', 'readOnlyRootFilesystem: true'),
      'base/web.yaml': privilegedPod(),
      'elsewhere/x.yaml': '',
    });
    const rules = (cwd: string, target: string) =>
      lintJson([target], { cwd })
        .findings.filter(({ path: file }) => file.endsWith('patch.yaml'))
        .map(({ rule }) => rule);
    assert.deepEqual(rules(path.join(root, 'elsewhere'), '../base'), rules(root, 'base'));
    assert.ok(!rules(root, '.').includes('allow-privilege-escalation'), 'what a patch leaves out stands elsewhere');
  });
});

function canRunAs(uid: number): boolean {
  return spawnSync(process.execPath, ['-e', '0'], { uid }).status === 0 && run(['--version'], { uid }).code === 0;
}
