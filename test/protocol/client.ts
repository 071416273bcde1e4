/** A small client that speaks the Language Server Protocol to `dist/cli.js lsp --stdio`, as any editor would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ApplyWorkspaceEditParams, Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

export type Published = PublishDiagnosticsParams;

export class Client {
  readonly #process: ChildProcess;
  readonly connection: MessageConnection;
  /** What was published last, by URI. */
  readonly published = new Map<string, Published>();
  /** Every message of the server, as text. */
  readonly log: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(readonly folder: string) {
    this.#process = spawn(process.execPath, [path.resolve('dist/cli.js'), 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.#process.stdout!),
      new StreamMessageWriter(this.#process.stdin!),
    );
    this.connection.onNotification((method, params) => {
      this.log.push(JSON.stringify(params));
      if (method === 'textDocument/publishDiagnostics')
        this.published.set((params as Published).uri, params as Published);
      for (const look of [...this.#waiting]) look();
    });
    this.connection.onRequest((method, params) => {
      this.log.push(JSON.stringify(params));
      if (method === 'workspace/applyEdit') {
        this.edits.push(params as ApplyWorkspaceEditParams);
        return { applied: true };
      }
      if (method !== 'workspace/configuration') return null;
      return (params as { items: { section: string }[] }).items.map(({ section }) => this.settings[section] ?? null);
    });
    this.connection.listen();
  }

  /** The edits that the server asked it to make, each of which it says it made. */
  readonly edits: ApplyWorkspaceEditParams[] = [];

  /** What the client answers when it is asked for its configuration, by section. */
  settings: Record<string, unknown> = {};

  /** Starts the session; `capabilities` are the client's own. */
  async start(capabilities: object = { workspace: { configuration: true } }, folders = [this.folder]) {
    const workspaceFolders = folders.map((folder) => ({
      uri: pathToFileURL(folder).href,
      name: path.basename(folder),
    }));
    const result = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>('initialize', {
      processId: null,
      rootUri: null,
      capabilities,
      workspaceFolders,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  open(name: string, text: string, languageId = name.endsWith('file') ? 'dockerfile' : 'yaml') {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(name), languageId, version: 1, text },
    });
  }

  /** Replaces a range (or, without one, everything). */
  change(
    name: string,
    version: number,
    text: string,
    range?: { start: { line: number; character: number }; end: { line: number; character: number } },
  ) {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(name), version },
      contentChanges: [range ? { range, text } : { text }],
    });
  }

  /** Waits until what is published for a file satisfies a condition. */
  until(name: string, holds: (published: Published) => boolean): Promise<Published> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`never came for ${name}: ${JSON.stringify(this.published.get(this.uri(name)))}`)),
        20_000,
      );
      const look = () => {
        const published = this.published.get(this.uri(name));
        if (published === undefined || !holds(published)) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(published);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until a rule is (or is no longer) among the codes of a file's diagnostics. */
  async finds(name: string, code: string): Promise<Diagnostic> {
    const { diagnostics } = await this.until(name, (published) =>
      published.diagnostics.some((diagnostic) => diagnostic.code === code),
    );
    return diagnostics.find((diagnostic) => diagnostic.code === code)!;
  }

  loses(name: string, code: string): Promise<Published> {
    return this.until(name, (published) => !published.diagnostics.some((diagnostic) => diagnostic.code === code));
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await new Promise((resolve) => this.#process.once('exit', resolve));
    this.connection.dispose();
  }
}

const made: string[] = [];
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, gone after the test run. */
export function workspace(files: Record<string, string | Buffer>): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plimsoll-protocol-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  made.push(folder);
  return folder;
}
