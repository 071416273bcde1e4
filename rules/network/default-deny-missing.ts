import { trafficIsDenied } from '../model/claims.js';
import { addDocument, type DocumentFacts, type ObjectFact } from '../model/workspace.js';
import { rule } from '../rule.js';

const exempt = /^kube-(?:system|public|node-lease)$/;

export default rule({
  id: 'default-deny-missing',
  on: 'workspace',
  severity: 'warning',
  preset: 'recommended',
  title: 'Namespace without a default-deny policy',
  why: 'Where no policy denies by default, every pod may talk to every other pod and to the whole internet. An attacker in one pod then looks around freely, reaches the databases, and sends out what is found there.',
  default: 'All traffic is allowed, in and out.',
  remedy:
    'Add a NetworkPolicy that selects all pods, names both policy types and allows nothing; then allow what is needed, DNS first. It takes a network plugin that enforces policies.',
  standards: ['cis-k8s:5.3.2', 'nsa:network-separation', 'mitre:T1046'],
  aliases: { kubescape: ['C-0206', 'C-0030'], kyverno: ['add-network-policy'] },
  hover: [],
  *check(workspace) {
    const namespaces = new Map<string, Namespace>();
    for (const { object, document } of workspace.objects()) {
      const own = object.kind === 'Namespace' && object.apiVersion === 'v1';
      const name = own ? object.name : object.namespace;
      const namespace = namespaces.get(name) ?? {
        object: undefined,
        workload: undefined,
        ingress: false,
        egress: false,
        folders: [],
      };
      namespaces.set(name, namespace);
      const place = { object, document };
      if (own) namespace.object ??= place;
      if (object.workload) namespace.workload ??= place;
      if (own || object.workload) namespace.folders.push(folderOf(document.in.path));
      namespace.ingress ||= object.denies?.ingress === true;
      namespace.egress ||= object.denies?.egress === true;
    }
    // A policy that leaves its namespace to kubectl or Kustomize is meant for the namespaces of its own folder.
    const loose = [...workspace.objects()].filter(
      ({ object }) => object.namespace === '' && object.denies !== undefined,
    );
    for (const [name, namespace] of namespaces) {
      if (name === '' || exempt.test(name) || namespace.workload === undefined) continue;
      const near = loose.filter(({ document }) =>
        namespace.folders.some((folder) => folder.startsWith(folderOf(document.in.path))),
      );
      const ingress = namespace.ingress || near.some(({ object }) => object.denies?.ingress);
      const egress = namespace.egress || near.some(({ object }) => object.denies?.egress);
      if (ingress && egress) continue;
      const { object, document } = namespace.object ?? namespace.workload;
      const types = [...(ingress ? [] : ['Ingress']), ...(egress ? [] : ['Egress'])];
      yield {
        in: document.in,
        at: object.at,
        resource: { apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name },
        message:
          ingress || egress
            ? `Namespace ${name} denies ${ingress ? 'ingress' : 'egress'} by default, but not ${types[0]!.toLowerCase()}.`
            : `Namespace ${name} has no default-deny NetworkPolicy.`,
        absent: 'a default-deny NetworkPolicy',
        unless: [trafficIsDenied],
        fixes: [
          {
            title: `Add a default-deny NetworkPolicy for ${name}`,
            edits: addDocument(document, policies(name, types)),
            safe: false,
          },
        ],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: «shop»
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
      `,
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: default-deny
          namespace: shop
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-dns
          namespace: shop
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
            - to:
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: kube-system
              ports:
                - {protocol: UDP, port: 53}
                - {protocol: TCP, port: 53}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
      `,
    },
    {
      why: 'the namespace is made elsewhere, and only ingress is denied',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: «web», namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: shop}
        spec: {podSelector: {}}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: default-deny
          namespace: shop
        spec:
          podSelector: {}
          policyTypes: [Egress]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-dns
          namespace: shop
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
            - to:
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: kube-system
              ports:
                - {protocol: UDP, port: 53}
                - {protocol: TCP, port: 53}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: shop}
        spec: {podSelector: {}}
      `,
    },
    {
      why: 'two policies together deny both directions',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny-in, namespace: shop}
        spec: {podSelector: {}, ingress: []}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny-out}
        spec: {podSelector: {}, policyTypes: [Egress]}
      `,
    },
    {
      why: 'an empty namespace, system namespaces, and one that is chosen only when it is deployed',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: empty}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: kube-system}
        spec: {containers: [{name: agent, image: agent:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'Calico denies for the whole cluster',
      ok: `
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: default-deny}
        spec: {types: [Ingress, Egress]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
  ],
});

/** What is known of a namespace. */
interface Namespace {
  object: { object: ObjectFact; document: DocumentFacts } | undefined;
  workload: { object: ObjectFact; document: DocumentFacts } | undefined;
  ingress: boolean;
  egress: boolean;
  readonly folders: string[];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The policy that denies, and one that lets DNS through where egress is denied: nothing works without. */
function policies(namespace: string, types: readonly string[]): string {
  const head = (name: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector: {}
`;
  const deny = `${head('default-deny')}  policyTypes: [${types.join(', ')}]`;
  if (!types.includes('Egress')) return deny;
  return `${deny}
---
${head('allow-dns')}  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}`;
}
