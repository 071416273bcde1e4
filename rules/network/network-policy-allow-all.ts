import type { Field } from '../model/field.js';
import {
  type Direction,
  isAnyAddress,
  isNetworkPolicy,
  policyPeers,
  policyRules,
  selectsAll,
} from '../model/network-policy.js';
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
    if (!isNetworkPolicy(kind, group)) return;
    yield* openRules(title, spec, 'Ingress');
    yield* openRules(title, spec, 'Egress');
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
            - from:
              - ipBlock: {cidr: «"::/0"», except: []}
      `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: open
        spec:
          podSelector: {}
          egress:
          - to:
            - namespaceSelector: «{}»
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
            - to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}]
            - {{- toYaml .Values.egress | nindent 14 }}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: pods of the namespace among themselves}
        spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: one service for the cluster}
        spec: {podSelector: {matchLabels: {app: dns}}, ingress: [{from: [{namespaceSelector: {}}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: allow-dns}
        spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: default-deny}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: []}
      `,
    },
  ],
});

function* openRules(title: string, spec: Field, direction: Direction): Generator<Report> {
  const allows = direction === 'Ingress' ? 'lets traffic in from' : 'lets traffic out to';
  for (const entry of policyRules(spec, direction)?.items() ?? []) {
    if (entry.open || entry.unknown || entry.at('ports').items().length > 0) continue;
    const peers = policyPeers(entry, direction);
    if (peers.open || peers.unknown) continue;
    if (peers.items().length === 0) {
      const at = peers.node === undefined ? entry.span : (peers.keySpan ?? peers.span);
      yield { at, message: `${title} ${allows} everywhere.` };
    }
    for (const peer of peers.items()) {
      const cidr = peer.at('ipBlock', 'cidr');
      if (isAnyAddress(cidr) && peer.at('ipBlock', 'except').items().length === 0) {
        yield { at: cidr.span, message: `${title} ${allows} everywhere (${cidr.text}).` };
      }
      // Every pod of the cluster, for every pod of the namespace.
      const namespaces = peer.at('namespaceSelector');
      if (namespaces.exists && [namespaces, peer.at('podSelector'), spec.at('podSelector')].every(selectsAll)) {
        yield { at: namespaces.span, message: `${title} ${allows} every pod of the cluster.` };
      }
    }
  }
}
