/** Asking registries for digests: a registry of the test's own answers, well and badly. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { digestOf, RegistryProblem } from '../../server/registry/digest.js';
import { type Handler, type Registry, someDigest, startRegistry, withToken } from './registry.js';

describe('the digest of an image', () => {
  let registry: Registry;
  const start = async (handle: Handler) => {
    registry = await startRegistry(handle);
    return registry.host;
  };
  afterEach(() => registry?.stop());

  const fails = (image: string, message: RegExp) =>
    assert.rejects(digestOf(image), (error) => error instanceof RegistryProblem && message.test(error.message));

  it('is what the registry says, with one question', async () => {
    const host = await start((_, response) => response.writeHead(200, { 'docker-content-digest': someDigest }).end());
    assert.equal(await digestOf(`${host}/team/web:1`), someDigest);
    assert.deepEqual(registry.asked, ['HEAD /v2/team/web/manifests/1']);
  });

  it('is asked for with a token where the registry wants one; no tag means latest', async () => {
    const host = await start(withToken('latest', someDigest));
    assert.equal(await digestOf(`${host}/team/web`), someDigest);
    assert.equal(registry.asked.length, 3);
    assert.match(registry.asked[1]!, /^GET \/token\?service=registry&scope=repository/);
  });

  it('is counted where the registry does not say it, over the index of all platforms', async () => {
    const body = '{"schemaVersion": 2}';
    const host = await start(({ method, headers }, response) => {
      assert.match(headers.accept!, /^application\/vnd\.oci\.image\.index/);
      response.end(method === 'HEAD' ? undefined : body);
    });
    const counted = createHash('sha256').update(body).digest('hex');
    assert.equal(await digestOf(`${host}/web:1`), `sha256:${counted}`);
  });

  it('says what stands in the way', async () => {
    let status = 404;
    const headers: Record<string, string> = {};
    const host = await start((_, response) => response.writeHead(status, headers).end());
    await fails(`${host}/web:1`, /^localhost:\d+ has no image of that name and tag$/);
    status = 429;
    await fails(`${host}/web:1`, /too often/);
    status = 500;
    await fails(`${host}/web:1`, /status 500/);
    status = 401;
    await fails(`${host}/web:1`, /asks for a login/);
    headers['www-authenticate'] = 'Basic realm="Registry"';
    await fails(`${host}/web:1`, /asks for a login/);
    headers['www-authenticate'] = 'Bearer realm="http://tokens.example/token"';
    await fails(`${host}/web:1`, /without encryption/);
    status = 200;
    headers['docker-content-digest'] = 'sha256:short';
    await fails(`${host}/web:1`, /names no digest/);
    await fails('Web:1', /is no image reference/);
    await registry.stop();
    await fails(`${host}/web:1`, /can't be reached \(ECONNREFUSED\)/);
  });

  it('is not had for a token that is none', async () => {
    const host = await start(({ url, headers }, response) => {
      if (url === '/v2/web/manifests/1')
        response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` }).end();
      else response.end('<html>');
    });
    await fails(`${host}/web:1`, /gives no token/);
  });
});
