/** Texts from the disk: which files of a folder are ours, and what they say. Synchronous, lazy, and never throwing. */
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { URI } from 'vscode-uri';
import { fileKind } from '../../rules/document.js';
import type { Files } from '../serve.js';

/** A file to lint, or something that could not be looked at and why. Paths have forward slashes. */
export interface Found {
  readonly path: string;
  readonly problem?: string;
}

/** Files beyond this size, in bytes, are refused: no manifest is so large, and the editor would stand still. */
const maxSize = 20 * 1024 * 1024;

const neverWalked = new Set(['.git', 'node_modules', '.hg', '.svn']);

/** A .gitignore (or info/exclude) that applies; `folder` is what its patterns are relative to, with a slash at the end. */
interface IgnoreFile {
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * The files to lint among the given files and below the given folders, depth first, by name. A file given by name is always there;
 * in folders count YAML, JSON and Dockerfiles that neither .gitignore nor `exclude` (VS Code's globs, relative to the given folder)
 * takes out. Links to folders are not followed, so that loops can't happen; links to files are. A file is given once, however
 * often it is asked for. Paths are given as they were asked for: below `a`, `a/b.yaml`; below `.`, `b.yaml`.
 *
 * Work is done as the walk goes on, one folder at a time, so that a server can take it in slices.
 */
export function* walk(roots: readonly string[], exclude: readonly string[] = []): Generator<Found> {
  const seen = new Set<string>();
  const isExcluded = excluder(exclude);
  for (const root of roots) {
    const shown = slashes(path.normalize(root)).replace(/(?<=[^/:])\/$/, '');
    const stat = attempt(() => statSync(root));
    if (stat.problem !== undefined) yield { path: shown, problem: stat.problem };
    else if (stat.value.isDirectory())
      yield* walkFolder(shown === '.' ? '' : shown.replace(/\/?$/, '/'), path.resolve(root), isExcluded, seen);
    else if (isNew(path.resolve(root), seen)) yield { path: shown };
  }
}

/** `shown` stands before the names of what is found: '' or with a slash at its end. */
function* walkFolder(
  shown: string,
  folder: string,
  isExcluded: (path: string) => boolean,
  seen: Set<string>,
): Generator<Found> {
  const pending = [{ relative: '', outer: outerRules(folder) }];
  const absolute = slashes(folder).replace(/\/?$/, '/');
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { relative } = next;
    const listing = attempt(() => readdirSync(absolute + relative, { withFileTypes: true }));
    if (listing.problem !== undefined) {
      yield { path: slashes(path.normalize(shown + relative)).replace(/(?<=.)\/$/, ''), problem: listing.problem };
      continue;
    }
    const entries = listing.value.sort((a, b) => (a.name < b.name ? -1 : 1));
    const rules = rulesWithin(absolute + relative, next.outer, (name) => entries.some((entry) => entry.name === name));
    const folders: typeof pending = [];
    for (const entry of entries) {
      const { name } = entry;
      const isFolder = entry.isDirectory();
      // What Emacs leaves beside a file while it is changed is a link to nowhere.
      if (isFolder ? neverWalked.has(name) : fileKind(name) === undefined || name.startsWith('.#')) continue;
      const full = absolute + relative + name;
      if (isIgnored(full, isFolder, rules) || isExcluded(relative + name)) continue;
      if (isFolder) folders.push({ relative: `${relative}${name}/`, outer: overruled(full, rules) });
      else if (entry.isSymbolicLink()) {
        const target = attempt(() => statSync(full));
        if (target.problem !== undefined)
          yield { path: shown + relative + name, problem: `broken link: ${target.problem}` };
        else if (target.value.isFile() && isNew(full, seen)) yield { path: shown + relative + name };
      } else if (entry.isFile() && isNew(full, seen)) yield { path: shown + relative + name };
    }
    pending.push(...folders.reverse());
  }
}

function isNew(key: string, seen: Set<string>): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** A walk over one of the folders would come by this file (which need not exist any more). All paths are absolute. */
export function includes(file: string, folders: readonly string[], exclude: readonly string[] = []): boolean {
  const name = slashes(file).slice(slashes(file).lastIndexOf('/') + 1);
  if (fileKind(name) === undefined || name.startsWith('.#')) return false;
  const isExcluded = excluder(exclude);
  return folders.some((folder) => isWalked(slashes(file), slashes(folder).replace(/\/?$/, '/'), isExcluded));
}

function isWalked(file: string, folder: string, isExcluded: (path: string) => boolean): boolean {
  if (!file.startsWith(folder)) return false;
  const parts = file.slice(folder.length).split('/');
  let rules = outerRules(folder);
  let at = folder;
  for (const [index, part] of parts.entries()) {
    rules = rulesWithin(at, rules);
    const full = at + part;
    const isFolder = index < parts.length - 1;
    if (isFolder && (neverWalked.has(part) || attempt(() => lstatSync(full)).value?.isSymbolicLink())) return false;
    if (isIgnored(full, isFolder, rules) || isExcluded(parts.slice(0, index + 1).join('/'))) return false;
    rules = overruled(full, rules);
    at = `${full}/`;
  }
  return true;
}

/** The .gitignore files above a folder, up to the root of its repository, as far as they don't ignore the folder itself. */
function outerRules(folder: string): IgnoreFile[] {
  const above: string[] = [];
  const inner = path.resolve(folder);
  for (let at = inner; ; at = path.dirname(at)) {
    if (at !== inner) above.unshift(at);
    if (exists(path.join(at, '.git'))) break;
    // Without a repository, a .gitignore somewhere above says nothing about this folder.
    if (path.dirname(at) === at) return [];
  }
  const rules = above.reduce<IgnoreFile[]>((outer, at) => rulesWithin(slashes(at).replace(/\/?$/, '/'), outer), []);
  return overruled(slashes(inner), rules);
}

/**
 * The rules for what lies directly in a folder, innermost last. A repository within a repository starts anew.
 * @param folder absolute, with a slash at the end
 * @param has whether the folder holds an entry of this name, where that is known already
 */
function rulesWithin(folder: string, outer: IgnoreFile[], has: (name: string) => boolean = () => true): IgnoreFile[] {
  const rules = has('.git') && exists(`${folder}.git`) ? readRules(folder, '.git/info/exclude') : outer;
  return has('.gitignore') ? [...rules, ...readRules(folder, '.gitignore')] : rules;
}

function readRules(folder: string, name: string): IgnoreFile[] {
  const { value } = attempt(() => readFileSync(folder + name, 'utf8'));
  return value === undefined
    ? []
    : [{ folder, rules: ignore({ ignorecase: process.platform !== 'linux' }).add(value.replace(/^\uFEFF/, '')) }];
}

/** The innermost .gitignore that has an opinion decides. */
function isIgnored(full: string, isFolder: boolean, rules: readonly IgnoreFile[]): boolean {
  for (let index = rules.length - 1; index >= 0; index--) {
    const { ignored, unignored } = test(rules[index]!, full, isFolder);
    if (ignored || unignored) return ignored;
  }
  return false;
}

function test({ folder, rules }: IgnoreFile, full: string, isFolder: boolean) {
  const relative = full.slice(folder.length);
  return rules.test(isFolder ? `${relative}/` : relative);
}

/**
 * The rules less those that would ignore the folder, which is walked all the same: because it was asked for, or because an inner
 * .gitignore takes it back in. They would ignore everything below as well.
 */
function overruled(folder: string, rules: IgnoreFile[]): IgnoreFile[] {
  return rules.some((file) => test(file, folder, true).ignored)
    ? rules.filter((file) => !test(file, folder, true).ignored)
    : rules;
}

/** VS Code's globs: a folder that matches is excluded with all it holds; there are no extended globs and no negation. */
function excluder(globs: readonly string[]): (relative: string) => boolean {
  const meant = globs.filter((glob) => glob.trim() !== '').flatMap((glob) => [glob, glob.replace(/\/(?:\*\*)?$/, '')]);
  return meant.length === 0
    ? () => false
    : picomatch(
        meant.filter((glob) => glob !== ''),
        { dot: true, noextglob: true, nonegate: true },
      );
}

/**
 * The text of a file as an editor shows it, or why there is none. UTF-8, or UTF-16 with a byte order mark; the mark is left out, as
 * VS Code does, so offsets count without it. What is not valid UTF-8 becomes U+FFFD. Refused: more than 20 MB, and text with a NUL.
 */
export function readText(file: string): { readonly text: string } | { readonly problem: string } {
  const { value: bytes, problem } = attempt(() => readBytes(file));
  if (bytes === undefined) return { problem };
  return bytes === 'too large' ? { problem: `larger than ${maxSize / 1024 / 1024} MB` } : decode(bytes);
}

/** As for readText. */
export function decode(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  // The decoder takes the mark away by itself.
  const text =
    encoding === undefined
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
      : new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) return { problem: 'binary, not text' };
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

/**
 * Puts a new text in the place of a file's old one: the same encoding, mark, mode and owner, and never half of it. A link stays one.
 * @param before what readText said; the file is left alone when that is not what it holds, byte for byte
 * @returns why the file was left as it is, or undefined
 */
export function replaceText(file: string, before: string, after: string): string | undefined {
  const { value, problem } = attempt(() => {
    const target = realpathSync(file);
    const bytes = readFileSync(target);
    const encode = encoderFor(bytes);
    // Two links lead to one file: it is mended already.
    if (encode(after).equals(bytes)) return undefined;
    if (!encode(before).equals(bytes)) return 'it changed meanwhile, or is not valid UTF-8';
    accessSync(target, constants.W_OK);
    const { mode, uid, gid } = statSync(target);
    const draft = `${target}.plimsoll-${process.pid}`;
    const drafted = attempt(() => {
      writeFileSync(draft, encode(after), { flag: 'wx', mode });
      if (process.getuid?.() === 0) chownSync(draft, uid, gid);
      chmodSync(draft, mode);
      renameSync(draft, target);
    });
    if (drafted.problem === undefined) return undefined;
    // The folder can't be written to, but the file can.
    rmSync(draft, { force: true });
    writeFileSync(target, encode(after));
    return undefined;
  });
  return problem ?? value;
}

function encoderFor(bytes: Buffer): (text: string) => Buffer {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return (text) => Buffer.from(`\uFEFF${text}`, 'utf16le');
  if (first === 0xfe && second === 0xff) return (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  const mark = first === 0xef && second === 0xbb && third === 0xbf ? '\uFEFF' : '';
  return (text) => Buffer.from(mark + text, 'utf8');
}

function readBytes(file: string): Buffer | 'too large' {
  const descriptor = openSync(file, 'r');
  try {
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return stat.size > maxSize ? 'too large' : readFileSync(descriptor);
    // A pipe (`<(kustomize build)`) tells its size only by ending, and a device perhaps never.
    const chunks: Buffer[] = [];
    for (let size = 0; size <= maxSize; ) {
      const chunk = Buffer.allocUnsafe(1 << 16);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
      size += length;
    }
    return 'too large';
  } finally {
    closeSync(descriptor);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'a link that leads to itself',
  EISDIR: 'a folder, not a file',
  ENAMETOOLONG: 'the name is too long',
};

function attempt<T>(
  work: () => T,
): { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: (code !== undefined && reasons[code]) || message };
  }
}

function exists(file: string): boolean {
  return attempt(() => statSync(file)).value !== undefined;
}

/** The path with forward slashes, as all parts of Plimsoll write paths. */
export function slashes(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}

/** The server's view of the disk. Files are named by path, everything else (an unsaved document) by its URI. */
export const diskFiles: Files = {
  walk,
  read: readText,
  includes,
  isFolder: (file) => attempt(() => statSync(file)).value?.isDirectory() === true,
  toPath: (uri) => (uri.startsWith('file:') ? slashes(URI.parse(uri).fsPath) : uri),
  toUri: (file) => (/^[a-z][\w+.-]+:/.test(file) ? file : URI.file(file).toString()),
};
