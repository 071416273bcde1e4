/**
 * Asking a registry for the digest of an image: the only network traffic that there is, and only when a user chose a fix that says so. After the
 * OCI Distribution Specification v1.1 ("Pulling manifests") and Docker's token authentication (distribution.github.io/distribution/spec/auth/token).
 * Without a login: what is public is found, what is not is said to be so.
 */
import { createHash } from 'node:crypto';
import { canonicalName, dockerHub, registryOf } from '../../rules/model/image-names.js';
import { parseImageReference } from '../../rules/model/image-reference.js';

/** How long a registry may take for one answer, in milliseconds. */
const patience = 10_000;

/** What an image can be: the index of all its platforms comes first, as its digest is right on every node. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** A registry did not answer as hoped; the message is a clause for the user: "docker.io has no image of that name or tag". */
export class RegistryProblem extends Error {}

/**
 * The digest (`sha256:…`) that a reference stands for today. `image` is a reference as in a manifest, without a digest; no tag means `latest`.
 * @throws RegistryProblem when it can't be found out
 */
export async function digestOf(image: string): Promise<string> {
  const reference = parseImageReference(image);
  if (reference === undefined) throw new RegistryProblem(`${image} is no image reference`);
  const registry = registryOf(reference);
  const repository = canonicalName(reference).slice(registry.length + 1);
  const host = registry === dockerHub ? 'registry-1.docker.io' : registry;
  const url = `${isLoopback(host) ? 'http' : 'https'}://${host}/v2/${repository}/manifests/${reference.tag ?? 'latest'}`;
  const headers: Record<string, string> = { accept: manifestTypes };
  let answer = await ask(registry, url, { method: 'HEAD', headers });
  if (answer.status === 401) {
    headers.authorization = `Bearer ${await tokenFor(registry, repository, answer.headers.get('www-authenticate') ?? '')}`;
    answer = await ask(registry, url, { method: 'HEAD', headers });
  }
  if (!answer.ok) throw refusal(registry, answer.status);
  const told = answer.headers.get('docker-content-digest') ?? (await digestOfBody(registry, url, headers));
  if (!/^sha256:[a-f\d]{64}$|^sha512:[a-f\d]{128}$/.test(told))
    throw new RegistryProblem(`${registry} names no digest for it`);
  return told;
}

/** A registry that tells no digest has it counted: it is that of the manifest's bytes. */
async function digestOfBody(registry: string, url: string, headers: Record<string, string>): Promise<string> {
  const answer = await ask(registry, url, { headers });
  if (!answer.ok) throw refusal(registry, answer.status);
  const body = await answer.arrayBuffer().catch((error: unknown) => {
    throw unreachable(registry, error);
  });
  return `sha256:${createHash('sha256').update(new Uint8Array(body)).digest('hex')}`;
}

/** A token for reading, as anybody gets it, from where the registry's challenge says. */
async function tokenFor(registry: string, repository: string, challenge: string): Promise<string> {
  const [, parameters] = /^Bearer\s+(.*)$/i.exec(challenge) ?? [];
  const given = new Map([...(parameters ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
  const address = given.get('realm') ?? '';
  if (!URL.canParse(address)) throw new RegistryProblem(`${registry} asks for a login, and Plimsoll has none`);
  const realm = new URL(address);
  if (realm.protocol !== 'https:' && !isLoopback(realm.host))
    throw new RegistryProblem(`${registry} hands out tokens without encryption`);
  const service = given.get('service');
  if (service !== undefined) realm.searchParams.set('service', service);
  realm.searchParams.set('scope', given.get('scope') ?? `repository:${repository}:pull`);
  const answer = await ask(registry, realm.href, {});
  if (!answer.ok) throw refusal(registry, answer.status);
  const body = (await answer.json().catch(() => undefined)) as { token?: unknown; access_token?: unknown } | undefined;
  const token = body?.token ?? body?.access_token;
  if (typeof token !== 'string') throw new RegistryProblem(`${registry} gives no token for reading`);
  return token;
}

async function ask(registry: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    throw unreachable(registry, error);
  }
}

function unreachable(registry: string, error: unknown): RegistryProblem {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError')
    return new RegistryProblem(`${registry} does not answer within ${patience / 1000} seconds`);
  return new RegistryProblem(`${registry} can't be reached (${cause?.code ?? message})`);
}

function refusal(registry: string, status: number): RegistryProblem {
  if (status === 401 || status === 403)
    return new RegistryProblem(
      `${registry} shows it only after a login, and Plimsoll has none, or there is no such image`,
    );
  if (status === 404) return new RegistryProblem(`${registry} has no image of that name and tag`);
  if (status === 429) return new RegistryProblem(`${registry} has been asked too often; try again later`);
  return new RegistryProblem(`${registry} answers with status ${status}`);
}

/** This machine itself, where registries are served without encryption, as Docker has it too. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}
