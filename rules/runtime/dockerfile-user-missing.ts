import { parseImageReference } from '../model/image-reference.js';
import { rule } from '../rule.js';

/**
 * Base images whose own user is not root, by what their Dockerfiles and manuals say (2026): Chainguard, Docker Hardened, Bitnami, Red Hat UBI runtimes, .NET
 * chiseled, whatever calls itself unprivileged, and single applications. Without `docker.io/library/`, with the tag.
 */
const nonRootBases = new RegExp(
  [
    /^(?:cgr\.dev\/|chainguard\/|dhi\.io\/|(?:.*\/)?bitnami(?:legacy|secure)?\/)/,
    /unprivileged|rootless|nonroot|non-root/,
    /^registry\.access\.redhat\.com\/ubi\d+\/(?!ubi)/,
    /^mcr\.microsoft\.com\/dotnet\/.*(?:chiseled|distroless)/,
    /^(?:elasticsearch|kibana|logstash|solr|memcached|haproxy|varnish|sonarqube):/,
    /^(?:docker\.elastic\.co|jenkins|selenium|jupyter|quay\.io\/(?:jupyter|keycloak))\//,
    /^(?:quay\.io\/prometheus|prom)\/(?:prometheus|alertmanager|node-exporter|pushgateway):/,
    /^grafana\/(?:grafana|loki|tempo|mimir)[:-]|^(?:apache\/airflow|nodered\/node-red|confluentinc\/cp-|gitpod\/workspace-)/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Those among them that are root after all. */
const rootBases = /\/(?:wolfi-base|minideb|ssh-agent):|^dhi\.io\/.*-dev$/;

/** Official images whose entrypoint starts their server, and nothing else, as a user of its own. */
const droppingBases = /^(?:postgres|mysql|mariadb|mongo|redis|valkey\/valkey|rabbitmq|cassandra|influxdb):/;
const servers = /^-|^(?:postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|rabbitmq-server|cassandra|influxd)$/;

export default rule({
  id: 'dockerfile-user-missing',
  on: 'dockerfile',
  severity: 'warning',
  preset: 'recommended',
  title: 'Image runs as root',
  why: 'Without a `USER` the image runs as root, unless its base says otherwise, and most don’t. Root in the container can change all of its files and turns every bug of the runtime or the kernel into root on the machine.',
  default: 'The user of the base image, mostly root.',
  remedy:
    'Put `USER 10001` before the `ENTRYPOINT` or `CMD`, as a number, so that Kubernetes can tell it is not root. Files that the application writes must belong to that user.',
  standards: ['cis-docker:4.1', 'nsa:pod-security', 'cwe:250'],
  aliases: { trivy: ['DS-0002'], checkov: ['CKV_DOCKER_3'], sonar: ['docker:S6471'] },
  hover: ['USER'],
  *check(file) {
    const stage = file.finalStage;
    if (stage === undefined || file.userOf(stage) !== undefined || file.dropsRoot(stage)) return;
    const { image } = file.chain(stage).at(-1)!.base;
    const entrypoint = file.last(stage, 'ENTRYPOINT')?.instruction;
    const command = file.last(stage, 'CMD')?.instruction;
    if (image === undefined || hasOwnUser(image, entrypoint === undefined, command?.words[0]?.text)) return;
    // Nothing to start: an image that holds files, or a stage that only checks something.
    const starts = entrypoint !== undefined || command !== undefined;
    if (!starts && (image === 'scratch' || /^(?:validate|lint|test|check|verify)\b/i.test(stage.name ?? ''))) return;
    // Not before a step that may need root.
    const lastStep = stage.instructions.findLastIndex(({ keyword }) => /^(?:RUN|COPY|ADD|WORKDIR)$/.test(keyword));
    const own = stage.instructions.slice(lastStep + 1).find(({ keyword }) => /^(?:ENTRYPOINT|CMD)$/.test(keyword));
    const end = stage.instructions.at(-1) ?? stage.from;
    const edits = own === undefined ? file.insertAfter(end, 'USER 10001') : file.insertBefore(own, 'USER 10001');
    yield {
      at: stage.base.span,
      message: `${stage.name === undefined ? 'The image' : `Stage ${stage.name}`} sets no USER and runs as ${baseUser(image)}.`,
      absent: 'USER',
      fixes: [{ title: 'Add USER 10001', edits, safe: false }],
    };
  },
  examples: [
    {
      bad: `
        FROM golang:1.26 AS build
        USER build
        RUN go build -o /app .

        FROM «debian:13-slim» AS final
        COPY --from=build /app /app
        # starts the shop
        ENTRYPOINT ["/app"]
        CMD ["serve"]
      `,
      good: `
        FROM golang:1.26 AS build
        USER build
        RUN go build -o /app .

        FROM debian:13-slim AS final
        COPY --from=build /app /app
        # starts the shop
        USER 10001
        ENTRYPOINT ["/app"]
        CMD ["serve"]
      `,
    },
    {
      bad: `
        FROM «node:24»
        COPY . /app
      `,
      good: `
        FROM node:24
        COPY . /app
        USER 10001
      `,
    },
    { why: 'inherited from an earlier stage', ok: 'FROM node:24 AS base\nUSER node\nFROM base\nCMD ["node"]\n' },
    {
      why: 'the base image has a user of its own',
      ok: 'FROM gcr.io/distroless/static-debian12:nonroot\nENTRYPOINT ["/app"]\n',
    },
    {
      why: 'the base image has a user of its own',
      ok: 'FROM nginxinc/nginx-unprivileged:1.29\nCOPY . /usr/share/nginx/html\n',
    },
    {
      why: 'the entrypoint of redis changes the user for redis-server only; a step behind CMD may need root',
      bad: `
        FROM «redis:8»
        CMD ["/run.sh"]
        RUN chmod +x /run.sh
      `,
      good: `
        FROM redis:8
        CMD ["/run.sh"]
        RUN chmod +x /run.sh
        USER 10001
      `,
    },
    {
      why: 'its entrypoint starts the server as a user of its own',
      ok: 'FROM docker.io/library/postgres:18\nCOPY init.sql /docker-entrypoint-initdb.d/\nCMD ["-c", "shared_buffers=1GB"]\n',
    },
    { why: 'Windows has no root', ok: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD ["app.exe"]\n' },
    { why: 'a stage that only checks', ok: 'FROM golang:1.26 AS validate\nRUN go vet ./...\n' },
    { why: 'only files', ok: 'FROM scratch\nCOPY . /\n' },
    { why: 'it drops root itself', ok: 'FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]\n' },
    { why: 'an image that only the build knows', ok: 'ARG BASE\nFROM $BASE\nCMD ["app"]\n' },
  ],
});

/** The base image is known to run as somebody else than root, or is one for Windows. */
function hasOwnUser(image: string, ownEntrypoint: boolean, command: string | undefined): boolean {
  const reference = parseImageReference(image);
  if (reference === undefined) return false;
  const name = `${reference.name.replace(/^(?:docker\.io\/)?(?:library\/)?/, '')}:${reference.tag ?? ''}`;
  if (/^mcr\.microsoft\.com\/windows\b|nanoserver|windowsservercore/.test(name)) return true;
  if (droppingBases.test(name)) return ownEntrypoint && (command === undefined || servers.test(command));
  return nonRootBases.test(name) && !rootBases.test(name);
}

function baseUser(image: string): string {
  const name = parseImageReference(image)?.name ?? image;
  return name === 'scratch' ? 'root' : `the user of ${name}, most likely root`;
}
