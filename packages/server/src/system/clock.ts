import { numericDate } from '@tessera/protocol';
import type { Clock } from '../environment.ts';

export const systemClock: Clock = {
  now: () => numericDate(Math.floor(Date.now() / 1000)),
  milliseconds: () => Date.now(),
  monotonic: () => performance.now(),
};
