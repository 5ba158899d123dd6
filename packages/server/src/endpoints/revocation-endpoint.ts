import { ok, profileRules, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { findToken } from '../tokens/find-token.ts';
import { revokeToken } from '../tokens/revoke-token.ts';
import { type AdmissionEnvironment, admitConfidentialClient } from './admit-caller.ts';
import type { OAuthRequest } from './oauth-request.ts';

type Env = AdmissionEnvironment & Pick<Environment, 'keyRing' | 'statusPlaces'>;

/**
 * RFC 7009 §2. An unknown, expired or already revoked token is a success (§2.2): what the client
 * wanted is so. A token of somebody else is refused and left alone (§2.1).
 */
export async function answerRevocation(
  env: Env,
  request: OAuthRequest,
): Promise<Result<Record<string, never>, Refusal>> {
  const caller = await admitConfidentialClient(env, request);
  if (!caller.ok) return caller;

  const text = request.form.single.get('token');
  if (text === undefined) return refuse({ reason: 'token_missing' });

  const { clientId } = caller.value.client;
  const token = await findToken(env, request.realm.name, text);
  if (token === undefined || token.expiresAt <= request.now) return ok({});
  if (token.clientId !== clientId) {
    const { responses } = profileRules(request.provider.securityProfile);
    return refuse({ reason: responses.tokenOfAnother, clientId });
  }

  const actor = { kind: 'client', id: clientId } as const;
  await revokeToken(env, token, actor, request.requestId, request.now);
  return ok({});
}
