/** The user's settings as the server understands them. What makes no sense is named and left at its default. */
import picomatch from 'picomatch';
import { ruleById } from '../rules/index.js';
import { type Configuration, defaultConfiguration } from '../rules/lint.js';
import { podSecurityVersion as readVersion } from '../rules/pod-security/standards/version.js';
import { type Severity, severities } from '../rules/rule.js';
import { suppressionId } from '../rules/suppression.js';

export interface Settings {
  readonly enable: boolean;
  /** A line above each workload says its Pod Security level. */
  readonly codeLens: boolean;
  readonly configuration: Configuration;
  /** Globs of what is not scanned: `plimsoll.exclude`, `files.exclude` and `search.exclude` together. */
  readonly exclude: readonly string[];
  /** `plimsoll.exclude` matches the path (below one of the folders), so that it is not linted even while it is open. */
  isExcluded(path: string, folders: readonly string[]): boolean;
  /** What could not be understood, a sentence each. */
  readonly problems: readonly string[];
}

/** Reads the sections `plimsoll`, `files` and `search` as the client sends them; anything may be missing or of a wrong type. */
export function settingsFrom(own: unknown, files: unknown, search: unknown): Settings {
  const problems: string[] = [];
  const { enable, codeLens, preset, rules, exclude, podSecurityVersion, allowedRegistries } = record(own);
  const globs = strings(exclude);
  const match = picomatch(globs, { dot: true, noextglob: true, nonegate: true });
  const configuration: Configuration = {
    preset: preset === 'strict' ? 'strict' : 'recommended',
    severities: severitiesFrom(rules, problems),
    podSecurityVersion: versionFrom(podSecurityVersion, problems),
    allowedRegistries: strings(allowedRegistries),
  };
  return {
    enable: enable !== false,
    codeLens: codeLens !== false,
    configuration,
    exclude: [...globs, ...enabledGlobs(record(files).exclude), ...enabledGlobs(record(search).exclude)],
    isExcluded: (path, folders) => {
      const folder = folders.find((candidate) => path.startsWith(`${candidate}/`));
      return globs.length > 0 && match(folder === undefined ? path : path.slice(folder.length + 1));
    },
    problems,
  };
}

function versionFrom(value: unknown, problems: string[]): number {
  if (value === undefined || value === null || value === '') return defaultConfiguration.podSecurityVersion;
  const version = readVersion(String(value));
  if (version === undefined)
    problems.push(`plimsoll.podSecurityVersion: "${value}" is neither "latest" nor a version such as "v1.36".`);
  return version ?? defaultConfiguration.podSecurityVersion;
}

function severitiesFrom(value: unknown, problems: string[]): Record<string, Severity | 'off'> {
  const result: Record<string, Severity | 'off'> = {};
  for (const [id, level] of Object.entries(record(value))) {
    if (!ruleById.has(id) && id !== suppressionId) problems.push(`plimsoll.rules: there is no rule "${id}".`);
    else if (level !== 'off' && !severities.includes(level as Severity))
      problems.push(
        `plimsoll.rules: "${id}" is set to "${level}"; it can be off, hint, information, warning or error.`,
      );
    else result[id] = level as Severity | 'off';
  }
  return result;
}

/** VS Code's exclude settings map a glob to true, to false, or to a condition on siblings (which is not judged here). */
function enabledGlobs(value: unknown): string[] {
  return Object.entries(record(value)).flatMap(([glob, on]) => (on === true ? [glob] : []));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
