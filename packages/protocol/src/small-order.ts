import { formatHex } from './der.ts';

/**
 * The points of Ed25519 whose multiples are a handful, by their `y` in little-endian, two of them
 * also as no encoder writes them: `p` is 0, and `p + 1` is 1.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/**
 * Whether an Ed25519 key is of small order. Nobody holds the private half of one, and anybody can
 * sign for it: for some of them one signature is right for every text.
 */
export function isSmallOrder(point: Uint8Array): boolean {
  // The highest bit is the sign of x.
  const y = point.map((byte, index) => (index === 31 ? byte & 0x7f : byte));
  return SMALL_ORDER.has(formatHex(y));
}
