import { ASSERTION_SKEW, type AssertionProblem, type AssertionUse } from './client-assertion.ts';
import { CLIENT_ASSERTION_LENGTH_MAX } from './client-assertion-type.ts';
import { type CompactJws, isJwtType, readCompactJws } from './compact-jws.ts';
import { type AssertionAlgorithm, isAssertionAlgorithm } from './jws-algorithm.ts';
import {
  isSoleAudience,
  type RegisteredClaims,
  readRegisteredClaims,
} from './registered-claims.ts';
import { ok, type Result, refuse } from './result.ts';
import { readSpiffeId } from './spiffe-id.ts';
import { CLOCK_AHEAD_MAX, missedBy, type NumericDate, numericDate, type Seconds } from './time.ts';
import { isKeyId } from './verification-key.ts';

/** An assertion that another issuer made about somebody, read and not verified. RFC 7521 §3 */
export type TrustedAssertion = RegisteredClaims & {
  readonly algorithm: AssertionAlgorithm;
  readonly keyId: string | undefined;
  /** The `iss`. JWT-SVID §3 does not ask for one: the trust domain says whose keys count. */
  readonly issuer: string | undefined;
  /** `spiffe://example.org` where the subject is a SPIFFE ID. */
  readonly trustDomain: string | undefined;
  readonly subject: string;
  readonly claims: CompactJws['claims'];
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

/** What somebody presents an assertion of another issuer for. */
export type AssertionPurpose = 'client' | 'grant' | 'software';

/**
 * The types that an assertion can have for a purpose; left out is right, too, for most platforms
 * set none. One that says to be for something else is not taken, or an access token of the same
 * issuer could pass for it. RFC 8725 §3.11, §3.12
 */
const TYPES: Readonly<Record<AssertionPurpose, readonly string[]>> = {
  client: ['jwt', 'client-authentication+jwt'],
  grant: ['jwt', 'authorization-grant+jwt'],
  software: ['jwt'],
};

/** JWT-SVID §2.3: "If set, its value MUST be either JWT or JOSE." */
const SVID_TYPE = 'jose';

/** Characters. SPIFFE-ID §2.3; others stay far below. */
const NAME_LENGTH_MAX = 2_048;

/**
 * Reads the assertion of another issuer: its form, its type and the types of its claims. Whose it
 * is, is for whoever knows the issuers; what it says for `checkTrustedAssertion`.
 *
 * The header names an algorithm and a key and never brings one. RFC 8725 §3.10
 */
export function readTrustedAssertion(
  text: string,
  purpose: AssertionPurpose,
): Result<TrustedAssertion, AssertionProblem> {
  const jws = readCompactJws(text, CLIENT_ASSERTION_LENGTH_MAX);
  if (jws === undefined) return malformed('jwt');
  const { header, claims, signingInput, signature } = jws;
  const { alg: algorithm, kid: keyId, typ } = header;
  if (!isAssertionAlgorithm(algorithm))
    return refuse({ reason: 'assertion_algorithm_unsupported' });
  if (keyId !== undefined && !isKeyId(keyId)) return malformed('kid');

  const { iss: issuer, sub: subject } = claims;
  if (!isName(subject)) return malformed('sub');
  const workload = readSpiffeId(subject);
  if (issuer === undefined ? workload === undefined : !isName(issuer)) return malformed('iss');
  const types = workload === undefined ? TYPES[purpose] : [...TYPES[purpose], SVID_TYPE];
  if (typ !== undefined && !isJwtType(typ, types))
    return refuse({ reason: 'assertion_type_wrong' });

  const registered = readRegisteredClaims(claims);
  if (!registered.ok) return malformed(registered.refusal);
  return ok({
    ...registered.value,
    algorithm,
    keyId,
    issuer: issuer as string | undefined,
    trustDomain: workload && `spiffe://${workload.trustDomain}`,
    subject,
    claims,
    signingInput,
    signature,
  });
}

const malformed = (part: string) => refuse({ reason: 'assertion_malformed', part } as const);

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= NAME_LENGTH_MAX;

/** What an issuer's assertions have to say to be accepted. */
export type TrustedAssertionExpectation = {
  readonly algorithms: readonly string[];
  /** Each may be the sole audience. */
  readonly audiences: readonly string[];
  /** How far `exp` may be after now, and after `iat`. */
  readonly lifetimeMax: Seconds;
  /** Required where an assertion is good for one time. */
  readonly identifier: 'required' | 'optional';
};

/**
 * Judges the claims of an assertion of another issuer; the value is what has to be spent where it
 * is good for one time. RFC 7521 §5.2, RFC 7523 §3
 *
 * An array with one audience is as good as a string here: it is the one form that Kubernetes has.
 *
 * Nothing is said of the signature: a caller that does not verify it has checked nothing.
 */
export function checkTrustedAssertion(
  assertion: TrustedAssertion,
  { algorithms, audiences, lifetimeMax, identifier: needed }: TrustedAssertionExpectation,
  now: NumericDate,
): Result<AssertionUse | undefined, AssertionProblem> {
  const { expiresAt, notBefore, issuedAt, identifier } = assertion;
  if (!algorithms.includes(assertion.algorithm))
    return refuse({ reason: 'assertion_algorithm_not_allowed' });
  if (!isSoleAudience(assertion.audience, audiences, 'string_or_single'))
    return refuse({ reason: 'assertion_audience_wrong' });
  if (expiresAt + ASSERTION_SKEW <= now)
    return refuse({ reason: 'assertion_expired', seconds: missedBy(now - expiresAt) });
  if (expiresAt - Math.min(now, issuedAt ?? now) > lifetimeMax)
    return refuse({ reason: 'assertion_too_long_lived' });
  const begins = Math.max(notBefore ?? 0, issuedAt ?? 0);
  if (begins > now + CLOCK_AHEAD_MAX)
    return refuse({ reason: 'assertion_not_yet_valid', seconds: missedBy(begins - now) });
  if (identifier !== undefined)
    return ok({ identifier, expiresAt: numericDate(Math.ceil(expiresAt) + ASSERTION_SKEW) });
  return needed === 'required' ? refuse({ reason: 'assertion_identifier_missing' }) : ok(undefined);
}
