/** Runs the built command line as a process of its own, in folders made for it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The project's folder; mocha is started there. */
export const project = process.cwd();

const cli = path.join(project, 'dist', 'cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** User id, for what root may do and others may not. */
  readonly uid?: number;
}

/** Runs `plimsoll ARGS`, built first where it is not. */
export function run(args: readonly string[], { cwd = project, input = '', env, uid }: RunOptions = {}): Outcome {
  if (!existsSync(cli)) spawnSync(process.execPath, ['esbuild.mjs'], { cwd: project, stdio: 'inherit' });
  const result = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    uid,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 30,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** What `--format json` prints. */
export interface JsonReport {
  version: number;
  files: number;
  findings: {
    rule: string;
    severity: string;
    message: string;
    path: string;
    start: { line: number; column: number };
    end: { line: number; column: number };
    offset: [number, number];
    resource: { apiVersion: string; kind: string; namespace: string; name: string } | null;
    fixes: { title: string; safe: boolean }[];
  }[];
  skipped: { path: string; reason: string }[];
}

/** `lint --format json`, parsed. */
export function lintJson(args: readonly string[], options?: RunOptions): JsonReport & { code: number | null } {
  const { code, out, err } = run(['lint', '--format', 'json', ...args], options);
  if (out === '') throw new Error(err);
  return { ...(JSON.parse(out) as JsonReport), code };
}

const made: string[] = [];

/** A new folder with these files (text or bytes by path), readable for every user; gone when the tests are over. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'plimsoll-'));
  made.push(root);
  chmodSync(root, 0o777);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}

after(() => {
  for (const root of made) rmSync(root, { recursive: true, force: true });
});

/** A Pod whose container runs privileged: an error of `privileged-container` on `true`, which no safe fix mends. */
export function privilegedPod(name = 'web'): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
    - name: ${name}
      image: registry.example/${name}:1.0
      securityContext:
        privileged: true
`;
}

/** A Pod whose container sets everything about escalation but forgets to rule it out: a warning with a safe fix. */
export function escalatingPod(name = 'web'): string {
  return privilegedPod(name).replace('privileged: true', 'readOnlyRootFilesystem: true');
}
