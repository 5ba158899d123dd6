import {
  type CompactJws,
  ok,
  type Result,
  readCompactJws,
  readJwsHeader,
  refuse,
  type VerificationKey,
} from '@tessera/protocol';
import { readIntrospectedToken } from './introspected-token.ts';
import { readJwtClaims, readJwtSigner } from './jwt-access-token.ts';
import type { Eventually, Platform } from './platform.ts';
import { recentlyUsed } from './recently-used.ts';
import { findSigner } from './remote-keys.ts';
import type { Settings } from './settings.ts';
import type { Sources } from './sources.ts';
import type { TokenRefusal } from './token-refusal.ts';
import type { ValidatedToken } from './validated-token.ts';

/** A JWT that was verified before, and by which key. */
type Seen = { readonly validated: ValidatedToken; readonly signer: VerificationKey };

export type ValidateToken = (token: string) => Eventually<Result<ValidatedToken, TokenRefusal>>;

/** Longer than any that this library takes from a header. */
const JWT_LENGTH_MAX = 16_384;

/** An issuer has as many headers as keys. */
const HEADERS_MAX = 64;

/** Bytes of randomness that tokens are remembered under. */
const SALT_BYTES = 32;

/**
 * Validates tokens: a JWT by its signature, and anything else by asking, as far as the API may ask.
 *
 * What was verified once is remembered, not by the token but by its digest under a key that only
 * this process has: whoever reads the memory finds no token, and nobody can make two tokens meet.
 * A key that is no longer published takes its tokens with it.
 */
export function tokenValidator(
  { expectation, cacheEntries }: Settings,
  { keys, openKey, introspect }: Sources,
  asksForAll: boolean,
  platform: Platform,
): ValidateToken {
  const seen = recentlyUsed<Seen>(cacheEntries);
  const salt = String.fromCharCode(
    ...crypto.getRandomValues(new Uint8Array(SALT_BYTES)).map((byte) => byte & 0x7f),
  );

  const headers = recentlyUsed<CompactJws['header']>(HEADERS_MAX);

  function readHeader(encoded: string): CompactJws['header'] | undefined {
    const known = headers.find(encoded);
    if (known !== undefined) return known;
    const header = readJwsHeader(encoded);
    if (header !== undefined) headers.hold(encoded, header);
    return header;
  }

  async function verifyJwt(
    token: string,
    key: string,
  ): Promise<Result<ValidatedToken, TokenRefusal>> {
    const jws = readCompactJws(token, JWT_LENGTH_MAX, readHeader);
    if (jws === undefined)
      return introspect === undefined ? NOT_JWT : askAbout(introspect, token, key);
    const signer = readJwtSigner(jws, expectation);
    if (!signer.ok) return signer;
    const { signingInput, signature } = jws;
    const found = await findSigner(
      { ...signer.value, signingInput, signature },
      keys,
      openKey,
      platform,
    );
    if (!found.ok) return refuse({ reason: found.refusal.reason });
    const validated = readJwtClaims(jws.claims, expectation);
    if (validated.ok) seen.hold(key, { validated: validated.value, signer: found.value });
    return validated;
  }

  async function askAbout(
    ask: NonNullable<typeof introspect>,
    token: string,
    key: string,
  ): Promise<Result<ValidatedToken, TokenRefusal>> {
    const answer = await ask(token, key);
    return answer.ok ? readIntrospectedToken(answer.value, expectation) : answer;
  }

  function validate(token: string, key: string): Eventually<Result<ValidatedToken, TokenRefusal>> {
    if (introspect !== undefined && asksForAll) return askAbout(introspect, token, key);
    const known = seen.find(key);
    if (known === undefined) return verifyJwt(token, key);
    const current = keys.current();
    if (current?.has(known.signer)) return ok(known.validated);
    if (current !== undefined) seen.forget(key);
    return verifyJwt(token, key);
  }

  return (token) => {
    const digest = platform.digest(salt + token);
    return typeof digest === 'string'
      ? validate(token, digest)
      : digest.then((key) => validate(token, key));
  };
}

const NOT_JWT = refuse({ reason: 'token_not_jwt' } as const);
