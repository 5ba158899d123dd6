import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { systemRandom } from './random.ts';

it('no byte is handed out twice', () => {
  const random = systemRandom(systemClock);
  const seen = new Set<string>();
  for (let i = 0; i < 5_000; i++) seen.add(Buffer.from(random.bytes(16)).toString('hex'));
  expect(seen.size).toBe(5_000);
});

it('what was handed out does not change afterwards', () => {
  const random = systemRandom(systemClock);
  const first = random.bytes(32);
  const copy = Uint8Array.from(first);
  for (let i = 0; i < 2_000; i++) random.bytes(32);
  expect(first).toEqual(copy);
});

it('RFC 9562 §5.7 ids have version 7 and variant 2, and sort in the order they were made', () => {
  let milliseconds = 1_800_000_000_000;
  const random = systemRandom({
    now: () => numericDate(0),
    milliseconds: () => milliseconds,
    monotonic: () => 0,
  });
  const ids: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    if (i % 5_000 === 2_500) milliseconds += 3;
    if (i === 15_000) milliseconds -= 60_000; // the clock is set back
    ids.push(random.uuid());
  }
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(Number.parseInt(ids[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(
    1_800_000_000_000,
  );
});
