import { expand } from '../model/dockerfile.js';
import { isHarmlessValue, isSecretName, secretLook } from '../model/secrets.js';
import { rule } from '../rule.js';

export default rule({
  id: 'dockerfile-secret-in-arg-env',
  on: 'dockerfile',
  severity: 'error',
  preset: 'recommended',
  title: 'Secret in ARG or ENV',
  why: 'What stands in `ENV` is in the image for everybody who can pull it; what is passed as `ARG` is in its history and in the build’s provenance, also of stages that are thrown away. `docker history` shows both.',
  default: 'ARG and ENV are kept in the image’s configuration and history.',
  remedy:
    'Pass it to the one step that needs it: `RUN --mount=type=secret,id=token …`, with `docker build --secret`. At run time take it from the orchestrator. Change a value that has been here: it has been seen.',
  standards: ['cis-docker:4.10', 'mitre:T1552', 'cwe:798'],
  aliases: { hadolint: ['DL3064'], trivy: ['DS-0031'], sonar: ['docker:S6472'], buildkit: ['SecretsUsedInArgOrEnv'] },
  hover: ['ARG', 'ENV'],
  secret: true,
  *check({ instructions }) {
    for (const instruction of instructions) {
      const { keyword, pairs } = instruction.trigger ?? instruction;
      if (keyword !== 'ARG' && keyword !== 'ENV') continue;
      for (const { name, value } of pairs) {
        const text = value?.text.replace(/^(["'])(.*)\1$/s, '$2') ?? '';
        const look = secretLook(text);
        if (value !== undefined && look !== undefined) {
          yield { at: value.span, message: `${keyword} ${name.text} holds ${look}, which stays in the image.` };
        } else if (isSecretName(name.text)) {
          // What a variable holds is seen where it is set; its default is written here.
          if (value !== undefined && !isHarmlessValue(expand(text, new Map()) ?? ''))
            yield { at: value.span, message: `${keyword} ${name.text} holds a secret, which stays in the image.` };
          // An empty ENV, a switch or a path holds nothing; a build argument is there to be given a value.
          else if (keyword === 'ARG' && (value === undefined || text === '')) {
            yield {
              at: name.span,
              severity: 'warning',
              message: `ARG ${name.text} is given a secret, which stays in the image's history.`,
            };
          }
        }
      }
    }
  },
  examples: [
    {
      bad: `
        FROM node:24
        ARG «NPM_TOKEN»
        ARG DATABASE=«postgres://web:hunter2@db/shop»
        ENV DB_PASSWORD=«hunter2» PORT=80 \\
            API_KEY=«"s3cr3t"»
        ENV DB_PASSWORD=«\${DB_PASSWORD:-hunter2}»
        ARG A «REGISTRY_TOKEN»
        ONBUILD ARG «GITHUB_TOKEN»
      `,
    },
    {
      ok: `
        FROM node:24
        ARG TOKEN_URL=https://example.com/token
        ARG PUBLIC_KEY
        ENV PASSWORD_FILE=/run/secrets/password CACHE_KEY=v1 USERNAME=app KEYCLOAK=1
        ENV AUTH_PASSWORD="" ENABLE_AUTH=true
        ENV SECRET_KEY=$FROM_ELSEWHERE API_TOKEN=\${API_TOKEN:-}
        RUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) npm ci
      `,
    },
  ],
});
