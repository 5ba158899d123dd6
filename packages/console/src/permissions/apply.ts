import { type Asked, call } from '../api/call.ts';
import { describeError, ProblemError } from '../api/problem.ts';
import { type Difference, scopesAfter } from './draft.ts';

export type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly text: string };

/** At which API, and the scopes that it has. */
export type Place = {
  readonly realm: string;
  readonly apiId: string;
  readonly scopes: readonly string[];
};

/** What one row of the difference asks of the server. */
export type Write =
  | { readonly name: 'setClientGrant'; readonly asked: Asked<'setClientGrant'> }
  | { readonly name: 'removeClientGrant'; readonly asked: Asked<'removeClientGrant'> };

export function writeOf({ realm, apiId, scopes: known }: Place, difference: Difference): Write {
  const { clientId, revision, authorizationDetailTypes } = difference.held;
  const params = { realm, clientId, apiId };
  const over = revision === null ? {} : { revision };
  const scopes = scopesAfter(difference, known);
  return scopes.length + authorizationDetailTypes.length > 0
    ? {
        name: 'setClientGrant',
        asked: { params, ...over, body: { scopes, authorizationDetailTypes } },
      }
    : { name: 'removeClientGrant', asked: { params, ...over } };
}

/** A few at a time: the server has other callers. */
const AT_ONCE = 4;

/** Applies row by row. What one row meets stops no other. */
export async function applyAll(
  place: Place,
  differences: readonly Difference[],
  tell: (clientId: string, outcome: Outcome) => void,
): Promise<void> {
  const queue = [...differences];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      tell(next.held.clientId, await applyOne(place, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function applyOne(place: Place, difference: Difference): Promise<Outcome> {
  try {
    const write = writeOf(place, difference);
    if (write.name === 'setClientGrant') await call(write.name, write.asked);
    else await call(write.name, write.asked);
    return { state: 'done' };
  } catch (error) {
    const stale = error instanceof ProblemError && error.reason === 'revision_stale';
    return {
      state: 'failed',
      text: stale
        ? 'Somebody changed this client’s grant meanwhile. What it holds now has been read; apply again.'
        : describeError(error).text,
    };
  }
}
