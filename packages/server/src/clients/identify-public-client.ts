import { ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { AuthenticatedClient } from './authenticated-client.ts';
import type { ReachedClient } from './reach-client.ts';

/** A client that has nothing to prove itself with. RFC 6749 §2.1. A confidential one must have. */
export function identifyPublicClient(
  registered: ReachedClient,
): Result<AuthenticatedClient, Refusal> {
  const { clientId, enabled, type } = registered.client;
  if (registered.barred !== undefined) return refuse(registered.barred);
  if (!enabled) return refuse({ reason: 'client_disabled', clientId });
  if (type !== 'public') return refuse({ reason: 'secret_missing', clientId });
  return ok({ ...registered, method: 'none', credentialId: undefined, spends: [] });
}
