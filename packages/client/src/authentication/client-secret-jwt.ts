import type { ClientAuthentication, SymmetricAlgorithm } from '@tessera/protocol';
import { readSecret, type Secret } from './secret.ts';
import { presentAssertion, signAssertion } from './sign-assertion.ts';

/** RFC 7518 §3.2: "A key of the same size as the hash output […] or larger MUST be used". */
const BYTES_MIN = { HS256: 32, HS384: 48, HS512: 64 } as const;

/**
 * `client_secret_jwt`: as `private_key_jwt`, with a secret that both sides know and that is not
 * sent. RFC 7523 §2.2.
 */
export function clientSecretJwt(
  secret: Secret,
  alg: SymmetricAlgorithm = 'HS256',
): ClientAuthentication {
  // A secret that is known already is judged at once, not when the first token is wanted.
  if (typeof secret === 'string') keyOf(secret, alg);
  return async (call) => {
    const key = keyOf(await readSecret(secret), alg);
    const { clientId, issuer } = call;
    return presentAssertion(
      await signAssertion({ issuer: clientId, subject: clientId, audience: issuer }, key, { alg }),
    );
  };
}

function keyOf(secret: string, alg: SymmetricAlgorithm): Uint8Array {
  const key = new TextEncoder().encode(secret);
  if (key.length < BYTES_MIN[alg])
    throw new TypeError(`a secret for ${alg} has ${BYTES_MIN[alg]} bytes or more`);
  return key;
}
