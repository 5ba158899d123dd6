import { isGrantType, ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Client } from '../../model/client.ts';

/**
 * What no client may be, however it came about: a public client that authenticates, or one that
 * has a grant type of those who do. RFC 6749 §2.1, §4.4.
 */
export function checkClient({
  type,
  authenticationMethod,
  grantTypes,
}: Client): Result<undefined, AdminRefusal> {
  if ((type === 'public') !== (authenticationMethod === 'none'))
    return refuse({ reason: 'client_type_mismatched' });
  if (type === 'public' && grantTypes.some(isGrantType))
    return refuse({ reason: 'client_public_with_grant' });
  return ok(undefined);
}
