/** Lints a handful of files as one workspace, in memory: what the server and the command line do, without their shells. */
import { type FileKind, fileKind, splitDocuments } from '../rules/document.js';
import { moved, movedFix } from '../rules/fix.js';
import {
  type Configuration,
  type Crash,
  type DocumentResult,
  defaultConfiguration,
  finish,
  lintDocument,
  lintWorkspace,
} from '../rules/lint.js';
import type { Finding } from '../rules/rule.js';

export interface FileFinding extends Finding {
  readonly path: string;
}

/** Findings have offsets within their file. */
export function lintFiles(
  files: readonly { path: string; text: string }[],
  configuration: Configuration = defaultConfiguration,
) {
  const documents: { path: string; document: number; offset: number; text: string; result: DocumentResult }[] = [];
  for (const { path, text } of files) {
    const kind = fileKind(path) as FileKind;
    splitDocuments(text, kind).forEach(({ start, end }, document) => {
      const chunk = text.slice(start, end);
      documents.push({
        path,
        document,
        offset: start,
        text: chunk,
        result: lintDocument(chunk, kind, path, configuration),
      });
    });
  }
  const claims = new Set(documents.flatMap(({ result }) => result.facts.provides));
  const workspace = lintWorkspace(
    documents.map(({ path, document, result }) => ({ ...result.facts, in: { path, document } })),
    configuration,
  );
  const crashes: Crash[] = [...documents.flatMap(({ result }) => result.crashes), ...workspace.crashes];
  const findings = documents.flatMap(({ path, document, offset, text, result }) => {
    const here = workspace.findings
      .filter((entry) => entry.in.path === path && entry.in.document === document)
      .map(({ finding }) => finding);
    return finish(result, text, path, here, (claim) => claims.has(claim), configuration).map((finding) =>
      shift(finding, path, offset),
    );
  });
  return { findings, crashes, documents };
}

function shift(finding: Finding, path: string, offset: number): FileFinding {
  return {
    ...finding,
    path,
    at: moved(finding.at, offset),
    fixes: finding.fixes.map((fix) => movedFix(fix, offset)),
  };
}
