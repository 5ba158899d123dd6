import type { Answer } from '@tessera/server/contract';

export type SigningKey = Answer<'listSigningKeys'>['items'][number];

/** A stretch of the life of a key, in seconds since 1970. */
export type Span = {
  readonly state: 'published' | 'signing' | 'retired';
  readonly from: number;
  readonly until: number;
  /** It is expected to end then, and may end earlier. */
  readonly expected?: true;
};

export type Lane = { readonly key: SigningKey; readonly spans: readonly Span[] };

/**
 * The life of each key: published, signing, retired. A key signs until its successor does, or is
 * expected to until the realm's rotation is due.
 */
export function keyLanes(
  keys: readonly SigningKey[],
  rotationPeriod: number,
  now: number,
): readonly Lane[] {
  const lanes = keys.map((key) => {
    const successor = keys
      .filter((one) => one.algorithm === key.algorithm && one.signsFrom > key.signsFrom)
      .reduce<number | undefined>(
        (first, { signsFrom }) => Math.min(first ?? signsFrom, signsFrom),
        undefined,
      );
    const due = Math.max(key.signsFrom + rotationPeriod, now);
    const ends = key.state === 'retired' ? Math.min(successor ?? now, now) : (successor ?? due);
    const spans: Span[] = [
      { state: 'published', from: key.createdAt, until: key.signsFrom },
      {
        state: 'signing',
        from: key.signsFrom,
        until: ends,
        ...(successor === undefined && key.state !== 'retired' && { expected: true }),
      },
    ];
    if (key.publishedUntil !== null)
      spans.push({ state: 'retired', from: ends, until: key.publishedUntil });
    return { key, spans: spans.filter(({ from, until }) => until > from) };
  });
  return lanes.sort(
    (a, b) => a.key.algorithm.localeCompare(b.key.algorithm) || a.key.signsFrom - b.key.signsFrom,
  );
}

/** When the signing key of an algorithm is replaced by itself: by the key that waits, or when due. */
export function nextRotation(
  keys: readonly SigningKey[],
  algorithm: string,
  rotationPeriod: number,
): number | undefined {
  const own = keys.filter((key) => key.algorithm === algorithm);
  const waiting = own.find(({ state }) => state === 'published');
  if (waiting !== undefined) return waiting.signsFrom;
  const signing = own.find(({ state }) => state === 'signing');
  return signing === undefined ? undefined : signing.signsFrom + rotationPeriod;
}
