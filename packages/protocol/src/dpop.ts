import { isJwtType, readCompactJws } from './compact-jws.ts';
import { type AssertionAlgorithm, isAssertionAlgorithm, keyFits } from './jws-algorithm.ts';
import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';
import { sameTarget } from './target-uri.ts';
import {
  CLOCK_AHEAD_MAX,
  missedBy,
  type NumericDate,
  numericDate,
  type Seconds,
  seconds,
} from './time.ts';
import { readVerificationKey, type VerificationKey } from './verification-key.ts';

/** What a caller shows to hold a key, read and not verified. RFC 9449 §4.2 */
export type DpopProof = {
  readonly algorithm: AssertionAlgorithm;
  /** The key that the proof brought. It is nobody's until a token is bound to it. */
  readonly key: VerificationKey;
  /** The `jti`. */
  readonly identifier: string;
  /** The `htm`. */
  readonly method: string;
  /** The `htu`, as it was written. */
  readonly target: string;
  /** Seconds since 1970, fractions allowed. */
  readonly issuedAt: number;
  /** The `ath`. */
  readonly accessTokenHash: string | undefined;
  readonly nonce: string | undefined;
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

export type DpopProblem = Extract<Refusal, { readonly reason: `proof_${string}` }>;

/** In characters: the longest key that is read, with its signature, and room for claims. */
export const DPOP_PROOF_LENGTH_MAX = 8 * 1024;

/** How old a proof may be: long enough for slow networks, and no longer. RFC 9449 §11.1 */
export const DPOP_WINDOW = seconds(60);

const TYPES = ['dpop+jwt'];

const TEXT_LENGTH_MAX = 256;

/**
 * Reads the value of a `DPoP` header: its form, its key, the types of its claims. Claims and
 * members of the header that are not known are left alone. RFC 9449 §4.2, §4.3
 *
 * `jku`, `x5u` and `x5c` are not looked at: the key is the one in `jwk`.
 */
export function readDpopProof(text: string): Result<DpopProof, DpopProblem> {
  const jws = readCompactJws(text, DPOP_PROOF_LENGTH_MAX);
  if (jws === undefined) return malformed('jwt');
  const { header, claims, signingInput, signature } = jws;
  const { alg: algorithm, jwk, typ } = header;
  if (!isJwtType(typ, TYPES)) return refuse({ reason: 'proof_type_wrong' });
  if (!isAssertionAlgorithm(algorithm)) return refuse({ reason: 'proof_algorithm_unsupported' });
  if (jwk === undefined) return malformed('jwk');
  const key = readVerificationKey(jwk);
  if (!key.ok)
    return refuse({
      reason: key.refusal.reason === 'key_private' ? 'proof_key_private' : 'proof_key_unusable',
    });
  if (!keyFits(algorithm, key.value)) return refuse({ reason: 'proof_key_unusable' });

  const { jti, htm, htu, iat, ath, nonce } = claims;
  if (!isShortText(jti)) return malformed('jti');
  if (typeof htm !== 'string') return malformed('htm');
  if (typeof htu !== 'string') return malformed('htu');
  if (typeof iat !== 'number' || !Number.isFinite(iat) || iat < 0) return malformed('iat');
  if (ath !== undefined && !isShortText(ath)) return malformed('ath');
  if (nonce !== undefined && !isShortText(nonce)) return malformed('nonce');
  return ok({
    algorithm,
    key: key.value,
    identifier: jti,
    method: htm,
    target: htu,
    issuedAt: iat,
    accessTokenHash: ath,
    nonce,
    signingInput,
    signature,
  });
}

/** The request that a proof has to be for. */
export type DpopExpectation = {
  readonly algorithms: readonly string[];
  readonly method: string;
  /** Every public address of the endpoint, from configuration and never from `Host`. */
  readonly urls: readonly string[];
  /** How old the proof may be. */
  readonly window: Seconds;
  /** Where a token comes with the proof: base64url of its SHA-256. RFC 9449 §7 */
  readonly accessTokenHash?: string;
};

/** The `jti` of an accepted proof, and until when it has to be remembered. */
export type DpopProofUse = { readonly identifier: string; readonly expiresAt: NumericDate };

/**
 * Judges whether a proof is for this request; the value is what has to be spent so that it is not
 * used twice at this target. RFC 9449 §4.3, §11.1.
 *
 * Nothing is said of signature and nonce, and nothing of whether the key is that of a token: a
 * caller that does not verify them has checked nothing.
 */
export function checkDpopProof(
  proof: DpopProof,
  expectation: DpopExpectation,
  now: NumericDate,
): Result<DpopProofUse, DpopProblem> {
  const { algorithms, method, urls, window, accessTokenHash } = expectation;
  if (!algorithms.includes(proof.algorithm))
    return refuse({ reason: 'proof_algorithm_unsupported' });
  if (proof.method !== method) return refuse({ reason: 'proof_method_wrong' });
  if (!urls.some((url) => sameTarget(proof.target, url)))
    return refuse({ reason: 'proof_target_wrong' });
  if (proof.issuedAt < now - window || proof.issuedAt > now + CLOCK_AHEAD_MAX)
    return refuse({ reason: 'proof_not_fresh', seconds: missedBy(now - proof.issuedAt) });
  if (accessTokenHash !== undefined && proof.accessTokenHash !== accessTokenHash)
    return refuse({ reason: 'proof_hash_wrong' });
  const expiresAt = numericDate(Math.floor(proof.issuedAt) + window + 1);
  return ok({ identifier: proof.identifier, expiresAt });
}

const malformed = (part: string) => refuse({ reason: 'proof_malformed', part } as const);

const isShortText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= TEXT_LENGTH_MAX;
