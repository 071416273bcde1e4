import { rule } from '../rule.js';

export default rule({
  id: 'host-aliases',
  on: 'pod',
  severity: 'hint',
  preset: 'strict',
  title: 'Names resolved by the pod’s own hosts file',
  why: '`hostAliases` answers a name before DNS is asked, so an entry that is slipped in leads the application to another server. Addresses that are written down go out of date, and policies by name no longer say where the traffic goes.',
  default: 'Names are looked up in the cluster’s DNS.',
  remedy:
    'Use a Service for what is in the cluster (without selector and with EndpointSlices for a fixed address), and DNS for the rest. Where a name has to be overridden, suppress the hint and say why.',
  standards: ['mitre:T1557', 'cwe:350'],
  aliases: { trivy: ['KSV-0007'], kubesec: ['HostAliases'] },
  hover: ['spec/hostAliases'],
  *check({ spec, title }) {
    const field = spec.at('hostAliases');
    const names = field.items().flatMap((alias) => alias.at('hostnames').items());
    if (field.items().length === 0) return;
    const [first] = names.flatMap(({ text }) => text ?? []);
    const what = first === undefined ? 'names' : names.length === 1 ? first : `${first} and other names`;
    yield { at: field.keySpan ?? field.span, message: `${title} has fixed addresses for ${what}, past DNS.` };
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          «hostAliases»:
            - ip: 10.1.2.3
              hostnames: [db.example.com, db]
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {hostAliases: [], containers: [{name: a, image: a:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec:
          hostAliases:
            {{- toYaml .Values.hostAliases | nindent 4 }}
          containers: [{name: b, image: b:1}]
      `,
    },
  ],
});
