/*
 * The OAuth 2.0 endpoints: a request that was read in, an answer or a refusal out.
 *
 * Owns the order in which things are asked: admit the caller, decide, mint, record. Depends on
 * clients/ and tokens/ for what they know and on the protocol for what is allowed; knows neither
 * HTTP nor SQL.
 */
import {
  type Authorization,
  combineBindings,
  describeTokenResponse,
  ok,
  type Possession,
  type Refusal,
  type Result,
  selectConfirmation,
  selectGrantType,
  type TokenFacts,
  type TokenResponse,
} from '@tessera/protocol';
import type { AuthenticatedClient } from '../clients/authenticated-client.ts';
import { findAllowance } from '../clients/find-allowance.ts';
import { spendIdentifiers } from '../clients/spend-identifiers.ts';
import { thumbprintOfCertificate } from '../clients/thumbprint.ts';
import { verifyProof } from '../clients/verify-proof.ts';
import type { Environment } from '../environment.ts';
import type { Client } from '../model/client.ts';
import type { QuotaLeft } from '../model/quota.ts';
import { addHookClaims } from './add-hook-claims.ts';
import type { AdmissionEnvironment } from './admit-caller.ts';
import { admitGrantee } from './grants/admit-grantee.ts';
import { GRANTS } from './grants/grants.ts';
import { type GivenToken, issueWithinQuota } from './issue-within-quota.ts';
import type { OAuthRequest } from './oauth-request.ts';
import { describeDetails } from './refusal-details.ts';

type Env = AdmissionEnvironment &
  Pick<
    Environment,
    | 'keyRing'
    | 'random'
    | 'metrics'
    | 'statusPlaces'
    | 'usage'
    | 'refusals'
    | 'tokenReuse'
    | 'claimsHooks'
  >;

export type TokenAnswer = {
  readonly response: TokenResponse;
  /** What is left of the client's quotas that are enforced. */
  readonly quotas: readonly QuotaLeft[];
};

/** RFC 6749 §3.2. */
export async function answerTokenRequest(
  env: Env,
  request: OAuthRequest,
): Promise<Result<TokenAnswer, Refusal>> {
  const caller = await admitGrantee(env, request);
  if (!caller.ok) {
    countRefusal(env, request, caller.refusal, claimedIn(caller.refusal));
    return caller;
  }

  const issued = await exchange(env, request, caller.value);
  if (!issued.ok) {
    recordRefusal(env, request, caller.value, issued.refusal);
    return issued;
  }
  recordIssue(env, request, caller.value, issued.value);
  const { text, facts, issuedTokenType, quotas } = issued.value;
  return ok({ response: describeTokenResponse(text, facts, request.now, issuedTokenType), quotas });
}

type Granted = GivenToken & { readonly issuedTokenType: string | undefined };

async function exchange(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
): Promise<Result<Granted, Refusal>> {
  const { provider, form, now } = request;
  const { called } = request;
  // Of a caller that has proved nothing, a key of its own proves no more: its grant refuses it, and
  // strangers make this server neither verify nor remember anything.
  const proofs = caller.credentialId === undefined ? [] : request.proofs;
  const proof = verifyProof(env, provider, { proofs, method: 'POST', called }, now);
  if (!proof.ok) return proof;
  // Everything that the caller showed is verified; what it asks for is not looked at before.
  const once = [...caller.spends, ...(proof.value?.spends ?? [])];
  const spent = await spendIdentifiers(env, once);
  if (!spent.ok) return spent;

  const allowance = await findAllowance(env, provider, caller);
  const grantType = selectGrantType(form, allowance);
  if (!grantType.ok) return grantType;

  const possession = describePossession(request, caller, proof.value?.jkt);
  const decision = await GRANTS[grantType.value](env, { request, caller, allowance, possession });
  if (!decision.ok) return decision;
  const { authorization: decided, spends, issuedTokenType } = decision.value;

  const confirmation = selectConfirmation(combineBindings(decided.tokenBindings), possession);
  if (!confirmation.ok) return confirmation;
  // Before the grant is spent: whoever is told to try again later can.
  const completed = decided.claimsHooks && (await askHooks(env, request, caller.client, decided));
  if (completed?.ok === false) return completed;
  const granted = { authorization: completed?.value ?? decided, spends };
  const given = await issueWithinQuota(env, request, caller, granted, confirmation.value);
  return given.ok ? ok({ ...given.value, issuedTokenType }) : given;
}

/** Whoever has no token left makes this server ask nobody. */
async function askHooks(
  env: Env,
  request: OAuthRequest,
  client: Client,
  authorization: Authorization,
): Promise<Result<Authorization, Refusal>> {
  const left = await env.usage.take(request.provider, client, request);
  if (!left.ok) return left;
  env.usage.giveBack(client, request.now);
  return addHookClaims(env, request, client, authorization);
}

/** The keys that the caller has shown to hold. A certificate was proved to TLS. RFC 8705 §3 */
function describePossession(
  { certificate }: OAuthRequest,
  { method }: AuthenticatedClient,
  jkt: string | undefined,
): Possession {
  return {
    ...(jkt !== undefined && { jkt }),
    ...(certificate !== undefined && {
      certificate: {
        thumbprint: thumbprintOfCertificate(certificate.leaf),
        authenticated: method === 'tls_client_auth' || method === 'self_signed_tls_client_auth',
      },
    }),
  };
}

function recordIssue(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
  { facts, format, reused }: GivenToken,
): void {
  if (reused) env.metrics.tokenReused(facts.realm, format);
  else env.metrics.tokenIssued(facts.realm, format);
  env.recorder.record({
    at: request.now,
    realm: facts.realm,
    type: reused ? 'token.reused' : 'token.issued',
    actor: { kind: 'client', id: facts.clientId },
    subject: { kind: 'token', id: facts.jti },
    details: {
      scope: facts.scope,
      audience: facts.audience,
      format,
      expiresAt: facts.expiresAt,
      ...(facts.issuedAt !== request.now && { issuedAt: facts.issuedAt }),
      credentialId: caller.credentialId,
      ...describeParties(facts),
    },
    requestId: request.requestId,
  });
}

/** Whom the token is about and who acts, where that is not the client alone. */
const describeParties = ({ clientId, subject, actors, grantType }: TokenFacts) => ({
  ...(grantType !== 'client_credentials' && { grantType }),
  ...(subject !== clientId && { subject }),
  ...(actors.length > 0 && { actors }),
});

function recordRefusal(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
  refusal: Refusal,
): void {
  const { clientId } = caller.client;
  const details = countRefusal(env, request, refusal, clientId);
  // Whoever only names a public client is not known to be it, and may be anybody, any number of times.
  if (caller.credentialId === undefined) return;
  env.usage.refused(caller.client, request.now);
  // It is told once in an hour or day, with the quota, and counted beyond.
  if (refusal.reason === 'quota_exceeded') return;
  env.recorder.record({
    at: request.now,
    realm: request.realm.name,
    type: 'token.refused',
    actor: { kind: 'client', id: clientId },
    subject: { kind: 'client', id: clientId },
    details,
    requestId: request.requestId,
  });
}

/** Added up by reason and client, whoever it was: for everybody who has to find out why. */
function countRefusal(
  { refusals }: Pick<Env, 'refusals'>,
  { realm, now }: OAuthRequest,
  refusal: Refusal,
  clientId: string | undefined,
): Readonly<Record<string, unknown>> {
  const details = describeDetails(refusal);
  refusals.refused(realm.name, clientId, refusal, details, now);
  return details;
}

/** The client that it says it is about. */
const claimedIn = (refusal: Refusal): string | undefined =>
  'clientId' in refusal ? refusal.clientId : undefined;
