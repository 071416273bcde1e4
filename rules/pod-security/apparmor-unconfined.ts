import { rule } from '../rule.js';
import { violations } from './standards/checks.js';

export default rule({
  id: 'apparmor-unconfined',
  on: 'pod',
  severity: 'error',
  preset: 'recommended',
  title: 'Switches AppArmor off',
  why: 'The runtime’s AppArmor profile keeps a container from mounting, from writing to most of `/proc` and `/sys`, and from tracing others, even as root. `Unconfined` takes that line of defence away on every node that has it.',
  default: 'On nodes with AppArmor every container runs under the runtime’s own profile.',
  remedy:
    'Write `RuntimeDefault`, or a profile of your own with `type: Localhost`; taking the setting out does as well.',
  standards: ['pss:baseline/appArmorProfile', 'nsa:pod-security', 'cwe:250'],
  aliases: {
    'pod-security-admission': ['appArmorProfile'],
    trivy: ['KSV-0002'],
    kubesec: ['ApparmorUnconfined'],
    kyverno: ['restrict-apparmor-profiles'],
    monokle: ['PSS107'],
  },
  hover: ['securityContext/appArmorProfile', 'appArmorProfile/type'],
  *check(pod, { podSecurityVersion }) {
    for (const { field, container } of violations(pod, 'appArmorProfile', podSecurityVersion)) {
      const { title } = container ?? pod;
      const annotated = field.key !== 'type';
      const value = annotated ? 'runtime/default' : 'RuntimeDefault';
      const type = field.text ?? '';
      yield {
        at: field.span,
        message: /^unconfined$/i.test(type)
          ? `${title} switches AppArmor off.`
          : type === ''
            ? `${title} names an AppArmor profile without its type.`
            : `${title} has an AppArmor profile ${type}, which does not exist.`,
        fixes: [
          {
            title: `Set the AppArmor profile to ${value}`,
            edits: !annotated && field.parent!.at('localhostProfile').exists ? [] : field.set(value),
            safe: false,
          },
        ],
      };
    }
    for (const { title, security } of [pod, ...pod.containers]) {
      const type = security.at('appArmorProfile', 'type');
      // core/v1 AppArmorProfile: localhostProfile is there exactly when the type is Localhost.
      if (type.is('Localhost') && security.at('appArmorProfile', 'localhostProfile').absent)
        yield {
          at: type.span,
          severity: 'warning',
          message: `${title} names no localhostProfile, so the API server refuses it.`,
          whole: true,
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
            container.apparmor.security.beta.kubernetes.io/web: «unconfined» # mounts
        spec:
          securityContext:
            appArmorProfile: {type: «Unconfined»}
          containers:
          - name: web
            image: web:1
            securityContext:
              appArmorProfile:
                type: «'unconfined'»
      `,
      good: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            container.apparmor.security.beta.kubernetes.io/web: runtime/default # mounts
        spec:
          securityContext:
            appArmorProfile: {type: RuntimeDefault}
          containers:
          - name: web
            image: web:1
            securityContext:
              appArmorProfile:
                type: 'RuntimeDefault'
      `,
    },
    {
      why: 'an annotation that a merge key brings in',
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          annotations: &common
            container.apparmor.security.beta.kubernetes.io/web: unconfined
        spec:
          template:
            metadata:
              annotations:
                <<: «*common»
                team: shop
            spec: {containers: [{name: web, image: web:1}]}
      `,
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          annotations: &common
            container.apparmor.security.beta.kubernetes.io/web: unconfined
        spec:
          template:
            metadata:
              annotations:
                <<: *common
                team: shop
                container.apparmor.security.beta.kubernetes.io/web: runtime/default
            spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'a profile without its name',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: web, image: web:1, securityContext: {appArmorProfile: {type: «Localhost»}}}]}
      `,
    },
    {
      why: 'which type is meant, only its author knows',
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          securityContext: {«appArmorProfile»: {localhostProfile: web}}
          containers: [{name: web, image: web:1}]
      `,
    },
    {
      why: 'a choice that a chart offers',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            team: shop
            {{- if .Values.useAnnotation }}
            container.apparmor.security.beta.kubernetes.io/web: unconfined
            {{- end }}
        spec: {containers: [{name: web, image: web:1}]}
      `,
    },
    {
      why: 'a profile, or none at all; the annotations of a controller are not those of its pods',
      ok: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined}}
        spec:
          template:
            metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/web: localhost/web}}
            spec:
              securityContext: {appArmorProfile: {type: RuntimeDefault}}
              containers:
              - {name: web, image: web:1, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: web}}}
              - {name: b, image: b:1}
      `,
    },
  ],
});
