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

/** A level that a namespace asks for. Plain data. */
export interface Policy {
  readonly level: Level;
  /** As a minor number. */
  readonly version: number;
  /** Where the label's value stands; undefined for a default of the cluster. */
  readonly at?: Span;
  /** What makes the label say restricted; undefined for a default of the cluster. */
  readonly restrict?: readonly Edit[];
}

export type Policies = Partial<Readonly<Record<Mode, Policy>>>;

/** `privileged`, `baseline` or `restricted`, spelled so. */
export function isLevel(text: string): text is Level {
  return (levels as readonly string[]).includes(text);
}

/** `latest` or `v1.N`; labels know no other spelling. */
export function isVersionLabel(text: string): boolean {
  return text === 'latest' || (text.startsWith('v') && podSecurityVersion(text) !== undefined);
}

/**
 * The policies of a Namespace. A level that can't be parsed means restricted for `enforce` and privileged for the others; a version
 * that can't be, the newest. A label that a template hides is left out.
 */
export function policiesOf(namespace: Manifest): Policies {
  const labels = namespace.metadata.at('labels');
  const policies: Partial<Record<Mode, Policy>> = {};
  for (const mode of modes) {
    const field = labels.at(labelPrefix + mode);
    const version = labels.at(`${labelPrefix}${mode}-version`);
    if ((!field.exists && !field.isNull) || field.unknown || version.unknown) continue;
    const { start, end } = field.span;
    policies[mode] = { ...policy(field, version, mode), at: { start, end }, restrict: field.set('restricted') };
  }
  return policies;
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
    given.at(mode).exists ? [[mode, policy(given.at(mode), given.at(`${mode}-version`), mode)] as const] : [],
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

function policy(field: Field, version: Field, mode: Mode): Policy {
  const text = field.text ?? '';
  const level = isLevel(text) ? text : mode === 'enforce' ? 'restricted' : 'privileged';
  const asked = version.text ?? 'latest';
  return { level, version: isVersionLabel(asked) ? podSecurityVersion(asked)! : newestPodSecurityVersion };
}
