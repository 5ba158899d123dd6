import { randomFillSync } from 'node:crypto';
import type { Clock, Random } from '../environment.ts';

/** One call to the operating system fills this many bytes; each byte is handed out once. */
const POOL_BYTES = 16_384;

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
  let counter = 0;

  return {
    bytes,
    /**
     * RFC 9562 §5.7 with the counter of §6.2 method 1 in rand_a: ids of one millisecond sort in
     * the order they were made. A clock set back does not set the ids back.
     */
    uuid() {
      const now = clock.milliseconds();
      if (now > lastMillisecond) {
        lastMillisecond = now;
        counter = 0;
      } else if (++counter > 0xfff) {
        lastMillisecond++;
        counter = 0;
      }
      const time = lastMillisecond.toString(16).padStart(12, '0');
      const a = (0x7000 | counter).toString(16);
      const rest = Buffer.from(bytes(8));
      rest[0] = ((rest[0] ?? 0) & 0x3f) | 0x80;
      const b = rest.toString('hex');
      return `${time.slice(0, 8)}-${time.slice(8)}-${a}-${b.slice(0, 4)}-${b.slice(4)}`;
    },
  };
}
