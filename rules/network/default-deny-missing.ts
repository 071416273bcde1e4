import { trafficIsDenied } from '../model/claims.js';
import { isSystemNamespace } from '../model/manifest.js';
import { resolvePlain } from '../model/scalar.js';
import { addDocument, type FoundObject } from '../model/workspace.js';
import { rule } from '../rule.js';

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
    for (const found of workspace.objects()) {
      const { kind, apiVersion, name, namespace, workload } = found.object;
      const isItself = kind === 'Namespace' && apiVersion === 'v1';
      const entry = namespaces.get(isItself ? name : namespace) ?? { workloads: [], policies: [] };
      namespaces.set(isItself ? name : namespace, entry);
      if (isItself) entry.itself ??= found;
      if (workload) entry.workloads.push(found);
      if (/NetworkPolicy$/.test(kind)) entry.policies.push(found);
    }
    const loose = namespaces.get('')?.policies ?? [];
    for (const [name, { itself, workloads, policies }] of namespaces) {
      if (name === '' || isSystemNamespace(name) || workloads[0] === undefined) continue;
      const folders = new Set([...workloads, ...(itself ? [itself] : [])].map(folder));
      // A policy that leaves its namespace to kubectl or Kustomize is meant for what lies in its folder or below.
      const near = loose.filter((policy) => [...folders].some((path) => path.startsWith(folder(policy))));
      const denied = [...policies, ...near].map(({ object }) => object.denies);
      const missing = [
        ...(denied.some((denies) => denies?.ingress) ? [] : ['Ingress']),
        ...(denied.some((denies) => denies?.egress) ? [] : ['Egress']),
      ];
      if (missing.length === 0) continue;
      const { object, document } = itself ?? workloads[0];
      const { apiVersion, kind, namespace } = object;
      const names = new Set(policies.map((policy) => policy.object.name));
      const edits = addDocument(document, defaultDenyPolicies(name, missing, names));
      yield {
        in: document.in,
        at: object.at,
        resource: { apiVersion, kind, namespace, name: object.name },
        message:
          missing.length === 2
            ? `Namespace ${name} has no default-deny NetworkPolicy.`
            : `Namespace ${name} denies ${missing[0] === 'Egress' ? 'ingress by default, but not egress' : 'egress by default, but not ingress'}.`,
        absent: 'a default-deny NetworkPolicy',
        unless: [trafficIsDenied],
        fixes: [{ title: `Add a default-deny NetworkPolicy to namespace ${name}`, edits, safe: false }],
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
        metadata: {name: default-deny, namespace: shop}
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
          name: default-deny-2
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
        metadata: {name: default-deny, namespace: shop}
        spec: {podSelector: {}}
      `,
    },
    {
      why: 'policies for some pods, for another namespace, or that let everybody in, deny nothing by default',
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: {name: «web», namespace: "1234"}
            spec: {containers: [{name: web, image: web:1}]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: some, namespace: "1234"}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: elsewhere, namespace: kube-system}
            spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: open, namespace: "1234"}
            spec: {podSelector: {}, ingress: [{ports: [{protocol: TCP}]}], egress: [{to: [{podSelector: {}}]}, {ports: [{port: 1, endPort: 65535}]}]}
          - apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: does nothing, namespace: "1234"}
            spec: {endpointSelector: {}, ingress: [], egress: []}
      `,
      good: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: "1234"}
            spec: {containers: [{name: web, image: web:1}]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: some, namespace: "1234"}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: elsewhere, namespace: kube-system}
            spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: open, namespace: "1234"}
            spec: {podSelector: {}, ingress: [{ports: [{protocol: TCP}]}], egress: [{to: [{podSelector: {}}]}, {ports: [{port: 1, endPort: 65535}]}]}
          - apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: does nothing, namespace: "1234"}
            spec: {endpointSelector: {}, ingress: [], egress: []}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: default-deny
          namespace: "1234"
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-dns
          namespace: "1234"
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
      `,
    },
    {
      why: 'one policy that denies all but DNS and the monitoring',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: default-deny, namespace: shop}
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
          ingress: [{from: [{namespaceSelector: {matchLabels: {team: monitoring}}}]}]
          egress: [{ports: [{port: 53, protocol: UDP}]}]
      `,
    },
    {
      why: 'Cilium and Calico deny in the namespace',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: cilium}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: deny, namespace: cilium}
        spec: {endpointSelector: {}, ingress: [{}], egress: [{}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: calico}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: crd.projectcalico.org/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: calico}
        spec: {selector: all(), types: [Ingress, Egress]}
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
      why: 'an empty namespace, a system namespace, one of pods on the host’s network, where no policy applies, and ones that are chosen only when they are deployed',
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
        metadata: {name: node, namespace: nodes}
        spec: {hostNetwork: true, containers: [{name: agent, image: agent:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: chart, namespace: "{{ .Release.Namespace }}"}
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
  itself?: FoundObject;
  readonly workloads: FoundObject[];
  readonly policies: FoundObject[];
}

function folder({ document }: FoundObject): string {
  const { path } = document.in;
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A policy that denies, and where it denies egress one that lets DNS through: nothing works without. Other policies keep their names. */
function defaultDenyPolicies(namespace: string, types: readonly string[], taken: ReadonlySet<string>): string {
  const head = (wanted: string) => {
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
    return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${typeof resolvePlain(namespace) === 'string' ? namespace : JSON.stringify(namespace)}
spec:
  podSelector: {}
`;
  };
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
