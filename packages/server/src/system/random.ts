import { randomFillSync } from 'node:crypto';
import type { Clock, Random } from '../environment.ts';

/** One call to the operating system fills this many bytes; each byte is handed out once. */
const POOL_BYTES = 16_384;

/** rand_b of an id without its variant, and the digit that the variant shares. */
const ID_DIGITS = 16;

export function systemRandom(clock: Clock): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;

  const bytes = (length: number): Uint8Array => {
    if (used + length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = new Uint8Array(length);
    taken.set(pool.subarray(used, used + length));
    // What was handed out does not stay behind in memory.
    pool.fill(0, used, used + length);
    used += length;
    return taken;
  };

  let lastMillisecond = 0;
  let timePart = '';
  let counter = 0;
  // Ids take their random digits from here, each digit once.
  let digits = '';
  let digitsUsed = 0;

  const nextDigits = (): string => {
    if (digitsUsed + ID_DIGITS > digits.length) {
      digits = Buffer.from(bytes(ID_DIGITS * 64)).toString('hex');
      digitsUsed = 0;
    }
    digitsUsed += ID_DIGITS;
    return digits.slice(digitsUsed - ID_DIGITS, digitsUsed);
  };

  const setTime = (milliseconds: number): void => {
    lastMillisecond = milliseconds;
    counter = 0;
    const time = milliseconds.toString(16).padStart(12, '0');
    timePart = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  };

  return {
    bytes,
    /**
     * RFC 9562 §5.7 with the counter of §6.2 method 1 in rand_a: ids of one millisecond sort in
     * the order they were made. A clock set back does not set the ids back.
     */
    uuid() {
      const now = clock.milliseconds();
      if (now > lastMillisecond) setTime(now);
      else if (++counter > 0xfff) setTime(lastMillisecond + 1);
      const random = nextDigits();
      // The variant takes two bits of the first digit: 8, 9, a or b.
      const variant = '89ab89ab89ab89ab'.charAt(Number.parseInt(random.charAt(0), 16));
      const rest = `${variant}${random.slice(1, 4)}-${random.slice(4)}`;
      return `${timePart}${(0x1000 | counter).toString(16).slice(1)}-${rest}`;
    },
  };
}
