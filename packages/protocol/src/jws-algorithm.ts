/** Signatures by which somebody else proves itself. RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2 */
export const ASSERTION_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
] as const;

export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number];

/** Keyed hashes, whose key both sides know. RFC 7518 §3.2 */
export const SYMMETRIC_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

export type SymmetricAlgorithm = (typeof SYMMETRIC_ALGORITHMS)[number];

/** Those that FAPI 2.0 Security Profile 5.4.1 allows. */
export const FAPI_ALGORITHMS = [
  'PS256',
  'ES256',
  'EdDSA',
  'Ed25519',
] as const satisfies readonly AssertionAlgorithm[];

export const isAssertionAlgorithm = (value: unknown): value is AssertionAlgorithm =>
  (ASSERTION_ALGORITHMS as readonly unknown[]).includes(value);

export const isSymmetricAlgorithm = (value: unknown): value is SymmetricAlgorithm =>
  (SYMMETRIC_ALGORITHMS as readonly unknown[]).includes(value);

/** The one kind of key that each algorithm is for. */
const KINDS: Readonly<Record<AssertionAlgorithm, KeyKind>> = {
  ES256: { kty: 'EC', curve: 'P-256' },
  ES384: { kty: 'EC', curve: 'P-384' },
  ES512: { kty: 'EC', curve: 'P-521' },
  PS256: { kty: 'RSA', curve: undefined },
  PS384: { kty: 'RSA', curve: undefined },
  PS512: { kty: 'RSA', curve: undefined },
  RS256: { kty: 'RSA', curve: undefined },
  RS384: { kty: 'RSA', curve: undefined },
  RS512: { kty: 'RSA', curve: undefined },
  EdDSA: { kty: 'OKP', curve: 'Ed25519' },
  Ed25519: { kty: 'OKP', curve: 'Ed25519' },
};

type KeyKind = { readonly kty: 'EC' | 'RSA' | 'OKP'; readonly curve: string | undefined };

/**
 * Whether a key is for an algorithm: of its type and curve, and not set aside for another. A
 * signature that chose its algorithm freely could be checked by a key in a way it was never made
 * for. RFC 8725 §3.1
 *
 * `EdDSA` and `Ed25519` are two names of one algorithm as long as the key is for Ed25519.
 */
export function keyFits(
  algorithm: string,
  key: { readonly kty: string; readonly crv?: string; readonly alg?: string },
): boolean {
  if (!isAssertionAlgorithm(algorithm)) return false;
  const { kty, curve } = KINDS[algorithm];
  if (key.kty !== kty || key.crv !== curve) return false;
  return key.alg === undefined || key.alg === algorithm || kty === 'OKP';
}

/** How the signature of an algorithm is made and written, as `node:crypto` wants to be told. */
type SignatureForm = {
  /** undefined: the algorithm has one of its own. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | undefined;
  readonly options:
    | { readonly dsaEncoding: 'ieee-p1363' }
    | { readonly padding: number; readonly saltLength?: number }
    | Readonly<Record<string, never>>;
};

/** RFC 7518 §3.4: R and S, each as long as the order of the curve; no DER. */
const ecdsa = (digest: SignatureForm['digest']): SignatureForm => ({
  digest,
  options: { dsaEncoding: 'ieee-p1363' },
});

/** A salt as long as the digest. `RSA_PKCS1_PSS_PADDING` of OpenSSL is 6. */
const pss = (digest: SignatureForm['digest'], saltLength: number): SignatureForm => ({
  digest,
  options: { padding: 6, saltLength },
});

/** RFC 7518 §3.3. `RSA_PKCS1_PADDING` of OpenSSL is 1. */
const pkcs1 = (digest: SignatureForm['digest']): SignatureForm => ({
  digest,
  options: { padding: 1 },
});

/** RFC 8037 §3.1 */
const EDDSA: SignatureForm = { digest: undefined, options: {} };

/** RFC 7518 §3.3-3.5, RFC 8037 §3.1 */
export const SIGNATURE_FORMS: Readonly<Record<AssertionAlgorithm, SignatureForm>> = {
  ES256: ecdsa('sha256'),
  ES384: ecdsa('sha384'),
  ES512: ecdsa('sha512'),
  PS256: pss('sha256', 32),
  PS384: pss('sha384', 48),
  PS512: pss('sha512', 64),
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  EdDSA: EDDSA,
  Ed25519: EDDSA,
};
