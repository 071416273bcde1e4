/** The command "Explain Rule": the rule's page, rendered, without a network. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
}

/** Shows a rule's page beside the editor; without a rule, asks for one, those under the cursor first. */
export async function showExplanation(client: LanguageClient, rule: string | undefined): Promise<void> {
  const id = rule ?? (await pickRule(client));
  if (id === undefined) return;
  await vscode.commands.executeCommand(
    'markdown.showPreviewToSide',
    vscode.Uri.from({ scheme: 'plimsoll-rule', path: `/${id}.md` }),
  );
}

async function pickRule(client: LanguageClient): Promise<string | undefined> {
  const rules: RuleSummary[] = await client.sendRequest('workspace/executeCommand', {
    command: 'plimsoll.server.rules',
  });
  const here = new Set(rulesUnderCursor());
  const item = ({ id, title, severity }: RuleSummary) => ({
    label: id,
    description: title,
    detail: here.has(id) ? `found here · ${severity}` : undefined,
  });
  const sorted = [...rules].sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  const picked = await vscode.window.showQuickPick(sorted.map(item), {
    placeHolder: 'Which rule?',
    matchOnDescription: true,
  });
  return picked?.label;
}

function rulesUnderCursor(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === 'plimsoll' && range.contains(editor.selection.active))
    .map(({ code }) => String(typeof code === 'object' ? code.value : code));
}
