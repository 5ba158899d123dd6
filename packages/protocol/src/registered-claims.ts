import { ok, type Result, refuse } from './result.ts';

/** The claims of an assertion that have a meaning everywhere, as they were written. RFC 7519 §4.1 */
export type RegisteredClaims = {
  /** One string, or several in an array. */
  readonly audience: string | readonly string[];
  /** These three in seconds since 1970, fractions allowed. RFC 7519 §2 */
  readonly expiresAt: number;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  /** The `jti`. */
  readonly identifier: string | undefined;
};

/** Whether `["issuer"]` counts as `"issuer"`. */
export type AudienceForm = 'string' | 'string_or_single';

const IDENTIFIER_LENGTH_MAX = 256;

/** Reads them by their types; the refusal is the name of the first that is missing or of another. */
export function readRegisteredClaims(
  claims: Readonly<Record<string, unknown>>,
): Result<RegisteredClaims, 'aud' | 'exp' | 'nbf' | 'iat' | 'jti'> {
  const { aud, exp, nbf, iat, jti } = claims;
  if (!isAudience(aud)) return refuse('aud');
  if (!isInstant(exp)) return refuse('exp');
  if (nbf !== undefined && !isInstant(nbf)) return refuse('nbf');
  if (iat !== undefined && !isInstant(iat)) return refuse('iat');
  if (jti !== undefined && !isIdentifier(jti)) return refuse('jti');
  return ok({ audience: aud, expiresAt: exp, notBefore: nbf, issuedAt: iat, identifier: jti });
}

/**
 * Whether one of `audiences` is the audience, and the only one. Strings are compared as they are:
 * no slash, port or letter is put right. An assertion that more than one server would accept could
 * be used at each by the other. RFC 10070 §4
 */
export function isSoleAudience(
  audience: RegisteredClaims['audience'],
  audiences: readonly string[],
  form: AudienceForm,
): boolean {
  if (typeof audience === 'string') return audiences.includes(audience);
  const [sole, ...others] = audience;
  return (
    form === 'string_or_single' &&
    sole !== undefined &&
    others.length === 0 &&
    audiences.includes(sole)
  );
}

const isAudience = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'));

/** JSON has no NaN, but a number can be too large to be one. */
const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= IDENTIFIER_LENGTH_MAX;
