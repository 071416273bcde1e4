/** The command behind "Harden…": asks how, lets the server make the edit, and tells what is left to decide. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { HardenOptions } from '../rules/harden.js';
import type { HardenTarget } from '../server/lenses.js';

interface Choice extends vscode.QuickPickItem {
  readonly option: keyof HardenOptions;
}

const choices: readonly Choice[] = [
  {
    option: 'scratch',
    picked: true,
    label: 'Mount an emptyDir at /tmp',
    detail: 'The root filesystem becomes read-only; many programs write temporary files.',
  },
  {
    option: 'numbered',
    label: 'Run as user and group 10001',
    detail: 'Otherwise the image decides. Its files may belong to another user.',
  },
];

/** Hardens a workload to Pod Security restricted; nothing happens when the user leaves the choice. */
export async function hardenWorkload(client: LanguageClient, target: HardenTarget): Promise<void> {
  const picked = await vscode.window.showQuickPick<Choice>([...choices], {
    canPickMany: true,
    title: `Harden ${target.title} to Pod Security restricted`,
    placeHolder: 'Also… (tick, then Enter)',
  });
  if (picked === undefined) return;
  const options = Object.fromEntries(picked.map(({ option }) => [option, true]));
  const { applied, left }: { applied: boolean; left: string[] } = await client.sendRequest('workspace/executeCommand', {
    command: 'plimsoll.server.harden',
    arguments: [target, options],
  });
  if (applied && left.length > 0) {
    void vscode.window.showInformationMessage(
      `${target.title} is not restricted yet: ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} for you to decide.`,
    );
  }
}
