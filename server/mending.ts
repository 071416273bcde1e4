/** Fixing a document of a session over and over until nothing is left to fix. */
import { type MadeEdit, mend } from '../rules/fix.js';
import { finish, lintDocument } from '../rules/lint.js';
import type { Finding, Fix } from '../rules/rule.js';
import type { Session } from './session.js';

/**
 * Edits that mend a document until nothing is left for which `choose` names a fix, with offsets from the document's start. The findings
 * of workspace rules get one chance, as they can't be found again in the changed text alone.
 */
export function mendDocument(
  session: Session,
  path: string,
  index: number,
  choose: (finding: Finding) => Fix | undefined,
): MadeEdit[] {
  const { kind, documents } = session.file(path)!;
  const { text } = documents[index]!;
  const fixes = (findings: readonly Finding[]) => findings.flatMap((finding) => choose(finding) ?? []);
  return mend(text, (current) => {
    if (current === text) return fixes(session.documentFindings(path, index));
    const result = lintDocument(current, kind, path, session.configuration);
    return fixes(finish(result, current, path, [], (claim) => session.isClaimed(claim), session.configuration));
  });
}
