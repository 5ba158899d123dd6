import type { Platform } from './platform.ts';

/** How often the nonce changes, seconds. The one before still counts, so each is good for as long. */
const PERIOD = 120;

const SECRET_BYTES_MIN = 32;

/** The nonces of this API for DPoP proofs. RFC 9449 §9 */
export type Nonces = {
  /** What proofs have to carry now. */
  current(now: number): Promise<string>;
  /** Whether this is the nonce of now, or the one before or after it. */
  accepts(nonce: string, now: number): Promise<boolean>;
};

/**
 * Nonces nobody has to remember: each is a MAC of the time, so that no proof can be made long
 * before it is used, and all nodes with the same secret know it. RFC 9449 §8
 */
export function nonces(platform: Platform, secret: Uint8Array): Nonces {
  if (secret.length < SECRET_BYTES_MIN)
    throw new TypeError(`dpop.nonceSecret has less than ${SECRET_BYTES_MIN} bytes`);
  const made = new Map<number, string>();

  async function nonceOf(period: number): Promise<string> {
    const known = made.get(period);
    if (known !== undefined) return known;
    const nonce = await platform.authenticate(secret, `nonce ${period}`);
    for (const old of made.keys()) if (Math.abs(old - period) > 2) made.delete(old);
    made.set(period, nonce);
    return nonce;
  }
  const periodOf = (now: number): number => Math.floor(now / PERIOD);
  return {
    current: (now) => nonceOf(periodOf(now)),
    async accepts(nonce, now) {
      const period = periodOf(now);
      // A node whose clock is a little ahead gave the next one already.
      for (const one of [period, period - 1, period + 1])
        if (equals(nonce, await nonceOf(one))) return true;
      return false;
    },
  };
}

/** Without telling by its time how much of a guess was right. */
function equals(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i++)
    difference |= given.charCodeAt(i) ^ expected.charCodeAt(i);
  return difference === 0;
}
