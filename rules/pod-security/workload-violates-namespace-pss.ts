import type { FoundObject, ObjectFact, PodFact } from '../model/workspace.js';
import { type Report, rule } from '../rule.js';
import { type AdmissionDefaults, type Mode, type Policies, type Policy, policiesFrom } from './standards/namespace.js';
import { failedByFacts } from './standards/verdict.js';
import { newestPodSecurityVersion } from './standards/version.js';

export default rule({
  id: 'workload-violates-namespace-pss',
  on: 'workspace',
  severity: 'error',
  preset: 'recommended',
  title: 'Workload that its namespace refuses',
  why: 'The API server takes a Deployment whose pods break the level of its namespace, and then refuses every one of its pods: the rollout hangs, and nobody is told why unless they look at the events of the ReplicaSet. In a namespace that only warns or audits the pod runs, with all that the level was to keep out.',
  default: 'A namespace without Pod Security labels takes every pod, unless the cluster has defaults.',
  remedy:
    'Harden the workload (the lightbulb does it), or move what really needs more rights into a namespace of its own with a level of its own.',
  standards: ['cis-k8s:5.2.1', 'nsa:pod-security'],
  aliases: { kyverno: ['podsecurity-subrule-baseline'] },
  hover: [],
  *check(workspace) {
    const objects = [...workspace.objects()];
    const admissions = objects.flatMap(({ object }) => object.admission ?? []);
    const defaults: Policies = Object.assign({}, ...admissions.map((admission) => admission.defaults));
    const namespaces = new Map<string, Home[]>();
    for (const found of objects) {
      const { name, policies } = found.object;
      if (policies === undefined) continue;
      const home = { ...found, policies: policiesFrom(policies, defaults) };
      const same = namespaces.get(name);
      if (same === undefined) namespaces.set(name, [home]);
      else same.push(home);
    }
    for (const { object, document } of objects) {
      const homes = namespaces.get(object.namespace);
      const pods = object.pods?.filter(({ runtimeClass }) => !isExempt(object.namespace, runtimeClass, admissions));
      if (homes === undefined || pods === undefined) continue;
      // An overlay may write the same namespace anew for another cluster: what isn't true of all of them is not said.
      const verdicts = homes.map((home) => verdict(object, pods, home));
      const [first] = verdicts;
      if (first === undefined || verdicts.some((other) => other?.message !== first.message)) continue;
      const { apiVersion, kind, namespace, name } = object;
      yield { ...first, in: document.in, at: object.at, resource: { apiVersion, kind, namespace, name } };
    }
  },
  examples: [
    {
      why: 'of a controller every pod is refused; a pod itself',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: restricted}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: «web»
          namespace: prod
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «debug», namespace: prod}
        spec: {containers: [{name: debug, image: debug:1}]}
      `,
    },
    {
      why: 'warned of, audited, and in the version that the label names',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «web», namespace: prod}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: dev, labels: {pod-security.kubernetes.io/audit: baseline, pod-security.kubernetes.io/audit-version: v1.31}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «api», namespace: dev}
        spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: "1"}]}, containers: [{name: api, image: api:1}]}
      `,
    },
    {
      why: 'a custom resource is not looked into, but its pods are; what enforces is warned of; the cluster’s default has a version',
      bad: `
        apiVersion: pod-security.admission.config.k8s.io/v1
        kind: PodSecurityConfiguration
        defaults: {enforce: privileged, enforce-version: v1.20}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: old, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn-version: latest}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «probed», namespace: old}
        spec: {containers: [{name: web, image: web:1, livenessProbe: {httpGet: {host: example.com, port: 80}}}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: warned, labels: {pod-security.kubernetes.io/warn: restricted}}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: warned}
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: restricted}}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: «web», namespace: prod}
        spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
      `,
    },
    {
      why: 'what admission can’t parse: restricted for enforce, nothing for warn',
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: strict}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «web», namespace: prod}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: dev, labels: {pod-security.kubernetes.io/warn: strict}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: api, namespace: dev}
        spec: {hostPID: true, containers: [{name: api, image: api:1}]}
      `,
    },
    {
      why: 'the cluster’s default',
      bad: `
        apiVersion: pod-security.admission.config.k8s.io/v1
        kind: PodSecurityConfiguration
        defaults: {enforce: baseline, enforce-version: latest}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: «web», namespace: prod}
        spec: {hostPID: true, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'allowed; without a namespace of its own; in a namespace that is not in the workspace; hidden by a template',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: baseline}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: prod}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: loose}
        spec: {hostPID: true, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: elsewhere, namespace: dev}
        spec: {hostPID: true, containers: [{name: web, image: web:1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: templated, namespace: prod}
        spec:
          hostPID: {{ .Values.hostPID }}
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'exempt in the cluster’s configuration, by namespace or runtime class',
      ok: `
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
        - name: PodSecurity
          configuration:
            apiVersion: pod-security.admission.config.k8s.io/v1
            kind: PodSecurityConfiguration
            exemptions: {namespaces: [infra], runtimeClasses: [kata]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: infra, labels: {pod-security.kubernetes.io/enforce: baseline}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: infra}
        spec: {hostPID: true, containers: [{name: agent, image: agent:1}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: baseline}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: sandboxed, namespace: prod}
        spec: {runtimeClassName: kata, hostPID: true, containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'the same namespace twice, for two clusters: only one of them refuses',
      ok: `
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: restricted}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: prod, labels: {pod-security.kubernetes.io/enforce: baseline}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: prod}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
  ],
});

const severity = { enforce: 'error', warn: 'warning', audit: 'information' } as const;

/** A Namespace, and what it does about its pods. */
interface Home extends FoundObject {
  readonly policies: Policies;
}

/** What a namespace does about an object's pods: the hardest that it does. */
function verdict(object: ObjectFact, pods: readonly PodFact[], home: Home): Omit<Report, 'at'> | undefined {
  const isPod = object.kind === 'Pod';
  const who = `${object.kind} ${object.name}`;
  for (const mode of ['enforce', 'warn', 'audit'] as const satisfies readonly Mode[]) {
    const policy = home.policies[mode];
    // Admission looks at the templates of Kubernetes' own controllers when it warns and audits, at pods alone when it enforces.
    if (policy === undefined || !(mode === 'enforce' ? object.kind !== 'PodTemplate' : isLookedInto(object))) continue;
    const failed = new Set(pods.flatMap(({ violations }) => failedByFacts(violations, policy.level, policy.version)));
    if (failed.size === 0) continue;
    const does = {
      enforce: `the API server will reject ${isPod ? 'this pod' : `the pods of ${who}`}`,
      warn: `whoever applies ${isPod ? 'this pod' : who} is warned`,
      audit: `${isPod ? 'this pod' : who} is noted in the audit log`,
    }[mode];
    return {
      severity: severity[mode],
      message: `Namespace ${home.object.name} ${mode}s ${levelText(policy)}: ${does} (${[...failed].join(', ')}).`,
      related: [
        {
          at: policy.at ?? home.object.at,
          place: home.document.in,
          message: `Namespace ${home.object.name} ${mode}s ${levelText(policy)}${policy.at ? '' : ', by the cluster’s default'}.`,
        },
      ],
    };
  }
  return undefined;
}

/** The kinds whose pods admission takes a look at (pod-security-admission admission/admission.go, DefaultPodSpecExtractor). */
function isLookedInto({ kind, apiVersion }: ObjectFact): boolean {
  const kinds =
    /^(?:v1\/(?:Pod|PodTemplate|ReplicationController)|apps\/\w+\/(?:ReplicaSet|Deployment|StatefulSet|DaemonSet)|batch\/\w+\/(?:Job|CronJob))$/;
  return kinds.test(`${apiVersion}/${kind}`);
}

function levelText({ level, version }: Policy): string {
  return version === newestPodSecurityVersion ? level : `${level} v1.${version}`;
}

function isExempt(namespace: string, runtimeClass: string, admissions: readonly AdmissionDefaults[]): boolean {
  return admissions.some(
    ({ exemptNamespaces, exemptRuntimeClasses }) =>
      exemptNamespaces.includes(namespace) || exemptRuntimeClasses.includes(runtimeClass),
  );
}
