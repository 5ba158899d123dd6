import type { ClientAuthentication, SymmetricAlgorithm } from '@tessera/protocol';
import { signAssertion } from './sign-assertion.ts';

/** RFC 7518 §3.2: "A key of the same size as the hash output […] or larger MUST be used". */
const BYTES_MIN = { HS256: 32, HS384: 48, HS512: 64 } as const;

/**
 * `client_secret_jwt`: as `private_key_jwt`, with a secret that both sides know and that is not
 * sent. RFC 7523 §2.2.
 */
export function clientSecretJwt(
  secret: string,
  alg: SymmetricAlgorithm = 'HS256',
): ClientAuthentication {
  const key = new TextEncoder().encode(secret);
  if (key.length < BYTES_MIN[alg])
    throw new TypeError(`a secret for ${alg} has ${BYTES_MIN[alg]} bytes or more`);
  return (call) => signAssertion(call, key, { alg });
}
