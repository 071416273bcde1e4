/** Merge keys as go-yaml v2 reads them, and with it kubectl and the API server: they count where they stand, and what comes later wins. */
import assert from 'node:assert/strict';
import { Field } from '../../rules/model/field.js';
import { readTree } from '../../rules/model/read.js';
import { Source } from '../../rules/model/source.js';

describe('merge keys', () => {
  const cases: [string, string, boolean | undefined][] = [
    ['override what stands before them', '{on: false, <<: *yes}', true],
    ['are overridden by what stands behind them', '{<<: *yes, on: false}', false],
    ['may be written out', '{<<: {on: true}}', true],
    ['take of a list the first', '{<<: [*yes, *no]}', true],
    ['take of a list what is written out, too', '{<<: [{on: true}, *other]}', true],
    ['are followed through others', '{<<: *nested}', true],
    ['may be several', '{<<: *yes, <<: *other}', true],
    ['take the last of several', '{<<: *yes, <<: *no}', false],
    ['are none in quotes', '{"<<": *yes}', undefined],
    ['bring in nothing that is no mapping', '{<<: *flag}', undefined],
  ];
  for (const [what, map, expected] of cases) {
    it(what, () => {
      const anchors =
        'yes: &yes {on: true}\nno: &no {on: false}\nother: &other {off: true}\nnested: &nested {<<: *yes}\nflag: &flag true\n';
      const field = Field.root(new Source(readTree(`${anchors}map: ${map}\n`))).at('map');
      assert.equal(field.at('on').flag, expected);
      assert.equal(field.entries().find(({ key }) => key === 'on')?.value.flag, expected);
    });
  }

  it('leave a mapping’s own keys alone in a Compose file', () => {
    const tree = readTree('yes: &yes {on: true}\nmap: {on: false, <<: *yes}\n');
    assert.equal(Field.root(new Source(tree, true)).at('map', 'on').flag, false);
  });

  it('end in time where aliases stand for aliases', () => {
    const levels = Array.from(
      { length: 40 },
      (_, index) => `a${index + 1}: &a${index + 1} {<<: [*a${index}, *a${index}]}`,
    );
    const root = Field.root(new Source(readTree(`a0: &a0 {on: true}\n${levels.join('\n')}\n`)));
    root.at('a40', 'on');
    root.at('a40').entries();
  });
});
