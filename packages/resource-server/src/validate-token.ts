import {
  type Result,
  readCompactJwsWith,
  readJwsHeader,
  refuse,
  type VerificationKey,
} from '@tessera/protocol';
import { type Eventually, whenKnown } from './eventually.ts';
import { readIntrospectedToken } from './introspected-token.ts';
import {
  type AccessTokenSigner,
  checkIssuer,
  readJwtClaims,
  readJwtSigner,
} from './jwt-access-token.ts';
import type { Platform } from './platform.ts';
import { checkTokenForm } from './presented-token.ts';
import { recentlyUsed } from './recently-used.ts';
import { findSigner } from './remote-keys.ts';
import type { Settings } from './settings.ts';
import type { Sources } from './sources.ts';
import type { TokenRefusal } from './token-refusal.ts';
import type { ValidatedToken } from './validated-token.ts';

type Validation = Result<ValidatedToken, TokenRefusal>;

/** A JWT that was verified before, and by which key. */
type Seen = { readonly validation: Validation; readonly signer: VerificationKey };

export type ValidateToken = (token: string) => Eventually<Validation>;

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

  const headers = recentlyUsed<Result<AccessTokenSigner, TokenRefusal>>(HEADERS_MAX);

  function readHeader(encoded: string): Result<AccessTokenSigner, TokenRefusal> | undefined {
    const known = headers.find(encoded);
    if (known !== undefined) return known;
    const header = readJwsHeader(encoded);
    const signer = header && readJwtSigner(header, expectation);
    if (signer !== undefined) headers.hold(encoded, signer);
    return signer;
  }

  function validateUnseen(token: string, key: string): Eventually<Validation> {
    const jws = readCompactJwsWith(token, JWT_LENGTH_MAX, platform.decoder, readHeader);
    // What is a JWT has the form of a token.
    if (jws === undefined)
      return introspect === undefined
        ? (checkTokenForm(token) ?? NOT_JWT)
        : askAbout(introspect, token, key);
    const { header: signer, claims, signingInput, signature } = jws;
    if (!signer.ok) return signer;
    const ofAnother = checkIssuer(claims, expectation);
    if (ofAnother !== undefined) return refuse(ofAnother);
    const { algorithm, kid } = signer.value;
    const found = findSigner({ algorithm, kid, signingInput, signature }, keys, openKey, platform);
    return whenKnown(found, (signedBy) => {
      if (!signedBy.ok) return refuse({ reason: signedBy.refusal.reason });
      const validation = readJwtClaims(claims, expectation, signer.value);
      if (validation.ok) seen.hold(key, { validation, signer: signedBy.value });
      return validation;
    });
  }

  function askAbout(
    ask: NonNullable<typeof introspect>,
    token: string,
    key: string,
  ): Eventually<Validation> {
    return (
      checkTokenForm(token) ??
      ask(token, key).then((answer) =>
        answer.ok ? readIntrospectedToken(answer.value, expectation) : answer,
      )
    );
  }

  function validate(token: string, key: string): Eventually<Validation> {
    if (introspect !== undefined && asksForAll) return askAbout(introspect, token, key);
    const known = seen.find(key);
    if (known === undefined) return validateUnseen(token, key);
    const current = keys.current();
    if (current?.has(known.signer)) return known.validation;
    if (current !== undefined) seen.forget(key);
    return validateUnseen(token, key);
  }

  return (token) => whenKnown(platform.digest(salt + token), (key) => validate(token, key));
}

const NOT_JWT = refuse({ reason: 'token_not_jwt' } as const);
