import { parseImageReference } from '../model/image-reference.js';
import { rule } from '../rule.js';

/** Base images whose own user is known not to be root: Chainguard and Docker Hardened Images, Bitnami, Red Hat UBI runtimes, nginx and others "unprivileged". */
const nonRootBases =
  /(?:^|\/)(?:cgr\.dev\/|chainguard\/|dhi\.io\/|bitnami\/|bitnamilegacy\/|bitnamisecure\/)|unprivileged|rootless|nonroot|non-root|^gcr\.io\/distroless\/.*:(?:\w+-)*nonroot|^(?:jenkins\/|elasticsearch$|docker\.elastic\.co\/|grafana\/|quay\.io\/prometheus\/|prom\/|selenium\/|cypress\/base-non|registry\.access\.redhat\.com\/ubi\d+\/(?!ubi))/;

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
    if (stage === undefined) return;
    const chain = file.chain(stage);
    const instructions = chain.flatMap((part) => part.instructions);
    if (instructions.some(({ keyword }) => keyword === 'USER')) return;
    const root = chain.at(-1)!.base;
    if (root.image === undefined || nonRootBases.test(root.image)) return;
    // An image with nothing to start holds files, or is a base for others.
    const starts = instructions.find(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD');
    if (root.image === 'scratch' && starts === undefined) return;
    // Entrypoints that begin as root to prepare something and then change the user themselves.
    if (
      instructions.some(({ span }) =>
        /\b(?:gosu|su-exec|setpriv|s6-setuidgid|s6-overlay|chroot --userspec|runuser)\b/.test(
          file.text.slice(span.start, span.end),
        ),
      )
    )
      return;
    const own = stage.instructions.find(
      (instruction) => instruction.keyword === 'ENTRYPOINT' || instruction.keyword === 'CMD',
    );
    const last = stage.instructions.at(-1) ?? stage.from;
    const edits = own === undefined ? file.insertAfter(last, 'USER 10001') : file.insertBefore(own, 'USER 10001');
    yield {
      at: stage.base.span,
      message: `The image sets no USER and runs as ${baseUser(root.image)}.`,
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
    { why: 'only files', ok: 'FROM scratch\nCOPY . /\n' },
    { why: 'it drops root itself', ok: 'FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]\n' },
    { why: 'an image that only the build knows', ok: 'ARG BASE\nFROM $BASE\nCMD ["app"]\n' },
  ],
});

function baseUser(image: string): string {
  const name = parseImageReference(image)?.name ?? image;
  return name === 'scratch' ? 'root' : `the user of ${name}, most likely root`;
}
