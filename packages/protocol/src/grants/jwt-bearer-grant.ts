import { JWT_BEARER_GRANT } from '../client.ts';
import type { Form } from '../parameters.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Allowance } from './allowance.ts';
import type { Authorization } from './authorization.ts';
import { describeTarget, selectTarget } from './select-target.ts';

/**
 * Decides the grant of a JWT that somebody was given, or made for itself: what the client is
 * allowed, for the subject that the JWT vouches for. RFC 7523 §2.1, RFC 7521 §4.1.
 *
 * That the assertion is good was settled before this is called. It names a subject and gives
 * nothing: scopes are those of the client, whoever the token is about.
 */
export function decideJwtBearer(
  allowance: Allowance,
  form: Form,
  subject: string,
): Result<Authorization, Refusal> {
  const target = selectTarget(allowance, form.single.get('scope'), form.resource);
  if (!target.ok) return target;
  return ok({
    grantType: JWT_BEARER_GRANT,
    clientId: allowance.clientId,
    subject,
    actors: [],
    ...describeTarget(allowance, target.value),
    expiresBy: undefined,
  });
}

/**
 * The same for a service account, which is a client that vouches for itself. Clients of PingOne
 * expect their own words for scopes that it may not have.
 */
export function decideServiceAccount(
  allowance: Allowance,
  form: Form,
  words: 'standard' | 'pingone',
): Result<Authorization, Refusal> {
  const decided = decideJwtBearer(allowance, form, allowance.clientId);
  if (decided.ok || words === 'standard' || decided.refusal.reason !== 'scope_not_granted')
    return decided;
  return refuse({ ...decided.refusal, reason: 'service_account_scope_unsupported' });
}

/**
 * Why an assertion is no grant: whatever it would be refused for elsewhere, the caller learns
 * `invalid_grant` (RFC 7521 §4.1.1) and the operator the reason. What asks to come again later is
 * no judgement of the assertion, and stays as it is.
 */
export function describeAssertionRefusal(refusal: Refusal): Refusal {
  if ('retryAfter' in refusal) return refusal;
  const { reason: because } = refusal;
  return {
    reason: 'grant_assertion_refused',
    because,
    ...('clientId' in refusal && refusal.clientId !== undefined && { clientId: refusal.clientId }),
  };
}
