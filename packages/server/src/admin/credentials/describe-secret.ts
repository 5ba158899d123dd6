import type { NumericDate } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { CredentialOf } from '../../model/credential.ts';
import { describeState } from './credential-parts.ts';

/** Never the secret, and never its digest. */
export const describeSecret = (
  credential: CredentialOf<'secret'>,
  now: NumericDate,
): Answer<'updateSecret'> => ({
  id: credential.id,
  label: credential.label,
  origin: credential.material.origin,
  recoverable: credential.material.sealed !== undefined,
  lastFour: credential.material.lastFour,
  ...describeState(credential, now),
});
