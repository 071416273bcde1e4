/**
 * Measures the budgets of the design and prints a table: `npm run bench` (after a build). Nothing is asserted: times depend on the
 * machine, so each is given beside a yardstick of the same run (a bare `node -e 0`, reading alone, `yaml` alone).
 *
 *   node test/bench/bench.mjs [--quick] [startup] [files] [keys] [size]
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const project = path.resolve(path.dirname(self), '../..');
const cli = path.join(project, 'dist', 'cli.js');
const scale = path.resolve(project, '../shared/corpus/scale.py');
const args = process.argv.slice(2);
const quick = args.includes('--quick');
const wanted = (part) => args.filter((arg) => !arg.startsWith('--')).length === 0 || args.includes(part);

// ---- small tools

const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const percentile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const median = (values) => percentile(values, 0.5);

const rows = [];
const row = (what, measured, budget = '', note = '') => {
  rows.push([what, measured, budget, note]);
  process.stderr.write(`${what}: ${measured}\n`);
};

/** Runs node once; milliseconds, and the peak of its memory in MB, told by the process itself on its way out. */
function node(nodeArgs, { memory = false } = {}) {
  const note = path.join(scratch, 'rss');
  const hook = path.join(scratch, 'rss.cjs');
  const preload = memory ? ['--require', hook] : [];
  if (memory)
    writeFileSync(
      hook,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)));`,
    );
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...preload, ...nodeArgs], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const time = performance.now() - start;
  if (status === null || (status > 1 && memory === false))
    throw new Error(`node ${nodeArgs.join(' ')}: ${status}\n${stderr}`);
  return { time, status, rss: memory ? Number(readFileSync(note, 'utf8')) / 1024 : undefined };
}

const scratch = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** A Deployment of 42 lines, about as hardened as what one finds. */
const deployment = (name) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
  labels:
    app: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      serviceAccountName: ${name}
      containers:
        - name: server
          image: registry.example/shop/${name}:1.4.2
          args: ["--port=8080", "--verbose"]
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
          securityContext:
            readOnlyRootFilesystem: true
            runAsNonRoot: true
          volumeMounts:
            - name: cache
              mountPath: /cache
        - name: sidecar
          image: registry.example/mesh/proxy
      volumes:
        - name: cache
          emptyDir: {}
`;

// ---- a cold start

function startup() {
  const file = path.join(scratch, 'one.yaml');
  writeFileSync(file, deployment('web'));
  const runs = quick ? 11 : 31;
  const times = { bare: [], version: [], lint: [] };
  // Taken in turns, so that what else the machine does falls on all alike.
  for (let run = 0; run < runs; run++) {
    times.bare.push(node(['-e', '0']).time);
    times.version.push(node([cli, '--version']).time);
    times.lint.push(node([cli, 'lint', file]).time);
  }
  const bare = median(times.bare);
  row('node -e 0', ms(bare));
  row('plimsoll --version', ms(median(times.version)), '', `${(median(times.version) / bare).toFixed(2)} × node -e 0`);
  row(
    'plimsoll lint, one file, cold',
    ms(median(times.lint)),
    '< 2 × node -e 0',
    `${(median(times.lint) / bare).toFixed(2)} × node -e 0`,
  );
}

// ---- ten thousand files

function makeFiles(count) {
  const root = path.join(scratch, 'files');
  if (existsSync(scale)) {
    const made = spawnSync('python3', [scale, '--out', root, '--n', String(count)], { encoding: 'utf8' });
    if (made.status === 0) return { root, from: 'corpus/scale.py' };
    process.stderr.write(`scale.py: ${made.stderr}\n`);
  }
  for (let index = 0; index < count; index++) {
    const folder = path.join(root, `team-${index % 50}`, `app-${Math.floor(index / 20)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${index}.yaml`), deployment(`app-${index}`));
  }
  return { root, from: 'one Deployment each' };
}

const readAlone = `
  const { readdirSync, readFileSync } = require('fs');
  let bytes = 0;
  const texts = [];
  for (const entry of readdirSync(ROOT, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\\.ya?ml$|dockerfile/i.test(entry.name)) continue;
    const text = readFileSync((entry.parentPath ?? entry.path) + '/' + entry.name, 'utf8');
    bytes += text.length;
    if (/\\.ya?ml$/.test(entry.name)) texts.push(text);
  }`;

function files() {
  const count = quick ? 1000 : 10_000;
  const { root, from } = makeFiles(count);
  const script = (name, body) => {
    const file = path.join(scratch, name);
    writeFileSync(file, readAlone.replace('ROOT', JSON.stringify(root)) + body);
    return file;
  };
  const yaml = createRequire(path.join(project, 'package.json')).resolve('yaml');
  const read = script('read.cjs', '');
  const parse = script(
    'parse.cjs',
    `const yaml = require(${JSON.stringify(yaml)});\nfor (const text of texts) yaml.parseAllDocuments(text, { uniqueKeys: false });`,
  );
  const runs = quick ? 3 : 5;
  const several = (nodeArgs) => {
    const all = Array.from({ length: runs }, () => node(nodeArgs, { memory: true }));
    return { time: median(all.map(({ time }) => time)), rss: median(all.map(({ rss }) => rss)) };
  };
  const reading = several([read]);
  const parsing = node([parse], { memory: true });
  const budget = quick ? '' : '< 2500 ms, < 250 MB';
  row(`reading ${count} files alone`, `${ms(reading.time)}, ${Math.round(reading.rss)} MB`, '', from);
  row('`yaml` alone on them', `${ms(parsing.time)}, ${Math.round(parsing.rss)} MB`);
  for (const preset of ['recommended', 'strict']) {
    const { time, rss } = several([cli, 'lint', root, '--preset', preset, '--format', 'json']);
    const ratios = `${(time / reading.time).toFixed(1)} × reading, ${(time / parsing.time).toFixed(2)} × yaml`;
    row(`plimsoll lint, JSON, ${preset}`, `${ms(time)}, ${Math.round(rss)} MB`, budget, ratios);
  }
  const text = several([cli, 'lint', root]);
  row('plimsoll lint, text', `${ms(text.time)}, ${Math.round(text.rss)} MB`, budget);
}

// ---- keystrokes

/** A language client over stdio, as small as it gets. */
class Client {
  #server = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  /** What has come of messages that are not whole yet, and its length. */
  #chunks = [];
  #length = 0;
  /** How long it has to be before there is anything to read. */
  #awaited = 1;
  #id = 0;
  #pending = new Map();
  onPublish = () => {};

  constructor() {
    this.#server.stdout.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      if (this.#length < this.#awaited) return;
      let buffer = Buffer.concat(this.#chunks);
      for (;;) {
        const head = buffer.indexOf('\r\n\r\n');
        const length = head < 0 ? 0 : Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, head))[1]);
        this.#awaited = head + 4 + length;
        if (head < 0 || buffer.length < this.#awaited) break;
        const message = JSON.parse(buffer.toString('utf8', head + 4, this.#awaited));
        buffer = buffer.subarray(this.#awaited);
        this.#receive(message);
      }
      this.#chunks = [buffer];
      this.#length = buffer.length;
      this.#awaited = Math.max(this.#awaited, this.#length + 1);
    });
  }

  #receive({ id, method, result, params }) {
    if (method === 'textDocument/publishDiagnostics') this.onPublish(params);
    else if (method !== undefined && id !== undefined) this.#send({ id, result: null });
    else if (method === undefined) this.#pending.get(id)?.(result);
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#server.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  request(method, params) {
    const id = ++this.#id;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** The next diagnostics for this version (or a later one). */
  published(version) {
    return new Promise((resolve) => {
      this.onPublish = (params) => params.version >= version && resolve(params);
    });
  }

  async stop() {
    await this.request('shutdown');
    this.notify('exit');
  }
}

/**
 * Types a line into securityContexts here and there, key by key, and waits after each key for the diagnostics. Then it is taken out
 * again, so that the text stays as long as it was.
 */
async function type(name, text, lines) {
  const client = new Client();
  await client.request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  client.notify('initialized', {});
  const uri = `file:///${name}.yaml`;
  let version = 1;
  const change = async (range, newText) => {
    version++;
    const start = performance.now();
    const answer = client.published(version);
    client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: newText }],
    });
    await answer;
    return performance.now() - start;
  };
  const opening = client.published(version);
  const start = performance.now();
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } });
  const { diagnostics } = await opening;
  const opened = performance.now() - start;
  const times = [];
  const places = lines.filter(({ text: line }) => line.includes('runAsNonRoot'));
  const rounds = quick ? 8 : 40;
  for (let round = 0; round < rounds; round++) {
    const { index, text: line } = places[(round * 89) % places.length];
    const added = `\n${' '.repeat(line.search(/\S/))}privileged: true`;
    let at = { line: index, character: line.length };
    const from = at;
    for (const key of added) {
      const time = await change({ start: at, end: at }, key);
      // The first keys are for the compiler to get warm, as in an editor that has been open for a minute.
      if (round >= 2) times.push(time);
      at = key === '\n' ? { line: at.line + 1, character: 0 } : { line: at.line, character: at.character + 1 };
    }
    await change({ start: from, end: at }, '');
  }
  await client.stop();
  return { opened, times, diagnostics: diagnostics.length };
}

async function keys() {
  const documents = Array.from({ length: 238 }, (_, index) => deployment(`app-${index}`));
  const stream = documents.join('---\n');
  const indented = documents.map((text) => text.trimEnd().replace(/^/gm, '    ').replace(/^ {4}/, '  - '));
  const list = `apiVersion: v1\nkind: List\nitems:\n${indented.join('\n')}\n`;
  const cases = [
    ['stream', stream, `stream of ${documents.length} documents`, 'p50 < 3 ms, p99 < 10 ms'],
    ['list', list, 'one document', 'p99 < 25 ms'],
  ];
  for (const [name, text, title, budget] of cases) {
    const lines = text.split('\n').map((line, index) => ({ index, text: line }));
    const { opened, times, diagnostics } = await type(name, text, lines);
    const measured = `p50 ${ms(median(times))}, p99 ${ms(percentile(times, 0.99))}`;
    row(
      `key → diagnostics, ${title}, ${lines.length} lines`,
      measured,
      budget,
      `max ${ms(Math.max(...times))}; opening ${ms(opened)}, ${diagnostics} diagnostics`,
    );
  }
}

// ---- what ships

function size() {
  for (const name of readdirSync(path.join(project, 'dist')).filter((file) => file.endsWith('.js'))) {
    row(`dist/${name}`, `${Math.round(statSync(path.join(project, 'dist', name)).size / 1024)} KB`);
  }
  const packed = readdirSync(project).filter((file) => file.endsWith('.vsix'));
  for (const name of packed) row(name, `${Math.round(statSync(path.join(project, name)).size / 1024)} KB`, '< 700 KB');
  if (packed.length === 0) row('.vsix', 'none here', '< 700 KB', 'npx vsce package');
}

// Built anew unless asked otherwise: numbers of an old build mislead.
if (!args.includes('--no-build')) spawnSync(process.execPath, ['esbuild.mjs'], { cwd: project, stdio: 'inherit' });
if (wanted('startup')) startup();
if (wanted('files')) files();
if (wanted('keys')) await keys();
if (wanted('size')) size();

const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
console.log(
  [['what', 'measured', 'budget', 'beside'], widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n'),
);
