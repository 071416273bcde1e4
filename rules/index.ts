/** All rules: one line each, sorted, under the layer that is their folder. A test compares this list with the folders. */
import allowPrivilegeEscalation from './runtime/allow-privilege-escalation.js';
import privilegedContainer from './runtime/privileged-container.js';
import type { Layer, LocalRule, Rule, Subjects, WorkspaceRule } from './rule.js';

const layers: Partial<Record<Layer, readonly (LocalRule | WorkspaceRule)[]>> = {
  runtime: [allowPrivilegeEscalation, privilegedContainer],
};

/** Every rule, sorted by id. */
export const rules: readonly Rule[] = Object.entries(layers)
  .flatMap(([layer, list]) => list.map((rule): Rule => ({ ...rule, layer: layer as Layer })))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

export const ruleById: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));

/** The rules that see one subject, by the subject that they look at. */
export const localRules: { readonly [K in keyof Subjects]: readonly Rule[] } = {
  manifest: rules.filter(({ on }) => on === 'manifest'),
  pod: rules.filter(({ on }) => on === 'pod'),
  container: rules.filter(({ on }) => on === 'container'),
  service: rules.filter(({ on }) => on === 'service'),
  dockerfile: rules.filter(({ on }) => on === 'dockerfile'),
};

export const workspaceRules: readonly (WorkspaceRule & Rule)[] = rules.filter((rule) => rule.on === 'workspace');
