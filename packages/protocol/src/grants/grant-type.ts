import { type GrantType, isGrantType } from '../client.ts';
import type { Form } from '../parameters.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Allowance } from './allowance.ts';

/**
 * Chooses the grant type of a token request: named, known, enabled in the realm, allowed to the
 * client, in this order. RFC 6749 §5.2.
 *
 * Unknown and disabled are one answer on the wire and two reasons for the operator.
 */
export function selectGrantType(form: Form, allowance: Allowance): Result<GrantType, Refusal> {
  const named = form.single.get('grant_type');
  if (named === undefined) return refuse({ reason: 'grant_type_missing' });
  if (!isGrantType(named)) return refuse({ reason: 'grant_type_unknown' });
  if (!allowance.providerGrantTypes.includes(named))
    return refuse({ reason: 'grant_type_disabled_in_realm', grantType: named });
  // Said before what the client lacks: with this grant type it would still be refused.
  if (named === 'client_credentials' && allowance.clientType === 'public')
    return refuse({ reason: 'client_public', clientId: allowance.clientId });
  if (!allowance.clientGrantTypes.includes(named))
    return refuse({
      reason: 'grant_type_not_allowed_to_client',
      grantType: named,
      clientId: allowance.clientId,
    });
  // They are never dropped in silence, so a grant that does not know them refuses. RFC 9396 §5
  if (named !== 'client_credentials' && form.single.has('authorization_details'))
    return refuse({ reason: 'authorization_details_not_for_grant', clientId: allowance.clientId });
  return ok(named);
}
