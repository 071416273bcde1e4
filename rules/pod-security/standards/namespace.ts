/**
 * What a Namespace asks of its pods: the labels `pod-security.kubernetes.io/…`, read as pod-security-admission reads them (api/helpers.go,
 * PolicyToEvaluate), and the configuration of the admission plugin (api/types.go).
 */
import type { Field } from '../../model/field.js';
import type { Manifest } from '../../model/manifest.js';
import type { Span } from '../../model/tree.js';
import type { Edit } from '../../rule.js';
import { type Level, levels } from './verdict.js';
import { newestPodSecurityVersion, podSecurityVersion } from './version.js';

export const labelPrefix = 'pod-security.kubernetes.io/';

/** What admission does with a pod below the level: refuse it, note it in the audit log, warn who applies it. */
export const modes = ['enforce', 'audit', 'warn'] as const;
export type Mode = (typeof modes)[number];

/** What a namespace does in a mode. */
export interface Policy {
  readonly level: Level;
  /** As a minor number. */
  readonly version: number;
  /** Where the label's value stands; undefined for a default of the cluster. */
  readonly at?: Span | undefined;
}

export type Policies = Partial<Readonly<Record<Mode, Policy>>>;

/** What the labels of a Namespace say about a mode, each as far as it is there. Plain data. */
export interface ModeLabels {
  readonly level?: Level;
  /** The level was spelled so that it could be parsed. */
  readonly isReadable?: boolean;
  /** As a minor number. */
  readonly version?: number;
  /** Where the level's value stands. */
  readonly at?: Span;
  /** What makes the label say restricted. */
  readonly restrict?: readonly Edit[];
}

/** Modes of which a template hides something are null. */
export type NamespaceLabels = Readonly<Partial<Record<Mode, ModeLabels | null>>>;

/** `privileged`, `baseline` or `restricted`, spelled so. */
export function isLevel(text: string): text is Level {
  return (levels as readonly string[]).includes(text);
}

/** `latest` or `v1.N`; labels know no other spelling. */
export function isVersionLabel(text: string): boolean {
  return text === 'latest' || (text.startsWith('v') && podSecurityVersion(text) !== undefined);
}

/**
 * What a Namespace's labels say. A level that can't be parsed means restricted for `enforce` and privileged for the others; a version
 * that can't be, the newest.
 */
export function namespaceLabels(namespace: Manifest): NamespaceLabels {
  const labels = namespace.metadata.at('labels');
  const isThere = (field: Field) => field.exists || field.isNull;
  const found: Partial<Record<Mode, ModeLabels | null>> = {};
  for (const mode of modes) {
    const field = labels.at(labelPrefix + mode);
    const version = labels.at(`${labelPrefix}${mode}-version`);
    if (field.unknown || version.unknown) found[mode] = null;
    else if (isThere(field) || isThere(version)) {
      const { start, end } = field.span;
      found[mode] = {
        ...(isThere(field) && {
          level: levelIn(field, mode),
          isReadable: isLevel(field.text ?? ''),
          at: { start, end },
          restrict: field.set('restricted'),
        }),
        ...(isThere(version) && { version: versionIn(version) }),
      };
    }
  }
  return found;
}

/** What a namespace does, by its labels and the cluster's defaults (api/helpers.go, PolicyToEvaluate). A mode that a template hides is left out. */
export function policiesFrom(labels: NamespaceLabels, defaults: Policies): Policies {
  const policies: Partial<Record<Mode, Policy>> = {};
  for (const mode of modes) {
    const said = labels[mode];
    if (said === null) continue;
    const { level, version } = defaults[mode] ?? { level: 'privileged', version: newestPodSecurityVersion };
    policies[mode] = { level: said?.level ?? level, version: said?.version ?? version, at: said?.at };
  }
  const { enforce, warn } = policies;
  if (enforce === undefined || warn === undefined || labels.warn?.level !== undefined) return policies;
  // Who enforces a stricter level is warned of what breaks it.
  if (!labels.enforce?.isReadable || levels.indexOf(enforce.level) <= levels.indexOf(warn.level)) return policies;
  return { ...policies, warn: { ...enforce, version: labels.warn?.version ?? enforce.version } };
}

/** Defaults and exemptions of the admission plugin; undefined for any other object. */
export interface AdmissionDefaults {
  readonly defaults: Policies;
  readonly exemptNamespaces: readonly string[];
  readonly exemptRuntimeClasses: readonly string[];
}

/** Reads a PodSecurityConfiguration, alone or within an AdmissionConfiguration. */
export function admissionDefaults({ kind, root }: Manifest): AdmissionDefaults | undefined {
  const configuration = kind === 'AdmissionConfiguration' ? pluginConfiguration(root) : root;
  if (!kind.endsWith('Configuration') || !configuration?.at('kind').is('PodSecurityConfiguration')) return undefined;
  const given = configuration.at('defaults');
  const defaults = modes.flatMap((mode) =>
    given.at(mode).exists
      ? [[mode, { level: levelIn(given.at(mode), mode), version: versionIn(given.at(`${mode}-version`)) }] as const]
      : [],
  );
  const exempt = (key: string) =>
    configuration
      .at('exemptions', key)
      .items()
      .flatMap(({ text }) => text ?? []);
  return {
    defaults: Object.fromEntries(defaults),
    exemptNamespaces: exempt('namespaces'),
    exemptRuntimeClasses: exempt('runtimeClasses'),
  };
}

function pluginConfiguration(root: Field): Field | undefined {
  const plugins = root.at('plugins').items();
  return plugins.find((plugin) => plugin.at('name').is('PodSecurity'))?.at('configuration');
}

function levelIn({ text = '' }: Field, mode: Mode): Level {
  return isLevel(text) ? text : mode === 'enforce' ? 'restricted' : 'privileged';
}

function versionIn(field: Field): number {
  const asked = field.text ?? '';
  return isVersionLabel(asked) ? podSecurityVersion(asked)! : newestPodSecurityVersion;
}
