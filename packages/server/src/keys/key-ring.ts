import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import {
  ACCESS_TOKEN_LENGTH_MAX,
  ACCESS_TOKEN_TYP,
  type AccessTokenTyp,
  CLAIMS_REQUEST_TYP,
  describeStatusListToken,
  isAccessToken,
  type PublicJwk,
  readCompactJws,
  SIGNATURE_FORMS,
  SIGNED_INTROSPECTION_TYP,
  type SigningAlgorithm,
  STATUS_LIST_TYP,
} from '@tessera/protocol';
import { calculateJwkThumbprint } from 'jose';
import type { Environment, KeyRing } from '../environment.ts';
import type { SigningKey } from '../model/signing-key.ts';
import { recentlyUsed } from '../recently-used.ts';
import type { MasterKey } from './seal.ts';

/** Private keys held open at a time, over all realms. */
const OPEN_KEYS_MAX = 2_000;

/** Verified tokens that are remembered, so that a signature is checked once and not per request. */
const VERIFIED_MAX = 20_000;

type OpenKey = {
  readonly digest: string | undefined;
  /** With what the algorithm needs to know. */
  readonly key: { readonly key: KeyObject };
  /** JOSE headers, encoded, with their dots. */
  readonly accessTokenHeaders: Readonly<Record<AccessTokenTyp, string>>;
  readonly introspectionHeader: string;
  readonly statusListHeader: string;
  readonly claimsRequestHeader: string;
};

/** The one place that holds private keys. RFC 9068 §2.1, §4. */
export function keyRing(env: Pick<Environment, 'store'>, masterKey: MasterKey): KeyRing {
  const open = recentlyUsed<string, OpenKey>(OPEN_KEYS_MAX);
  const publicKeys = recentlyUsed<string, KeyObject>(OPEN_KEYS_MAX);
  const verified = recentlyUsed<string, Verified>(VERIFIED_MAX);

  const openKey = (key: SigningKey): OpenKey => {
    const known = open.get(key.kid);
    if (known !== undefined) return known;
    const pkcs8 = masterKey.open(key.sealedPrivateKey, sealContext(key.algorithm, key.kid));
    const header = (typ: string) => `${encode({ typ, alg: key.algorithm, kid: key.kid })}.`;
    const { digest, options } = SIGNATURE_FORMS[key.algorithm];
    const opened = {
      digest,
      key: { key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }), ...options },
      accessTokenHeaders: { 'at+jwt': header('at+jwt'), JWT: header('JWT') },
      introspectionHeader: header(SIGNED_INTROSPECTION_TYP),
      statusListHeader: header(STATUS_LIST_TYP),
      claimsRequestHeader: header(CLAIMS_REQUEST_TYP),
    };
    open.set(key.kid, opened);
    return opened;
  };

  const publicKey = ({ kid, publicJwk }: SigningKey): KeyObject => {
    const known = publicKeys.get(kid);
    if (known !== undefined) return known;
    const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
    publicKeys.set(kid, key);
    return key;
  };

  const signingKey = async (realm: string, algorithm: SigningAlgorithm): Promise<OpenKey> => {
    const keys = await env.store.signingKeys.all(realm);
    const signing = keys.find((key) => key.state === 'signing' && key.algorithm === algorithm);
    if (signing === undefined)
      throw new Error(`realm ${realm} has no key that signs with ${algorithm}`);
    return openKey(signing);
  };

  return {
    async sign(realm, algorithm, claims, typ = ACCESS_TOKEN_TYP) {
      const key = await signingKey(realm, algorithm);
      return signJws(key, key.accessTokenHeaders[typ] + encode(claims));
    },

    async signIntrospection(realm, algorithm, claims) {
      const key = await signingKey(realm, algorithm);
      return signJws(key, key.introspectionHeader + encode(claims));
    },

    async signStatusList(realm, algorithm, { bytes, ...list }) {
      const key = await signingKey(realm, algorithm);
      const compressed = deflateSync(bytes, { level: 9 }).toString('base64url');
      return signJws(
        key,
        key.statusListHeader + encode(describeStatusListToken({ ...list, compressed })),
      );
    },

    async signClaimsRequest(realm, algorithm, proof) {
      const key = await signingKey(realm, algorithm);
      return signJws(key, key.claimsRequestHeader + encode(proof));
    },

    async verify(realm, token) {
      if (token.length > ACCESS_TOKEN_LENGTH_MAX) return undefined;
      const keys = await env.store.signingKeys.all(realm);
      const fingerprint = hash('sha256', token, 'base64url');
      const known = verified.get(fingerprint);
      if (known !== undefined)
        return keys.some(({ kid }) => kid === known.kid) ? known.claims : undefined;
      const found = verifySignature(token, keys, publicKey);
      if (found !== undefined) verified.set(fingerprint, found);
      return found?.claims;
    },

    async publicKeys(realm) {
      const keys = await env.store.signingKeys.all(realm);
      return keys.map((key) => key.publicJwk);
    },

    async generate(algorithm) {
      const { publicKey, privateKey } = await generate(algorithm);
      const jwk = publicKey.export({ format: 'jwk' });
      // RFC 7638 §3: the name of a key is its own digest, so no two differ under one name.
      const kid = await calculateJwkThumbprint(jwk);
      const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
      return {
        publicJwk: { ...jwk, kid, use: 'sig', alg: algorithm } as PublicJwk,
        sealedPrivateKey: masterKey.seal(pkcs8, sealContext(algorithm, kid)),
      };
    },
  };
}

/** A compact JWS over what is encoded already. */
function signJws({ digest, key }: OpenKey, input: string): string {
  const signature = sign(digest, Buffer.from(input, 'latin1'), key);
  return `${input}.${signature.toString('base64url')}`;
}

/** Whether a key was sealed under this master key: a database and a key file can be mixed up. */
export function canOpen(masterKey: MasterKey, key: SigningKey): boolean {
  try {
    masterKey.open(key.sealedPrivateKey, sealContext(key.algorithm, key.kid));
    return true;
  } catch {
    return false;
  }
}

type Verified = { readonly kid: string; readonly claims: Readonly<Record<string, unknown>> };

/**
 * Checks a signature (RFC 7515 §5.2) against the key that the header names, with that key's own
 * algorithm and no other, and that it is an access token and no other JWT of that key. What fails
 * is undefined, whatever the reason.
 */
function verifySignature(
  token: string,
  keys: readonly SigningKey[],
  publicKey: (key: SigningKey) => KeyObject,
): Verified | undefined {
  const jws = readCompactJws(token, ACCESS_TOKEN_LENGTH_MAX);
  if (jws === undefined || !isAccessToken(jws.header['typ'], jws.claims)) return undefined;
  const key = keys.find(({ kid }) => kid === jws.header['kid']);
  if (key === undefined || key.algorithm !== jws.header.alg) return undefined;
  const { digest, options } = SIGNATURE_FORMS[key.algorithm];
  const signed = verify(
    digest,
    Buffer.from(jws.signingInput, 'latin1'),
    { key: publicKey(key), ...options },
    jws.signature,
  );
  return signed ? { kid: key.kid, claims: jws.claims } : undefined;
}

/** A sealed key opens beside its own public half and no other. */
const sealContext = (algorithm: SigningAlgorithm, kid: string): string =>
  `signing key ${algorithm} ${kid}`;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const generatePair = promisify(generateKeyPair);

/** RSA keys of 2048 bits; RFC 7518 §3.3 has that as the least. */
const generate = (
  algorithm: SigningAlgorithm,
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> => {
  if (algorithm === 'ES256') return generatePair('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generatePair('ed25519', {});
  return generatePair('rsa', { modulusLength: 2048 });
};
