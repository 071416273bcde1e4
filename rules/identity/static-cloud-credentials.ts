import type { Field } from '../model/field.js';
import type { Container, Pod } from '../model/pod.js';
import { isHarmlessValue } from '../model/secrets.js';
import { secretsIn } from '../model/volumes.js';
import { rule } from '../rule.js';

const amazon = 'IRSA or EKS Pod Identity';
const azure = 'Microsoft Entra Workload ID';
const google = 'Workload Identity Federation';

/** Variables that the clouds' own SDKs take long-lived keys from. */
const variables: Readonly<Record<string, readonly [key: string, instead: string]>> = {
  AWS_SECRET_ACCESS_KEY: ['a static AWS key', amazon],
  AWS_ACCESS_KEY_ID: ['a static AWS key', amazon],
  AZURE_CLIENT_SECRET: ['the secret of an Azure application', azure],
  ARM_CLIENT_SECRET: ['the secret of an Azure application', azure],
};

/** A store that only speaks the language of S3 (MinIO, Ceph, LocalStack) has nothing but static keys. */
const otherStore = /(?:AWS|S3|BUCKET|STORAGE|STORE)[-.\w]*ENDPOINT|^-*ENDPOINT|MINIO|LOCALSTACK|CEPH|S3_?(?:URL|HOST)/i;

/** The names under which a key of a Google service account is kept. */
const googleFile =
  /(?:^|\/)(?:key|(?:gcp|gcs|gcloud|google)[-_.]?(?:key|creds?|credentials?|sa|service[-_]?account)?|(?:sa|service[-_]?account)(?:[-_]?key)?|application_default_credentials|credentials)\.json$/i;

/** Cloudflare's tunnels keep what they log in with in a credentials.json too. */
const tunnel = /cloudflare|tunnel/i;

export default rule({
  id: 'static-cloud-credentials',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Static cloud key instead of a workload identity',
  why: 'A static key works from anywhere, for everybody who has seen it, until somebody remembers to change it. It lies in the Secret, in etcd, in backups and in the environment of the process; leaked keys of this kind are the commonest way into cloud accounts. A workload identity gives the pod short-lived tokens that are made for it alone, and there is nothing to leak.',
  default: 'A pod has no cloud credentials but those that its ServiceAccount or its node gives it.',
  remedy:
    'Bind the pod’s ServiceAccount to a role of the cloud and take the key out: IRSA or EKS Pod Identity on AWS, Entra Workload ID on Azure, Workload Identity Federation on Google Cloud. Their SDKs find the token by themselves.',
  standards: ['nsa:authentication', 'mitre:T1552', 'cwe:798'],
  aliases: {
    polaris: ['sensitiveContainerEnvVar'],
    kubescape: ['C-0020', 'C-0012'],
  },
  hover: [],
  secret: true,
  *check(pod) {
    const reported = new Set<Field['node']>();
    for (const container of pod.containers) {
      for (const { at, key, instead, volume } of keysOf(container)) {
        reported.add(volume?.node);
        yield { at, message: `${container.title} gets ${key}, where ${instead} needs none.` };
      }
    }
    for (const volume of pod.spec.at('volumes').items()) {
      const file = reported.has(volume.node) ? undefined : keyFile(volume);
      if (file === undefined) continue;
      const message = `${pod.title} mounts a key of a Google service account, where ${google} needs none.`;
      yield { at: file.span, message };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers:
            - {name: setup, image: setup:1, env: [{name: «AZURE_CLIENT_SECRET», value: {{ .Values.secret }}}]}
          containers:
            - name: web
              image: web:1
              env:
                - name: OTEL_EXPORTER_OTLP_ENDPOINT
                  value: http://collector:4317
                - name: «AWS_ACCESS_KEY_ID»
                  value: AKIAIOSFODNN7EXAMPLE
                - name: AWS_SECRET_ACCESS_KEY
                  valueFrom: {secretKeyRef: {name: aws, key: secret}}
      `,
    },
    {
      why: 'the key of a Google service account, used and only mounted',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  env: [{name: «GOOGLE_APPLICATION_CREDENTIALS», value: /var/secrets/google/key.json}]
                  volumeMounts: [{name: google, mountPath: /var/secrets/google/, readOnly: true}]
              volumes:
                - {name: google, secret: {secretName: pubsub-key, items: [{key: key.json, path: key.json}]}}
                - {name: other, secret: {secretName: other, items: [{key: «gcp-key.json», path: gcp.json}]}}
                - {name: path, secret: {secretName: other, items: [{key: data, path: «key.json»}]}}
                - {name: all, projected: {sources: [{secret: {name: other, items: [{key: «credentials.json», path: x}]}}]}}
      `,
    },
    {
      why: 'MinIO; what federation mounts; keys of other things; nothing in it',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: backup
              image: backup:1
              env:
                - {name: S3_ENDPOINT, value: "http://minio:9000"}
                - {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: minio, key: user}}}
                - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: minio, key: password}}}
            - name: restore
              image: restore:1
              args: [--endpoint-url=http://minio:9000]
              env: [{name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: minio, key: password}}}]
            - name: web
              image: web:1
              env:
                - {name: AWS_SECRET_ACCESS_KEY, value: ""}
                - {name: AWS_ROLE_ARN, value: "arn:aws:iam::123456789012:role/web"}
                - {name: GOOGLE_APPLICATION_CREDENTIALS, value: /etc/workload-identity/credentials.json}
              volumeMounts:
                - {name: federation, mountPath: /etc/workload-identity}
                - {name: tunnel, mountPath: /etc/cloudflared}
          volumes:
            - name: federation
              projected: {sources: [{configMap: {name: federation}}, {serviceAccountToken: {path: token, audience: gcp}}]}
            - {name: tunnel, secret: {secretName: tunnel, items: [{key: credentials.json, path: credentials.json}]}}
      `,
    },
  ],
});

interface Key {
  readonly at: Field['span'];
  readonly key: string;
  readonly instead: string;
  /** The volume that it lies in. */
  readonly volume?: Field;
}

/** The static keys among a container's variables, one of each cloud. */
function keysOf({ field, pod }: Container): Key[] {
  const found = new Map<string, Key>();
  const environment = field.at('env').items();
  const words = [...field.at('command').items(), ...field.at('args').items(), field.at('image')];
  const texts = [...environment.map((variable) => variable.at('name')), ...words].map(({ text }) => text ?? '');
  for (const variable of environment) {
    const name = variable.at('name');
    const value = variable.at('value');
    if (name.is('GOOGLE_APPLICATION_CREDENTIALS')) {
      const volume = secretVolumeAt(pod, field, value.text ?? '');
      const key = 'a key of a Google service account';
      if (volume !== undefined) found.set(google, { at: name.span, key, instead: google, volume });
      continue;
    }
    const [key, instead] = variables[name.text ?? ''] ?? [];
    if (key === undefined || instead === undefined || found.has(instead)) continue;
    if (instead === amazon && texts.some((text) => otherStore.test(text))) continue;
    const isGiven = variable.at('valueFrom', 'secretKeyRef').exists || value.unknown;
    if (isGiven || !isHarmlessValue(value.word ?? '')) found.set(instead, { at: name.span, key, instead });
  }
  return [...found.values()];
}

/** The volume of a Secret in which a file of a container lies. */
function secretVolumeAt(pod: Pod, container: Field, file: string): Field | undefined {
  const mounts = container.at('volumeMounts').items();
  const holds = (mount: Field) => {
    const path = mount.at('mountPath').text?.replace(/\/$/, '');
    return path !== undefined && (file === path || file.startsWith(`${path}/`));
  };
  const name = mounts.find(holds)?.at('name').text;
  const volume = pod.spec
    .at('volumes')
    .items()
    .find((candidate) => name !== undefined && candidate.at('name').is(name));
  return volume !== undefined && secretsIn(volume).length > 0 ? volume : undefined;
}

/** What in a volume names the key file of a Google service account. */
function keyFile(volume: Field): Field | undefined {
  const secrets = secretsIn(volume);
  const names = [volume.at('name'), ...secrets.flatMap((secret) => [secret.at('secretName'), secret.at('name')])];
  if (names.some(({ text }) => tunnel.test(text ?? ''))) return undefined;
  const items = secrets.flatMap((secret) => secret.at('items').items());
  return items.flatMap((item) => [item.at('key'), item.at('path')]).find(({ text }) => googleFile.test(text ?? ''));
}
