/** What memory-limit and cpu-limit have in common. */
import type { Report } from '../rule.js';
import { limitRangeSets } from './claims.js';
import type { Container } from './pod.js';
import { quantity } from './quantity.js';

/**
 * Reports a container without a limit for a resource. A limit of the whole pod counts (PodLevelResources, on by default since 1.34), and so does a
 * LimitRange with a default; ephemeral containers can have none (core/v1 EphemeralContainer). The fix writes `suggested`, or the request where that is more.
 */
export function* limitIsMissing(
  container: Container,
  resource: 'memory' | 'cpu',
  suggested: string,
): Generator<Report> {
  const { pod, field, title, role } = container;
  if (role === 'ephemeral container') return;
  const inPod = pod.spec.at('resources', 'limits', resource);
  if (inPod.exists || inPod.unknown) return;
  const limit = field.at('resources', 'limits', resource);
  const request = field.at('resources', 'requests', resource).word ?? '0';
  const value = (quantity(request) ?? 0) > quantity(suggested)! ? request : suggested;
  const name = resource === 'cpu' ? 'CPU' : resource;
  const report = {
    at: limit.span,
    message: `${title} has no ${name} limit.`,
    fixes: [{ title: `Set a ${name} limit of ${value}`, edits: limit.set(value), safe: false }],
  };
  if (limit.absent)
    yield { ...report, absent: `${name} limit`, unless: [limitRangeSets(pod.manifest.namespace, resource)] };
  else if (quantity(limit.word ?? '') === 0)
    yield { ...report, message: `${title} has a ${name} limit of 0, which means none.` };
}
