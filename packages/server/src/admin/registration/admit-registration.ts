import { ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { Environment, FailureKey, Rows } from '../../environment.ts';
import { findEnd, type InitialAccessToken } from '../../model/initial-access-token.ts';
import { isRandomText } from '../../model/random-text.ts';
import type { RegistrationRequest } from './registration-request.ts';

/** Clients that registered themselves in one realm, from which on nobody does without a token. */
export const OPEN_REGISTRATIONS_MAX = 10_000;

/** Seconds. Somebody has to delete clients first. */
const FULL_RETRY_AFTER = 3_600;

/**
 * Whether somebody may register a client: with an initial access token, or as anybody where the
 * realm says so. RFC 7591 §3. `undefined`: without a token.
 *
 * Whoever tries tokens is slowed down by address alone: they can not be guessed, and a limit that
 * strangers share could be used up by one of them.
 */
export async function admitRegistration(
  env: Pick<Environment, 'store' | 'hasher' | 'failureBudget'>,
  request: RegistrationRequest,
): Promise<Result<InitialAccessToken | undefined, Refusal>> {
  const { authorization, provider, realm, now } = request;
  if (provider.clientRegistration === 'off') return refuse({ reason: 'registration_disabled' });
  if (authorization.kind === 'repeated') return refuse({ reason: 'authorization_repeated' });
  if (authorization.kind === 'absent' && provider.clientRegistration === 'open')
    return takeTurn(env, keyOf(request, 'open registration'));
  if (authorization.kind !== 'bearer') return refuse({ reason: 'initial_token_missing' });

  const key = keyOf(request, `initial access token from ${request.address}`);
  const retryAfter = env.failureBudget.wait(key);
  if (retryAfter > 0) return refuse({ reason: 'registrations_too_many', retryAfter });
  const { token: text } = authorization;
  const token = isRandomText('tsi', text)
    ? await env.store.initialAccessTokens.findByDigest(
        realm.name,
        env.hasher.digest('registration', text),
      )
    : undefined;
  const problem = findProblem(token, now);
  if (problem === undefined) return ok(token);
  env.failureBudget.failed(key);
  return refuse(problem);
}

const keyOf = ({ realm, address }: RegistrationRequest, claimant: string): FailureKey => ({
  realm: realm.name,
  claimant,
  address,
});

/** Taken and never given back: so many from one address, and so many from all of them. */
function takeTurn(
  { failureBudget }: Pick<Environment, 'failureBudget'>,
  key: FailureKey,
): Result<undefined, Refusal> {
  const { wait: retryAfter } = failureBudget.attempt(key);
  return retryAfter > 0 ? refuse({ reason: 'registrations_too_many', retryAfter }) : ok(undefined);
}

function findProblem(token: InitialAccessToken | undefined, now: RegistrationRequest['now']) {
  if (token === undefined) return { reason: 'initial_token_unknown' } as const;
  const end = findEnd(token, now);
  return end && ({ reason: `initial_token_${end}`, tokenId: token.id } as const);
}

/**
 * Inside the commit of the client: counts one use, however many registrations are under way.
 * Without a token, strangers fill the realm so far and no further.
 */
export async function useInitialToken(
  rows: Rows,
  admitted: InitialAccessToken | undefined,
  { provider, now }: RegistrationRequest,
): Promise<Result<undefined, Refusal>> {
  const current = await rows.providers.find(provider.realm);
  if (current?.clientRegistration !== provider.clientRegistration)
    return refuse({ reason: 'registration_disabled' });
  if (admitted === undefined) {
    const max = OPEN_REGISTRATIONS_MAX;
    return (await rows.clients.countOfOrigin(provider.realm, 'registration', max)) < max
      ? ok(undefined)
      : refuse({ reason: 'registrations_too_many', retryAfter: FULL_RETRY_AFTER });
  }
  const token = await rows.initialAccessTokens.find(admitted.realm, admitted.id);
  const problem = findProblem(token, now);
  if (problem !== undefined || token === undefined)
    return refuse(problem ?? { reason: 'initial_token_unknown' });
  const counted = { ...token, uses: token.uses + 1 };
  return (await rows.initialAccessTokens.update(counted)) === 'updated'
    ? ok(undefined)
    : refuse({ reason: 'initial_token_used_up', tokenId: token.id });
}
