import {
  ACCESS_TOKEN_LENGTH_MAX,
  type Authorization,
  type Confirmation,
  numericDate,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { AuthenticatedClient } from '../clients/authenticated-client.ts';
import { spendIdentifiers } from '../clients/spend-identifiers.ts';
import { type Environment, type KeptToken, StoreUnavailable } from '../environment.ts';
import type { QuotaLeft } from '../model/quota.ts';
import { type IssuedToken, issueAccessToken } from '../tokens/issue-access-token.ts';
import type { GrantDecision } from './grants/grant.ts';
import type { OAuthRequest } from './oauth-request.ts';

type Env = Pick<
  Environment,
  'store' | 'keyRing' | 'hasher' | 'random' | 'addresses' | 'statusPlaces' | 'usage' | 'tokenReuse'
>;

export type GivenToken = IssuedToken & {
  /** It had been the answer to an earlier request. */
  readonly reused: boolean;
  /** What is left of the client's quotas; none: they are not enforced. */
  readonly quotas: readonly QuotaLeft[];
};

/**
 * The last step of a token request that was granted: a token that the client was given a moment
 * ago, where client or realm want that; else a new one, if the quotas have one left.
 */
export async function issueWithinQuota(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
  { authorization, spends }: GrantDecision,
  confirmation: Confirmation | undefined,
): Promise<Result<GivenToken, Refusal>> {
  const { client } = caller;
  const { provider, now } = request;
  const alike = describeAlike(authorization, confirmation);
  const kept = await describeKept(env, request, caller, authorization, alike);
  const earlier = kept && (await findEarlier(env, kept, request));
  if (earlier !== undefined) {
    const spent = await spendIdentifiers(env, spends);
    if (!spent.ok) return spent;
    return ok({ ...earlier, reused: true, quotas: env.usage.reused(provider, client, now) });
  }

  const taken = await env.usage.take(provider, client, request);
  if (!taken.ok) return taken;
  let issued: Result<IssuedToken, Refusal> | undefined;
  try {
    issued = await spendAndIssue(env, request, caller, { authorization, spends }, confirmation);
  } finally {
    if (issued?.ok !== true) env.usage.giveBack(client, now);
  }
  if (!issued.ok) return issued;
  const { text, format, facts } = issued.value;
  env.usage.issued(client, alike, facts.expiresAt, request);
  if (kept !== undefined) {
    // What is nearly over is not handed out again.
    const half = numericDate(now + Math.floor((facts.expiresAt - now) / 2));
    const until = Math.min(half, now + reuseOf(request, caller));
    env.tokenReuse.keep(kept, issued.value, numericDate(until));
  }
  return ok({ text, format, facts, reused: false, quotas: taken.value });
}

async function spendAndIssue(
  env: Env,
  request: OAuthRequest,
  { client }: AuthenticatedClient,
  { authorization, spends }: GrantDecision,
  confirmation: Confirmation | undefined,
): Promise<Result<IssuedToken, Refusal>> {
  const spent = await spendIdentifiers(env, spends);
  if (!spent.ok) return spent;
  const issued = await issueAccessToken(
    env,
    request,
    client,
    authorization,
    confirmation,
    request.now,
  );
  // A token that is too long is not handed out: nobody would take it.
  return issued.text.length <= ACCESS_TOKEN_LENGTH_MAX
    ? ok(issued)
    : refuse({
        reason: authorization.authorizationDetails
          ? 'authorization_details_too_large'
          : authorization.claims
            ? 'claims_too_large'
            : 'scope_too_long',
        clientId: client.clientId,
      });
}

/** What two tokens of a client have in common that would do in each other's place. */
function describeAlike(
  { grantType, subject, actors, scope, audience, ...authorization }: Authorization,
  confirmation: Confirmation | undefined,
): string {
  const { tokenFormat, signingAlgorithm, authorizationDetails: details, claims } = authorization;
  const usual = `${tokenFormat} ${signingAlgorithm}\n${scope.join(' ')}\n${audience.join('\n')}`;
  if ((confirmation ?? details ?? claims) === undefined && actors.length === 0)
    return `${usual}\n\n${grantType}\n${subject}`;
  return `${usual}\n\n${JSON.stringify([grantType, subject, actors, confirmation, details, claims])}`;
}

const reuseOf = ({ provider }: OAuthRequest, { client }: AuthenticatedClient): number =>
  client.tokenReuseSeconds ?? provider.tokenReuseSeconds;

/**
 * Under what a token is kept; undefined: it is not. Only where the client's credentials are all that
 * it is made of: what is made of another token, or of an assertion, ends with that.
 */
async function describeKept(
  { store }: Pick<Env, 'store'>,
  request: OAuthRequest,
  caller: AuthenticatedClient,
  { grantType }: Authorization,
  alike: string,
): Promise<KeptToken | undefined> {
  if (reuseOf(request, caller) === 0 || grantType !== 'client_credentials') return undefined;
  const { realm, provider } = request;
  const { client } = caller;
  const [apis, keys] = await Promise.all([
    store.apis.all(realm.name),
    store.signingKeys.all(realm.name),
  ]);
  return { client, alike, circumstances: [realm, provider, client, apis, keys] };
}

/** The token of a moment ago, if it is known that it was not revoked since. */
async function findEarlier(
  env: Env,
  kept: KeptToken,
  { realm, now }: OAuthRequest,
): Promise<IssuedToken | undefined> {
  const token = env.tokenReuse.find(kept, now);
  if (token === undefined) return undefined;
  try {
    const revoked = await env.store.revokedTokens.find(realm.name, token.facts.jti);
    return revoked === undefined ? token : undefined;
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}
