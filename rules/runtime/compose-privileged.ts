import { isOn } from '../model/compose.js';
import { rule } from '../rule.js';

export default rule({
  id: 'compose-privileged',
  on: 'service',
  severity: 'error',
  preset: 'recommended',
  title: 'Compose service runs privileged',
  why: 'A privileged service has every capability and every device of the machine; whoever breaks into it mounts the disk and owns the machine. `use_api_socket` hands it the Docker API, which comes to the same.',
  default: 'Services are not privileged.',
  remedy:
    'Take `privileged` out and add what is really needed with `cap_add` and `devices`. Docker-in-Docker needs it: suppress the finding there and say why.',
  standards: ['cis-docker:5.5', 'cwe:250', 'mitre:T1611'],
  aliases: {},
  hover: ['services/#/privileged', 'services/#/use_api_socket', 'build/privileged'],
  *check({ title, field }) {
    for (const [path, what] of switches) {
      const setting = field.at(...path);
      if (!isOn(setting)) continue;
      yield {
        at: setting.span,
        message: `${title} ${what}.`,
        fixes: [{ title: `Remove ${path.at(-1)}`, edits: setting.remove(), safe: false }],
      };
    }
  },
  examples: [
    {
      bad: `
        services:
          web:
            image: web:1
            privileged: «true» # why?
            build:
              context: .
              privileged: «true»
          agent:
            image: agent:1
            use_api_socket: «true»
      `,
      good: `
        services:
          web:
            image: web:1
            # why?
            build:
              context: .
          agent:
            image: agent:1
      `,
    },
    {
      why: 'strings count, and flow style stays flow style',
      bad: `
        services:
            web: {image: web:1, privileged: «"true"»}
            log: {privileged: «yes», image: log:1}
            agent:
                image: agent:1
                privileged: «\${PRIVILEGED:-true}» # for now
                restart: always
      `,
      good: `
        services:
            web: {image: web:1}
            log: {image: log:1}
            agent:
                image: agent:1
                # for now
                restart: always
      `,
    },
    {
      why: 'a merge key brings it in; it is not taken out where others may want it',
      bad: `
        x-base: &base
          privileged: true
        services:
          web:
            <<: «*base»
            image: web:1
      `,
    },
    {
      ok: `
        services:
          web:
            image: web:1
            privileged: false
          log:
            image: log:1
            privileged: \${PRIVILEGED:-false}
            build: .
          agent:
            image: agent:1
            privileged: \${PRIVILEGED}
            use_api_socket: "false"
      `,
    },
    {
      why: 'an extension is no service',
      ok: `
        x-agent:
          privileged: true
        services:
          web:
            image: web:1
      `,
    },
  ],
});

const switches: readonly (readonly [readonly string[], string])[] = [
  [['privileged'], 'runs privileged, with full access to the machine'],
  [['build', 'privileged'], 'is built privileged, with full access to the machine'],
  [['use_api_socket'], 'gets the Docker API, which is full access to the machine'],
];
