/* Signatures as the browser makes and checks them. RFC 7518 §3.1, RFC 8037 §3.1 */
import { type CompactJws, keyFits } from '@tessera/protocol';

/** A public key of a key set. RFC 7517 §4 */
export type Jwk = JsonWebKey & { readonly kid?: string };

const ecdsa = (namedCurve: string, hash: string) => ({
  imported: { name: 'ECDSA', namedCurve },
  used: { name: 'ECDSA', hash },
});
const pss = (hash: string, saltLength: number) => ({
  imported: { name: 'RSA-PSS', hash },
  used: { name: 'RSA-PSS', saltLength },
});
const pkcs1 = (hash: string) => ({
  imported: { name: 'RSASSA-PKCS1-v1_5', hash },
  used: { name: 'RSASSA-PKCS1-v1_5' },
});
const ED25519 = { imported: { name: 'Ed25519' }, used: { name: 'Ed25519' } };

const ALGORITHMS: Readonly<Record<string, { readonly imported: object; readonly used: object }>> = {
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  PS256: pss('SHA-256', 32),
  PS384: pss('SHA-384', 48),
  PS512: pss('SHA-512', 64),
  RS256: pkcs1('SHA-256'),
  RS384: pkcs1('SHA-384'),
  RS512: pkcs1('SHA-512'),
  EdDSA: ED25519,
  Ed25519: ED25519,
};

export type Verdict = 'verified' | 'wrong' | 'key-unknown' | 'algorithm-unknown' | 'not-here';

/**
 * Whether one of the keys made the signature. `not-here`: this browser, or a page without https,
 * cannot tell.
 */
export async function verifySignature(jws: CompactJws, keys: readonly Jwk[]): Promise<Verdict> {
  const { alg, kid } = jws.header;
  const algorithm = ALGORITHMS[alg];
  if (algorithm === undefined) return 'algorithm-unknown';
  const named = keys.filter((key) => kid === undefined || key.kid === kid);
  const fitting = named.filter(({ kty = '', crv, alg: of }) =>
    keyFits(alg, { kty, ...(crv !== undefined && { crv }), ...(of !== undefined && { alg: of }) }),
  );
  if (named.length === 0) return 'key-unknown';
  if (fitting.length === 0) return 'wrong';
  if (!canSign()) return 'not-here';
  const input = new TextEncoder().encode(jws.signingInput);
  for (const { kty, crv, x, y, n, e } of fitting)
    try {
      const jwk = Object.fromEntries(
        Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
      );
      const key = await crypto.subtle.importKey('jwk', jwk, algorithm.imported as never, false, [
        'verify',
      ]);
      const signature = new Uint8Array(jws.signature);
      if (await crypto.subtle.verify(algorithm.used as never, key, signature, input))
        return 'verified';
    } catch {
      // A key of another kind than the algorithm is for cannot have made it.
    }
  return 'wrong';
}

/** Whether the page may sign at all: browsers let only pages of https and of this machine. */
export const canSign = (): boolean => window.isSecureContext;

/** A key pair whose private half no script can read, and that is gone with the page. */
export type SigningKeyPair = { readonly privateKey: CryptoKey; readonly publicJwk: Jwk };

const ES256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export async function generateKeyPair(): Promise<SigningKeyPair> {
  const pair = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const publicJwk = { kty, crv, x, y } as Jwk;
  return { privateKey: pair.privateKey, publicJwk };
}

export async function signJwt(
  { privateKey }: SigningKeyPair,
  header: object,
  claims: object,
): Promise<string> {
  const input = `${encodeJson({ alg: 'ES256', ...header })}.${encodeJson(claims)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const bytes = new TextEncoder().encode(input);
  const signature = await crypto.subtle.sign(algorithm, privateKey, bytes);
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`;
}

/** SHA-256 in base64url, as `ath` of a proof has it. RFC 9449 §4.2 */
export const digest = async (text: string): Promise<string> =>
  encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  );

const encodeJson = (value: object): string =>
  encodeBase64url(new TextEncoder().encode(JSON.stringify(value)));

const encodeBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
