/** A registry on this machine, as small as it gets, with the token dance of the big ones. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a registry might answer. */
export const someDigest = `sha256:${'0123456789abcdef'.repeat(4)}`;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Registry {
  /** `localhost:12345` */
  readonly host: string;
  /** What it was asked, as "HEAD /v2/…". */
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startRegistry(handle: Handler): Promise<Registry> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers manifests of `tag` with a digest, to whoever fetched a token first. */
export function withToken(tag: string, digest: string): Handler {
  return ({ url = '', headers }, response) => {
    if (url.startsWith('/token')) {
      const { searchParams } = new URL(url, 'http://localhost');
      response.end(JSON.stringify({ token: `for ${searchParams.get('scope')}` }));
    } else if (headers.authorization === undefined) {
      const realm = `http://${headers.host}/token`;
      const challenge = `Bearer realm="${realm}",service="registry",scope="repository:team/web:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (headers.authorization !== 'Bearer for repository:team/web:pull') response.writeHead(403).end();
    else if (!url.endsWith(`/manifests/${tag}`)) response.writeHead(404).end();
    else response.writeHead(200, { 'docker-content-digest': digest }).end();
  };
}
