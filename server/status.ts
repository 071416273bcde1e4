/** What the server tells the client's status item: the notification `plimsoll/status`. */
import type { DocumentKind } from '../rules/document.js';

export interface Statistics {
  /** Kubernetes objects, not files. */
  readonly manifests: number;
  readonly dockerfiles: number;
  readonly composeFiles: number;
  /** Diagnostics as shown: settings that are absent together count once. */
  readonly findings: number;
}

export interface StatusParams {
  readonly scan: { readonly state: 'never' | 'running' | 'done' | 'cancelled'; readonly problems: readonly string[] };
  readonly total: Statistics;
  /** The open documents. */
  readonly documents: readonly {
    readonly uri: string;
    readonly kind: DocumentKind;
    readonly findings: number;
    /** Not switched off and not excluded by a setting. */
    readonly linted: boolean;
    /** The first line (from 1) at which the YAML makes no sense. */
    readonly brokenLine?: number;
  }[];
}
