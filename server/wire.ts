/** Writing messages to the client, without turning into JSON what was turned into JSON before. */
import type { Message } from 'vscode-jsonrpc';
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import type { StreamMessageWriter } from 'vscode-languageserver/node';

type WriterOptions = Exclude<NonNullable<ConstructorParameters<typeof StreamMessageWriter>[1]>, string>;

/** Diagnostics as they stand on the wire, in UTF-8, with a comma before each. */
const written = new WeakMap<Diagnostic, Buffer>();

/**
 * The protocol wants all diagnostics of a file at each change, of which but a few are new. The others are the same objects as
 * before (serve.ts keeps them), so that their bytes are kept too: on a stream with a thousand diagnostics that is most of a keystroke.
 */
export const writerOptions: WriterOptions = {
  contentTypeEncoder: {
    name: 'application/json',
    encode: (message, { charset }) =>
      Promise.resolve(publishing(message) ?? Buffer.from(JSON.stringify(message), charset)),
  },
};

/** The bytes of a message that publishes diagnostics; undefined for any other. */
function publishing(message: Message): Buffer | undefined {
  const { method, params } = message as { method?: string; params?: PublishDiagnosticsParams };
  if (method !== 'textDocument/publishDiagnostics' || params === undefined) return undefined;
  const { diagnostics, ...head } = params;
  const parts = diagnostics.map((diagnostic) => {
    let bytes = written.get(diagnostic);
    if (bytes === undefined) {
      bytes = Buffer.from(`,${JSON.stringify(diagnostic)}`);
      written.set(diagnostic, bytes);
    }
    return bytes;
  });
  if (parts.length > 0) parts[0] = parts[0]!.subarray(1);
  const start = JSON.stringify({ jsonrpc: '2.0', method, params: { ...head, diagnostics: [] } }).slice(0, -3);
  return Buffer.concat([Buffer.from(start), ...parts, Buffer.from(']}}')]);
}
