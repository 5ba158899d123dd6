import type { Clock, FailureBudget, FailureKey } from '../environment.ts';
import { recentlyUsed } from '../recently-used.ts';
import { addressKey } from './address-key.ts';

/**
 * Token buckets that failed attempts empty and time refills. RFC 6749 §2.3.1: "the authorization
 * server MUST protect any endpoint utilizing it against brute force attacks".
 *
 * Three of them: for one claimant from one address, for one address whoever it claims to be, and
 * for one claimant from anywhere. The last does not hold against an address from which the
 * claimant was believed before, nor does that of the address. This process remembers where, and
 * so strangers cannot lock a client out of its own home. After a restart nobody is known: until it is
 * believed again, a claimant shares the limits of its address and of all who use its name.
 */
export type FailureLimits = {
  readonly perPair: Bucket;
  readonly perAddress: Bucket;
  readonly perClaimant: Bucket;
};

type Bucket = {
  /** Failures in a row that are looked at. */
  readonly capacity: number;
  /** Seconds after which one more is. */
  readonly refillSeconds: number;
};

export const FAILURE_LIMITS: FailureLimits = {
  perPair: { capacity: 10, refillSeconds: 6 },
  perAddress: { capacity: 50, refillSeconds: 2 },
  perClaimant: { capacity: 200, refillSeconds: 1 },
};

/** Buckets of each kind that are kept; the least recently used full ones are forgotten first. */
const BUCKETS_MAX = 50_000;

export function failureBudget(clock: Clock, limits: FailureLimits = FAILURE_LIMITS): FailureBudget {
  const pairs = buckets(limits.perPair, clock);
  const addresses = buckets(limits.perAddress, clock);
  const claimants = buckets(limits.perClaimant, clock);
  const homes = recentlyUsed<string, true>(BUCKETS_MAX);

  const pairOf = ({ realm, claimant, address }: FailureKey) =>
    `${realm}\0${claimant}\0${addressKey(address)}`;
  const claimantOf = ({ realm, claimant }: FailureKey) => `${realm}\0${claimant}`;

  const wait = (key: FailureKey): number => {
    const pair = pairOf(key);
    const known = homes.has(pair);
    return Math.max(
      pairs.wait(pair),
      known ? 0 : addresses.wait(addressKey(key.address)),
      known ? 0 : claimants.wait(claimantOf(key)),
    );
  };
  const take = (key: FailureKey) => [
    pairs.take(pairOf(key)),
    addresses.take(addressKey(key.address)),
    claimants.take(claimantOf(key)),
  ];

  return {
    wait,
    attempt(key) {
      const seconds = wait(key);
      const taken = seconds > 0 ? [] : take(key);
      return {
        wait: seconds,
        giveBack: () => {
          for (const giveBack of taken.splice(0)) giveBack();
        },
      };
    },
    failed(key) {
      take(key);
    },
    succeeded(key) {
      const pair = pairOf(key);
      homes.set(pair, true);
      pairs.refill(pair);
    },
  };
}

function buckets({ capacity, refillSeconds }: Bucket, clock: Clock) {
  /** The instant, in seconds, at which the bucket is full again. */
  const fullAt = recentlyUsed<string, number>(BUCKETS_MAX);
  const patience = (capacity - 1) * refillSeconds;
  const seconds = () => clock.monotonic() / 1000;
  return {
    wait(key: string): number {
      const full = fullAt.get(key);
      if (full === undefined) return 0;
      return Math.max(0, Math.ceil(full - patience - seconds()));
    },
    /** Answers with what puts back as much as was taken: none, if the bucket was empty. */
    take(key: string): () => void {
      const now = seconds();
      const before = Math.max(fullAt.get(key) ?? now, now);
      const after = Math.min(before + refillSeconds, now + capacity * refillSeconds);
      fullAt.set(key, after);
      return () => {
        const full = fullAt.get(key);
        if (full !== undefined) fullAt.set(key, full - (after - before));
      };
    },
    refill(key: string): void {
      fullAt.delete(key);
    },
  };
}
