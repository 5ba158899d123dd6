import {
  type Authorization,
  combineClaims,
  fitsToken,
  formatScope,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Client } from '../model/client.ts';
import type { OAuthRequest } from './oauth-request.ts';

/**
 * What was decided, with the claims that the hooks of the APIs have for it. All of them are asked
 * at once. A hook that fails leaves the token without its claims, or there is no token, as its API
 * has it; none of them changes what somebody else says.
 */
export async function addHookClaims(
  env: Pick<Environment, 'claimsHooks'>,
  { realm, provider, requestId }: OAuthRequest,
  { clientId, attributes, revision }: Client,
  authorization: Authorization,
): Promise<Result<Authorization, Refusal>> {
  const { claimsHooks = [], audience, grantType } = authorization;
  const scope = formatScope(authorization.scope);
  const answers = await Promise.all(
    claimsHooks.map((hook) =>
      env.claimsHooks.ask({
        hook,
        algorithm: provider.signingAlgorithm,
        clientRevision: revision,
        request: {
          realm: realm.name,
          api: hook.apiId,
          audience,
          client_id: clientId,
          client_attributes: attributes,
          scope,
          grant_type: grantType,
          request_id: requestId,
        },
      }),
    ),
  );
  const parties = [authorization.claims];
  for (const [at, answer] of answers.entries()) {
    if (answer.ok) parties.push(answer.value);
    else if (claimsHooks[at]?.onFailure === 'refuse') {
      const { problem, retryAfter } = answer.refusal;
      const apiId = claimsHooks[at].apiId;
      return refuse({ reason: 'claims_hook_unavailable', clientId, apiId, problem, retryAfter });
    }
  }
  const claims = combineClaims(parties);
  if (!claims.ok) return refuse({ reason: 'claims_conflicting', clientId, claim: claims.refusal });
  if (claims.value !== undefined && !fitsToken(claims.value))
    return refuse({ reason: 'claims_too_large', clientId });
  return ok({ ...authorization, claims: claims.value });
}
