import type { Form } from '../parameters.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Allowance } from './allowance.ts';
import type { Authorization } from './authorization.ts';
import type { JudgedDetail } from './authorization-details.ts';
import { describeTarget, selectTarget } from './select-target.ts';

/**
 * Decides the client credentials grant: which scopes, at which APIs, in what kind of token.
 * RFC 6749 §4.4.2.
 *
 * "The client credentials grant type MUST only be used by confidential clients." (§4.4) That the
 * caller is the client was settled by client authentication before this is called.
 */
export function decideClientCredentials(
  allowance: Allowance,
  form: Form,
  details: readonly JudgedDetail[] = [],
): Result<Authorization, Refusal> {
  const { clientId } = allowance;
  if (allowance.clientType === 'public') return refuse({ reason: 'client_public', clientId });

  const target = selectTarget(allowance, form.single.get('scope'), form.resource, details);
  if (!target.ok) return target;
  return ok({
    grantType: 'client_credentials',
    clientId,
    subject: clientId,
    actors: [],
    ...describeTarget(allowance, target.value),
    expiresBy: undefined,
  });
}
