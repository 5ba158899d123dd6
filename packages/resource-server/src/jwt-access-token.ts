import {
  ACCESS_TOKEN_TYP,
  type AssertionAlgorithm,
  type CompactJws,
  isAssertionAlgorithm,
  isDetails,
  isJwtType,
  isScopeToken,
  type JwsHeader,
  ok,
  type Result,
  readActors,
  readConfirmation,
  readScope,
  readStatusReference,
  refuse,
} from '@tessera/protocol';
import type { TokenRefusal } from './token-refusal.ts';
import type { ValidatedToken } from './validated-token.ts';

/** What a JWT has to be for this API. */
export type JwtExpectation = {
  readonly issuer: string;
  /** One of these must be in `aud`. */
  readonly audience: readonly string[];
  readonly algorithms: readonly AssertionAlgorithm[];
  readonly profile: TokenProfile;
};

/** `pingone`: JWTs in the shape of PingAM are access tokens, too. */
export type TokenProfile = 'standard' | 'pingone';

/** By which key a JWT says it is signed. */
export type JwtSigner = {
  readonly algorithm: AssertionAlgorithm;
  readonly kid: string | undefined;
};

export type AccessTokenSigner = JwtSigner & {
  /** It says of itself that it is an access token; else its claims have to. RFC 8725 §3.11 */
  readonly explicit: boolean;
};

const TYPES = [ACCESS_TOKEN_TYP];
const PLAIN_TYPES = ['jwt'];

/** Tokens are remembered by the thousands: what most of them lack is there once. */
const NOTHING: readonly never[] = Object.freeze([]);
const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * What the header of a JWT says: that it is an access token at all (RFC 9068 §4, so that no other
 * JWT of the same issuer passes for one: RFC 8725 §3.11), and by which key it is signed, by an
 * algorithm that this API chose (RFC 8725 §3.1).
 */
export function readJwtSigner(
  { alg: algorithm, kid, typ }: JwsHeader,
  { algorithms, profile }: JwtExpectation,
): Result<AccessTokenSigner, TokenRefusal> {
  const explicit = isJwtType(typ, TYPES);
  if (!explicit && !(profile === 'pingone' && isJwtType(typ, PLAIN_TYPES))) return TYPE_WRONG;
  if (!isAssertionAlgorithm(algorithm) || !algorithms.includes(algorithm))
    return refuse({ reason: 'token_algorithm_not_allowed' });
  return ok({ algorithm, kid: typeof kid === 'string' ? kid : undefined, explicit });
}

/** Whether a JWT is of the issuer whose keys are about to be used. RFC 8725 §3.8 */
export function checkIssuer(
  { iss }: CompactJws['claims'],
  { issuer }: JwtExpectation,
): TokenRefusal | undefined {
  if (iss === undefined) return { reason: 'claim_missing', claim: 'iss' };
  // To the byte: a slash more is another issuer. RFC 9068 §4
  return iss === issuer ? undefined : { reason: 'token_of_another_issuer' };
}

/**
 * Reads the claims of a JWT whose signature was verified. RFC 9068 §4. Of time nothing is said here:
 * `checkTime` does, each time the token comes.
 */
export function readJwtClaims(
  claims: CompactJws['claims'],
  { issuer, audience: own }: JwtExpectation,
  { explicit }: AccessTokenSigner,
): Result<ValidatedToken, TokenRefusal> {
  // PingAM's ID tokens are of the same type, by the same key.
  if (!explicit && claims['tokenName'] !== 'access_token') return TYPE_WRONG;
  const { exp, nbf, iat, sub, client_id: clientId, jti, aud, scope, cnf, act } = claims;
  // What every access token has, beside `iss`. RFC 9068 §2.2
  if (exp === undefined) return missing('exp');
  if (aud === undefined) return missing('aud');
  if (sub === undefined) return missing('sub');
  if (clientId === undefined) return missing('client_id');
  if (iat === undefined) return missing('iat');
  if (jti === undefined) return missing('jti');
  if (!isText(sub)) return malformed('sub');
  if (!isText(clientId)) return malformed('client_id');
  if (!isText(jti)) return malformed('jti');
  if (!isInstant(exp)) return malformed('exp');
  if (!isInstant(iat)) return malformed('iat');
  if (nbf !== undefined && !isInstant(nbf)) return malformed('nbf');
  const audience = typeof aud === 'string' ? [aud] : aud;
  if (!areTexts(audience)) return malformed('aud');
  if (!audience.some((one) => own.includes(one)))
    return refuse({ reason: 'token_for_another_audience' });

  const names = scope === undefined ? ok(NOTHING) : readNames(scope, explicit);
  if (!names.ok) return malformed('scope');
  const details = claims['authorization_details'];
  if (details !== undefined && !isDetails(details)) return malformed('authorization_details');
  const actors = act === undefined ? NOTHING : readActors(act);
  if (actors === undefined) return malformed('act');
  // "never treated as Bearer": only without `cnf` is a token free to use. RFC 7800 §3.1
  const confirmation = cnf === undefined ? undefined : readConfirmation(cnf);
  if (cnf !== undefined && confirmation === undefined)
    return refuse({ reason: 'confirmation_unsupported' });
  const status = readStatusReference(claims['status']);
  if (status === 'malformed') return refuse({ reason: 'token_status_malformed' });

  return ok({
    token: {
      validatedBy: 'signature',
      issuer,
      clientId,
      subject: sub,
      subjectIsClient: sub === clientId,
      scope: names.value,
      audience,
      authorizationDetails: details ?? NOTHING,
      actors,
      jti,
      issuedAt: iat,
      expiresAt: exp,
      confirmation,
      claims,
      responseHeaders: NONE,
    },
    notBefore: nbf,
    status: status === 'none' ? undefined : status,
  });
}

/**
 * Whether a token is in its time, give or take the tolerance. RFC 7519 §4.1.4, §4.1.5; one that
 * was issued in the future comes from a clock that says nothing of its end either. RFC 7519 §4.1.6
 */
export function checkTime(
  { token: { issuedAt, expiresAt }, notBefore }: ValidatedToken,
  tolerance: number,
  now: number,
): TokenRefusal | undefined {
  if (expiresAt !== undefined && expiresAt + tolerance <= now) return EXPIRED;
  if (notBefore !== undefined && notBefore - tolerance > now) return NOT_YET_VALID;
  if (issuedAt !== undefined && issuedAt - tolerance > now) return ISSUED_IN_FUTURE;
  return undefined;
}

const EXPIRED = { reason: 'token_expired' } as const;
const NOT_YET_VALID = { reason: 'token_not_yet_valid' } as const;
const ISSUED_IN_FUTURE = { reason: 'token_issued_in_future' } as const;

const TYPE_WRONG = refuse({ reason: 'token_type_wrong' } as const);

/** RFC 9068 §2.2; an array where the token is in the shape of PingAM. */
const readNames = (scope: unknown, explicit: boolean): ReturnType<typeof readScope> =>
  !explicit && Array.isArray(scope) && scope.every((one) => isText(one) && isScopeToken(one))
    ? ok([...new Set(scope)])
    : readScope(isText(scope) ? scope : '');

const missing = (claim: string) => refuse({ reason: 'claim_missing', claim } as const);
const malformed = (claim: string) => refuse({ reason: 'claim_malformed', claim } as const);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');

/** JSON has no NaN, but a number can be too large to be one. */
const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
