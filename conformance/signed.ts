/*
 * What clients sign: keys, assertions and proofs, right ones and wrong ones. Made by hand from
 * node:crypto, so that anything can be made wrong.
 */
import {
  constants,
  createHash,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';

export type Algorithm = 'ES256' | 'ES384' | 'ES512' | 'PS256' | 'RS256' | 'EdDSA' | 'Ed25519';

export type ClientKey = {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
};

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

export function newKey(algorithm: Algorithm = 'ES256', modulusLength = 2048): ClientKey {
  const { publicKey, privateKey } = generate(algorithm, modulusLength);
  const kid = randomUUID();
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid };
  return { algorithm, kid, publicJwk, publicKey, privateKey };
}

function generate(algorithm: Algorithm, modulusLength: number) {
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return generateKeyPairSync('ed25519');
  if (algorithm === 'PS256' || algorithm === 'RS256')
    return generateKeyPairSync('rsa', { modulusLength });
  return generateKeyPairSync('ec', { namedCurve: CURVES[algorithm] });
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The signature of `input`, whatever the header says. RFC 7518 §3.1 */
export function signatureOf(input: string, { algorithm, privateKey }: ClientKey): Buffer {
  const data = Buffer.from(input);
  switch (algorithm) {
    case 'ES256':
    case 'ES384':
    case 'ES512':
      return sign(`sha${algorithm.slice(2)}`, data, {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
    case 'PS256':
      return sign('sha256', data, {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      });
    case 'RS256':
      return sign('sha256', data, privateKey);
    default:
      return sign(null, data, privateKey);
  }
}

/** A JWS of any header and any payload. */
export function signJws(header: unknown, payload: unknown, key: ClientKey): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signatureOf(input, key).toString('base64url')}`;
}

/** HS256, RFC 7518 §3.2 */
export function signWithSecret(payload: unknown, secret: string): string {
  const input = `${encode({ alg: 'HS256' })}.${encode(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export const now = (): number => Math.floor(Date.now() / 1000);

type Members = Readonly<Record<string, unknown>>;

/** The claims of a good client assertion. RFC 7523 §3, RFC 10070 §4 */
export const assertionClaims = (clientId: string, issuer: string): Members => ({
  iss: clientId,
  sub: clientId,
  aud: issuer,
  iat: now(),
  exp: now() + 60,
  jti: randomUUID(),
});

const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The parameters that carry an assertion. RFC 7521 §4.2 */
export const carrying = (assertion: string) => ({
  client_assertion_type: CLIENT_ASSERTION_TYPE,
  client_assertion: assertion,
});

/** A good DPoP proof but for what is said otherwise; `undefined` leaves a member out. */
export function proofOf(
  key: ClientKey,
  target: string,
  claims: Members = {},
  header: Members = {},
): string {
  const { kid: _, ...jwk } = key.publicJwk;
  return signJws(
    { typ: 'dpop+jwt', alg: key.algorithm, jwk, ...header },
    { jti: randomUUID(), htm: 'POST', htu: target, iat: now(), ...claims },
    key,
  );
}

/** RFC 7638 §3 */
export function thumbprintOf({ publicJwk }: ClientKey): string {
  const { kty, crv, x, y, n, e } = publicJwk;
  const members =
    kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
