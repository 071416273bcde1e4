/** Entry: the language server in a Node process of its own, over stdio. */
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { diskFiles } from './files/disk.js';
import { digestOf } from './registry/digest.js';
import { serve } from './serve.js';
import { writerOptions } from './wire.js';

/** Serves over standard input and output until the client says `exit` or closes its end. Returns at once. */
export function startServer(): void {
  const { stdin, stdout } = process;
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(stdin),
    new StreamMessageWriter(stdout, writerOptions),
  );
  serve(connection, diskFiles, digestOf);
  connection.listen();
  // A client that crashed says nothing; its end of the pipe just closes.
  stdin.on('end', () => process.exit(1));
}

if (require.main === module) startServer();
