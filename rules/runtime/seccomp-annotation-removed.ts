import { fieldInstead } from '../model/profile-annotation.js';
import { seccompContainerAnnotation, seccompPodAnnotation } from '../pod-security/standards/checks.js';
import { rule } from '../rule.js';

export default rule({
  id: 'seccomp-annotation-removed',
  on: 'pod',
  severity: 'warning',
  preset: 'recommended',
  title: 'Seccomp annotation that is ignored',
  why: 'Since Kubernetes 1.27 the alpha annotations do nothing: the pod runs without the profile that its author believes in, and every system call is open. Nothing fails and nothing is logged.',
  default: 'Only the `seccompProfile` field counts.',
  remedy:
    'Write the field instead: `runtime/default` becomes `RuntimeDefault`, `localhost/x` becomes `Localhost` with `localhostProfile: x`.',
  standards: ['pss:restricted/seccompProfile_restricted'],
  aliases: {},
  hover: ['annotations/seccomp.security.alpha.kubernetes.io/pod'],
  *check(pod) {
    for (const { key, keySpan, value } of pod.metadata.at('annotations').entries()) {
      if (key !== seccompPodAnnotation && !key.startsWith(seccompContainerAnnotation)) continue;
      const name = key.slice(seccompContainerAnnotation.length);
      const holder = key === seccompPodAnnotation ? pod : pod.containers.find((container) => container.name === name);
      const field = holder?.security.at('seccompProfile');
      const isSaid = field?.exists === true || pod.security.at('seccompProfile').exists;
      const instead = {
        title: 'Write the seccompProfile field instead',
        edits: isSaid || field === undefined ? [] : fieldInstead(value, field),
        safe: false,
      };
      const removal = { title: 'Remove the annotation', edits: value.remove(), safe: isSaid };
      yield {
        at: keySpan,
        severity: isSaid ? 'information' : 'warning',
        message: isSaid
          ? `${pod.title} has a seccomp annotation beside the field; it is ignored since Kubernetes 1.27.`
          : `${pod.title} names its seccomp profile in an annotation, which is ignored since Kubernetes 1.27.`,
        // Nobody needs to be told anew that a pod is not confined, and Pod Security baseline forbids to say so.
        fixes: value.is('unconfined') ? [removal, instead] : [instead, removal],
      };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              annotations:
                team: shop
                «seccomp.security.alpha.kubernetes.io/pod»: runtime/default # confined
            spec:
              containers:
              - name: web
                image: web:1
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            metadata:
              annotations:
                team: shop
                # confined
            spec:
              containers:
              - name: web
                image: web:1
              securityContext:
                seccompProfile:
                  type: RuntimeDefault
      `,
    },
    {
      why: 'for one container, with a profile of its own; what says unconfined is only taken out',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            «container.seccomp.security.alpha.kubernetes.io/web»: localhost/web.json
            «container.seccomp.security.alpha.kubernetes.io/gone»: unconfined
            team: shop
        spec:
          containers:
          - name: web
            image: web:1
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            team: shop
        spec:
          containers:
          - name: web
            image: web:1
            securityContext:
              seccompProfile:
                type: Localhost
                localhostProfile: web.json
      `,
    },
    {
      why: 'beside the field it is only a leftover',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {team: shop, «seccomp.security.alpha.kubernetes.io/pod»: runtime/default}}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers: [{name: web, image: web:1}]
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web, annotations: {team: shop}}
        spec:
          securityContext: {seccompProfile: {type: RuntimeDefault}}
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'the annotations of a controller were never read',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}}
        spec: {template: {metadata: {annotations: {team: shop}}, spec: {containers: [{name: web, image: web:1}]}}}
      `,
    },
  ],
});
