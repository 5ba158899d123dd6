import {
  type NumericDate,
  type PresentedCertificate,
  type Refusal,
  rsaKeyBits,
} from '@tessera/protocol';
import { isExpired } from '../model/credential.ts';
import {
  type CredentialPolicy,
  RSA_KEY_BITS_MIN_DEFAULT,
  underPolicy,
} from '../model/credential-policy.ts';
import type { AuthenticatedClient } from './authenticated-client.ts';
import { readCertificate, rsaBitsOf } from './read-certificate.ts';

/**
 * What the realm's policy has against the credential of a client that has proved itself; undefined:
 * nothing. Asked last: it is no secret from the one who holds the credential.
 */
export function checkCredentialPolicy(
  policy: CredentialPolicy,
  authenticated: AuthenticatedClient,
  certificate: PresentedCertificate | undefined,
  now: NumericDate,
): Refusal | undefined {
  const { client, credentials, credentialId, method } = authenticated;
  const { clientId } = client;
  const credential = credentials.find(({ id }) => id === credentialId);
  if (credential !== undefined && isExpired(underPolicy(policy, credential), now))
    return { reason: 'secret_expired', clientId };
  // Shorter keys than that are refused wherever one is read.
  if (policy.rsaKeyBitsMin <= RSA_KEY_BITS_MIN_DEFAULT) return undefined;
  const bits = method.endsWith('tls_client_auth')
    ? bitsOfCertificate(certificate)
    : authenticated.signedBy && rsaKeyBits(authenticated.signedBy);
  return bits !== undefined && bits < policy.rsaKeyBitsMin
    ? { reason: 'key_too_short', clientId, bits }
    : undefined;
}

function bitsOfCertificate(presented: PresentedCertificate | undefined): number | undefined {
  const certificate = presented && readCertificate(presented.leaf);
  return certificate && rsaBitsOf(certificate);
}
