/** The status item: what Plimsoll found in the active file and in the workspace, and, where that is nothing, why. */
import * as vscode from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';
import type { Statistics, StatusParams } from '../server/status.js';

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('plimsoll.status', vscode.StatusBarAlignment.Right, 90);
  readonly #subscriptions: vscode.Disposable[];
  #last: StatusParams | undefined;
  #settleFirstScan = () => {};
  /** Settles when the server has looked at the whole workspace once. */
  readonly firstScan = new Promise<void>((resolve) => {
    this.#settleFirstScan = resolve;
  });

  constructor(
    readonly client: LanguageClient,
    readonly selector: vscode.DocumentSelector,
  ) {
    this.#item.name = 'Plimsoll';
    this.#item.command = 'workbench.actions.view.problems';
    this.#subscriptions = [
      this.#item,
      client.onNotification('plimsoll/status', (status: StatusParams) => {
        this.#last = status;
        if (status.scan.state === 'done' || status.scan.state === 'cancelled') this.#settleFirstScan();
        this.#show();
      }),
      client.onDidChangeState(() => this.#show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
    ];
    this.#show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || vscode.languages.match(this.selector, document) === 0) {
      this.#item.hide();
      return;
    }
    const { text, why } = this.#say(document);
    this.#item.text = text;
    this.#item.tooltip = new vscode.MarkdownString(`**Plimsoll**\n\n${why}\n\n${this.#workspace()}`);
    this.#item.show();
  }

  #say(document: vscode.TextDocument): { text: string; why: string } {
    if (this.client.state === State.Stopped)
      return {
        text: '$(error) Plimsoll stopped',
        why: 'The language server is not running; “Plimsoll: Restart Server” starts it again.',
      };
    const here = this.#last?.documents.find(
      ({ uri }) => uri === this.client.code2ProtocolConverter.asUri(document.uri),
    );
    if (this.#last === undefined || here === undefined) return { text: '$(sync~spin) Plimsoll', why: 'Starting…' };
    if (!here.linted)
      return {
        text: '$(circle-slash) Plimsoll',
        why: 'This file is excluded, or Plimsoll is switched off, by a setting.',
      };
    if (here.kind === 'other')
      return {
        text: '$(circle-slash) Plimsoll',
        why: `This is not a Kubernetes manifest${document.languageId === 'json' ? '' : ', Dockerfile or Compose file'}.`,
      };
    const broken =
      here.brokenLine === undefined ? '' : ` Line ${here.brokenLine} is not valid YAML; what can be read is checked.`;
    if (here.findings === 0)
      return { text: '$(pass) Plimsoll', why: `Nothing found in this ${kinds[here.kind]}.${broken}` };
    return {
      text: `$(shield) Plimsoll: ${here.findings}`,
      why: `${count(here.findings, 'finding')} in this ${kinds[here.kind]}.${broken}`,
    };
  }

  #workspace(): string {
    if (this.#last === undefined) return '';
    const { scan, total } = this.#last;
    const state = {
      never: 'Workspace not scanned yet',
      running: 'Scanning the workspace…',
      cancelled: 'Scan of the workspace cancelled',
      done: 'Workspace',
    }[scan.state];
    const skipped =
      scan.problems.length === 0
        ? ''
        : ` ${count(scan.problems.length, 'file')} could not be read; the output names them.`;
    return `${state}: ${describe(total)}.${skipped}`;
  }
}

const kinds = {
  manifest: 'manifest',
  compose: 'Compose file',
  kustomization: 'kustomization',
  dockerfile: 'Dockerfile',
  other: 'file',
};

function describe({ manifests, dockerfiles, composeFiles, findings }: Statistics): string {
  return [
    count(manifests, 'manifest'),
    count(dockerfiles, 'Dockerfile'),
    count(composeFiles, 'Compose file'),
    count(findings, 'finding'),
  ].join(', ');
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
