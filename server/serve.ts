/**
 * The language server: the table "method → function". Every handler is guarded: what throws is logged and answered with
 * nothing, and the server goes on. State lives in the session; here are only the open documents and what was published.
 */
import {
  CodeActionKind,
  type CodeActionParams,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
  type Hover,
  type HoverParams,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  PositionEncodingKind,
  ResponseError,
  type ServerCapabilities,
  type TextDocumentContentChangeEvent,
  TextDocumentSyncKind,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { name, version } from '../package.json';
import { type DocumentKind, fileKind } from '../rules/document.js';
import { moved } from '../rules/fix.js';
import type { HardenOptions } from '../rules/harden.js';
import { ruleById, rules } from '../rules/index.js';
import { defaultConfiguration } from '../rules/lint.js';
import {
  type ActionContext,
  digestEdit,
  fixAll,
  fixAllKind,
  hardened,
  type Question,
  quickFixes,
  shownWithin,
  type Work,
  workEdit,
} from './actions.js';
import { hoverAt } from './hover.js';
import { codeLenses, type HardenTarget } from './lenses.js';
import { type Encoding, Lines } from './lines.js';
import { pageOf, rulePage } from './pages.js';
import { diagnosticsOf, type LinkTo, type Shown } from './protocol.js';
import { Session } from './session.js';
import { type Settings, settingsFrom } from './settings.js';
import type { Statistics, StatusParams } from './status.js';

/** Where the server gets files from; disk.ts for a process with a file system. */
export interface Files {
  /** Every file below the folder that is to be linted, with the ones that could not be looked at. */
  walk(
    folders: readonly string[],
    exclude: readonly string[],
  ): Iterable<{ readonly path: string; readonly problem?: string }>;
  /** The text, or why there is none. */
  read(path: string): { readonly text: string } | { readonly problem: string };
  /** A walk over the folders would come by this file. */
  includes(path: string, folders: readonly string[], exclude: readonly string[]): boolean;
  isFolder(path: string): boolean;
  toPath(uri: string): string;
  toUri(path: string): string;
}

/** The commands that `workspace/executeCommand` knows. */
export const commands = {
  harden: 'plimsoll.server.harden',
  scan: 'plimsoll.server.scan',
  explain: 'plimsoll.server.explain',
  rules: 'plimsoll.server.rules',
} as const;

/** For how long a scan works before it lets other messages in, in milliseconds. */
const sliceLength = 15;

/** How long typing has to pause before findings in other files are brought up to date, in milliseconds. */
const settleTime = 150;

interface OpenDocument {
  readonly uri: string;
  text: TextDocument;
}

/** Finds out the digest of an image; rejects with a clause for the user. The only thing that goes to the network. */
export type DigestOf = (image: string) => Promise<string>;

/** Starts serving on a connection that is not yet listening. Without `digestOf` no fix is offered that asks a registry. */
export function serve(connection: Connection, files: Files, digestOf?: DigestOf): void {
  const session = new Session(defaultConfiguration);
  const open = new Map<string, OpenDocument>();
  /** What clients were last told, by path: the findings it stands for, document by document. */
  const published = new Map<
    string,
    { readonly lists: readonly unknown[]; readonly starts: readonly number[]; readonly count: number }
  >();
  const converted = new WeakMap<object, { line: number; encoding: Encoding; shown: Shown[] }>();
  const linesOf = new WeakMap<object, Lines>();
  const dirty = new Set<string>();
  let folders: string[] = [];
  let settings: Settings = settingsFrom({}, {}, {});
  let encoding: Encoding = 'utf-16';
  let link: LinkTo = pageOf;
  let hardenCommand: string = commands.harden;
  let capabilities: InitializeParams['capabilities'] = {};
  let settling: ReturnType<typeof setTimeout> | undefined;
  let pumping = false;
  let scan: { cancelled: boolean } | undefined;
  let lastStatus = '';
  let lastScan: StatusParams['scan'] = { state: 'never', problems: [] };

  // ---- what every handler stands on

  const log = (error: unknown, what: string) =>
    connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  function guarded<P, R>(what: string, fallback: R, work: (params: P) => R | Promise<R>): (params: P) => Promise<R> {
    return async (params) => {
      try {
        return await work(params);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        log(error, what);
        return fallback;
      }
    };
  }

  function toUri(path: string): string {
    return open.get(path)?.uri ?? files.toUri(path);
  }

  /** Line positions of a whole file's text. */
  function fileLines(path: string): Lines {
    const file = session.file(path);
    return file === undefined ? new Lines('', encoding) : lines(file, file.text);
  }

  function lines(owner: object, text: string): Lines {
    let known = linesOf.get(owner);
    if (known === undefined || known.encoding !== encoding || known.text !== text) {
      known = new Lines(text, encoding);
      linesOf.set(owner, known);
    }
    return known;
  }

  /** The file's line on which each of its documents begins. */
  function startLines(path: string): number[] {
    let line = 0;
    return (session.file(path)?.documents ?? []).map(({ result, text }) => {
      const start = line;
      line += lines(result, text).breaks;
      return start;
    });
  }

  /** The diagnostics of one document; converted anew only when its findings or its first line changed. */
  function shownOf(path: string, index: number, line: number): readonly Shown[] {
    const document = session.file(path)!.documents[index]!;
    const findings = session.documentFindings(path, index);
    if (findings.length === 0) return [];
    const known = converted.get(findings);
    if (known?.line === line && known.encoding === encoding) return known.shown;
    const locate = (place: { path: string; document: number }) => {
      const target = session.file(place.path)?.documents[place.document];
      return (
        target && {
          uri: toUri(place.path),
          lines: lines(target.result, target.text),
          line: startLines(place.path)[place.document]!,
        }
      );
    };
    const shown = diagnosticsOf(findings, toUri(path), lines(document.result, document.text), line, locate);
    converted.set(findings, { line, encoding, shown });
    return shown;
  }

  /** What the actions of a file are made from. */
  function actionContext(path: string): ActionContext {
    const { codeAction } = capabilities.textDocument ?? {};
    return {
      session,
      path,
      target: (file) => ({ uri: toUri(file), version: open.get(file)?.text.version ?? null, lines: fileLines(file) }),
      client: {
        snippets: capabilities.workspace?.workspaceEdit?.snippetEditSupport === true,
        annotations: capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
        resolves: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
      },
      asksRegistries: digestOf !== undefined,
    };
  }

  // ---- diagnostics

  /** Publishes a file's diagnostics, unless they are what the client has already; an open document's always, with its version. */
  function publish(path: string, always = false): void {
    const { documents } = session.file(path) ?? { documents: [] };
    const starts = startLines(path);
    const lists = documents.map((_, index) => session.documentFindings(path, index));
    const before = published.get(path);
    if (!always) {
      const nothingNew =
        before === undefined
          ? lists.every(({ length }) => length === 0)
          : lists.length === before.lists.length &&
            lists.every(
              (list, index) =>
                (list === before.lists[index] && starts[index] === before.starts[index]) ||
                (list.length === 0 && (before.lists[index] as unknown[]).length === 0),
            );
      if (nothingNew) return;
    }
    const diagnostics = documents.flatMap((_, index) =>
      shownOf(path, index, starts[index]!).map(({ diagnostic }) => diagnostic),
    );
    published.set(path, { lists, starts, count: diagnostics.length });
    const document = open.get(path);
    void connection.sendDiagnostics({
      uri: toUri(path),
      diagnostics,
      ...(document && { version: document.text.version }),
    });
  }

  function withdraw(path: string): void {
    if (published.get(path)?.count) void connection.sendDiagnostics({ uri: toUri(path), diagnostics: [] });
    published.delete(path);
  }

  /** Lints the open documents that changed since the last time, once all messages that are already here were read. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      try {
        for (const path of dirty) {
          const document = open.get(path);
          if (document === undefined) continue;
          if (
            isLinted(path) ? session.set(path, document.text.getText(), document.text.languageId) : session.remove(path)
          )
            settle();
          publish(path, true);
        }
        logCrashes();
        if (settling === undefined) reportStatus();
      } catch (error) {
        log(error, 'linting');
      }
      dirty.clear();
    });
  }

  function isLinted(path: string): boolean {
    return settings.enable && !settings.isExcluded(path, folders);
  }

  /** Facts changed: findings in other files are brought up to date when typing pauses. */
  function settle(): void {
    clearTimeout(settling);
    settling = setTimeout(() => {
      settling = undefined;
      for (const path of session.paths()) publish(path);
      logCrashes();
      reportStatus();
    }, settleTime);
  }

  function logCrashes(): void {
    for (const { rule, error } of session.takeCrashes())
      log(error, `Rule ${rule} failed (this is a defect of Plimsoll; the other rules go on)`);
  }

  // ---- the workspace

  /** Reads every file of the given folders that is not open, in slices, with progress and a way to cancel. */
  async function scanFolders(scanned: readonly string[]): Promise<void> {
    if (scan !== undefined) scan.cancelled = true;
    const run = { cancelled: false };
    scan = run;
    const progress = capabilities.window?.workDoneProgress
      ? await connection.window.createWorkDoneProgress()
      : undefined;
    progress?.begin('Plimsoll', undefined, 'Looking for manifests…', true);
    progress?.token.onCancellationRequested(() => {
      run.cancelled = true;
    });
    const problems: string[] = [];
    const seen = new Set<string>();
    let count = 0;
    let since = performance.now();
    lastScan = { state: 'running', problems };
    for (const { path, problem } of settings.enable ? files.walk(scanned, settings.exclude) : []) {
      if (run.cancelled) break;
      if (problem !== undefined) problems.push(`${path}: ${problem}`);
      else {
        seen.add(path);
        if (!open.has(path)) load(path, problems);
        if (++count % 500 === 0) progress?.report(`${count} files`);
      }
      if (performance.now() - since > sliceLength) {
        await new Promise(setImmediate);
        since = performance.now();
      }
    }
    if (!run.cancelled) {
      for (const path of session.paths()) {
        if (!seen.has(path) && !open.has(path) && scanned.some((folder) => isBelow(path, folder))) forget(path);
      }
    }
    for (const path of session.paths()) publish(path);
    for (const problem of problems) connection.console.warn(`Skipped ${problem}`);
    progress?.done();
    if (scan === run) scan = undefined;
    lastScan = { state: run.cancelled ? 'cancelled' : 'done', problems };
    logCrashes();
    connection.console.info(
      `${run.cancelled ? 'Scan cancelled' : 'Scanned the workspace'}: ${describe(statistics())}.`,
    );
    reportStatus();
  }

  function load(path: string, problems: string[]): void {
    const read = files.read(path);
    if ('text' in read) session.set(path, read.text);
    else {
      problems.push(`${path}: ${read.problem}`);
      forget(path);
    }
  }

  function forget(path: string): void {
    session.remove(path);
    withdraw(path);
  }

  function watched({ changes }: DidChangeWatchedFilesParams): void {
    const problems: string[] = [];
    for (const { uri, type } of changes) {
      const path = files.toPath(uri);
      if (path.endsWith('/.gitignore')) {
        void scanFolders(folders);
        continue;
      }
      if (type === FileChangeType.Deleted) {
        for (const known of session.paths())
          if ((known === path || isBelow(known, path)) && !open.has(known)) forget(known);
      } else if (type === FileChangeType.Created && files.isFolder(path)) {
        for (const found of files.walk([path], settings.exclude)) {
          if (
            found.problem === undefined &&
            !open.has(found.path) &&
            files.includes(found.path, folders, settings.exclude)
          )
            load(found.path, problems);
        }
      } else if (
        fileKind(path) !== undefined &&
        !open.has(path) &&
        settings.enable &&
        files.includes(path, folders, settings.exclude)
      ) {
        load(path, problems);
      }
    }
    for (const problem of problems) connection.console.warn(`Skipped ${problem}`);
    settle();
  }

  // ---- settings and status

  async function readSettings(): Promise<boolean> {
    if (!capabilities.workspace?.configuration) return false;
    const [own, filesSection, search] = await connection.workspace.getConfiguration([
      { section: 'plimsoll' },
      { section: 'files' },
      { section: 'search' },
    ]);
    return applySettings(own, filesSection, search);
  }

  /** @returns whether files have to be looked for again */
  function applySettings(own: unknown, filesSection: unknown, search: unknown): boolean {
    const next = settingsFrom(own, filesSection, search);
    for (const problem of next.problems) connection.console.warn(problem);
    const before = settings;
    settings = next;
    if (JSON.stringify(next.configuration) !== JSON.stringify(session.configuration)) {
      session.configure(next.configuration);
      refreshLenses();
      for (const path of session.paths()) publish(path);
    }
    if (before.codeLens !== next.codeLens || before.enable !== next.enable) refreshLenses();
    return before.enable !== next.enable || JSON.stringify(before.exclude) !== JSON.stringify(next.exclude);
  }

  function refreshLenses(): void {
    if (capabilities.workspace?.codeLens?.refreshSupport) void connection.sendRequest(CodeLensRefreshRequest.type);
  }

  async function refreshSettings(): Promise<void> {
    if (await readSettings()) {
      for (const path of session.paths()) if (!open.has(path)) forget(path);
      for (const path of open.keys()) dirty.add(path);
      pump();
      await scanFolders(folders);
    }
    reportStatus();
  }

  function statistics(): Statistics {
    const result = { manifests: 0, dockerfiles: 0, composeFiles: 0, findings: 0 };
    for (const path of session.paths()) {
      const { documents } = session.file(path)!;
      if (documents.some(({ result: { kind } }) => kind === 'compose')) result.composeFiles++;
      for (const document of documents) {
        result.manifests += document.result.objects;
        if (document.result.kind === 'dockerfile') result.dockerfiles++;
      }
      result.findings += published.get(path)?.count ?? 0;
    }
    return result;
  }

  function reportStatus(): void {
    const documents = [...open].map(([path, { uri }]) => {
      const kinds = (session.file(path)?.documents ?? []).map(({ result }) => result.kind);
      const kind: DocumentKind = kinds.find((found) => found !== 'other') ?? 'other';
      const problem = brokenLine(path);
      return {
        uri,
        kind,
        findings: published.get(path)?.count ?? 0,
        linted: isLinted(path),
        ...(problem !== undefined && { brokenLine: problem + 1 }),
      };
    });
    const status: StatusParams = { scan: lastScan, total: statistics(), documents };
    const told = JSON.stringify(status);
    if (told !== lastStatus) void connection.sendNotification('plimsoll/status', status);
    lastStatus = told;
  }

  /** The first line, from 0, that does not parse. */
  function brokenLine(path: string): number | undefined {
    const { documents } = session.file(path) ?? { documents: [] };
    const broken = documents.findIndex(({ result }) => result.problems.length > 0);
    if (broken < 0) return undefined;
    const { result, text } = documents[broken]!;
    return startLines(path)[broken]! + lines(result, text).position(result.problems[0]!.start).line;
  }

  // ---- the table

  connection.onInitialize((params): InitializeResult => {
    capabilities = params.capabilities;
    const offered = capabilities.general?.positionEncodings ?? [];
    encoding =
      offered.includes(PositionEncodingKind.UTF16) || !offered.includes(PositionEncodingKind.UTF8) ? 'utf-16' : 'utf-8';
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    folders = roots.map((uri) => files.toPath(uri));
    const {
      settings: initial,
      explainCommand,
      hardenCommand: ownHarden,
    } = (params.initializationOptions ?? {}) as {
      settings?: unknown;
      explainCommand?: string;
      hardenCommand?: string;
    };
    // A client that has a command for it asks first how to harden.
    if (ownHarden !== undefined) hardenCommand = ownHarden;
    // A client that has a command for it shows explanations without a network.
    if (explainCommand !== undefined)
      link = (id) => `command:${explainCommand}?${encodeURIComponent(JSON.stringify([id]))}`;
    applySettings(initial ?? {}, {}, {});
    const server: ServerCapabilities = {
      positionEncoding: encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: true },
      codeLensProvider: {},
      hoverProvider: true,
      executeCommandProvider: { commands: Object.values(commands) },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    return { capabilities: server, serverInfo: { name, version } };
  });

  connection.onInitialized(
    guarded('starting', undefined, async () => {
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, {
          section: ['plimsoll', 'files.exclude', 'search.exclude'],
        });
      }
      if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        const patterns = [
          '**/*.{yaml,yml,json}',
          '**/{Dockerfile,Containerfile,dockerfile}*',
          '**/*.{dockerfile,Dockerfile,containerfile,Containerfile}',
          '**/.gitignore',
        ];
        // Folders that come and go are told as such, without their files.
        const watchers = [
          ...patterns.map((globPattern) => ({ globPattern, kind: 2 as const })),
          { globPattern: '**/*', kind: 5 as const },
        ];
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      if (capabilities.workspace?.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(
          guarded('changing folders', undefined, async ({ added, removed }) => {
            const gone = removed.map(({ uri }) => files.toPath(uri));
            const come = added.map(({ uri }) => files.toPath(uri));
            folders = [...folders.filter((folder) => !gone.includes(folder)), ...come];
            for (const path of session.paths()) {
              if (
                gone.some((folder) => isBelow(path, folder)) &&
                !folders.some((folder) => isBelow(path, folder)) &&
                !open.has(path)
              )
                forget(path);
            }
            await scanFolders(come);
          }),
        );
      }
      await readSettings();
      for (const path of open.keys()) dirty.add(path);
      pump();
      await scanFolders(folders);
    }),
  );

  connection.onDidOpenTextDocument(
    guarded('opening a document', undefined, ({ textDocument: { uri, languageId, version: opened, text } }) => {
      const path = files.toPath(uri);
      open.set(path, { uri, text: TextDocument.create(uri, languageId, opened, text) });
      dirty.add(path);
      pump();
    }),
  );

  connection.onDidChangeTextDocument(
    guarded('changing a document', undefined, ({ textDocument: { uri, version: changed }, contentChanges }) => {
      const path = files.toPath(uri);
      const document = open.get(path);
      if (document === undefined) return;
      document.text = TextDocument.update(
        document.text,
        encoding === 'utf-16' ? contentChanges : inUtf16(document.text, contentChanges),
        changed,
      );
      dirty.add(path);
      pump();
    }),
  );

  connection.onDidCloseTextDocument(
    guarded('closing a document', undefined, ({ textDocument: { uri } }) => {
      const path = files.toPath(uri);
      open.delete(path);
      dirty.delete(path);
      // A closed file of the workspace shows what is on disk; any other is forgotten.
      const problems: string[] = [];
      if (isLinted(path) && files.includes(path, folders, settings.exclude)) load(path, problems);
      else forget(path);
      publish(path);
      settle();
    }),
  );

  connection.onHover(
    guarded('hover', null, ({ textDocument: { uri }, position }: HoverParams): Hover | null => {
      const path = files.toPath(uri);
      flush(path);
      const file = session.file(path);
      if (file === undefined) return null;
      const fileLine = fileLines(path);
      const offset = fileLine.offset(position);
      const index = file.documents.findIndex(({ start, end }) => offset >= start && offset <= end);
      if (index < 0) return null;
      const { start, text } = file.documents[index]!;
      const hover = hoverAt(text, file.kind, path, session.documentFindings(path, index), offset - start, link);
      if (hover === undefined) return null;
      const value = hover.markdown;
      return {
        contents: { kind: 'markdown', value },
        range: fileLine.range(moved(hover.at, start)),
      };
    }),
  );

  connection.onCodeAction(
    guarded('code actions', [], ({ textDocument: { uri }, range, context }: CodeActionParams) => {
      const path = files.toPath(uri);
      flush(path);
      if (session.file(path) === undefined) return [];
      const wanted = (kind: string) =>
        context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
      const fileLine = fileLines(path);
      const about = actionContext(path);
      const starts = startLines(path);
      const within = { start: fileLine.offset(range.start), end: fileLine.offset(range.end) };
      const fixes = wanted(CodeActionKind.QuickFix)
        ? quickFixes(
            about,
            shownWithin(session, path, within, (index) => shownOf(path, index, starts[index]!)),
          )
        : [];
      // Fix-all is for the save that asks for it; in the lightbulb menu it would stand under every line.
      return [...fixes, ...(context.only !== undefined && wanted(fixAllKind) ? fixAll(about) : [])];
    }),
  );

  connection.onCodeActionResolve((action) =>
    guarded('resolving a code action', action, async () => {
      const work = action.data as Work | Question | undefined;
      if (work === undefined) return action;
      if (work.make === 'digest') return { ...action, edit: await pinned(work) };
      for (const path of open.keys()) flush(path);
      return { ...action, edit: workEdit(actionContext(work.path), work) };
    })(undefined),
  );

  /** The edit that pins an image; undefined, and the user is told why, when there is none. */
  async function pinned(question: Question): Promise<WorkspaceEdit | undefined> {
    try {
      const digest = await digestOf!(question.image);
      flush(question.path);
      const edit = digestEdit(actionContext(question.path), question, digest);
      if (edit === undefined) throw new Error('the text has changed meanwhile');
      return edit;
    } catch (error) {
      void connection.window.showErrorMessage(`${question.image} is not pinned: ${(error as Error).message}.`);
      return undefined;
    }
  }

  connection.onCodeLens(
    guarded('code lenses', [], ({ textDocument: { uri } }) => {
      const path = files.toPath(uri);
      flush(path);
      return session.file(path) === undefined || !settings.codeLens
        ? []
        : codeLenses(session, path, uri, fileLines(path), hardenCommand);
    }),
  );

  connection.onExecuteCommand(
    guarded('command', null, async ({ command, arguments: given }) => {
      const argument: unknown = given?.[0];
      if (command === commands.scan) {
        await scanFolders(folders);
        return statistics();
      }
      if (command === commands.harden)
        return hardenTarget(given?.[0] as HardenTarget, given?.[1] as Partial<HardenOptions>);
      if (command === commands.rules) return rules.map(({ id, title, severity }) => ({ id, title, severity }));
      const rule = ruleById.get(String(argument));
      if (command === commands.explain && rule !== undefined) return rulePage(rule);
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        command === commands.explain ? `There is no rule ${argument}.` : `There is no command ${command}.`,
      );
    }),
  );

  /** Hardens a workload in the client's text; says what is left to decide. */
  async function hardenTarget({ uri, document, pod, title }: HardenTarget, asked: Partial<HardenOptions> = {}) {
    const path = files.toPath(uri);
    flush(path);
    const options = { numbered: asked.numbered === true, scratch: asked.scratch === true };
    const found = session.file(path)?.documents[document]?.result.verdicts.some((verdict) => verdict.pod === pod);
    if (!found) throw new ResponseError(LSPErrorCodes.RequestFailed, `There is no ${title} in ${path} any more.`);
    const { edit, left } = hardened(actionContext(path), { path, document, pod, options });
    const { applied } = await connection.workspace.applyEdit({ label: `Harden ${title}`, edit });
    return { applied, left };
  }

  connection.onDidChangeConfiguration(
    guarded('changing settings', undefined, async ({ settings: pushed }) => {
      if (capabilities.workspace?.configuration) await refreshSettings();
      else if (applySettings((pushed as { plimsoll?: unknown } | null)?.plimsoll ?? {}, {}, {}))
        await scanFolders(folders);
    }),
  );

  connection.onDidChangeWatchedFiles(guarded('file events', undefined, watched));

  /** Brings a document up to date before a question about it is answered. */
  function flush(path: string): void {
    const document = open.get(path);
    if (document === undefined || !dirty.has(path)) return;
    if (isLinted(path) && session.set(path, document.text.getText(), document.text.languageId)) settle();
  }
}

/** The changes with their columns in UTF-16 units; each speaks of the text that the ones before it make. */
function inUtf16(document: TextDocument, changes: TextDocumentContentChangeEvent[]): TextDocumentContentChangeEvent[] {
  let text = document.getText();
  return changes.map((change) => {
    if (!('range' in change)) {
      text = change.text;
      return change;
    }
    const given = new Lines(text, 'utf-8');
    const wanted = new Lines(text);
    const [start, end] = [given.offset(change.range.start), given.offset(change.range.end)];
    text = text.slice(0, start) + change.text + text.slice(end);
    return { range: wanted.range({ start, end }), text: change.text };
  });
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** "12 manifests, 3 Dockerfiles, 0 findings". */
function describe({ manifests, dockerfiles, composeFiles, findings }: Statistics): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`;
  return [
    count(manifests, 'manifest'),
    count(dockerfiles, 'Dockerfile'),
    count(composeFiles, 'Compose file'),
    count(findings, 'finding'),
  ].join(', ');
}
