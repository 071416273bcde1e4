/** Texts from the disk: which files of a folder are ours, and what they say. Synchronous, lazy, and never throwing. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
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

/** Files beyond this size are refused: no manifest is so large, and the editor would stand still. */
const maxSize = 20 * 1024 * 1024;

const neverWalked = new Set(['.git', 'node_modules', '.hg', '.svn']);

/** The rules of the .gitignore files that apply in a folder, innermost last. */
type IgnoreRules = readonly { readonly folder: string; readonly rules: Ignore }[];

/**
 * The files to lint among the given files and below the given folders. A file given by name is always there; in folders
 * count YAML, JSON and Dockerfiles that neither .gitignore nor `exclude` (globs relative to the folder) takes out. Links to folders are
 * not followed, so that loops can't happen; links to files are. A file is given once.
 */
export function* walk(roots: readonly string[], exclude: readonly string[] = []): Generator<Found> {
  const seen = new Set<string>();
  const excluded = exclude.length === 0 ? () => false : picomatch(withFolders(exclude), { dot: true });
  for (const root of roots) {
    const stat = attempt(() => statSync(root));
    if (stat.problem !== undefined) yield { path: slashes(root), problem: stat.problem };
    else if (!stat.value.isDirectory()) {
      if (!seen.has(slashes(root))) yield { path: slashes(root) };
      seen.add(slashes(root));
    } else yield* walkFolder(root, root, excluded, outerRules(root), seen);
  }
}

function* walkFolder(folder: string, root: string, excluded: (path: string) => boolean, outer: IgnoreRules, seen: Set<string>): Generator<Found> {
  const listing = attempt(() => readdirSync(folder, { withFileTypes: true }));
  if (listing.problem !== undefined) {
    yield { path: slashes(folder), problem: listing.problem };
    return;
  }
  const entries = listing.value.sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.some(({ name }) => name === '.gitignore') ? readRules(folder, '.gitignore') : undefined;
  const rules = own === undefined ? outer : [...outer, { folder, rules: own }];
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (isFolder ? neverWalked.has(entry.name) : fileKind(entry.name) === undefined) continue;
    if (isIgnored(full, isFolder, rules) || excluded(slashes(path.relative(root, full)))) continue;
    if (isFolder) yield* walkFolder(full, root, excluded, rules, seen);
    else if (entry.isSymbolicLink()) {
      const target = attempt(() => statSync(full));
      if (target.problem !== undefined) yield { path: slashes(full), problem: `broken link (${target.problem})` };
      else if (target.value.isFile() && !seen.has(slashes(full))) yield* once(full, seen);
    } else if (entry.isFile()) yield* once(full, seen);
  }
}

function* once(full: string, seen: Set<string>): Generator<Found> {
  const found = slashes(full);
  if (seen.has(found)) return;
  seen.add(found);
  yield { path: found };
}

/** A walk over one of the folders would come by this file (which need not exist any more). */
export function includes(file: string, folders: readonly string[], exclude: readonly string[] = []): boolean {
  const folder = folders.find((candidate) => slashes(file).startsWith(`${slashes(candidate)}/`));
  if (folder === undefined || fileKind(slashes(file)) === undefined) return false;
  const excluded = exclude.length === 0 ? () => false : picomatch(withFolders(exclude), { dot: true });
  const parts = slashes(path.relative(folder, file)).split('/');
  let rules = outerRules(folder);
  let at = folder;
  for (const [index, part] of parts.entries()) {
    const own = readRules(at, '.gitignore');
    if (own !== undefined) rules = [...rules, { folder: at, rules: own }];
    at = path.join(at, part);
    const isFolder = index < parts.length - 1;
    if (isFolder && (neverWalked.has(part) || attempt(() => lstatSync(at)).value?.isSymbolicLink())) return false;
    if (isIgnored(at, isFolder, rules) || excluded(parts.slice(0, index + 1).join('/'))) return false;
  }
  return true;
}

/** The .gitignore files above a folder, up to the root of its repository, and the repository's info/exclude. */
function outerRules(folder: string): IgnoreRules {
  const rules: { folder: string; rules: Ignore }[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const own = at === path.resolve(folder) ? undefined : readRules(at, '.gitignore');
    if (own !== undefined) rules.unshift({ folder: at, rules: own });
    if (attempt(() => statSync(path.join(at, '.git'))).problem === undefined) {
      const info = readRules(at, path.join('.git', 'info', 'exclude'));
      if (info !== undefined) rules.unshift({ folder: at, rules: info });
      return rules;
    }
    // Without a repository, a .gitignore somewhere above says nothing about this folder.
    if (path.dirname(at) === at) return [];
  }
}

function readRules(folder: string, name: string): Ignore | undefined {
  const { value } = attempt(() => readFileSync(path.join(folder, name), 'utf8'));
  return value === undefined ? undefined : ignore({ allowRelativePaths: true }).add(value);
}

/** The innermost .gitignore that has an opinion decides. */
function isIgnored(file: string, isFolder: boolean, rules: IgnoreRules): boolean {
  for (let index = rules.length - 1; index >= 0; index--) {
    const { folder, rules: own } = rules[index]!;
    const relative = slashes(path.relative(folder, path.resolve(file) === file ? file : path.resolve(file)));
    if (relative === '' || relative.startsWith('..')) continue;
    const { ignored, unignored } = own.test(isFolder ? `${relative}/` : relative);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** VS Code's exclude globs mean a folder's whole content when they match the folder. */
function withFolders(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => (glob.endsWith('/**') ? [glob, glob.slice(0, -3)] : [glob, `${glob}/**`]));
}

/** The text of a file as an editor shows it (UTF-8, or UTF-16 with a byte order mark; the mark itself is left out), or why there is none. */
export function readText(file: string): { readonly text: string } | { readonly problem: string } {
  const size = attempt(() => statSync(file).size);
  if (size.problem !== undefined) return { problem: size.problem };
  if (size.value > maxSize) return { problem: `larger than ${maxSize / 1024 / 1024} MB` };
  const { value: bytes, problem } = attempt(() => readFileSync(file));
  if (bytes === undefined) return { problem };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  if (bytes.subarray(0, 8192).includes(0)) return { problem: 'binary, not text' };
  const text = bytes.toString('utf8');
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'a link that leads to itself',
  EISDIR: 'a folder, not a file',
  ENAMETOOLONG: 'the name is too long',
};

function attempt<T>(work: () => T): { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: (code !== undefined && reasons[code]) || message };
  }
}

function slashes(file: string): string {
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

