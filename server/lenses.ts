/** The line above each workload that says how it stands to the Pod Security Standards. */
import type { CodeLens } from 'vscode-languageserver';
import { moved } from '../rules/fix.js';
import type { PodVerdict } from '../rules/lint.js';
import { fileIsPatch } from '../rules/model/claims.js';
import type { Lines } from './lines.js';
import type { Session } from './session.js';

/** Which workload is to be hardened, as the command of a lens hands it over. Plain data. */
export interface HardenTarget {
  readonly uri: string;
  /** The document's number in its file, and the path of the PodSpec in it. */
  readonly document: number;
  readonly pod: string;
  /** "Deployment web". */
  readonly title: string;
}

/**
 * The lenses of a file: a level for each pod, and where it isn't restricted an offer to harden it.
 * @param command what the offer runs, with a HardenTarget
 */
export function codeLenses(session: Session, path: string, uri: string, lines: Lines, command: string): CodeLens[] {
  // A patch is a part of a workload: what it leaves out stands elsewhere.
  if (session.isClaimed(fileIsPatch(path))) return [];
  return session.file(path)!.documents.flatMap(({ start, result }, document) =>
    result.verdicts.flatMap((verdict): CodeLens[] => {
      const range = lines.range(moved(verdict.at, start));
      const level = { range, command: { title: levelTitle(verdict), command: '' } };
      if (verdict.failed.length === 0) return [level];
      const target: HardenTarget = { uri, document, pod: verdict.pod, title: verdict.title };
      return [level, { range, command: { title: 'Harden…', command, arguments: [target] } }];
    }),
  );
}

/** "Pod Security: baseline, 3 controls from restricted". */
function levelTitle({ level, failed, templated }: PodVerdict): string {
  const count = failed.length;
  const distance = count === 0 ? '' : `, ${count} control${count === 1 ? '' : 's'} from restricted`;
  return `Pod Security: ${level}${distance}${templated ? ' (as far as the template shows)' : ''}`;
}
