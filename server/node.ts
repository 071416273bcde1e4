/** Entry: the language server in a Node process of its own, over IPC (VS Code) or stdio (any client). */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskFiles } from './files/disk.js';
import { serve } from './serve.js';

/** Serves over the channel named on the command line (`--stdio`, `--node-ipc`, …). Returns at once. */
export function startServer(): void {
  const connection = createConnection(ProposedFeatures.all);
  serve(connection, diskFiles);
  connection.listen();
}

if (require.main === module) startServer();
