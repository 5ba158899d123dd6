import { numericDate, placeOfIndex, startOfWindow, windowOf } from '@tessera/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatusPlaces } from '../environment.ts';
import { addresses } from '../system/addresses.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { masterKey } from './seal.ts';
import { statusPlaces } from './status-places.ts';

/* draft-ietf-oauth-status-list §13.2: no two tokens share a place */

const key = masterKey(new Uint8Array(32).fill(7));
const random = systemRandom(systemClock);
const here = addresses('https://as.example', '/am');
const NOW = startOfWindow(windowOf(1_800_000_000)) + 100;

const startNode = (): StatusPlaces => statusPlaces({ addresses: here, random }, key);

const allot = (places: StatusPlaces, parties: readonly string[], issuedAt: number) => {
  const { uri, index } = places.allot('alpha', parties, numericDate(issuedAt));
  return { uri, index, place: `${uri}#${index}` };
};

const readUri = (places: StatusPlaces, realm: string, uri: string) =>
  places.read(realm, places.nameOfList(realm, uri) ?? '');

const clientIds = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.string({ minLength: 1, maxLength: 255 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
);

describe('the name of a list', () => {
  test('tells this server, on any node, for whom its tokens speak and when they were issued', () => {
    const [one, two] = [startNode(), startNode()];
    fc.assert(
      fc.property(
        fc.uniqueArray(clientIds, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: NOW, max: NOW + 1_000_000 }),
        (parties, issuedAt) => {
          const { uri, index } = allot(one, parties, issuedAt);
          const read = readUri(two, 'alpha', uri);
          expect(read?.parties).toEqual(parties);
          expect(read?.window).toBe(windowOf(issuedAt));
          const place = placeOfIndex(read?.order ?? new Uint8Array(), index);
          expect(startOfWindow(windowOf(issuedAt)) + Math.floor(place / 16)).toBe(issuedAt);
        },
      ),
    );
  });

  test('has nothing in it that a reader knows', () => {
    const { uri } = allot(startNode(), ['myClient', 'reports'], NOW);
    expect(uri).toMatch(
      /^https:\/\/as\.example\/am\/oauth2\/realms\/root\/realms\/alpha\/status-lists\/[\w-]+\.[\w-]+\/[\w-]+$/,
    );
    for (const known of ['myClient', Buffer.from('myClient').toString('base64url').slice(0, 8)])
      expect(uri).not.toContain(known);
  });

  test('opens in its realm alone', () => {
    const places = startNode();
    const { uri } = allot(places, ['myClient'], NOW);
    const name = places.nameOfList('alpha', uri) ?? '';
    expect(places.read('alpha', name)).toBeDefined();
    expect(places.read('bravo', name)).toBeUndefined();
    expect(places.nameOfList('bravo', uri)).toBeUndefined();
  });

  test('opens under its master key alone', () => {
    const places = startNode();
    const other = statusPlaces({ addresses: here, random }, masterKey(new Uint8Array(32).fill(8)));
    expect(readUri(other, 'alpha', allot(places, ['myClient'], NOW).uri)).toBeUndefined();
  });

  test('is not put together from the parts of others', () => {
    const places = startNode();
    const nameOf = (party: string) =>
      (places.nameOfList('alpha', allot(places, [party], NOW).uri) ?? '').split('/');
    const [holderA, seriesA] = nameOf('a');
    const [holderB] = nameOf('b');
    expect(places.read('alpha', `${holderA}/${seriesA}`)).toBeDefined();
    for (const forged of [
      `${holderB}/${seriesA}`,
      `${holderA}.${holderB}/${seriesA}`,
      `${holderA}/${holderA}`,
      `${holderA}/${seriesA}/`,
      `${holderA}/${seriesA}=`,
      `${holderA}`,
      `/${seriesA}`,
      '',
    ])
      expect(places.read('alpha', forged)).toBeUndefined();
  });

  test('with one bit changed is no name', () => {
    const places = startNode();
    const { uri } = allot(places, ['myClient'], NOW);
    const name = places.nameOfList('alpha', uri) ?? '';
    fc.assert(
      fc.property(fc.nat(name.length - 1), fc.constantFrom(...'Ab9-_./'), (at, letter) => {
        const changed = name.slice(0, at) + letter + name.slice(at + 1);
        expect(places.read('alpha', changed) === undefined).toBe(changed !== name);
      }),
    );
  });

  test('of any text that strangers send is none', () => {
    const places = startNode();
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ09-_./%~') }), (name) => {
        expect(places.read('alpha', name)).toBeUndefined();
      }),
    );
  });
});

describe('places', () => {
  test('tokens of one client share lists as long as they are of one hour and not too many', () => {
    const places = startNode();
    const lists = new Set<string>();
    for (let second = 0; second < 600; second++)
      for (let token = 0; token < 16; token++)
        lists.add(allot(places, ['myClient'], NOW + second).uri);
    expect(lists.size).toBe(1);
    for (let token = 0; token < 17; token++) lists.add(allot(places, ['myClient'], NOW + 600).uri);
    expect(lists.size).toBe(2);
  });

  test('§13.2 no place is given out twice: clocks set back, nodes, restarts, memory that is full', () => {
    const seen = new Set<string>();
    let issued = 0;
    let nodes = [startNode(), startNode()];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            node: fc.nat(1),
            party: fc.constantFrom('a', 'b'),
            // Back by seconds and by minutes, on by seconds and into the next window.
            step: fc.constantFrom(0, 0, 0, 0, 1, 1, -1, -2, -3, -5, -60, 2, 7, 4_096),
            restart: fc.nat(200).map((chance) => chance === 0),
          }),
          { minLength: 100, maxLength: 400 },
        ),
        (tokens) => {
          let now = NOW;
          for (const { node, party, step, restart } of tokens) {
            now += step;
            if (restart) nodes = [startNode(), startNode()];
            seen.add(allot(nodes[node] ?? startNode(), [party], now).place);
          }
          issued += tokens.length;
          expect(seen.size).toBe(issued);
        },
      ),
      // What was given out before counts, so there is nothing to shrink.
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('§13.2 who is forgotten because others came gets no place again', () => {
    const places = startNode();
    const before = Array.from({ length: 20 }, () => allot(places, ['myClient'], NOW).place);
    for (let other = 0; other < 10_000; other++) allot(places, [`other ${other}`], NOW);
    const after = Array.from({ length: 20 }, () => allot(places, ['myClient'], NOW).place);
    expect(new Set([...before, ...after]).size).toBe(40);
  });

  test('§12.4 indexes are in no order', () => {
    const places = startNode();
    const indexes = Array.from(
      { length: 1_000 },
      (_, second) => allot(places, ['myClient'], NOW + second).index,
    );
    const rising = indexes.filter((index, at) => at > 0 && index > (indexes[at - 1] ?? 0)).length;
    expect(rising).toBeGreaterThan(400);
    expect(rising).toBeLessThan(600);
  });
});
