/*
 * The OAuth 2.0 endpoints: a request that was read in, an answer or a refusal out.
 *
 * Owns the order in which things are asked: admit the caller, decide, mint, record. Depends on
 * clients/ and tokens/ for what they know and on the protocol for what is allowed; knows neither
 * HTTP nor SQL.
 */
import {
  combineBindings,
  decideClientCredentials,
  describeTokenResponse,
  ok,
  type Possession,
  type Refusal,
  type Result,
  selectConfirmation,
  selectGrantType,
  type TokenResponse,
} from '@tessera/protocol';
import type { AuthenticatedClient } from '../clients/authenticated-client.ts';
import { findAllowance } from '../clients/find-allowance.ts';
import { spendIdentifiers } from '../clients/spend-identifiers.ts';
import { thumbprintOfCertificate } from '../clients/thumbprint.ts';
import { verifyProof } from '../clients/verify-proof.ts';
import type { Environment } from '../environment.ts';
import { type IssuedToken, issueAccessToken } from '../tokens/issue-access-token.ts';
import { type AdmissionEnvironment, admitClient } from './admit-caller.ts';
import type { OAuthRequest } from './oauth-request.ts';
import { describeDetails } from './refusal-details.ts';

type Env = AdmissionEnvironment & Pick<Environment, 'keyRing' | 'random' | 'metrics'>;

/** RFC 6749 §3.2. */
export async function answerTokenRequest(
  env: Env,
  request: OAuthRequest,
): Promise<Result<TokenResponse, Refusal>> {
  const caller = await admitClient(env, request);
  if (!caller.ok) return caller;

  const issued = await exchange(env, request, caller.value);
  if (!issued.ok) {
    recordRefusal(env, request, caller.value, issued.refusal);
    return issued;
  }
  recordIssue(env, request, caller.value, issued.value);
  return ok(describeTokenResponse(issued.value.text, issued.value.facts, request.now));
}

async function exchange(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
): Promise<Result<IssuedToken, Refusal>> {
  const { realm, provider, form, now } = request;
  const { proofs, called } = request;
  const proof = verifyProof(env, provider, { proofs, method: 'POST', called }, now);
  if (!proof.ok) return proof;
  // Everything that the caller showed is verified; what it asks for is not looked at before.
  const once = [...caller.spends, ...(proof.value?.spends ?? [])];
  const spent = await spendIdentifiers(env, once);
  if (!spent.ok) return spent;

  const allowance = await findAllowance(env, provider, caller);
  const grantType = selectGrantType(form, allowance);
  if (!grantType.ok) return grantType;

  const authorization = decideClientCredentials(allowance, form);
  if (!authorization.ok) return authorization;

  const confirmation = selectConfirmation(
    combineBindings(authorization.value.tokenBindings),
    describePossession(request, caller, proof.value?.jkt),
  );
  if (!confirmation.ok) return confirmation;

  return ok(
    await issueAccessToken(env, realm, caller.client, authorization.value, confirmation.value, now),
  );
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
  { facts, format }: IssuedToken,
): void {
  env.metrics.tokenIssued(facts.realm, format);
  env.recorder.record({
    at: request.now,
    realm: facts.realm,
    type: 'token.issued',
    actor: { kind: 'client', id: facts.clientId },
    subject: { kind: 'token', id: facts.jti },
    details: {
      scope: facts.scope,
      audience: facts.audience,
      format,
      expiresAt: facts.expiresAt,
      credentialId: caller.credentialId,
    },
    requestId: request.requestId,
  });
}

function recordRefusal(
  env: Env,
  request: OAuthRequest,
  caller: AuthenticatedClient,
  refusal: Refusal,
): void {
  const { clientId } = caller.client;
  env.recorder.record({
    at: request.now,
    realm: request.realm.name,
    type: 'token.refused',
    actor: { kind: 'client', id: clientId },
    subject: { kind: 'client', id: clientId },
    details: describeDetails(refusal),
    requestId: request.requestId,
  });
}
