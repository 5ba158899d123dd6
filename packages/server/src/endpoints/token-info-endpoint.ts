import {
  type AuthorizationHeader,
  describeTokenInfo,
  type NumericDate,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { findToken } from '../tokens/find-token.ts';

/**
 * PingAM's legacy way to look at one's own token: whoever holds it may ask. Only in the
 * Authorization header: a token in a URL ends up in logs (RFC 9700 §4.3.2).
 */
export async function answerTokenInfo(
  env: Pick<Environment, 'store' | 'keyRing' | 'hasher' | 'addresses'>,
  realm: string,
  authorization: AuthorizationHeader,
  now: NumericDate,
): Promise<Result<Record<string, unknown>, Refusal>> {
  if (authorization.kind === 'repeated') return refuse({ reason: 'authorization_repeated' });
  if (authorization.kind !== 'bearer') return refuse({ reason: 'bearer_token_missing' });
  const token = await findToken(env, realm, authorization.token);
  if (token === undefined || token.expiresAt <= now)
    return refuse({ reason: 'bearer_token_invalid' });
  return ok(describeTokenInfo(authorization.token, token, now));
}
