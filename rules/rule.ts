/**
 * What a rule is: the page to read first.
 *
 * A rule looks at one subject (a container, a Dockerfile, …), yields what is wrong with it and how to mend it. It holds
 * its own explanation and its own examples, which are at once its tests, its documentation and its hover text.
 * Everything here is plain data: no editor, no protocol, no file system.
 */
import type { ComposeService } from './model/compose.js';
import type { Dockerfile } from './model/dockerfile.js';
import type { Manifest } from './model/manifest.js';
import type { Container, Pod } from './model/pod.js';
import type { Span } from './model/tree.js';
import type { Workspace } from './model/workspace.js';

export type { Span };

/** `error`: something dangerous is present; `warning`: a hardening is absent; `information`: hygiene; `hint`: advice. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** From the worst to the mildest. */
export const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** The sections of the security pattern; each is a folder under rules/. */
export type Layer =
  | 'image'
  | 'runtime'
  | 'pod-security'
  | 'network'
  | 'secrets'
  | 'identity'
  | 'admission'
  | 'resources'
  | 'rbac'
  | 'registry'
  | 'cluster'
  | 'lifecycle';

/** Which rules run: `recommended` is what most want; `strict` is all of them. */
export type Preset = 'recommended' | 'strict';

/** A change of text: what stands at the span gives way to `text`. Offsets as in Span. */
export interface Edit extends Span {
  readonly text: string;
}

/** A way to mend a finding. Edits do not overlap; an empty list means that the place cannot be edited (an alias). */
export interface Fix {
  /** An imperative, shown in the lightbulb menu: "Set privileged to false". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** It cannot change what a working application does, so it may be applied unasked (on save). */
  readonly safe: boolean;
  /** What has to be known before there are edits; until it is answered (`answered` in rules/fix.ts) there are none. */
  readonly resolve?: DigestRequest;
}

/** What only an image's registry can say: the digest that a reference stands for today. */
export interface DigestRequest {
  /** The reference as written, without a digest. */
  readonly image: string;
  /** The digest goes behind this offset. */
  readonly at: number;
}

/** What a check yields: a place, a sentence, the ways to mend it. */
export interface Report {
  readonly at: Span;
  /** One sentence that names the subject and says what is wrong. Never a secret value. */
  readonly message: string;
  /** The first one is the preferred one. Fixes without edits are dropped. */
  readonly fixes?: readonly Fix[];
  /**
   * For a setting that is not there: its name, as in "runAsNonRoot". Findings of absent settings that stand on one word
   * are shown as one diagnostic, and none is made where a template or a Kustomize patch hides what else there is.
   */
  readonly absent?: string;
  /**
   * It holds of a whole manifest only: what it misses, though no setting is absent, may stand in the base that a Kustomize patch is laid over. None is
   * made in a patch.
   */
  readonly whole?: boolean;
  /** It is made under the preset recommended too, though the rule is one of strict (RuleBase.partlyRecommended). */
  readonly recommended?: boolean;
  /** Where it differs from the rule's own severity. */
  readonly severity?: Severity;
  /**
   * Claims (see Facts.provides) any of which makes this report void when a document of the workspace makes it: a LimitRange that sets
   * the limit, a ServiceAccount that turns its token off. This lets a rule stay local and yet see across files.
   */
  readonly unless?: readonly string[];
  /** Claims of which at least one must be made, or else this report is void: what it says is harmless until another document gives it weight. */
  readonly onlyIf?: readonly string[];
  /** Other places that explain it. */
  readonly related?: readonly Related[];
}

/** A place that explains a finding: in the same document, or (`path`) in another one of the workspace. */
export interface Related {
  readonly at: Span;
  readonly message: string;
  readonly place?: DocumentPlace;
}

/** Which document of the workspace: the file's path and the document's index within its stream. */
export interface DocumentPlace {
  readonly path: string;
  readonly document: number;
}

/** A report of a workspace rule says in which document it stands. */
export interface WorkspaceReport extends Report {
  readonly in: DocumentPlace;
  readonly resource?: Resource;
}

/** The Kubernetes object that a finding is about. Empty strings where the manifest says nothing. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A report, completed by the linter with what it knows of the rule and the subject. Plain, structured-clonable. */
export interface Finding extends Report {
  readonly rule: string;
  readonly severity: Severity;
  readonly fixes: readonly Fix[];
  readonly resource: Resource | undefined;
  /** The container or service that the finding is about: its name, and the path that tells it from others of the document. */
  readonly subject?: {
    readonly name: string;
    readonly kind: 'container' | 'workload' | 'service';
    readonly key: string;
  };
}

/** What rules look at. */
export interface Subjects {
  /** Every container, init container, sidecar and ephemeral container of every pod. */
  container: Container;
  /** Every Pod and pod template. */
  pod: Pod;
  /** Every Kubernetes object; a rule looks at `kind` itself or names the kinds in `kinds`. */
  manifest: Manifest;
  dockerfile: Dockerfile;
  /** Every service of a Compose file. */
  service: ComposeService;
}

/** The settings that a check may ask for. */
export interface RuleOptions {
  readonly preset: Preset;
  /** The Pod Security Standards version, as a minor number: 36 for v1.36. */
  readonly podSecurityVersion: number;
  /** Where images may come from: registries, or folders of registries (`ghcr.io/example`). None: from anywhere. */
  readonly allowedRegistries: readonly string[];
}

/**
 * A bad/good pair, or a text that must stay silent. `«` and `»` in `bad` mark the spans that the rule reports, exactly and in order;
 * `good` is what the first fix of each finding makes of it (left out when there is no fix). Blanks at the left are
 * trimmed as far as all lines have them. A Dockerfile and a Compose file are told by `file`, a manifest is the default.
 */
export type Example = ({ readonly bad: string; readonly good?: string } | { readonly ok: string }) & {
  /** What the example shows, when the text does not say it by itself. */
  readonly why?: string;
  /** File name; decides how the text is read. Default: manifest.yaml, Dockerfile or compose.yaml by the rule's subject. */
  readonly file?: string;
  /** The digest that a registry answers with, for fixes that ask for one. */
  readonly digest?: string;
  /** Settings that the example stands under, besides the defaults and the rule's own preset. */
  readonly options?: Partial<RuleOptions>;
};

interface RuleBase {
  /** kebab-case; the file's name. */
  readonly id: string;
  readonly severity: Severity;
  readonly preset: Preset;
  /** A few words, without a full stop: "Container runs privileged". */
  readonly title: string;
  /** What it stops: what an attacker gains, in two or three sentences (Markdown). */
  readonly why: string;
  /** What holds when nothing is written, in one sentence. */
  readonly default: string;
  /** What to write, and what may break, in a sentence or two (Markdown). */
  readonly remedy: string;
  /** `scheme:id`, e.g. `pss:restricted/runAsNonRoot`, `cis-k8s:5.2.7`, `nsa:…`, `cwe:250`. */
  readonly standards: readonly string[];
  /** The ids of the same control in other tools. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /**
   * Where a hover explains the rule though nothing is wrong: the end of a path of keys, `#` for an index or any one key
   * (`containers/#/image`, `securityContext/privileged`), or a Dockerfile instruction in capitals (`USER`).
   */
  readonly hover: readonly string[];
  /** Some of its reports are made under the preset recommended too, though the rule is one of strict. */
  readonly partlyRecommended?: boolean;
  /** What it underlines, or what stands behind that on its line, may be a secret: no report shows it. */
  readonly secret?: boolean;
  /** Rules that say less than this one where both report the same place: an editor shows one diagnostic there, this rule's. */
  readonly covers?: readonly string[];
  readonly examples: readonly Example[];
}

/** A rule that sees one subject of one document. */
export type LocalRule = {
  [K in keyof Subjects]: RuleBase & {
    readonly on: K;
    check(subject: Subjects[K], options: RuleOptions): Iterable<Report>;
  };
}[keyof Subjects];

/** A rule that sees the facts of all documents, and nothing else of them. */
export interface WorkspaceRule extends RuleBase {
  readonly on: 'workspace';
  check(workspace: Workspace, options: RuleOptions): Iterable<WorkspaceReport>;
}

export type Rule = (LocalRule | WorkspaceRule) & { readonly layer: Layer };

/** Writes a rule down; the layer is the folder that it lies in (rules/index.ts adds it). */
export function rule<R extends LocalRule | WorkspaceRule>(definition: R): R {
  return definition;
}
