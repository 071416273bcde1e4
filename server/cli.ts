#!/usr/bin/env node
/** Entry: the command line. Files in, report and exit code out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { fileKind, guessKind } from '../rules/document.js';
import { rules } from '../rules/index.js';
import { type Configuration, defaultConfiguration } from '../rules/lint.js';
import { type Preset, severities, type Severity } from '../rules/rule.js';
import { suppressionId } from '../rules/suppression.js';
import { applyEdits } from '../rules/fix.js';
import { readText, walk } from './files/disk.js';
import { mendDocument } from './mending.js';
import { githubReport } from './report/github.js';
import { jsonReport } from './report/json.js';
import type { Report, Skipped } from './report/report.js';
import { sarifReport } from './report/sarif.js';
import { explainText, rulesJson, rulesText } from './report/rules.js';
import { textReport } from './report/text.js';
import { podSecurityVersion } from './settings.js';
import { Session } from './session.js';

const usage = `plimsoll ${version}: security linter for Kubernetes manifests, Dockerfiles and Compose files

  plimsoll lint [PATH…]        lint files and folders (default: this folder)
  plimsoll rules               list the rules
  plimsoll explain RULE        what a rule is about
  plimsoll lsp --stdio         be a language server

lint:
  --format text|json|sarif|github
  --preset recommended|strict
  --rule ID=off|hint|information|warning|error     (repeatable)
  --pod-security-version v1.NN|latest
  --fix                        make the safe fixes in the files
  --stdin-filename FILE        lint standard input as if it were FILE
  --fail-on error|warning|information|never        (default: warning)
rules:
  --format text|json

Exit code: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage or a file that could not be read.
`;

/** Wrong usage: told on standard error, exit code 2. */
class UsageError extends Error {}

const options = {
  format: { type: 'string' },
  preset: { type: 'string' },
  rule: { type: 'string', multiple: true },
  'pod-security-version': { type: 'string' },
  fix: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  'fail-on': { type: 'string' },
  stdio: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Which options a command knows, besides --help. */
const optionsOf: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  lint: ['format', 'preset', 'rule', 'pod-security-version', 'fix', 'stdin-filename', 'fail-on'],
  rules: ['format'],
  explain: [],
  lsp: ['stdio'],
};

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [, unknown] = /Unknown option '(-[^']*)'/.exec((error as Error).message) ?? [];
    if (unknown === undefined) throw new UsageError((error as Error).message.split('. ')[0]!);
    throw new UsageError(`there is no option ${unknown}${suggestion(unknown.replace(/^-+/, ''), Object.keys(options), '--')}`);
  }
}

function main(args: string[]): number | undefined {
  const { values, positionals } = parse(args);
  const [command, ...operands] = positionals;
  if (values.version) return print(`${version}\n`);
  if (values.help || command === undefined) {
    if (values.help) return print(usage);
    throw new UsageError('no command given');
  }
  const known = optionsOf[command];
  if (known === undefined) throw new UsageError(`there is no command ${command}${suggestion(command, Object.keys(optionsOf))}`);
  for (const option of Object.keys(values)) {
    if (!(known as readonly string[]).includes(option)) throw new UsageError(`${command} has no option --${option}`);
  }
  if (command === 'lint') return lint(operands, values);
  if (command === 'rules') return print(oneOf('--format', values.format ?? 'text', ['text', 'json']) === 'json' ? rulesJson() : rulesText());
  if (command === 'explain') return explain(operands);
  if (!values.stdio) throw new UsageError('lsp needs --stdio');
  // A file of its own, so that a lint doesn't load the language server.
  (require('./server.js') as { startServer(): void }).startServer();
  return undefined;
}

function lint(operands: string[], values: Values): number {
  const format = oneOf('--format', values.format ?? 'text', ['text', 'json', 'sarif', 'github']);
  const failOn = oneOf('--fail-on', values['fail-on'] ?? 'warning', ['error', 'warning', 'information', 'never']);
  const session = new Session(configurationFrom(values));
  const skipped: Skipped[] = [];
  let unreadable = false;
  const skip = (file: string, reason: string) => {
    skipped.push({ path: file, reason });
    unreadable = true;
  };
  // A file given by name is linted whatever it is called.
  const add = (file: string, text: string) => session.set(file, text, fileKind(file) ?? guessKind(text));
  const progress = new Progress();
  if (values['stdin-filename'] !== undefined) {
    if (operands.length > 0) throw new UsageError('--stdin-filename takes the text from standard input, so no PATH can be given');
    if (values.fix) throw new UsageError('--fix changes files and goes not together with --stdin-filename');
    add(values['stdin-filename'], readFileSync(0, 'utf8').replace(/^\uFEFF/, ''));
  } else {
    const paths = operands.length > 0 ? operands : ['.'];
    for (const { path: file, problem } of walk(paths)) {
      if (problem !== undefined) {
        skip(file, problem);
        continue;
      }
      const read = readText(file);
      if ('problem' in read) skip(file, read.problem);
      else add(file, read.text);
      progress.tick(session.size);
    }
  }
  progress.done();
  if (values.fix) fixFiles(session, skip);
  for (const file of session.paths()) {
    for (const { start, result } of session.file(file)!.documents) {
      const [problem] = result.problems;
      if (problem === undefined) continue;
      const line = session.text(file)!.slice(0, start + problem.start).split('\n').length;
      skipped.push({ path: file, reason: `line ${line}: not valid YAML (${problem.message.replace(/\.$/, '')}); what could be read was linted` });
    }
  }
  const findings = session.paths().flatMap((file) => session.findings(file));
  for (const { rule, error } of session.takeCrashes()) {
    process.stderr.write(`plimsoll: rule ${rule} failed; this is a defect of Plimsoll, the other rules went on: ${error instanceof Error ? error.stack : error}\n`);
  }
  const report: Report = { files: session.size, findings, skipped, text: (file) => session.text(file) ?? '' };
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
  print(format === 'json' ? jsonReport(report) : format === 'sarif' ? sarifReport(report) : format === 'github' ? githubReport(report) : textReport(report, colour));
  if (unreadable) return 2;
  const limit = failOn === 'never' ? -1 : severities.indexOf(failOn);
  return findings.some(({ severity }) => severities.indexOf(severity) <= limit) ? 1 : 0;
}

/** Makes the safe fixes in the files and says on standard error which files changed. */
function fixFiles(session: Session, skip: (file: string, reason: string) => void): void {
  for (const file of session.paths()) {
    const before = session.text(file)!;
    const { documents } = session.file(file)!;
    const edits = documents.flatMap(({ start }, index) =>
      mendDocument(session, file, index, ({ fixes }) => fixes.find(({ safe }) => safe)).map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start })),
    );
    if (edits.length === 0) continue;
    const text = applyEdits(before, edits);
    try {
      const bytes = readFileSync(file);
      const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\uFEFF' : '';
      if (bytes.toString('utf8') !== bom + before) {
        skip(file, 'not fixed: it is not UTF-8, or it changed meanwhile');
        continue;
      }
      writeFileSync(file, bom + text);
    } catch (error) {
      skip(file, `not fixed: ${(error as Error).message}`);
      continue;
    }
    process.stderr.write(`fixed ${file}: ${edits.length} ${edits.length === 1 ? 'change' : 'changes'}\n`);
    session.set(file, text, session.file(file)!.kind);
  }
}

function explain(operands: string[]): number {
  const [id, ...more] = operands;
  if (id === undefined || more.length > 0) throw new UsageError('explain takes one rule');
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UsageError(`there is no rule ${id}${suggestion(id, rules.map((known) => known.id))}`);
  return print(explainText(rule));
}

function configurationFrom(values: Values): Configuration {
  const chosen: Record<string, Severity | 'off'> = {};
  for (const setting of values.rule ?? []) {
    const [id = '', level, ...more] = setting.split('=');
    const ids = [...rules.map((rule) => rule.id), suppressionId];
    if (level === undefined || more.length > 0) throw new UsageError(`--rule ${setting}: write it as ID=LEVEL`);
    if (!ids.includes(id)) throw new UsageError(`--rule ${setting}: there is no rule ${id}${suggestion(id, ids)}`);
    chosen[id] = oneOf(`--rule ${id}`, level, ['off', 'hint', 'information', 'warning', 'error']);
  }
  const asked = values['pod-security-version'] ?? 'latest';
  const minor = podSecurityVersion(asked);
  if (minor === undefined) throw new UsageError(`--pod-security-version ${asked}: neither latest nor a version such as v1.36`);
  return { ...defaultConfiguration, preset: oneOf('--preset', values.preset ?? 'recommended', ['recommended', 'strict'] satisfies Preset[]), severities: chosen, podSecurityVersion: minor };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new UsageError(`${name} ${value}: it can be ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}${suggestion(value, allowed)}`);
}

/** "; did you mean X?" where something known is near (at most a third of its letters away). */
function suggestion(given: string, known: readonly string[], prefix = ''): string {
  const [best] = known.map((word) => ({ word, distance: editDistance(given, word) })).sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, best.word.length / 3) ? `; did you mean ${prefix}${best.word}?` : '';
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A line on standard error while a long scan runs; only on a terminal, only after half a second. */
class Progress {
  readonly #start = performance.now();
  #shown = 0;

  tick(files: number): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#start < 500 || now - this.#shown < 100) return;
    this.#shown = now;
    process.stderr.write(`\r${files} files…\x1b[K`);
  }

  done(): void {
    if (this.#shown > 0) process.stderr.write('\r\x1b[K');
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
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
