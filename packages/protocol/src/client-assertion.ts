import { CLIENT_ASSERTION_LENGTH_MAX } from './client-assertion-type.ts';
import { isClientId } from './client-credentials.ts';
import { isJwtType, readCompactJws } from './compact-jws.ts';
import {
  type AssertionAlgorithm,
  isAssertionAlgorithm,
  isSymmetricAlgorithm,
  type SymmetricAlgorithm,
} from './jws-algorithm.ts';
import type { Refusal } from './refusal.ts';
import {
  type AudienceForm,
  isSoleAudience,
  type RegisteredClaims,
  readRegisteredClaims,
} from './registered-claims.ts';
import { ok, type Result, refuse } from './result.ts';
import {
  CLOCK_AHEAD_MAX,
  missedBy,
  type NumericDate,
  numericDate,
  type Seconds,
  seconds,
} from './time.ts';
import { isKeyId } from './verification-key.ts';

/** An assertion by which a client says who it is, read and not verified. RFC 7523 §3 */
export type ClientAssertion = RegisteredClaims & {
  readonly algorithm: AssertionAlgorithm | SymmetricAlgorithm;
  readonly keyId: string | undefined;
  readonly issuer: string;
  readonly subject: string;
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

export type AssertionProblem = Extract<Refusal, { readonly reason: `assertion_${string}` }>;

/** How long after its `exp` an assertion still counts: clocks differ. */
export const ASSERTION_SKEW = seconds(10);

/** How far ahead `exp` may be, and with it how long a `jti` has to be remembered. */
export const ASSERTION_LIFETIME_MAX = seconds(600);

/** How long ago an assertion may have been issued. */
export const ASSERTION_AGE_MAX = seconds(600);

/**
 * The types of a client assertion. RFC 10070 §4 names `client-authentication+jwt` and advises
 * against asking for it; a JWT of any other explicit type was made for another purpose, and to
 * accept it here would let an access token authenticate a client. RFC 8725 §3.11, §3.12
 */
const TYPES = ['jwt', 'client-authentication+jwt'];

/** Those of an assertion that is a grant, which authenticates nobody. */
const TYPES_OF_GRANT = ['jwt', 'authorization-grant+jwt'];

/**
 * Reads a client assertion: its form and the types of its claims. What they say is for
 * `checkClientAssertion`, whether they are true for whoever verifies the signature.
 *
 * The header names an algorithm and a key; it never brings one: `jwk`, `jku`, `x5u` and `x5c` are
 * not looked at. RFC 8725 §3.10
 */
export const readClientAssertion = (text: string): Result<ClientAssertion, AssertionProblem> =>
  readAssertion(text, TYPES);

/** The same of a client's assertion that is its grant. RFC 7523 §2.1 */
export const readGrantAssertion = (text: string): Result<ClientAssertion, AssertionProblem> =>
  readAssertion(text, TYPES_OF_GRANT);

function readAssertion(
  text: string,
  types: readonly string[],
): Result<ClientAssertion, AssertionProblem> {
  const jws = readCompactJws(text, CLIENT_ASSERTION_LENGTH_MAX);
  if (jws === undefined) return malformed('jwt');
  const { header, claims, signingInput, signature } = jws;
  const { alg: algorithm, kid: keyId, typ } = header;
  if (!isAssertionAlgorithm(algorithm) && !isSymmetricAlgorithm(algorithm))
    return refuse({ reason: 'assertion_algorithm_unsupported' });
  if (typ !== undefined && !isJwtType(typ, types))
    return refuse({ reason: 'assertion_type_wrong' });
  if (keyId !== undefined && !isKeyId(keyId)) return malformed('kid');

  const { iss, sub } = claims;
  // Both have to be the id of the client, so neither is looked up unless it can be one.
  if (typeof iss !== 'string' || !isClientId(iss)) return malformed('iss');
  if (typeof sub !== 'string' || !isClientId(sub)) return malformed('sub');
  const registered = readRegisteredClaims(claims);
  if (!registered.ok) return malformed(registered.refusal);
  const { audience, expiresAt, notBefore, issuedAt, identifier } = registered.value;
  return ok({
    audience,
    expiresAt,
    notBefore,
    issuedAt,
    identifier,
    algorithm,
    keyId,
    issuer: iss,
    subject: sub,
    signingInput,
    signature,
  });
}

/** What an assertion has to say to be accepted from one client in one realm. */
export type AssertionExpectation = {
  readonly clientId: string;
  /** Those of the realm, or the one that the client registered. */
  readonly algorithms: readonly string[];
  /** Each may be the sole audience. The issuer of the realm and, by RFC 10070 §4, nothing else. */
  readonly audiences: readonly string[];
  /** Whether `["issuer"]` counts as `"issuer"`. FAPI 2.0 Security Profile 5.3.2.1 says no. */
  readonly audienceForm: AudienceForm;
  readonly lifetimeMax: Seconds;
  readonly ageMax: Seconds;
  readonly skew: Seconds;
  /** OpenID Connect Core 9 requires it; clients that may use an assertion again can do without. */
  readonly identifier: 'required' | 'optional';
};

/** The `jti` of an accepted assertion, and until when it has to be remembered. */
export type AssertionUse = { readonly identifier: string; readonly expiresAt: NumericDate };

/**
 * Judges the claims of a client assertion; the value is what has to be spent so that it is not
 * used twice. RFC 7523 §3, RFC 10070 §4.
 *
 * Nothing is said of the signature: a caller that does not verify it has checked nothing.
 */
export function checkClientAssertion(
  assertion: ClientAssertion,
  expectation: AssertionExpectation,
  now: NumericDate,
): Result<AssertionUse | undefined, AssertionProblem> {
  const { clientId, skew } = expectation;
  const { expiresAt, notBefore, issuedAt, identifier } = assertion;
  if (!expectation.algorithms.includes(assertion.algorithm))
    return refuse({ reason: 'assertion_algorithm_not_allowed', clientId });
  if (assertion.issuer !== clientId) return refuse({ reason: 'assertion_issuer_wrong', clientId });
  if (assertion.subject !== clientId)
    return refuse({ reason: 'assertion_subject_wrong', clientId });
  if (!isSoleAudience(assertion.audience, expectation.audiences, expectation.audienceForm))
    return refuse({ reason: 'assertion_audience_wrong', clientId });

  if (expiresAt + skew <= now)
    return refuse({ reason: 'assertion_expired', clientId, seconds: missedBy(now - expiresAt) });
  if (expiresAt - now > expectation.lifetimeMax)
    return refuse({ reason: 'assertion_too_long_lived', clientId });
  const begins = Math.max(notBefore ?? 0, issuedAt ?? 0);
  if (begins > now + CLOCK_AHEAD_MAX)
    return refuse({
      reason: 'assertion_not_yet_valid',
      clientId,
      seconds: missedBy(begins - now),
    });
  if (issuedAt !== undefined && now - issuedAt > expectation.ageMax)
    return refuse({ reason: 'assertion_too_old', clientId, seconds: missedBy(now - issuedAt) });

  if (identifier !== undefined)
    return ok({ identifier, expiresAt: numericDate(Math.ceil(expiresAt) + skew) });
  if (expectation.identifier === 'required')
    return refuse({ reason: 'assertion_identifier_missing', clientId });
  return ok(undefined);
}

const malformed = (part: string) => refuse({ reason: 'assertion_malformed', part } as const);
