/** Writing messages to the client, without turning into JSON what was turned into JSON before. */
import type { Message } from 'vscode-jsonrpc';
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import type { StreamMessageWriter } from 'vscode-languageserver/node';

type WriterOptions = Exclude<NonNullable<ConstructorParameters<typeof StreamMessageWriter>[1]>, string>;

const json = new WeakMap<Diagnostic, string>();

/**
 * The protocol wants all diagnostics of a file at each change, of which but a few are new. The others are the same objects as
 * before (serve.ts keeps them), so that their JSON is kept too: on a stream with a thousand diagnostics that is most of a keystroke.
 */
export const writerOptions: WriterOptions = {
  contentTypeEncoder: {
    name: 'application/json',
    encode: (message, { charset }) => Promise.resolve(Buffer.from(toJson(message), charset)),
  },
};

function toJson(message: Message): string {
  const { method, params } = message as { method?: string; params?: PublishDiagnosticsParams };
  if (method !== 'textDocument/publishDiagnostics' || params === undefined) return JSON.stringify(message);
  const { diagnostics, ...head } = params;
  const list = diagnostics.map((diagnostic) => {
    let text = json.get(diagnostic);
    if (text === undefined) {
      text = JSON.stringify(diagnostic);
      json.set(diagnostic, text);
    }
    return text;
  });
  const start = JSON.stringify({ ...head, diagnostics: [] }).slice(0, -2);
  return `{"jsonrpc":"2.0","method":"${method}","params":${start}${list.join(',')}]}}`;
}
