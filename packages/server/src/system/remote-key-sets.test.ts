import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KeySets } from '../environment.ts';
import { outbound } from './outbound.ts';
import { remoteKeySets } from './remote-key-sets.ts';

const keyNamed = (kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});
const OLD = keyNamed('old');
const NEW = keyNamed('new');

let milliseconds = 0;
const pass = (seconds: number) => {
  milliseconds += seconds * 1_000;
};

/** What the server publishes, and how often it has been asked. */
let published: unknown = { keys: [OLD] };
let headers: Record<string, string> = {};
let isUp = true;
let asked = 0;
let held: ServerResponse[] | undefined;
let lines: unknown[] = [];
let keySets: KeySets;
let uri = '';

const answer = (response: ServerResponse) => {
  response
    .writeHead(isUp ? 200 : 503, { 'content-type': 'application/jwk-set+json', ...headers })
    .end(JSON.stringify(published));
};
const server = createServer((_, response) => {
  asked += 1;
  if (held === undefined) answer(response);
  else held.push(response);
});

beforeEach(async () => {
  milliseconds = 5_000_000;
  published = { keys: [OLD] };
  headers = {};
  isUp = true;
  asked = 0;
  held = undefined;
  lines = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json?secret=1`;
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  keySets = remoteKeySets({
    outbound: outbound(['127.0.0.1']),
    clock: { monotonic: () => milliseconds },
    log: { info: write, warn: write, error: write },
  });
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** The names of the keys, or the problem. */
const find = async (kid?: string) => {
  const found = await keySets.find(uri, kid);
  return found.ok ? found.value.map((key) => key.kid) : found.refusal.problem;
};

it('a set is fetched once and remembered for ten minutes', async () => {
  expect(await find('old')).toEqual(['old']);
  pass(599);
  expect(await find('old')).toEqual(['old']);
  expect(await find()).toEqual(['old']);
  expect(asked).toBe(1);
  pass(1);
  expect(await find('old')).toEqual(['old']);
  expect(asked).toBe(2);
});

it.each([
  ['no-store', 60],
  ['max-age=1', 60],
  ['max-age=300', 300],
  ['max-age=86400', 1_200],
])('a set with Cache-Control: %s is remembered for %i seconds', async (cacheControl, lifetime) => {
  headers = { 'cache-control': cacheControl };
  await find('old');
  pass(lifetime - 1);
  await find('old');
  expect(asked).toBe(1);
  pass(1);
  await find('old');
  expect(asked).toBe(2);
});

it('a key that is not known is looked for once, and found when it is new', async () => {
  await find('old');
  published = { keys: [OLD, NEW] };
  expect(await find('new')).toEqual(['old', 'new']);
  expect(await find('new')).toEqual(['old', 'new']);
  expect(asked).toBe(2);
});

it('keys that are made up ask nobody for 30 seconds after the first', async () => {
  await find('old');
  expect(await find('made-up')).toEqual(['old']);
  expect(asked).toBe(2);
  for (let n = 0; n < 20; n++) await find(`made-up-${n}`);
  pass(29);
  await find('made-up');
  expect(asked).toBe(2);
  pass(1);
  published = { keys: [NEW] };
  expect(await find('new')).toEqual(['new']);
  expect(asked).toBe(3);
});

it('a set that has just been fetched is not fetched again for a key that is not in it', async () => {
  expect(await find('made-up')).toEqual(['old']);
  expect(await find('made-up')).toEqual(['old']);
  expect(asked).toBe(1);
});

it('fifty who need a set at once make one fetch', async () => {
  held = [];
  const all = Promise.all(Array.from({ length: 50 }, (_, n) => find(n % 2 ? 'old' : 'made-up')));
  await expect.poll(() => held?.length).toBe(1);
  for (const response of held.splice(0)) answer(response);
  expect(new Set((await all).flat())).toEqual(new Set(['old']));
  expect(asked).toBe(1);
});

it('fifty who need a new key at once make one fetch, and all of them get it', async () => {
  await find('old');
  published = { keys: [NEW] };
  held = [];
  const all = Promise.all(Array.from({ length: 50 }, () => find('new')));
  await expect.poll(() => held?.length).toBe(1);
  for (const response of held.splice(0)) answer(response);
  expect(await all).toEqual(Array.from({ length: 50 }, () => ['new']));
  expect(asked).toBe(2);
});

it('a key that was removed is gone when the set is fetched again', async () => {
  headers = { 'cache-control': 'max-age=86400' };
  await find('old');
  published = { keys: [NEW] };
  pass(1_200);
  expect(await find('old')).toEqual(['new']);
  published = { keys: [] };
  pass(1_200);
  expect(await find('new')).toEqual([]);
});

it('while a server is down its keys are used for an hour, and no longer', async () => {
  await find('old');
  isUp = false;
  pass(3_599);
  expect(await find('old')).toEqual(['old']);
  pass(1);
  expect(await find('old')).toBe('status_unexpected');
  isUp = true;
  pass(60);
  expect(await find('old')).toEqual(['old']);
});

it.each([{}, { keys: 'none' }, []])('what is no set replaces no keys: %j', async (document) => {
  await find('old');
  published = document;
  pass(1_200);
  expect(await find('old')).toEqual(['old']);
  expect(asked).toBe(2);
});

it('a server that fails is asked less and less often, once a minute in the end', async () => {
  isUp = false;
  const waits = [1, 2, 4, 8, 16, 32, 60, 60];
  for (const [index, wait] of waits.entries()) {
    expect(await find('old')).toBe('status_unexpected');
    expect(asked).toBe(index + 1);
    pass(wait - 0.001);
    expect(await find('old')).toBe('status_unexpected');
    expect(asked).toBe(index + 1);
    pass(0.001);
  }
  isUp = true;
  expect(await find('old')).toEqual(['old']);
  isUp = false;
  pass(1_200);
  await find('old');
  pass(1);
  await find('old');
  expect(asked).toBe(waits.length + 3);
});

it('a key that is not known asks no server that has just failed', async () => {
  await find('old');
  isUp = false;
  await find('new');
  await find('new');
  expect(asked).toBe(2);
  isUp = true;
  published = { keys: [NEW] };
  pass(1);
  expect(await find('new')).toEqual(['new']);
});

it('keys that cannot be used are left out', async () => {
  published = {
    keys: [{ kty: 'oct', k: 'c2VjcmV0' }, { ...NEW, use: 'enc' }, { ...NEW, d: 'x' }, OLD],
  };
  expect(await find()).toEqual(['old']);
});

it('two addresses are two sets', async () => {
  await keySets.find(uri, 'old');
  await keySets.find(`${uri}&other`, 'old');
  expect(asked).toBe(2);
});

it('a failure is logged with host and problem, and with nothing that was sent', async () => {
  isUp = false;
  published = 'a secret in the body';
  await find('old');
  published = { keys: 'a secret in the body' };
  isUp = true;
  pass(1);
  await find('old');
  const { host } = new URL(uri);
  const message = 'a key set was not fetched';
  expect(lines).toEqual([
    { host, problem: 'status_unexpected', status: 503, message },
    { host, problem: 'key_set_unusable', reason: 'key_set_malformed', message },
  ]);
});

it('an address that may not be asked is a problem', async () => {
  expect(await keySets.find('https://169.254.169.254/', 'old')).toMatchObject({
    refusal: { problem: 'address_not_allowed' },
  });
  expect(await keySets.find('no address', 'old')).toMatchObject({
    refusal: { problem: 'url_not_allowed' },
  });
});
