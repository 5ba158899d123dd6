import {
  type AuthorizationHeader,
  type NumericDate,
  ok,
  type PresentedCertificate,
  profileRules,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import { verifyHolder } from '../clients/verify-holder.ts';
import type { ProvedRequest } from '../clients/verify-proof.ts';
import type { Environment } from '../environment.ts';
import type { Provider } from '../model/provider.ts';
import { findToken } from '../tokens/find-token.ts';
import { isOpaqueToken } from '../tokens/opaque-token.ts';

/** A request at a place that an access token opens. */
export type TokenRequest = ProvedRequest & {
  readonly certificate: PresentedCertificate | undefined;
  readonly authorization: AuthorizationHeader;
  readonly now: NumericDate;
};

/**
 * PingAM's legacy way to look at one's own token: whoever holds it may ask. Only in the
 * Authorization header: a token in a URL ends up in logs (RFC 9700 §4.3.2).
 */
export async function answerTokenInfo(
  env: Pick<Environment, 'store' | 'keyRing' | 'hasher' | 'addresses'>,
  provider: Provider,
  { authorization, certificate, now, ...proved }: TokenRequest,
): Promise<Result<Record<string, unknown>, Refusal>> {
  if (authorization.kind === 'repeated') return refuse({ reason: 'authorization_repeated' });
  if (authorization.kind !== 'bearer' && authorization.kind !== 'dpop')
    return refuse({ reason: 'bearer_token_missing' });
  const { kind: scheme, token: text } = authorization;
  const token = await findToken(env, provider.realm, text);
  if (token === undefined || token.expiresAt <= now)
    return refuse({ reason: 'bearer_token_invalid' });

  const shown = { ...proved, scheme, token: text, certificate };
  const holder = await verifyHolder(env, provider, shown, token.confirmation, now);
  if (!holder.ok) return refuse(describeHolder(holder.refusal));
  const { responses } = profileRules(provider.securityProfile);
  return ok(responses.describeTokenInfo(text, token, now, isOpaqueToken(text) ? 'opaque' : 'jwt'));
}

/** What was wrong is for the operator; a client learns that it needs a nonce, and no more. */
function describeHolder({ reason }: Refusal): Refusal {
  if (reason === 'certificate_missing') return { reason: 'bearer_token_invalid' };
  return reason === 'proof_nonce_missing' || reason === 'proof_nonce_wrong'
    ? { reason: 'holder_nonce_wrong' }
    : { reason: 'holder_unproven', because: reason };
}
