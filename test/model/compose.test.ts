/** Compose as compose-spec and compose-go read it: mounts, variables, switches. */
import assert from 'node:assert/strict';
import { interpolate, isOn, servicesIn } from '../../rules/model/compose.js';
import { readTree } from '../../rules/model/read.js';
import { Source } from '../../rules/model/source.js';

const services = (text: string) => servicesIn(new Source(readTree(text)));

describe('Compose', () => {
  describe('variables', () => {
    for (const [text, expected] of [
      ['plain', 'plain'],
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are Compose's variables
      ['${A:-b}', 'b'],
      ['${A-b}', 'b'],
      ['${A:-}', ''],
      ['/a/${A:-${B:-c}}/d', '/a/c/d'],
      ['${A:-${B}/c}', '${B}/c'],
      ['${A:-b}${C:-d}', 'bd'],
      ['$A', '${A}'],
      ['$A/b', '${A}/b'],
      ['${A}', '${A}'],
      ['${A:?no colon: here}', '${A}'],
      ['${A?${B}}', '${A}'],
      ['${A:+b}', '${A}'],
      ['$$A', '$A'],
      ['$${A:-b}', '${A:-b}'],
      ['a$', 'a$'],
      ['${', '${'],
      ['${A:-b', 'b'],
      ['${A:-${B', '${B}'],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are Compose's variables
    ] as const) {
      it(text, () => assert.equal(interpolate(text), expected));
    }
  });

  describe('mounts, short', () => {
    for (const [text, source, target, hostPath] of [
      ['/data', undefined, '/data', undefined],
      ['data:/data', 'data', '/data', undefined],
      ['data:/data:ro', 'data', '/data', undefined],
      ['/a//b/../c/:/d:ro,z', '/a//b/../c/', '/d', '/a/c'],
      ['/:/host', '/', '/host', '/'],
      ['../a:/b', '../a', '/b', '../a'],
      ['./a:/b', './a', '/b', 'a'],
      ['.:/b', '.', '/b', ''],
      ['~/.ssh:/root/.ssh', '~/.ssh', '/root/.ssh', '~/.ssh'],
      ['C:\\data:/data', 'C:\\data', '/data', 'C:\\data'],
      ['c:/data:d:/data:ro', 'c:/data', 'd:/data', 'c:/data'],
      [
        '\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine',
        '\\\\.\\pipe\\docker_engine',
        '\\\\.\\pipe\\docker_engine',
        '\\\\.\\pipe\\docker_engine',
      ],
      [
        '//./pipe/docker_engine://./pipe/docker_engine',
        '//./pipe/docker_engine',
        '//./pipe/docker_engine',
        '//./pipe/docker_engine',
      ],
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are Compose's variables
      ['${DIR:-/srv/a}:/data', '/srv/a', '/data', '/srv/a'],
      ['${DIR:?where: is it}/a:/data', '${DIR}/a', '/data', '${DIR}/a'],
      ['${VOLUME}:/data', '${VOLUME}', '/data', undefined],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are Compose's variables
    ] as const) {
      it(text, () => {
        const [service] = services(`services:\n  web:\n    volumes:\n      - '${text}'\n`);
        const [mount] = service!.mounts;
        assert.deepEqual(
          { source: mount!.source, target: mount!.target, hostPath: mount!.hostPath },
          { source, target, hostPath },
        );
      });
    }
  });

  it('mounts, long', () => {
    const text = `services:
  web:
    volumes:
      - {type: bind, source: /run/, target: /host}
      - {type: volume, source: /run, target: /host}
      - {type: npipe, source: '\\\\.\\pipe\\docker_engine', target: x}
      - {type: bind, source: docker.sock, target: x}
      - {source: /run, target: /host}
      - {type: tmpfs, target: /tmp}
      - 12
      -
`;
    const [service] = services(text);
    const show = service!.mounts.map(({ hostPath, at }) => [hostPath, text.slice(at.start, at.end)]);
    assert.deepEqual(show.slice(0, 6), [
      ['/run', '/run/'],
      [undefined, '/run'],
      ['\\\\.\\pipe\\docker_engine', "'\\\\.\\pipe\\docker_engine'"],
      ['docker.sock', 'docker.sock'],
      ['/run', '/run'],
      [undefined, show[5]![1]],
    ]);
    assert.deepEqual(
      show.slice(6).map(([path]) => path),
      [undefined, undefined],
    );
  });

  it('switches', () => {
    const text = `services:
  web:
    a: [true, yes, "true", 'On', "\${A:-true}", "\${A:-y}"]
    b: [false, no, "false", "\${A}", "\${A:-false}", 1, null, {}, other]
`;
    const { field } = services(text)[0]!;
    assert.deepEqual(field.at('a').items().map(isOn), [true, true, true, true, true, true]);
    assert.deepEqual(field.at('b').items().map(isOn), Array(9).fill(false));
  });

  it('services: merge keys and aliases count, extensions and nothing do not', () => {
    const text = `x-base: &base {privileged: true}
services:
  a: {<<: *base, image: a}
  b: *base
  c:
  d: text
`;
    assert.deepEqual(
      services(text).map(({ name, field }) => [name, isOn(field.at('privileged'))]),
      [
        ['a', true],
        ['b', true],
      ],
    );
    assert.deepEqual(services('services: []\n'), []);
    assert.deepEqual(services('a\n'), []);
  });
});
