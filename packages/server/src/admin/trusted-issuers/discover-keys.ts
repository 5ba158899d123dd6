import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment } from '../../environment.ts';
import type { IssuerKeys } from './read-keys.ts';

const METADATA = '/.well-known/openid-configuration';

/**
 * Where an issuer says that its keys are. Asked once, when an administrator decides to trust it:
 * metadata that changed later would move the trust to where nobody looked. OpenID Connect
 * Discovery 4.3: the metadata must name the issuer that was asked for, to the byte.
 */
export async function discoverKeys(
  { outbound }: Pick<Environment, 'outbound'>,
  issuer: string,
): Promise<Result<IssuerKeys, AdminRefusal>> {
  const address = `${issuer.replace(/\/$/, '')}${METADATA}`;
  if (!outbound.check(address).ok)
    return refuse({ reason: 'address_not_allowed', pointer: '/issuer' });
  const fetched = await outbound.fetchJson(address);
  if (!fetched.ok) return notDiscovered(`gives no metadata: ${fetched.refusal.problem}`);
  const { issuer: named, jwks_uri: jwksUri } = fetched.value.document;
  if (named !== issuer) return notDiscovered('has metadata that name another issuer');
  if (typeof jwksUri !== 'string' || !outbound.check(jwksUri).ok)
    return notDiscovered('has metadata without a jwks_uri that may be fetched from');
  return ok({ jwks: undefined, jwksUri });
}

const notDiscovered = (detail: string) =>
  refuse({ reason: 'issuer_not_discovered', detail } as const);
