import { setTimeout as pause } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import {
  type AggregationDocument,
  findStatus,
  numericDate,
  readAggregation,
  type StatusReference,
} from '@tessera/protocol';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import type { Environment, StatusLists } from '../environment.ts';
import { signingBudget } from '../usage/signing-budget.ts';
import { statusLists } from './status-lists.ts';

/* draft-ietf-oauth-status-list §8.1, §9: what is published when there is very much, or very many ask. */

let world: World;
let lists: StatusLists;
let signed: string[];
let counted: unknown[];
let client = 0;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let realm = '';
let realms = 0;

const open = (perAddress = 1_000, perRealm = 1_000) => {
  const keyRing: Environment['keyRing'] = {
    ...world.env.keyRing,
    async signStatusList(of, algorithm, list) {
      signed.push(list.uri);
      await pause(5);
      return world.env.keyRing.signStatusList(of, algorithm, list);
    },
  };
  const limits = {
    perAddress: { capacity: perAddress, refillPerSecond: 0.05 },
    perRealm: { capacity: perRealm, refillPerSecond: 0.05 },
  };
  return statusLists(
    {
      ...world.env,
      keyRing,
      metrics: {
        ...world.env.metrics,
        aggregationTruncated: (...found) => void counted.push(found),
      },
    },
    signingBudget(world.env.clock, (address) => address, limits),
    { lists: 6, holders: 3, tokens: 3 },
  );
};

beforeEach(async () => {
  world.pass(5);
  signed = [];
  counted = [];
  realm = `r${realms++}`;
  await world.createRealm(realm);
  lists = open();
});

const newClient = async (): Promise<string> => {
  const clientId = `c${client++}`;
  await world.registerClient(realm, clientId);
  return clientId;
};

/** Places of a client in so many different lists. */
function placesOf(clientId: string, count: number): readonly StatusReference[] {
  const { env } = world;
  const places = new Map<string, StatusReference>();
  while (places.size < count) {
    const place = env.statusPlaces.allot(realm, [clientId], env.clock.now());
    places.set(place.uri, place);
  }
  return [...places.values()];
}

const nameOf = ({ uri }: StatusReference): string =>
  world.env.statusPlaces.nameOfList(realm, uri) ?? '';

let tokens = 0;
async function revoke(place: StatusReference): Promise<void> {
  await world.change((rows) =>
    rows.revokedTokens.insert({
      realm,
      jti: `j${tokens++}`,
      expiresAt: numericDate(world.env.clock.now() + 600),
      statusList: nameOf(place),
      statusIndex: place.index,
    }),
  );
}

async function aggregated(): Promise<AggregationDocument> {
  const found = await lists.aggregation(realm, world.env.clock.now());
  const document = JSON.parse(found?.text ?? '') as AggregationDocument;
  expect(readAggregation(document)).toBeDefined();
  return document;
}

const ask = (place: StatusReference, { version = 0, address = '192.0.2.1' } = {}) =>
  lists.list({ realm, name: nameOf(place), version, address }, world.env.clock.now());

async function textOf(asked: ReturnType<typeof ask>): Promise<string> {
  const found = await asked;
  if (!found.ok) throw new Error(found.refusal.reason);
  return found.value.text;
}

function read(text: string, { index }: StatusReference) {
  const { version, status_list } = decodeJwt(text) as {
    version: number;
    status_list: { lst: string };
  };
  const bytes = inflateSync(Buffer.from(status_list.lst, 'base64url'));
  return { version, status: findStatus(bytes, 1, index) };
}

describe('§9.3 an aggregation that has too much to say', () => {
  it('cuts a client that revokes in every list, and nobody else', async () => {
    const [greedy, modest] = [await newClient(), await newClient()];
    const [one] = placesOf(modest, 1);
    if (one === undefined) throw new Error('no place');
    await revoke(one);
    const many = placesOf(greedy, 10);
    for (const place of many) await revoke(place);
    const document = await aggregated();
    expect(document.status_lists).toHaveLength(6);
    expect(document.status_lists).toContain(one.uri);
    // Its newest five, and of the others the newest position.
    expect(document.status_lists).toEqual(
      expect.arrayContaining(many.slice(5).map(({ uri }) => uri)),
    );
    const holder = world.env.statusPlaces.nameOfHolder(realm, greedy);
    expect(Object.keys(document.truncated ?? {})).toEqual([holder]);
    const { positions } = await world.env.store.revocations.ofRealm(realm);
    const newest = many[4] && positions.lists.get(nameOf(many[4]));
    expect(document.truncated?.[holder]).toBe(newest);
    expect(counted).toContainEqual([realm, 'lists', 5]);
  });

  it('says of whom not everything is named, so that revocations go on being told at once', async () => {
    const greedy = await newClient();
    const many = placesOf(greedy, 10);
    for (const place of many) await revoke(place);
    const holder = world.env.statusPlaces.nameOfHolder(realm, greedy);
    const before = (await aggregated()).truncated?.[holder] ?? 0;
    const [old] = many;
    if (old === undefined) throw new Error('no place');
    const held = read(await textOf(ask(old, { version: before })), old);
    expect(held.version).toBeGreaterThanOrEqual(before);
    await revoke({ ...old, index: old.index ^ 1 });
    const after = await aggregated();
    const named = after.versions[after.status_lists.indexOf(old.uri)] ?? 0;
    expect(named).toBeGreaterThan(held.version);
  });

  it('of clients revoked as a whole the newest are named, and all others are looked up', async () => {
    const clients: string[] = [];
    for (let count = 0; count < 5; count++) clients.push(await newClient());
    for (const clientId of clients)
      await world.change(async (rows) => {
        const found = await rows.clients.find(realm, clientId);
        if (found !== undefined) await rows.clients.update({ ...found, enabled: false });
      });
    const document = await aggregated();
    const { positions } = await world.env.store.revocations.ofRealm(realm);
    expect(document.truncated).toEqual({ realm: positions.holders.get(clients[1] ?? '') });
    expect(Object.keys(document.revoked_before)).toEqual(
      expect.arrayContaining(
        clients.slice(2).map((one) => world.env.statusPlaces.nameOfHolder(realm, one)),
      ),
    );
  });

  it('of tokens revoked by their jti alone it says that there are more', async () => {
    for (let count = 0; count < 4; count++)
      await world.change((rows) =>
        rows.revokedTokens.insert({
          ...{ realm, jti: `alone${count}`, statusList: '' },
          expiresAt: numericDate(world.env.clock.now() + 600),
        }),
      );
    const document = await aggregated();
    expect(document.revoked_tokens).toEqual(['alone1', 'alone2', 'alone3']);
    expect(document.revoked_tokens_truncated).toBe(true);
  });
});

describe('§8.1 a list', () => {
  it('is signed once, however many ask at a time', async () => {
    const [place] = placesOf(await newClient(), 1);
    if (place === undefined) throw new Error('no place');
    const all = await Promise.all(Array.from({ length: 50 }, () => textOf(ask(place))));
    expect(new Set(all).size).toBe(1);
    expect(signed).toHaveLength(1);
    await textOf(ask(place));
    expect(signed).toHaveLength(1);
  });

  it('says of which version it is, and is signed anew for who has seen a later one', async () => {
    const [one, other] = placesOf(await newClient(), 2);
    if (one === undefined || other === undefined) throw new Error('no places');
    const first = read(await textOf(ask(one)), one);
    await revoke(other);
    const { version } = await aggregated();
    expect(version).toBeGreaterThan(first.version);
    // Nothing in it has changed: it serves whoever does not ask for more.
    expect(read(await textOf(ask(one)), one)).toEqual(first);
    expect(read(await textOf(ask(one, { version })), one)).toEqual({ version, status: 0 });
    await revoke(one);
    expect(read(await textOf(ask(one)), one)).toMatchObject({ status: 1 });
    expect(signed).toHaveLength(3);
  });

  it('is no later than it is, whatever was made up', async () => {
    const [place] = placesOf(await newClient(), 1);
    if (place === undefined) throw new Error('no place');
    const { version } = await aggregated();
    for (const madeUp of [version + 1, version + 1_000_000, Number.MAX_SAFE_INTEGER])
      expect(read(await textOf(ask(place, { version: madeUp })), place).version).toBe(version);
    expect(signed).toHaveLength(1);
  });
});

describe('an address that asks for list after list', () => {
  it('is told to wait, while others and what everybody needs go on', async () => {
    lists = open(5, 8);
    const places = placesOf(await newClient(), 20);
    const named = placesOf(await newClient(), 2);
    for (const place of named) await revoke(place);
    await aggregated();
    const askAll = async (all: readonly StatusReference[], address: string) => {
      const answers: Awaited<ReturnType<typeof ask>>[] = [];
      for (const place of all) answers.push(await ask(place, { address }));
      return answers;
    };
    const answers = await askAll(places, '192.0.2.1');
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(answers.at(-1)).toEqual({
      ok: false,
      refusal: { reason: 'status_lists_too_many', retryAfter: expect.any(Number) },
    });
    const others = await askAll(places.slice(10), '192.0.2.2');
    expect(others.filter(({ ok }) => ok)).toHaveLength(3);
    const needed = await askAll(named, '192.0.2.3');
    expect(needed.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('still gets what was signed before and has not changed, however old, and nothing that has', async () => {
    lists = open(2);
    const [one, two] = placesOf(await newClient(), 2);
    if (one === undefined || two === undefined) throw new Error('no places');
    const texts = [await textOf(ask(one)), await textOf(ask(two))];
    world.pass(100);
    for (const place of placesOf(await newClient(), 200)) await ask(place);
    expect(await textOf(ask(one))).toBe(texts[0]);
    await revoke(one);
    expect(await ask(one)).toMatchObject({ ok: false });
    expect(await textOf(ask(two))).toBe(texts[1]);
  });
});
