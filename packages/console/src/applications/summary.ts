import type { Answer } from '@tessera/server/contract';
import { usePermission } from '../session/use-session.ts';

/** An application with how its client stands, as lists have it. */
export type Summary = Answer<'listApplicationSummaries'>['items'][number];

/** Short enough for a column. */
export const METHOD_NAMES: Readonly<Record<Summary['authenticationMethod'], string>> = {
  client_secret_basic: 'Secret',
  client_secret_post: 'Secret, form',
  client_secret_jwt: 'Signing secret',
  private_key_jwt: 'Private key',
  tls_client_auth: 'Certificate',
  self_signed_tls_client_auth: 'Own certificate',
  none: 'None',
};

/** Owners change what they own; of all others, who has the permission. */
export function useMayChange(): boolean {
  const every = usePermission('clients:read');
  const change = usePermission('clients:write');
  return change || !every;
}
