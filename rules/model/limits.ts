/** What the rules about missing limits and requests have in common. */
import type { Edit, Fix, Report } from '../rule.js';
import { limitRangeRequests, limitRangeSets } from './claims.js';
import type { Field } from './field.js';
import type { Container } from './pod.js';
import { quantity } from './quantity.js';

/** A resource that every container can have a limit and a request for. */
export type ContainerResource = 'memory' | 'cpu' | 'ephemeral-storage';

const names: Readonly<Record<ContainerResource, string>> = {
  memory: 'memory',
  cpu: 'CPU',
  'ephemeral-storage': 'ephemeral storage',
};

/** What can be set for the whole pod (component-helpers/resource, SupportedPodLevelResources). */
const podResources: readonly ContainerResource[] = ['cpu', 'memory'];

const suggestions: Readonly<Record<ContainerResource, { readonly limit: string; readonly request: string }>> = {
  memory: { limit: '512Mi', request: '256Mi' },
  cpu: { limit: '1000m', request: '100m' },
  'ephemeral-storage': { limit: '1Gi', request: '128Mi' },
};

/**
 * Reports a container without a limit for a resource. A limit of the whole pod counts (PodLevelResources, on by default since 1.34), and so does a
 * LimitRange with a default; ephemeral containers can have none (core/v1 EphemeralContainer).
 * The fix writes the suggested limit, or the request where that is more; and a request with it, as the limit would be the request otherwise.
 */
export function* limitIsMissing(container: Container, resource: ContainerResource): Generator<Report> {
  const { pod, field, title, role } = container;
  if (role === 'ephemeral container') return;
  if (podResources.includes(resource) && !pod.spec.at('resources', 'limits', resource).absent) return;
  const limit = field.at('resources', 'limits', resource);
  const name = names[resource];
  const fixes = () => limitFixes(field.at('resources'), limit, resource);
  if (limit.absent)
    yield {
      at: limit.span,
      message: `${title} has no ${name} limit.`,
      absent: `${name} limit`,
      unless: [limitRangeSets(pod.manifest.namespace, resource)],
      fixes: fixes(),
    };
  else if (quantity(limit.word ?? '') === 0)
    yield { at: limit.span, message: `${title} has a ${name} limit of 0, which means none.`, fixes: fixes() };
}

function limitFixes(resources: Field, limit: Field, resource: ContainerResource): Fix[] {
  const request = resources.at('requests', resource);
  const asked = request.word ?? '0';
  const suggested = suggestions[resource];
  const value = (quantity(asked) ?? 0) > quantity(suggested.limit)! ? asked : suggested.limit;
  const name = names[resource];
  return [
    {
      title: `Set ${article(name)} ${name} limit of ${value} and a request of ${suggested.request}`,
      edits: request.absent ? bothEdits(resources, resource, value, suggested.request) : [],
      safe: false,
    },
    { title: `Set ${article(name)} ${name} limit of ${value}`, edits: limit.set(value), safe: false },
  ];
}

/**
 * Reports a container without a request for a resource. Where there is a limit the API server takes that for the request (pkg/apis/core/v1/defaults.go,
 * SetDefaults_Pod); the pod's own resources and a LimitRange count as they do for limits.
 */
export function* requestIsMissing(container: Container, resource: ContainerResource): Generator<Report> {
  const { pod, field, title, role } = container;
  if (role === 'ephemeral container') return;
  const said = [...(podResources.includes(resource) ? [pod.spec] : []), field].flatMap((holder) =>
    ['requests', 'limits'].map((kind) => holder.at('resources', kind, resource)),
  );
  if (said.some((value) => !value.absent)) return;
  const request = field.at('resources', 'requests', resource);
  const name = names[resource];
  const value = suggestions[resource].request;
  yield {
    at: request.span,
    message: `${title} has no ${name} request.`,
    absent: `${name} request`,
    unless: [limitRangeRequests(pod.manifest.namespace, resource)],
    fixes: [{ title: `Set ${article(name)} ${name} request of ${value}`, edits: request.set(value), safe: false }],
  };
}

/** Edits that write a limit and a request. */
function bothEdits(resources: Field, resource: ContainerResource, limit: string, request: string): Edit[] {
  const [limits, requests] = [resources.at('limits'), resources.at('requests')];
  if (limits.absent && requests.absent)
    return resources.setAll({ requests: { [resource]: request }, limits: { [resource]: limit } });
  const [asked, allowed] = [requests.at(resource).set(request), limits.at(resource).set(limit)];
  if (asked.length === 0 || allowed.length === 0) return [];
  // At one and the same place, what extends a mapping comes before what begins one.
  return limits.absent ? [...asked, ...allowed] : [...allowed, ...asked];
}

function article(name: string): string {
  return name.startsWith('e') ? 'an' : 'a';
}
