/** Merging and composing edits. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, compatibleEdits, compose, type MadeEdit } from '../../rules/fix.js';

/** Edits of a text of this length that neither overlap nor touch. */
const edits = (length: number): fc.Arbitrary<MadeEdit[]> =>
  fc.array(fc.tuple(fc.nat(length), fc.nat(3), fc.string({ maxLength: 4 })), { maxLength: 5 }).map((list) =>
    compatibleEdits(
      list.map(([start, size, text]) => ({
        title: '',
        safe: true,
        edits: [{ start, end: Math.min(length, start + size), text }],
      })),
    ),
  );

describe('edits', () => {
  it('compose: two lists of edits made one say the same', () => {
    const cases = fc
      .string({ maxLength: 30 })
      .chain((text) => edits(text.length).map((first) => ({ text, first, between: applyEdits(text, first) })))
      .chain((made) => edits(made.between.length).map((second) => ({ ...made, second })));
    fc.assert(
      fc.property(cases, ({ text, first, between, second }) => {
        const both = compose(first, second);
        assert.equal(applyEdits(text, both), applyEdits(between, second));
        both.forEach((edit, index) => {
          assert.ok(edit.start <= edit.end && (index === 0 || both[index - 1]!.end <= edit.start));
        });
      }),
      { numRuns: 5000 },
    );
  });

  it('compatible: each fix is taken whole or not at all', () => {
    const one = {
      title: 'one',
      safe: true,
      edits: [
        { start: 1, end: 2, text: 'x' },
        { start: 5, end: 6, text: 'y' },
      ],
    };
    const two = {
      title: 'two',
      safe: true,
      edits: [
        { start: 6, end: 7, text: 'z' },
        { start: 9, end: 9, text: '!' },
      ],
    };
    const three = { title: 'three', safe: true, edits: [{ start: 9, end: 9, text: '?' }] };
    const by = (fix: typeof one) => fix.edits.map((edit) => ({ ...edit, fixes: [fix] }));
    assert.deepEqual(compatibleEdits([one, two, three]), [...by(one), ...by(three)]);
  });
});
