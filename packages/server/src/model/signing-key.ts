import {
  later,
  type NumericDate,
  type PublicJwk,
  type Seconds,
  type SigningAlgorithm,
  seconds,
} from '@tessera/protocol';

/**
 * A realm's key for one algorithm, in exactly one state; time moves it:
 *
 *     published → signing → retired → gone
 *
 * `published` is in the JWKS before it signs, so that every cache has it by then; `retired` stays
 * there until the last token it signed has expired.
 */
export type SigningKey = {
  readonly realm: string;
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: PublicJwk;
  /** The private key in PKCS #8, sealed under the master key, base64. */
  readonly sealedPrivateKey: string;
  readonly state: 'published' | 'signing' | 'retired';
  readonly createdAt: NumericDate;
  /** When it signs, or signed first. */
  readonly signsFrom: NumericDate;
  /** When it leaves the JWKS; known once it is retired. */
  readonly publishedUntil: NumericDate | undefined;
  readonly revision: number;
};

export type KeyPolicy = {
  /** How long a key signs. */
  readonly rotationPeriod: Seconds;
  /** How long a key is published before it signs: the longest that a JWKS is cached. */
  readonly publishAhead: Seconds;
  /** How long a retired key stays published: the longest life of a token. */
  readonly keepRetired: Seconds;
};

/** Caches of a JWKS are told to hold it no longer than this. */
export const PUBLISH_AHEAD = seconds(3600);

export type KeyStep =
  | { readonly step: 'create'; readonly signsFrom: NumericDate }
  | { readonly step: 'sign'; readonly kid: string }
  | { readonly step: 'retire'; readonly kid: string; readonly publishedUntil: NumericDate }
  | { readonly step: 'remove'; readonly kid: string };

/**
 * The steps due now for the keys of one algorithm. Applying them and asking again gives none.
 */
export function nextKeySteps(
  keys: readonly SigningKey[],
  policy: KeyPolicy,
  now: NumericDate,
): readonly KeyStep[] {
  const steps: KeyStep[] = [];
  const signing = keys
    .filter((key) => key.state === 'signing')
    .sort((a, b) => b.signsFrom - a.signsFrom || (a.kid < b.kid ? -1 : 1));
  const published = keys
    .filter((key) => key.state === 'published')
    .sort((a, b) => a.signsFrom - b.signsFrom);
  const due = published.filter((key) => key.signsFrom <= now);

  // The newest key that is due takes over; whatever signed before it is retired.
  const successor = due.at(-1);
  if (successor !== undefined) steps.push({ step: 'sign', kid: successor.kid });
  const current = successor ?? signing[0];
  for (const key of [...signing, ...due])
    if (key.kid !== current?.kid)
      steps.push({
        step: 'retire',
        kid: key.kid,
        publishedUntil: later(now, policy.keepRetired),
      });

  if (current === undefined) {
    steps.push({ step: 'create', signsFrom: now });
  } else if (published.length === due.length) {
    const ends = later(current.signsFrom, policy.rotationPeriod);
    if (later(now, policy.publishAhead) >= ends) {
      const signsFrom = Math.max(ends, later(now, policy.publishAhead)) as NumericDate;
      steps.push({ step: 'create', signsFrom });
    }
  }

  for (const key of keys)
    if (key.state === 'retired' && key.publishedUntil !== undefined && key.publishedUntil <= now)
      steps.push({ step: 'remove', kid: key.kid });
  return steps;
}
