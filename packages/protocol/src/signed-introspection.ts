import type { IntrospectionResponse } from './introspection.ts';
import type { NumericDate } from './time.ts';

/** The media type of a signed answer. RFC 9701 §4, §5. */
export const SIGNED_INTROSPECTION_TYPE = 'application/token-introspection+jwt';

/** RFC 9701 §5: the `typ` that keeps this JWT from being taken for an access token (§8.1). */
export const SIGNED_INTROSPECTION_TYP = 'token-introspection+jwt';

/** The claims of a signed answer. RFC 9701 §5. */
export type SignedIntrospectionClaims = {
  readonly iss: string;
  /** Who asked, and nobody else. */
  readonly aud: string;
  readonly iat: number;
  readonly token_introspection: IntrospectionResponse;
};

/**
 * What is signed of an answer, an inactive token's too. RFC 9701 §5.
 *
 * `sub` and `exp` stand within `token_introspection` and nowhere else: beside `iss` and `aud` they
 * would make the answer look like an access token. RFC 9701 §5, §8.1
 */
export const describeSignedIntrospection = (
  introspection: IntrospectionResponse,
  issuer: string,
  askerId: string,
  now: NumericDate,
): SignedIntrospectionClaims => ({
  iss: issuer,
  aud: askerId,
  iat: now,
  token_introspection: introspection,
});

/**
 * Whether `Accept` asks for the signed answer: by its name, with more weight than JSON has.
 * RFC 9701 §4, RFC 9110 §12.5.1.
 *
 * Whoever names neither, or accepts nothing of either, gets JSON: the answer of RFC 7662 is what a
 * caller knows that never heard of another.
 */
export function wantsSignedIntrospection(accept: string | undefined): boolean {
  if (accept === undefined || !accept.toLowerCase().includes(SIGNED_INTROSPECTION_TYP))
    return false;
  const ranges = readRanges(accept);
  const signed = ranges.get(SIGNED_INTROSPECTION_TYPE) ?? 0;
  const json =
    ranges.get('application/json') ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0;
  return signed > json;
}

/** Media ranges with their weights; of one that is named twice the greater. RFC 9110 §12.5.1 */
function readRanges(accept: string): ReadonlyMap<string, number> {
  const ranges = new Map<string, number>();
  for (const element of accept.split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase());
    const weight = readWeight(parameters);
    if (weight >= (ranges.get(name) ?? 0)) ranges.set(name, weight);
  }
  return ranges;
}

/** RFC 9110 §12.4.2: 0 to 1 with three decimals, 1 when there is none; what is neither counts as 0. */
function readWeight(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (weight === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
}
