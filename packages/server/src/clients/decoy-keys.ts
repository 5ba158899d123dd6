import { generateKeyPairSync } from 'node:crypto';
import type { AssertionAlgorithm, VerificationKey } from '@tessera/protocol';

/** The key of RFC 7638 §3: to make one of its kind takes too long. */
const RSA: VerificationKey = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
};

const made = new Map<AssertionAlgorithm, VerificationKey>();

/**
 * A key of nobody. What is signed is verified by it when there is no other to verify it by, so
 * that the time taken does not tell whether a client exists.
 */
export function decoyKey(algorithm: AssertionAlgorithm): VerificationKey {
  const known = made.get(algorithm);
  if (known !== undefined) return known;
  const key = makeKey(algorithm);
  made.set(algorithm, key);
  return key;
}

function makeKey(algorithm: AssertionAlgorithm): VerificationKey {
  switch (algorithm) {
    case 'ES256':
      return ellipticKey('P-256');
    case 'ES384':
      return ellipticKey('P-384');
    case 'ES512':
      return ellipticKey('P-521');
    case 'EdDSA':
    case 'Ed25519':
      return generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as VerificationKey;
    default:
      return RSA;
  }
}

const ellipticKey = (namedCurve: string): VerificationKey =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }) as VerificationKey;
