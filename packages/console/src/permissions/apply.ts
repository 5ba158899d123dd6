import { type Asked, call } from '../api/call.ts';
import { describeError, ProblemError } from '../api/problem.ts';
import { applyEach, type Outcome } from '../parts/apply-each.ts';
import { type Difference, scopesAfter } from './draft.ts';

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

/** Applies row by row. */
export const applyAll = (
  place: Place,
  differences: readonly Difference[],
  tell: (clientId: string, outcome: Outcome) => void,
): Promise<void> =>
  applyEach(
    differences,
    (difference) => {
      const write = writeOf(place, difference);
      return write.name === 'setClientGrant'
        ? call(write.name, write.asked)
        : call(write.name, write.asked);
    },
    ({ held }, outcome) => tell(held.clientId, outcome),
    (error) =>
      error instanceof ProblemError && error.reason === 'revision_stale'
        ? 'Somebody changed this client’s grant meanwhile. What it holds now has been read; apply again.'
        : describeError(error).text,
  );
