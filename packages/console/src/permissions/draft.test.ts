import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Draft,
  differencesOf,
  type Held,
  isWanted,
  rebase,
  scopesAfter,
  setCell,
  setCells,
} from './draft.ts';

const SCOPES = ['a', 'b', 'c'];
const NOTHING: Draft = new Map();

const held = (clientId: string, scopes: readonly string[]): Held => ({
  clientId,
  name: clientId,
  enabled: true,
  scopes,
  authorizationDetailTypes: [],
  revision: 1,
});

const edits = fc.array(
  fc.record({
    clientId: fc.constantFrom('one', 'two'),
    scope: fc.constantFrom(...SCOPES),
    value: fc.boolean(),
  }),
);
const rows = fc
  .tuple(fc.subarray(SCOPES), fc.subarray(SCOPES))
  .map(([one, two]) => [held('one', one), held('two', two)] as const);

type Given = readonly {
  readonly clientId: string;
  readonly scope: string;
  readonly value: boolean;
}[];

const edit = (all: readonly Held[], given: Given): Draft =>
  given.reduce((draft, { clientId, scope, value }) => {
    const row = all.find((one) => one.clientId === clientId);
    return row === undefined ? draft : setCell(draft, row, scope, value);
  }, NOTHING);

describe('edits of permissions', () => {
  test('a cell is as it was set last, whatever came before', () => {
    fc.assert(
      fc.property(rows, edits, (all, given) => {
        const draft = edit(all, given);
        for (const row of all)
          for (const scope of SCOPES) {
            const last = given.findLast(
              (one) => one.clientId === row.clientId && one.scope === scope,
            );
            expect(isWanted(draft, row, scope)).toBe(last?.value ?? row.scopes.includes(scope));
          }
      }),
    );
  });

  test('what is as it was is no difference', () => {
    fc.assert(
      fc.property(rows, edits, (all, given) => {
        for (const { held: row, added, removed } of differencesOf(edit(all, given))) {
          expect(added.length + removed.length).toBeGreaterThan(0);
          for (const scope of added) expect(row.scopes).not.toContain(scope);
          for (const scope of removed) expect(row.scopes).toContain(scope);
        }
      }),
    );
  });

  test('what a client holds afterwards is what its cells show', () => {
    fc.assert(
      fc.property(rows, edits, (all, given) => {
        const draft = edit(all, given);
        for (const difference of differencesOf(draft))
          expect(scopesAfter(difference, SCOPES)).toEqual(
            SCOPES.filter((scope) => isWanted(draft, difference.held, scope)),
          );
      }),
    );
  });

  test('over what was read since, the same cells are wanted', () => {
    fc.assert(
      fc.property(rows, edits, rows, (before, given, after) => {
        const draft = edit(before, given);
        const rebased = rebase(draft, after);
        for (const [clientId, { wanted }] of draft) {
          const row = after.find((one) => one.clientId === clientId);
          for (const [scope, value] of wanted)
            expect(row && isWanted(rebased, row, scope)).toBe(value);
        }
        for (const { held: row } of differencesOf(rebased)) expect(after).toContain(row);
      }),
    );
  });

  test('a column is set for all rows at once', () => {
    const all = [held('one', ['a']), held('two', [])];
    const draft = setCells(NOTHING, all, ['a'], true);
    expect(differencesOf(draft)).toEqual([{ held: all[1], added: ['a'], removed: [] }]);
  });

  test('scopes that the API no longer has are not asked for again', () => {
    const [difference] = differencesOf(setCell(NOTHING, held('one', ['gone', 'a']), 'b', true));
    expect(difference && scopesAfter(difference, SCOPES)).toEqual(['a', 'b']);
  });
});
