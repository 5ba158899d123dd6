import {
  base64url,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';
import { newIdentifier } from './authentication/sign-assertion.ts';
import { openSigningKey } from './signing-key.ts';

/** A key pair that tokens are bound to. */
export type DpopKey = {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly algorithm: string;
};

/** What one proof is for. */
export type ProofRequest = {
  readonly method: string;
  readonly address: string;
  /** Where a token is shown, RFC 9449 §7.1; not where one is asked for. */
  readonly accessToken?: string | undefined;
};

/** Shows possession of one key, and remembers the nonce that each origin wants. */
export type Dpop = {
  /** `jkt`: what tokens are bound to. RFC 7638 §3 with SHA-256. */
  readonly thumbprint: string;
  /** A new proof. RFC 9449 §4.2. */
  prove(request: ProofRequest): Promise<string>;
  /** Takes the nonce of an answer, if it has one: each may bring a new one. RFC 9449 §8.2. */
  remember(address: string, nonce: string | undefined): void;
};

/** Origins that want a nonce; the one heard of longest ago gives way. */
const ORIGINS_MAX = 100;

/** Characters; those of servers are far shorter. */
const NONCE_LENGTH_MAX = 512;

/**
 * Makes a key that can not be taken out of this process, or opens one that was kept as a private
 * JWK, so that tokens outlive the process.
 */
export async function dpopKey(jwk?: JWK): Promise<DpopKey> {
  if (jwk === undefined) {
    const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
    const pair = await crypto.subtle.generateKey(parameters, false, ['sign', 'verify']);
    const publicJwk = await exportJWK(pair.publicKey);
    return { privateKey: pair.privateKey, publicJwk, algorithm: 'ES256' };
  }
  const { key, algorithm } = await openSigningKey(jwk, {});
  const { kty, crv, x, y, n, e } = jwk;
  const members = Object.entries({ kty, crv, x, y, n, e });
  const publicJwk = Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JWK;
  // A public half that does not fit would make proofs that nobody believes.
  await importJWK(publicJwk, algorithm);
  return { privateKey: key, publicJwk, algorithm };
}

/** Proofs of one key. RFC 9449 §4. */
export async function dpop(key: DpopKey): Promise<Dpop> {
  const thumbprint = await calculateJwkThumbprint(key.publicJwk);
  const nonces = new Map<string, string>();
  return {
    thumbprint,
    async prove({ method, address, accessToken }) {
      const nonce = nonces.get(originOf(address));
      return new SignJWT({
        jti: newIdentifier(),
        htm: method,
        htu: targetOf(address),
        ...(accessToken !== undefined && { ath: await hashOf(accessToken) }),
        ...(nonce !== undefined && { nonce }),
      })
        .setProtectedHeader({ alg: key.algorithm, typ: 'dpop+jwt', jwk: key.publicJwk })
        .setIssuedAt()
        .sign(key.privateKey);
    },
    remember(address, nonce) {
      if (nonce === undefined || !isNonce(nonce)) return;
      const origin = originOf(address);
      nonces.delete(origin);
      nonces.set(origin, nonce);
      for (const oldest of nonces.keys()) if (nonces.size > ORIGINS_MAX) nonces.delete(oldest);
    },
  };
}

/** RFC 9449 §8.1: NQCHAR alone. Anything else was not made to be sent back. */
const isNonce = (text: string): boolean =>
  text.length <= NONCE_LENGTH_MAX && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);

const originOf = (address: string): string => new URL(address).origin;

/** "the HTTP target URI […] without query and fragment parts". RFC 9449 §4.2. */
function targetOf(address: string): string {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  return url.href;
}

/** `ath`: "the base64url encoding […] of the SHA-256 hash of the ASCII encoding". RFC 9449 §4.2. */
async function hashOf(accessToken: string): Promise<string> {
  const bytes = new TextEncoder().encode(accessToken);
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
