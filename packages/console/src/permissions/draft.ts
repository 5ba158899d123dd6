import type { Answer } from '@tessera/server/contract';

/** What a client holds at an API, as it was read. */
export type Held = Answer<'listClientsOfApi'>['items'][number];

/** What is wanted of one client, scope by scope, beside what it held when that was said. */
export type Edit = { readonly held: Held; readonly wanted: ReadonlyMap<string, boolean> };

/** Edits that nobody has applied yet, by client id. They outlive a search and a next page. */
export type Draft = ReadonlyMap<string, Edit>;

export type Difference = {
  readonly held: Held;
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

export const isHeld = ({ scopes }: Held, scope: string): boolean => scopes.includes(scope);

export const isWanted = (draft: Draft, held: Held, scope: string): boolean =>
  draft.get(held.clientId)?.wanted.get(scope) ?? isHeld(held, scope);

/** The same draft with one cell set; what is as it was is no edit. */
export function setCell(draft: Draft, held: Held, scope: string, value: boolean): Draft {
  const next = new Map(draft);
  const wanted = new Map(draft.get(held.clientId)?.wanted);
  if (value === isHeld(held, scope)) wanted.delete(scope);
  else wanted.set(scope, value);
  if (wanted.size === 0) next.delete(held.clientId);
  else next.set(held.clientId, { held, wanted });
  return next;
}

export const setCells = (
  draft: Draft,
  rows: readonly Held[],
  scopes: readonly string[],
  value: boolean,
): Draft =>
  rows.reduce(
    (edited, held) => scopes.reduce((one, scope) => setCell(one, held, scope, value), edited),
    draft,
  );

/** The edits over what was read since: what somebody else has done meanwhile is none any more. */
export function rebase(draft: Draft, rows: readonly Held[]): Draft {
  const latest = new Map(rows.map((row) => [row.clientId, row]));
  return new Map(
    [...draft].flatMap(([clientId, { held, wanted }]) => {
      const now = latest.get(clientId) ?? held;
      const left = new Map([...wanted].filter(([scope, value]) => value !== isHeld(now, scope)));
      return left.size === 0 ? [] : [[clientId, { held: now, wanted: left }]];
    }),
  );
}

export const differencesOf = (draft: Draft): readonly Difference[] =>
  [...draft.values()].map(({ held, wanted }) => {
    const having = (value: boolean) =>
      [...wanted].filter(([, one]) => one === value).map(([scope]) => scope);
    return { held, added: having(true), removed: having(false) };
  });

/** All that a client holds when its edits are applied; scopes that the API no longer has are dropped. */
export const scopesAfter = (
  { held, added, removed }: Difference,
  known: readonly string[],
): readonly string[] =>
  known.filter(
    (scope) => added.includes(scope) || (isHeld(held, scope) && !removed.includes(scope)),
  );
