import type { NumericDate } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import { type Credential, isExpired } from '../../model/credential.ts';

/** Never the secret, and never its digest. */
export const describeSecret = (
  credential: Credential,
  now: NumericDate,
): Answer<'updateSecret'> => ({
  id: credential.id,
  label: credential.label,
  origin: credential.origin,
  lastFour: credential.lastFour,
  status: isExpired(credential, now) ? 'expired' : 'active',
  createdAt: credential.createdAt,
  expiresAt: credential.expiresAt ?? null,
  lastUsedAt: credential.lastUsedAt ?? null,
  revision: credential.revision,
});
