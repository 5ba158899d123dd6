import type { Clock, SigningBudget } from '../environment.ts';
import { recentlyUsed } from '../recently-used.ts';

export type SigningLimits = {
  readonly perAddress: Bucket;
  readonly perRealm: Bucket;
};

type Bucket = {
  /** Signatures at once. */
  readonly capacity: number;
  /** How many more each second. */
  readonly refillPerSecond: number;
};

/**
 * A list takes about a millisecond, several with RSA: whoever has nothing but an address gets a
 * twentieth of a core, and all together a fifth. An API that starts may need as many lists at once as an
 * aggregation names.
 */
const SIGNING_LIMITS: SigningLimits = {
  perAddress: { capacity: 1_000, refillPerSecond: 50 },
  perRealm: { capacity: 3_000, refillPerSecond: 200 },
};

const BUCKETS_MAX = 20_000;

/** Token buckets. `keyOf`: what counts as one address. */
export function signingBudget(
  clock: Clock,
  keyOf: (address: string) => string,
  limits: SigningLimits = SIGNING_LIMITS,
): SigningBudget {
  const addresses = buckets(clock, limits.perAddress);
  const realms = buckets(clock, limits.perRealm);
  return {
    take(realm, address, share) {
      const of = keyOf(address);
      const wait = Math.max(addresses.wait(of), share === 'of_realm' ? realms.wait(realm) : 0);
      if (wait > 0) return wait;
      addresses.take(of);
      if (share === 'of_realm') realms.take(realm);
      return 0;
    },
  };
}

function buckets(clock: Clock, { capacity, refillPerSecond }: Bucket) {
  /** The instant, in seconds, at which a bucket is full again. */
  const fullAt = recentlyUsed<string, number>(BUCKETS_MAX);
  const seconds = (): number => clock.monotonic() / 1_000;
  const patience = (capacity - 1) / refillPerSecond;
  return {
    wait: (key: string): number =>
      Math.max(0, Math.ceil((fullAt.get(key) ?? 0) - patience - seconds())),
    take(key: string): void {
      const now = seconds();
      fullAt.set(key, Math.max(fullAt.get(key) ?? now, now) + 1 / refillPerSecond);
    },
  };
}
