import { timingSafeEqual } from 'node:crypto';
import type { NumericDate } from '@tessera/protocol';
import type { Environment } from '../environment.ts';

/** How often the nonce changes, seconds. The one before still counts, so each is good for as long. */
const PERIOD = 120;

/**
 * The nonce that DPoP proofs at a realm must carry. RFC 9449 §8: unpredictable, so that no proof
 * can be made long before it is used.
 *
 * It is a MAC of the time: every node knows it, none has to remember it, and one given by another
 * realm is worth nothing.
 */
export const currentNonce = (
  env: Pick<Environment, 'hasher'>,
  realm: string,
  now: NumericDate,
): string => nonceOf(env, realm, Math.floor(now / PERIOD));

/** Whether this is the nonce of now or the one before it. RFC 9449 §8.2 */
export function isAcceptedNonce(
  env: Pick<Environment, 'hasher'>,
  realm: string,
  nonce: string,
  now: NumericDate,
): boolean {
  const period = Math.floor(now / PERIOD);
  // A node whose clock is a little ahead gave the next one already.
  return [period, period - 1, period + 1].some((one) => equals(nonce, nonceOf(env, realm, one)));
}

const nonceOf = (env: Pick<Environment, 'hasher'>, realm: string, period: number): string =>
  env.hasher.digest('nonce', `${realm} ${period}`);

function equals(given: string, expected: string): boolean {
  const a = Buffer.from(given, 'latin1');
  const b = Buffer.from(expected, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}
