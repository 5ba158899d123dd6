import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hasher } from './hasher.ts';
import { masterKey } from './seal.ts';

const PEPPER = masterKey(randomBytes(32));

it('a digest depends on the text, the purpose and the pepper', () => {
  const one = hasher(PEPPER);
  const other = hasher(masterKey(randomBytes(32)));
  expect(one.digest('secret', 'a')).toBe(hasher(PEPPER).digest('secret', 'a'));
  const digests = [
    one.digest('secret', 'a'),
    one.digest('secret', 'b'),
    one.digest('token', 'a'),
    one.digest('session', 'a'),
    other.digest('secret', 'a'),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

it('a chosen secret is found among the hashes it belongs to', async () => {
  const subject = hasher(PEPPER);
  const first = await subject.hash('forgerock');
  const second = await subject.hash('another secret', first);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(second.split('$')[4]).toBe(first.split('$')[4]);
  expect(await subject.verify('forgerock', [first, second])).toBe(first);
  expect(await subject.verify('another secret', [first, second])).toBe(second);
  expect(await subject.verify('wrong', [first, second])).toBeUndefined();
});

it('nobody has a secret, and finding that out costs as much as comparing one', async () => {
  const subject = hasher(PEPPER);
  const hash = await subject.hash('forgerock');
  const cost = async (hashes: readonly string[]) => {
    const started = process.cpuUsage();
    for (let i = 0; i < 5; i++) expect(await subject.verify('wrong', hashes)).toBeUndefined();
    const { user, system } = process.cpuUsage(started);
    return user + system;
  };
  await cost([]);
  const ratio = (await cost([])) / (await cost([hash]));
  expect(ratio).toBeGreaterThan(0.3);
  expect(ratio).toBeLessThan(3);
});

it('a verified secret is recalled, for as long as its hash is among those asked for', async () => {
  const subject = hasher(PEPPER);
  const hash = await subject.hash('forgerock');
  expect(subject.recall('forgerock', [hash])).toBeUndefined();
  await subject.verify('forgerock', [hash]);
  expect(subject.recall('forgerock', [hash])).toBe(hash);
  expect(subject.recall('wrong', [hash])).toBeUndefined();
  expect(subject.recall('forgerock', [])).toBeUndefined();
  expect(subject.recall('forgerock', [await subject.hash('forgerock')])).toBeUndefined();
});

it('a flood of slow verifications is turned away, the first ones are served', async () => {
  const subject = hasher(PEPPER);
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, i) => subject.verify(`guess ${i}`, [])),
  );
  expect(outcomes.filter((outcome) => outcome === 'overloaded')).toHaveLength(100 - 2 - 64);
  expect(await subject.verify('guess', [])).toBeUndefined();
});

it('hashes of libargon2 in PHC form are read', async () => {
  const foreign =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await hasher(PEPPER).verify('password', [foreign])).toBe(foreign);
});
