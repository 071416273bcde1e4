import { secretWords } from '../model/command-line.js';
import { commandLines } from '../model/commands.js';
import { rule } from '../rule.js';

export default rule({
  id: 'secret-in-args',
  on: 'container',
  severity: 'error',
  preset: 'recommended',
  title: 'Secret on the command line',
  why: 'The command line of a process can be read by everybody who can list processes: in the container, in a debug container, by every agent on the node. The manifest shows it to all who may read pods, in Git, in its history and in CI logs; audit and crash tools copy it.',
  default: 'Kubernetes keeps and shows command and args as they are written.',
  remedy:
    'Have the application read a file of a Secret volume, or a variable that comes from a Secret; nearly every tool has a `--password-file` or a variable of its own for that. `$(NAME)` in args keeps the value out of the manifest, though not out of the list of processes. Change the value: this one has been seen.',
  standards: ['mitre:T1552', 'cwe:214', 'cwe:798', 'nsa:secrets'],
  aliases: { sonar: ['kubernetes:S2068'] },
  hover: [],
  secret: true,
  *check({ field, title }) {
    for (const { words, where } of commandLines(field)) {
      for (const { word, what } of secretWords(words))
        yield { at: word.span, message: `${title} has ${what} ${where}.` };
    }
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              command: [web, --user, root, --password, «hunter2», «--api-key=s3cr3t», -client-secret, «"abc/def"»]
              args:
                - --port=80
                - «--db.password=hunter2» # TODO
                - «postgres://web:hunter2@db/shop»
                - -H
                - «"Authorization: Bearer abcdefgh12345"»
              livenessProbe:
                exec: {command: [redis-cli, -a, «hunter2», ping]}
              lifecycle:
                preStop: {exec: {command: [sh, -c, «"mysqladmin -uroot -phunter2 shutdown"»]}}
      `,
    },
    {
      why: 'a shell’s script is underlined at its key when it has several lines',
      bad: `
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web}
        spec:
          template:
            spec:
              initContainers:
                - name: setup
                  image: setup:1
                  command: [sh, -c]
                  «args»:
                    - |
                      export DB_PASSWORD='hunter2'
                      setup --all
                - {name: copy, image: copy:1, args: [sh, -c, «curl -u admin:hunter2 example.com»]}
                - {name: log, image: log:1, args: [sh, -c, «"log --token hunter2 | tee /tmp/log"»]}
              containers: [{name: web, image: web:1, command: [mysql, -uroot, «-phunter2»]}]
      `,
    },
    {
      why: 'variables, files, names of Secrets, numbers, switches, templates',
      ok: `
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: web
              image: web:1
              command: [web, --password=$(DB_PASSWORD), --token, "$(TOKEN)", --password-file=/run/secrets/db, --auth, none]
              args:
                - --token-ttl=15m
                - --max-tokens=4096
                - --tls-secret=web-tls
                - --webhook-secret
                - web-webhook
                - --private-key=tls.key
                - --api-key={{ .Values.key }}
                - --password
                - {{ .Values.password }}
                - --use-token
                - --password-stdin
                - registry
                - --secret-key=<secret>
            - name: script
              image: script:1
              command:
                - sh
                - -c
                - |
                  # web --password=hunter2
                  mkdir -p /data/logs; cp -pr /a /b
                  export PASSWORD=$(cat /run/secrets/password) TOKEN="\${TOKEN}"
                  PASS=0; secret=web-tls
                  mysql -h db -P3306 -uroot -p"$MYSQL_ROOT_PASSWORD" -e 'SELECT 1'
                  redis-cli -a "$REDIS_PASSWORD" ping
                  curl -u "admin:$PASSWORD" -H "Authorization: Bearer $TOKEN" https://example.com/?token=$TOKEN
                  python -c 'login(password=getpass(), token=None)'
      `,
    },
  ],
});
