import type { Field } from '../model/field.js';
import { fieldInstead, profileIn } from '../model/profile-annotation.js';
import { appArmorAnnotation } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'apparmor-annotation-deprecated',
  on: 'pod',
  severity: 'information',
  preset: 'recommended',
  title: 'AppArmor profile in an annotation',
  why: 'The beta annotation names its container by hand: one typing error, or a renamed container, and the API server refuses the pod. Since Kubernetes 1.30 there is a field, which can’t miss.',
  default: 'The field `appArmorProfile` counts; the annotation is still read.',
  remedy:
    'Write `appArmorProfile` in the container’s `securityContext`. On clusters older than 1.30 keep the annotation; where both are written they have to agree.',
  standards: [],
  aliases: {},
  hover: [],
  *check(pod) {
    for (const { key, keySpan, value } of pod.metadata.at('annotations').entries()) {
      if (!key.startsWith(appArmorAnnotation)) continue;
      const name = key.slice(appArmorAnnotation.length);
      const container = pod.containers.find((one) => one.name === name);
      const lists = [pod.spec.at('containers'), pod.spec.at('initContainers')];
      const isHidden =
        lists.some(({ open, unknown }) => open || unknown) || pod.containers.some((one) => one.name === '');
      if (container === undefined && (isHidden || key.includes('{{') || value.text === undefined)) continue;
      const removal = { title: 'Remove the annotation', edits: value.remove(), safe: false };
      if (container === undefined) {
        // pkg/apis/core/validation, ValidateAppArmorPodAnnotations.
        const message = `${pod.title} has an AppArmor annotation for ${name}, but no container of that name, so the API server refuses it.`;
        yield { at: keySpan, severity: 'warning', message, whole: true, fixes: [removal] };
        continue;
      }
      const field = container.security.at('appArmorProfile');
      yield {
        at: keySpan,
        ...(differ(value, field)
          ? {
              severity: 'warning',
              message: `${container.title} has another AppArmor profile in an annotation than in its field, so the API server refuses it.`,
            }
          : {
              message: `${container.title} has its AppArmor profile in an annotation; since Kubernetes 1.30 there is a field.`,
            }),
        fixes: field.absent
          ? [
              {
                title: 'Write the appArmorProfile field instead',
                edits: fieldInstead(value, field),
                safe: false,
              },
            ]
          : field.exists
            ? [removal]
            : [],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            # reviewed
            «container.apparmor.security.beta.kubernetes.io/web»: localhost/web
            «container.apparmor.security.beta.kubernetes.io/proxy»: runtime/default
            team: shop
        spec:
          containers:
          - name: web
            image: web:1
          - {name: proxy, image: proxy:1}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            # reviewed
            team: shop
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              appArmorProfile:
                type: Localhost
                localhostProfile: web
          - {name: proxy, image: proxy:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
      `,
    },
    {
      why: 'a container that is not there',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {team: shop, «container.apparmor.security.beta.kubernetes.io/wbe»: runtime/default}}
        spec: {containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {team: shop}}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'annotation and field; unconfined',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            «container.apparmor.security.beta.kubernetes.io/web»: localhost/web
            «container.apparmor.security.beta.kubernetes.io/log»: runtime/default
            «container.apparmor.security.beta.kubernetes.io/old»: unconfined # for now
            team: shop
        spec:
          containers:
          - {name: web, image: web:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
          - {name: log, image: log:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
          - {name: old, image: old:1}
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            # for now
            team: shop
        spec:
          containers:
          - {name: web, image: web:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
          - {name: log, image: log:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
          - {name: old, image: old:1, securityContext: {appArmorProfile: {type: Unconfined}}}
      `,
    },
    {
      why: 'the field; a container whose name a template prints',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {container.apparmor.security.beta.kubernetes.io/web: runtime/default}}
        spec: {containers: [{name: "{{ .Chart.Name }}", image: web:1}]}
      `,
    },
  ],
});

/** Both are known and say different things (ValidateAppArmorPodAnnotations wants them to agree). */
function differ(annotation: Field, field: Field): boolean {
  const [said, type] = [profileIn(annotation), field.at('type').text];
  if (said === undefined || type === undefined) return false;
  const file = field.at('localhostProfile');
  return said.type !== type || (type === 'Localhost' && file.text !== undefined && file.text !== said.localhostProfile);
}
