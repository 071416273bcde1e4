/** What network policies do to the pods that they select: Kubernetes' own, and as far as a default deny goes, Cilium's and Calico's. */
import type { Field } from './field.js';
import type { Manifest } from './manifest.js';

export type Direction = 'Ingress' | 'Egress';

/** The directions in which a policy denies, for every pod of its namespace, what no rule allows. */
export interface DefaultDeny {
  readonly ingress: boolean;
  readonly egress: boolean;
}

/** A NetworkPolicy of Kubernetes; Calico has a kind of the same name. */
export function isNetworkPolicy(kind: string, group: string): boolean {
  return kind === 'NetworkPolicy' && (group === 'networking.k8s.io' || group === 'extensions');
}

/**
 * The rules of a NetworkPolicy for a direction; undefined where it says nothing about that. Without `policyTypes`, Ingress always counts, and Egress
 * when there is a rule for it (pkg/apis/networking/v1/defaults.go).
 */
export function policyRules(spec: Field, direction: Direction): Field | undefined {
  const rules = spec.at(direction.toLowerCase());
  const types = spec.at('policyTypes');
  const isMeant =
    types.unknown || types.items().length > 0
      ? types.unknown || types.open || types.items().some((type) => type.is(direction) || type.unknown)
      : direction === 'Ingress' || rules.items().length > 0;
  return isMeant ? rules : undefined;
}

/** The peers of a rule: `from` or `to`. */
export function policyPeers(rule: Field, direction: Direction): Field {
  return rule.at(direction === 'Ingress' ? 'from' : 'to');
}

/** A selector that selects everything; one that is not there does. */
export function selectsAll(selector: Field): boolean {
  return (
    !selector.unknown &&
    !selector.open &&
    selector.at('matchLabels').entries().length === 0 &&
    selector.at('matchExpressions').items().length === 0
  );
}

/** Every address there is. */
export function isAnyAddress(cidr: Field): boolean {
  return cidr.is('0.0.0.0/0') || cidr.is('::/0');
}

/** What a policy denies by default; undefined when it is for some pods only, or no policy of a namespace at all. */
export function defaultDeny({ kind, group, root, spec }: Manifest): DefaultDeny | undefined {
  const both = (denies: (direction: Direction) => boolean) => ({
    ingress: denies('Ingress'),
    egress: denies('Egress'),
  });
  if (isNetworkPolicy(kind, group)) {
    return selectsAll(spec.at('podSelector')) ? both((direction) => deniesByDefault(spec, direction)) : undefined;
  }
  if (kind === 'NetworkPolicy' && group.endsWith('projectcalico.org')) {
    const selector = spec.at('selector');
    return selector.absent || selector.is('') || selector.is('all()')
      ? both((direction) => calicoDenies(spec, direction))
      : undefined;
  }
  if (kind !== 'CiliumNetworkPolicy') return undefined;
  const specs = [spec, ...root.at('specs').items()].filter(
    (one) => one.isMap && selectsAll(one.at('endpointSelector')),
  );
  return specs.length > 0 ? both((direction) => specs.some((one) => ciliumDenies(one, direction))) : undefined;
}

/**
 * A policy without rules denies everything. One whose rules are exceptions (DNS, the monitoring) denies all the rest; one that lets whole namespaces or
 * every address in denies nothing worth the name.
 */
function deniesByDefault(spec: Field, direction: Direction): boolean {
  const rules = policyRules(spec, direction);
  return rules?.items().every((rule) => isException(rule, policyPeers(rule, direction))) === true;
}

function isException(rule: Field, peers: Field): boolean {
  const ports = rule.at('ports').items();
  if (rule.open || rule.unknown || peers.open || peers.unknown) return true;
  if (ports.length > 0 && !ports.some(isEveryPort)) return true;
  const named = (peer: Field) => {
    const cidr = peer.at('ipBlock', 'cidr');
    if (cidr.node !== undefined) return !isAnyAddress(cidr);
    return !selectsAll(peer.at('podSelector')) || !selectsAll(peer.at('namespaceSelector'));
  };
  return peers.items().length > 0 && peers.items().every(named);
}

/** All ports of TCP (NetworkPolicyPort: without a `port` all of them, without a `protocol` TCP). */
function isEveryPort(entry: Field): boolean {
  const [protocol, port] = [entry.at('protocol'), entry.at('port')];
  if (entry.open || !(protocol.absent || protocol.is('TCP'))) return false;
  return port.absent || (port.is(1) && entry.at('endPort').is(65535));
}

/** Calico takes a direction's rules for its being meant, and Ingress when there are none at all (NetworkPolicy, `types`). */
function calicoDenies(spec: Field, direction: Direction): boolean {
  const types = spec.at('types').items();
  if (types.length > 0) return types.some((type) => type.is(direction));
  const has = (key: string) => spec.at(key).items().length > 0;
  return has(direction.toLowerCase()) || (direction === 'Ingress' && !has('egress'));
}

/** Cilium denies a direction by default as soon as there is a rule for it; an empty list of rules does nothing (pkg/policy/api/rule.go). */
function ciliumDenies(spec: Field, direction: Direction): boolean {
  const key = direction.toLowerCase();
  if (spec.at('enableDefaultDeny', key).is(false)) return false;
  return spec.at(key).items().length > 0 || spec.at(`${key}Deny`).items().length > 0;
}
