/** Entry: the VS Code extension. Starts the server and adds what only an editor has: commands, status, settings. */
import path from 'node:path';
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import type { HardenTarget } from '../server/lenses.js';
import { showExplanation } from './explain.js';
import { hardenWorkload } from './harden.js';
import { Status } from './status.js';

/** Documents that the server is told of; it decides by content what it says about them. */
const documentSelector = ['yaml', 'dockerfile', 'dockercompose', 'helm', 'json'].map((language) => ({ language }));

/** What other extensions and the tests get. */
export interface PlimsollApi {
  /** Settles when the server is ready and the first scan of the workspace is done. */
  readonly ready: Promise<void>;
}

let client: LanguageClient | undefined;

export function activate(context: vscode.ExtensionContext): PlimsollApi {
  const output = vscode.window.createOutputChannel('Plimsoll', { log: true });
  const module = context.asAbsolutePath(path.join('dist', 'server.js'));
  const options: LanguageClientOptions = {
    documentSelector,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: { explainCommand: 'plimsoll.explainRule', hardenCommand: 'plimsoll.harden' },
    markdown: { isTrusted: { enabledCommands: ['plimsoll.explainRule'] } },
  };
  const server = new LanguageClient('plimsoll', 'Plimsoll', { module, transport: TransportKind.stdio }, options);
  client = server;
  const status = new Status(server, documentSelector);
  context.subscriptions.push(
    output,
    status,
    vscode.commands.registerCommand('plimsoll.scanWorkspace', () =>
      server.sendRequest('workspace/executeCommand', { command: 'plimsoll.server.scan' }),
    ),
    vscode.commands.registerCommand('plimsoll.explainRule', (rule?: string) => showExplanation(server, rule)),
    vscode.commands.registerCommand('plimsoll.harden', (target: HardenTarget) => hardenWorkload(server, target)),
    vscode.commands.registerCommand('plimsoll.restartServer', () => server.restart()),
    vscode.commands.registerCommand('plimsoll.showOutput', () => output.show()),
    vscode.workspace.registerTextDocumentContentProvider('plimsoll-rule', {
      provideTextDocumentContent: async ({ path: file }) =>
        String(
          await server.sendRequest('workspace/executeCommand', {
            command: 'plimsoll.server.explain',
            arguments: [path.basename(file, '.md')],
          }),
        ),
    }),
  );
  // Not awaited: the window goes on while the server starts.
  const started = server.start();
  started.catch((error) => output.error(`The language server did not start: ${error}`));
  return { ready: started.then(() => status.firstScan) };
}

export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}
