import { createHash } from 'node:crypto';
import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import type { SpendOutcome, SpentIdentifier } from '../../src/environment.ts';
import { NOW, newName } from './fixtures.ts';
import { type Opened, openPlain } from './opened.ts';

/** An identifier that nobody has spent. */
export const anIdentifier = (expiresAt = numericDate(NOW + 60)): SpentIdentifier => ({
  digest: createHash('sha256').update(newName('jti')).digest('base64url'),
  expiresAt,
});

const identifiers = (length: number): readonly SpentIdentifier[] =>
  Array.from({ length }, () => anIdentifier());

const count = (outcomes: readonly SpendOutcome[], one: SpendOutcome): number =>
  outcomes.filter((outcome) => outcome === one).length;

export function spendContract(current: () => Opened): void {
  /** Another store on the same database, as another node has it. */
  async function withAnother<T>(work: (other: Opened) => Promise<T>): Promise<T> {
    const other = await openPlain(current().url);
    try {
      return await work(other);
    } finally {
      await other.close();
    }
  }

  it('RFC 7523 §3, RFC 9449 §11.1: of twenty who spend one identifier, one wins', async () => {
    const { store } = current();
    const one = anIdentifier();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.spend([one])));
    expect(count(outcomes.flat(), 'spent')).toBe(1);
    expect(count(outcomes.flat(), 'already_spent')).toBe(19);
  });

  it('an identifier stays spent, whenever it is said to expire', async () => {
    const { store } = current();
    const one = anIdentifier();
    expect(await store.spend([one])).toEqual(['spent']);
    for (const expiresAt of [NOW + 60, NOW - 60, NOW + 3_600])
      expect(await store.spend([{ ...one, expiresAt: numericDate(expiresAt) }])).toEqual([
        'already_spent',
      ]);
  });

  it('tells the outcome of each in the order in which they were given', async () => {
    const { store } = current();
    const [first, second, third] = identifiers(3) as [
      SpentIdentifier,
      SpentIdentifier,
      SpentIdentifier,
    ];
    await store.spend([second]);
    expect(await store.spend([])).toEqual([]);
    expect(await store.spend([third, second, first, third])).toEqual([
      'spent',
      'already_spent',
      'spent',
      'already_spent',
    ]);
  });

  it('callers that share a batch each hear of their own', async () => {
    const { store } = current();
    const many = identifiers(1_000);
    await store.spend(many.filter((_, index) => index % 3 === 0));
    const outcomes = await Promise.all(many.map((one) => store.spend([one])));
    expect(outcomes.flat()).toEqual(
      many.map((_, index) => (index % 3 === 0 ? 'already_spent' : 'spent')),
    );
  });

  it('an expiry that cannot be kept is refused to whoever gives it, and to nobody else', async () => {
    const { store } = current();
    const wrong = [NOW + 0.5, 1e30, Number.NaN, Number.POSITIVE_INFINITY];
    const [good, ...others] = await Promise.allSettled(
      [NOW + 60, ...wrong].map((at) => store.spend([anIdentifier(numericDate(at))])),
    );
    expect(good).toEqual({ status: 'fulfilled', value: ['spent'] });
    for (const other of others)
      expect(other).toEqual({ status: 'rejected', reason: expect.any(RangeError) });
  });

  it('the same identifier in the parts of a batch that is too large for one is spent once', async () => {
    const { store } = current();
    const one = anIdentifier();
    const outcomes = await store.spend([one, ...identifiers(6_000), one]);
    expect(count(outcomes, 'spent')).toBe(6_001);
    expect(outcomes.at(-1)).toBe('already_spent');
  });

  it('of two nodes that spend the same identifiers at once, one wins each', async () => {
    await withAnother(async (other) => {
      for (let round = 0; round < 5; round++) {
        const many = identifiers(2_000);
        const [here, there] = await Promise.all([
          current().store.spend(many),
          // The other way round: nodes that wait for each other in a circle would be refused.
          other.store.spend(many.toReversed()),
        ]);
        const elsewhere = there.toReversed();
        expect(here.map((outcome, index) => outcome !== elsewhere[index])).toEqual(
          many.map(() => true),
        );
      }
    });
  });

  it('is durable when it says so: a store that is opened afterwards knows it', async () => {
    const one = anIdentifier();
    expect(await withAnother(({ store }) => store.spend([one]))).toEqual(['spent']);
    expect(await withAnother(({ store }) => store.spend([one]))).toEqual(['already_spent']);
    expect(await current().store.spend([one])).toEqual(['already_spent']);
  });

  it('refuses to let more wait than it can hold, and none of them is spent', async () => {
    const { store } = current();
    const [first, second] = [identifiers(15_000), identifiers(15_000)];
    const spending = store.spend(first);
    await expect(store.spend(second)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(count(await spending, 'spent')).toBe(15_000);
    expect(count(await store.spend(second), 'spent')).toBe(15_000);
  });
}
