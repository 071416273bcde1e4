/** Image references as distribution/reference reads them. */
import assert from 'node:assert/strict';
import { parseImageReference } from '../../rules/model/image-reference.js';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;
const sha512 = `sha512:${'0123456789abcdef'.repeat(8)}`;

describe('image references', () => {
  for (const [text, registry, repository, tag, digest] of [
    ['nginx', undefined, 'nginx', undefined, undefined],
    ['nginx:1.29', undefined, 'nginx', '1.29', undefined],
    ['library/nginx:Latest', undefined, 'library/nginx', 'Latest', undefined],
    ['docker.io/library/nginx', 'docker.io', 'library/nginx', undefined, undefined],
    ['host:5000/img', 'host:5000', 'img', undefined, undefined],
    ['host:5000/a/b:c', 'host:5000', 'a/b', 'c', undefined],
    ['localhost/img', 'localhost', 'img', undefined, undefined],
    ['Host/img', 'Host', 'img', undefined, undefined],
    ['team/img', undefined, 'team/img', undefined, undefined],
    ['[2001:db8::1]:5000/img:1', '[2001:db8::1]:5000', 'img', '1', undefined],
    ['img:5000', undefined, 'img', '5000', undefined],
    ['my__img/a-b.c_d:1', undefined, 'my__img/a-b.c_d', '1', undefined],
    [`nginx@${sha256}`, undefined, 'nginx', undefined, sha256],
    [`host:5000/nginx:1@${sha256}`, 'host:5000', 'nginx', '1', sha256],
    [`nginx@${sha512}`, undefined, 'nginx', undefined, sha512],
  ] as const) {
    it(text.slice(0, 60), () => {
      const found = parseImageReference(text);
      assert.ok(found);
      assert.deepEqual(
        [found.registry, found.repository, found.tag, found.digest],
        [registry, repository, tag, digest],
      );
      assert.equal(found.digestValid, digest !== undefined);
      assert.equal(found.tagSpan && text.slice(found.tagSpan.start, found.tagSpan.end), tag);
      assert.ok(text.startsWith(found.name) && found.name.endsWith(repository));
    });
  }

  describe('digests of the wrong length are known as such', () => {
    for (const digest of [
      sha256.slice(0, -1),
      `${sha256}0`,
      sha256.toUpperCase().replace('SHA', 'sha'),
      `md5:${'0'.repeat(32)}`,
    ])
      it(digest.slice(0, 20), () => assert.equal(parseImageReference(`nginx@${digest}`)?.digestValid, false));
  });

  describe('no references', () => {
    for (const text of [
      '',
      ' nginx',
      'nginx:',
      'nginx@',
      ':1',
      'Nginx',
      'a/B',
      'a//b',
      '/a',
      'a/',
      'a..b',
      '-a',
      'nginx:-1',
      `nginx:${'a'.repeat(129)}`,
      'nginx@sha256:abc',
      '$IMAGE',
      '{{ .image }}',
      'a b',
      'a\n',
      'https://example.com/a',
    ])
      it(JSON.stringify(text).slice(0, 40), () => assert.equal(parseImageReference(text), undefined));
  });

  it('does not hang on what looks almost like one', () => {
    for (const text of [
      `x@${'a_'.repeat(5000)}a:${'0'.repeat(40)}!`,
      `${'a-'.repeat(50_000)}!`,
      `${'a/'.repeat(50_000)}!`,
      `${'a.'.repeat(50_000)}/!`,
      'a'.repeat(1_000_000),
    ])
      parseImageReference(text);
  });
});
