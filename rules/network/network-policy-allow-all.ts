import type { Field } from '../model/field.js';
import { type Report, rule } from '../rule.js';

export default rule({
  id: 'network-policy-allow-all',
  on: 'manifest',
  severity: 'warning',
  preset: 'recommended',
  title: 'NetworkPolicy allows all traffic',
  why: 'Policies add up: one that allows everything takes back what all others deny for the same pods. Behind a default deny it looks safe and is open.',
  default: 'Pods that no policy selects may talk to everybody.',
  remedy:
    'Name who may talk, with `podSelector` and `namespaceSelector`, and on which `ports`. Suppress the finding where a pod is meant for everybody, such as an ingress controller.',
  standards: ['nsa:network-separation', 'cis-k8s:5.3.2', 'mitre:T1210'],
  aliases: { trivy: ['KSV-0038'], kyverno: ['restrict-networkpolicy-empty-podselector'] },
  hover: ['spec/ingress', 'spec/egress'],
  *check({ kind, group, title, spec }) {
    if (kind !== 'NetworkPolicy' || !/^(?:networking\.k8s\.io|extensions)$/.test(group)) return;
    yield* directionReports(title, spec, 'Ingress', 'from');
    yield* directionReports(title, spec, 'Egress', 'to');
  },
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: open}
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
          ingress:
            - «{}» # for now
          egress:
            - to:
                - ipBlock:
                    cidr: «0.0.0.0/0»
      `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: open}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress:
            - «from»: []
      `,
    },
    {
      why: 'deny all, all addresses but only on one port, all but the metadata address, a direction that is not in force',
      ok: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: fine}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          ingress: [{}]
          egress:
            - ports: [{port: 53, protocol: UDP}]
            - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
              ports: [{port: 443}]
            - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]
            - to: [{namespaceSelector: {}}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: default-deny}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: []}
      `,
    },
  ],
});

function* directionReports(
  title: string,
  spec: Field,
  type: 'Ingress' | 'Egress',
  peersKey: 'from' | 'to',
): Generator<Report> {
  const types = spec.at('policyTypes').items();
  if (types.length > 0 && !types.some((item) => item.is(type) || item.unknown)) return;
  const whom = type === 'Ingress' ? 'traffic from everywhere' : 'traffic to everywhere';
  for (const entry of spec.at(type.toLowerCase()).items()) {
    if (entry.open || entry.unknown || entry.at('ports').items().length > 0) continue;
    const peers = entry.at(peersKey);
    if (peers.absent || (peers.isList && peers.items().length === 0 && !peers.open)) {
      const at = peers.node === undefined ? entry.span : (peers.keySpan ?? peers.span);
      yield { at, message: `${title} allows ${whom}.` };
      continue;
    }
    for (const peer of peers.items()) {
      const cidr = peer.at('ipBlock', 'cidr');
      if ((cidr.is('0.0.0.0/0') || cidr.is('::/0')) && peer.at('ipBlock', 'except').items().length === 0) {
        yield { at: cidr.span, message: `${title} allows ${whom} (${cidr.text}).` };
      }
    }
  }
}
