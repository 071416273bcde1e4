#!/usr/bin/env node
/** Entry: the command line. Files in, report and exit code out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { fileKind, guessKind } from '../rules/document.js';
import { applyEdits, moved } from '../rules/fix.js';
import { rules } from '../rules/index.js';
import { type Configuration, defaultConfiguration } from '../rules/lint.js';
import { podSecurityVersion } from '../rules/pod-security/standards/version.js';
import { type Finding, type Preset, type Severity, type Span, severities } from '../rules/rule.js';
import { suppressionId } from '../rules/suppression.js';
import { decode, readText, replaceText, slashes, walk } from './files/disk.js';
import { mendDocument } from './mending.js';
import { judge } from './pod-security.js';
import { githubReport } from './report/github.js';
import { jsonReport } from './report/json.js';
import { verdictsJson, verdictsText } from './report/pod-security.js';
import { counted, isAboutSecrets, Places, type Report, type Skipped, secretSpan } from './report/report.js';
import { explainText, rulesJson, rulesText } from './report/rules.js';
import { sarifReport } from './report/sarif.js';
import { textReport } from './report/text.js';
import { type FileFinding, Session } from './session.js';

const usage = `plimsoll ${version}: security linter for Kubernetes manifests, Dockerfiles and Compose files

  plimsoll lint [PATH…]        lint files and folders (default: this folder)
  plimsoll pod-security [PATH…] --level L    what Pod Security admission would say of the pods
  plimsoll rules               list the rules
  plimsoll explain RULE        what a rule is about
  plimsoll lsp --stdio         be a language server

lint:
  --format text|json|sarif|github
  --preset recommended|strict
  --rule ID=off|hint|information|warning|error     (repeatable)
  --pod-security-version v1.NN|latest
  --allowed-registry REGISTRY[/PATH]               (repeatable)
  --fix                        make the safe fixes in the files
  --fix-all                    make the other ones too, which may need a look at the application
  --stdin-filename FILE        lint standard input as if it were FILE
  --fail-on error|warning|information|never        (default: warning)
pod-security:
  --level baseline|restricted
  --version v1.NN|latest       version of the standards (default: latest)
  --format text|json
rules:
  --format text|json

Exit code: 0 nothing at or above --fail-on (all pods allowed), 1 findings (a pod is not), 2 wrong usage or a file that could not be read.
`;

/** Wrong usage: told on standard error, exit code 2. */
class UsageError extends Error {}

const options = {
  format: { type: 'string' },
  preset: { type: 'string' },
  rule: { type: 'string', multiple: true },
  'pod-security-version': { type: 'string' },
  'allowed-registry': { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  'fix-all': { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  'fail-on': { type: 'string' },
  level: { type: 'string' },
  stdio: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Which options a command knows, besides --help. */
const optionsOf: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  lint: [
    'format',
    'preset',
    'rule',
    'pod-security-version',
    'allowed-registry',
    'fix',
    'fix-all',
    'stdin-filename',
    'fail-on',
  ],
  rules: ['format'],
  explain: [],
  'pod-security': ['level', 'version', 'format'],
  lsp: ['stdio'],
};

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  try {
    // One command has a version of its own to ask for.
    const type = args.includes('pod-security') ? ('string' as const) : ('boolean' as const);
    const all = { ...options, version: { ...options.version, type } };
    return parseArgs({ args, options: all, allowPositionals: true, strict: true });
  } catch (error) {
    const [, unknown] = /Unknown option '(-[^']*)'/.exec((error as Error).message) ?? [];
    if (unknown === undefined) throw new UsageError((error as Error).message.split('. ')[0]!);
    throw new UsageError(
      `there is no option ${unknown}${suggestion(unknown.replace(/^-+/, ''), Object.keys(options), '--')}`,
    );
  }
}

function main(args: string[]): number | undefined {
  const { values, positionals } = parse(args);
  const [command, ...operands] = positionals;
  if (values.version === true) return print(`${version}\n`);
  if (values.help || command === undefined) {
    if (values.help) return print(usage);
    throw new UsageError('no command given');
  }
  const known = optionsOf[command];
  if (known === undefined)
    throw new UsageError(`there is no command ${command}${suggestion(command, Object.keys(optionsOf))}`);
  for (const option of Object.keys(values)) {
    if (!(known as readonly string[]).includes(option)) throw new UsageError(`${command} has no option --${option}`);
  }
  if (command === 'lint') return lint(operands, values);
  if (command === 'rules')
    return print(oneOf('--format', values.format ?? 'text', ['text', 'json']) === 'json' ? rulesJson() : rulesText());
  if (command === 'explain') return explain(operands);
  if (command === 'pod-security') return podSecurity(operands, values);
  if (!values.stdio) throw new UsageError('lsp needs --stdio');
  // A file of its own, so that a lint doesn't load the language server.
  (require('./server.js') as { startServer(): void }).startServer();
  return undefined;
}

/** What a run of `lint` stands on. The session knows files by their absolute path, people by the one that they asked for. */
class Run {
  readonly session: Session;
  readonly skipped: Skipped[] = [];
  /** Some file could not be read, or not be fixed. */
  failed = false;
  readonly #shown = new Map<string, string>();
  readonly #absolute = new Map<string, string>();

  constructor(configuration: Configuration) {
    this.session = new Session(configuration);
  }

  /** Lints a text as the file `shown`, whatever it is called: a name that says nothing leaves it to the text. */
  add(shown: string, text: string): void {
    const absolute = slashes(path.resolve(shown));
    this.#shown.set(absolute, shown);
    this.#absolute.set(shown, absolute);
    this.session.set(absolute, text, fileKind(absolute) ?? guessKind(text));
  }

  skip(shown: string, reason: string): void {
    this.skipped.push({ path: shown, reason });
    this.failed = true;
  }

  shown(absolute: string): string {
    return this.#shown.get(absolute) ?? absolute;
  }

  report(): Report {
    const { session } = this;
    for (const file of session.paths()) this.#nameProblems(file);
    const absolute = (shown: string) => this.#absolute.get(shown) ?? shown;
    const counts = { error: 0, warning: 0, information: 0, hint: 0, fixable: 0 };
    return {
      files: session.size,
      findings: counted(this.#findings(), counts),
      counts,
      skipped: this.skipped,
      text: (shown) => session.text(absolute(shown)) ?? '',
      secrets: (shown) => this.#secrets(absolute(shown)),
    };
  }

  *#findings(): Generator<FileFinding> {
    for (const file of this.session.paths()) {
      const shown = this.shown(file);
      for (const finding of this.session.findings(file)) yield { ...finding, path: shown };
    }
  }

  /** Syntax problems of what rules look at: the first of each file. */
  #nameProblems(file: string): void {
    for (const { start, text, result } of this.session.file(file)!.documents) {
      const [problem] = result.problems;
      if (problem === undefined) continue;
      const { line } = new Places(this.session.text(file)!).at(start + problem.start);
      const what = text.includes('{{') ? 'not valid YAML before the template is rendered' : 'not valid YAML';
      const reason = `line ${line}: ${what} (${problem.message.replace(/\.$/, '')}); what could be read was linted`;
      this.skipped.push({ path: this.shown(file), reason });
      return;
    }
  }

  #secrets(file: string): Span[] {
    const { kind, text, documents } = this.session.file(file)!;
    // A suppressed finding is found all the same, and its value is not for the log either.
    const local = documents.flatMap(({ start, result }) =>
      result.findings.map(({ rule, at }) => ({ rule, at: moved(at, start) })),
    );
    return [...local, ...this.session.findings(file)]
      .filter(({ rule }) => isAboutSecrets(rule))
      .map(({ at }) => secretSpan(text, kind, at));
  }
}

function lint(operands: string[], values: Values): number {
  const format = oneOf('--format', values.format ?? 'text', ['text', 'json', 'sarif', 'github']);
  const failOn = oneOf('--fail-on', values['fail-on'] ?? 'warning', ['error', 'warning', 'information', 'never']);
  const run = new Run(configurationFrom(values));
  const fixing = values['fix-all'] ? 'fix-all' : values.fix && 'fix';
  if (values['stdin-filename'] !== undefined) {
    if (operands.length > 0)
      throw new UsageError('--stdin-filename takes the text from standard input, so no PATH can be given');
    if (fixing) throw new UsageError(`--${fixing} changes files and goes not together with --stdin-filename`);
    addText(run, slashes(values['stdin-filename']), decode(readFileSync(0)));
  } else {
    const progress = new Progress();
    for (const { path: file, problem } of walk(operands.length > 0 ? operands : ['.'])) {
      if (problem !== undefined) run.skip(file, problem);
      else addText(run, file, readText(file));
      if (run.session.size === manyFiles) keepHeapSmall();
      progress.tick(run.session.size);
    }
    progress.done();
  }
  if (fixing) fixFiles(run, fixing === 'fix-all');
  const report = run.report();
  print(reportIn(format, report));
  for (const { rule, error } of run.session.takeCrashes()) {
    process.stderr.write(
      `plimsoll: rule ${rule} failed; this is a defect of Plimsoll, the other rules went on: ${error instanceof Error ? error.stack : error}\n`,
    );
  }
  if (run.failed) return 2;
  const failing = failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn) + 1);
  return failing.some((severity) => report.counts[severity] > 0) ? 1 : 0;
}

/** From how many files on memory counts for more than the time it takes to see to it. */
const manyFiles = 100;

/** Left to itself, V8 lets garbage pile up to three times what is alive: 10,000 files took 310 MB, and now 175 MB in 10 % more time. */
function keepHeapSmall(): void {
  const { setFlagsFromString } = require('node:v8') as typeof import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}

function reportIn(format: 'text' | 'json' | 'sarif' | 'github', report: Report): Iterable<string> {
  if (format === 'json') return jsonReport(report);
  if (format === 'sarif') return sarifReport(report);
  if (format === 'github') return githubReport(report);
  return textReport(report, process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

function addText(run: Run, file: string, read: ReturnType<typeof readText>): void {
  if ('problem' in read) run.skip(file, read.problem);
  else run.add(file, read.text);
}

/** Makes the safe fixes in the files, or with `all` the first one of every finding, and says on standard error what changed. */
function fixFiles(run: Run, all: boolean): void {
  const { session } = run;
  const chosen = ({ fixes }: Finding) => (all ? fixes[0] : fixes.find((fix) => fix.safe));
  for (const file of session.paths()) {
    const { kind, text: before, documents } = session.file(file)!;
    const edits = documents.flatMap(({ start }, index) =>
      mendDocument(session, file, index, chosen).map((edit) => moved(edit, start)),
    );
    if (edits.length === 0) continue;
    const text = applyEdits(before, edits);
    const problem = replaceText(file, before, text);
    if (problem !== undefined) {
      run.skip(run.shown(file), `not fixed: ${problem}`);
      continue;
    }
    const titles = () => session.findings(file).flatMap((finding) => chosen(finding)?.title ?? []);
    const fixed = titles();
    session.set(file, text, kind);
    for (const title of titles()) if (fixed.includes(title)) fixed.splice(fixed.indexOf(title), 1);
    process.stderr.write(`fixed ${run.shown(file)}: ${tally(fixed)}\n`);
  }
}

/** "Set a (3), set b". */
function tally(titles: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const title of titles) counts.set(title, (counts.get(title) ?? 0) + 1);
  return [...counts].map(([title, number]) => (number === 1 ? title : `${title} (${number})`)).join(', ');
}

/** What Pod Security admission would say of every pod and pod template. */
function podSecurity(operands: string[], values: Values): number {
  const { level: asked = '' } = values;
  if (asked === '') throw new UsageError('pod-security needs --level baseline or --level restricted');
  const level = oneOf('--level', asked, ['baseline', 'restricted']);
  const format = oneOf('--format', values.format ?? 'text', ['text', 'json']);
  const minor = versionFrom('--version', String(values.version ?? 'latest'));
  const { verdicts, skipped } = judge(walk(operands.length > 0 ? operands : ['.']), level, minor);
  for (const { path: file, reason } of skipped) process.stderr.write(`plimsoll: ${file}: ${reason}\n`);
  print(format === 'json' ? verdictsJson(verdicts) : verdictsText(verdicts, level, minor));
  if (skipped.some(({ unread }) => unread)) return 2;
  return verdicts.every(({ allowed }) => allowed) ? 0 : 1;
}

/** A version of the Pod Security Standards as its minor number. */
function versionFrom(option: string, asked: string): number {
  const minor = podSecurityVersion(asked);
  if (minor === undefined) throw new UsageError(`${option} ${asked}: neither latest nor a version such as v1.36`);
  return minor;
}

function explain(operands: string[]): number {
  const [id, ...more] = operands;
  if (id === undefined || more.length > 0) throw new UsageError('explain takes one rule');
  if (id === suppressionId) return print(suppressionText);
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined)
    throw new UsageError(
      `there is no rule ${id}${suggestion(
        id,
        rules.map((known) => known.id),
      )}`,
    );
  return print(explainText(rule));
}

const suppressionText = `A suppression comment is wrong itself
${suppressionId} · hint

A comment such as

  # ${suppressionId} privileged-container: the CNI agent manages the node

silences a rule: behind something, on that line; on a line of its own, for the entry, item or instruction below it. This hint says
that such a comment names no rule or an unknown one, gives no reason, or silences nothing.
`;

function configurationFrom(values: Values): Configuration {
  const chosen: Record<string, Severity | 'off'> = {};
  for (const setting of values.rule ?? []) {
    const [id = '', level, ...more] = setting.split('=');
    const ids = [...rules.map((rule) => rule.id), suppressionId];
    if (level === undefined || more.length > 0) throw new UsageError(`--rule ${setting}: write it as ID=LEVEL`);
    if (!ids.includes(id)) throw new UsageError(`--rule ${setting}: there is no rule ${id}${suggestion(id, ids)}`);
    chosen[id] = oneOf(`--rule ${id}`, level, ['off', 'hint', 'information', 'warning', 'error']);
  }
  return {
    ...defaultConfiguration,
    preset: oneOf('--preset', values.preset ?? 'recommended', ['recommended', 'strict'] satisfies Preset[]),
    severities: chosen,
    podSecurityVersion: versionFrom('--pod-security-version', values['pod-security-version'] ?? 'latest'),
    allowedRegistries: values['allowed-registry'] ?? [],
  };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new UsageError(
    `${name} ${value}: it can be ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}${suggestion(value, allowed)}`,
  );
}

/** "; did you mean X?" where something known is near (at most a third of its letters away). */
function suggestion(given: string, known: readonly string[], prefix = ''): string {
  const [best] = known
    .map((word) => ({ word, distance: editDistance(given, word) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, best.word.length / 3)
    ? `; did you mean ${prefix}${best.word}?`
    : '';
}

/** How many letters have to be added, dropped, changed, or swapped with the next one. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** A line on standard error while a long scan runs; only on a terminal, only after half a second. */
class Progress {
  // Not performance.now(): the first use of `performance` costs a short run milliseconds.
  readonly #start = Date.now();
  #shown = 0;

  tick(files: number): void {
    const now = Date.now();
    // Standard error is looked at last: to ask it anything costs a short run milliseconds.
    if (now - this.#start < 500 || now - this.#shown < 100 || !process.stderr.isTTY) return;
    this.#shown = now;
    process.stderr.write(`\r${files} files…\x1b[K`);
  }

  done(): void {
    if (this.#shown > 0) process.stderr.write('\r\x1b[K');
  }
}

function print(text: string | Iterable<string>): 0 {
  let buffer = '';
  for (const piece of typeof text === 'string' ? [text] : text) {
    buffer += piece;
    if (buffer.length < 1 << 16) continue;
    process.stdout.write(buffer);
    buffer = '';
  }
  if (buffer !== '') process.stdout.write(buffer);
  return 0;
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`plimsoll: ${error.message}.\nSee plimsoll --help.\n`);
  process.exitCode = 2;
}
