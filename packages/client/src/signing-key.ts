import { type CryptoKey, importJWK, type JWK } from 'jose';

/**
 * A private key: a JWK, or a `CryptoKey` that can sign. The latter may be one that nobody can take
 * out of the place where it is kept.
 */
export type PrivateKey = Jwk | CryptoKey;

/** A key as a JSON object. RFC 7517 §4 */
export type Jwk = JWK;

/** A private key, and under which name and algorithm it signs. */
export type KeyOptions = {
  /** The key, or how to read it: anew for each signature, so that a rotated one is taken up. */
  readonly key: PrivateKey | (() => PrivateKey | Promise<PrivateKey>);
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
};

/** Opens a key that stays once, and one that is read whenever it has changed. */
export function keyOpener(options: KeyOptions) {
  let read: PrivateKey | undefined;
  let opened: ReturnType<typeof openSigningKey> | undefined;
  return async () => {
    const key = typeof options.key === 'function' ? await options.key() : options.key;
    if (opened === undefined || !isSameKey(key, read)) opened = openSigningKey(key, options);
    read = key;
    const { key: usable, algorithm: alg, keyId: kid } = await opened;
    return { key: usable, header: { alg, ...(kid !== undefined && { kid }) } };
  };
}

/** Of the same private value and name. */
const isSameKey = (a: PrivateKey, b: PrivateKey | undefined): boolean =>
  a === b ||
  (b !== undefined && !isCryptoKey(a) && !isCryptoKey(b) && a.d === b.d && a.kid === b.kid);

/** A key ready to sign, under one algorithm. */
export type SigningKey = {
  readonly key: CryptoKey;
  readonly algorithm: string;
  readonly keyId: string | undefined;
};

/** Imports a key and chooses its algorithm: the one given, the key's own, or the one of its kind. */
export async function openSigningKey(
  key: PrivateKey,
  given: { readonly alg?: string | undefined; readonly kid?: string | undefined },
): Promise<SigningKey> {
  if (isCryptoKey(key)) {
    const algorithm = given.alg ?? algorithmOfCryptoKey(key);
    if (key.type !== 'private') throw new TypeError('the key is not private');
    if (algorithm === undefined) throw new TypeError('the algorithm of the key is not known');
    return { key, algorithm, keyId: given.kid };
  }
  if (key.d === undefined) throw new TypeError('the key is not private');
  const algorithm = given.alg ?? key.alg ?? algorithmOfJwk(key);
  if (algorithm === undefined) throw new TypeError('the algorithm of the key is not known');
  const opened = await importJWK(key, algorithm);
  if (opened instanceof Uint8Array) throw new TypeError('the key is not private');
  return { key: opened, algorithm, keyId: given.kid ?? key.kid };
}

const isCryptoKey = (key: PrivateKey): key is CryptoKey => 'algorithm' in key && 'type' in key;

const CURVES: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

/** RSA: PS256, which every profile allows; RS256 has to be asked for. */
const algorithmOfJwk = ({ kty, crv }: JWK): string | undefined =>
  kty === 'RSA' ? 'PS256' : CURVES[crv ?? ''];

function algorithmOfCryptoKey({ algorithm }: CryptoKey): string | undefined {
  const { name, namedCurve, hash } = algorithm as {
    readonly name: string;
    readonly namedCurve?: string;
    readonly hash?: { readonly name: string };
  };
  const bits = hash?.name.replace('SHA-', '') ?? '';
  if (name === 'RSA-PSS') return `PS${bits}`;
  if (name === 'RSASSA-PKCS1-v1_5') return `RS${bits}`;
  return CURVES[name === 'ECDSA' ? (namedCurve ?? '') : name];
}
