import {
  type AssertionAlgorithm,
  type CompactJws,
  isAssertionAlgorithm,
  isJsonObject,
  isJwtType,
  ok,
  type Result,
  refuse,
  SIGNED_INTROSPECTION_TYP,
} from '@tessera/protocol';
import type { JwtSigner } from './jwt-access-token.ts';

/** Whose answer it has to be, and for whom. */
export type SignedAnswerExpectation = {
  readonly issuer: string;
  readonly clientId: string;
  readonly algorithms: readonly AssertionAlgorithm[];
};

/** How old an answer may be that was just asked for, seconds. */
const AGE_MAX = 60;

const TYPES = [SIGNED_INTROSPECTION_TYP];

/**
 * Who says that it signed an answer; undefined for what is none: another kind of JWT, or an
 * algorithm that this API did not choose. RFC 9701 §5, RFC 8725 §3.11
 */
export function readAnswerSigner(
  { header }: CompactJws,
  { algorithms }: SignedAnswerExpectation,
): JwtSigner | undefined {
  const { alg: algorithm, kid, typ } = header;
  if (!isJwtType(typ, TYPES)) return undefined;
  if (!isAssertionAlgorithm(algorithm) || !algorithms.includes(algorithm)) return undefined;
  return { algorithm, kid: typeof kid === 'string' ? kid : undefined };
}

/**
 * What an answer whose signature was verified says. RFC 9701 §5: it is the issuer's, for this asker
 * (another's answer would say what that one may know), and it is fresh.
 */
export function readSignedAnswer(
  claims: CompactJws['claims'],
  { issuer, clientId }: SignedAnswerExpectation,
  tolerance: number,
  now: number,
): Result<unknown, 'iss' | 'aud' | 'iat' | 'token_introspection'> {
  const { iss, aud, iat, token_introspection: introspection } = claims;
  if (iss !== issuer) return refuse('iss');
  if (aud !== clientId && !(Array.isArray(aud) && aud.includes(clientId))) return refuse('aud');
  if (typeof iat !== 'number' || iat > now + tolerance || iat < now - AGE_MAX - tolerance)
    return refuse('iat');
  return isJsonObject(introspection) ? ok(introspection) : refuse('token_introspection');
}
