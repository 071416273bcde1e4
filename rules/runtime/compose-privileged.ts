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
      if (!setting.is(true)) continue;
      yield {
        at: setting.span,
        message: `${title} ${what}.`,
        fixes: [{ title: `Remove ${path.at(-1)}`, edits: setting.remove(), safe: true }],
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
      ok: `
        services:
          web:
            image: web:1
            privileged: false
      `,
    },
  ],
});

const switches: readonly (readonly [readonly string[], string])[] = [
  [['privileged'], 'runs privileged, with full access to the machine'],
  [['build', 'privileged'], 'is built privileged, with full access to the machine'],
  [['use_api_socket'], 'gets the Docker API, which is full access to the machine'],
];
