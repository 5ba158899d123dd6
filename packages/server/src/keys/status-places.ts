import {
  ACTORS_MAX,
  formatListName,
  indexOfPlace,
  ORDER_BYTES,
  PLACES_PER_SECOND,
  placeOf,
  readListName,
  windowOf,
} from '@tessera/protocol';
import type { Environment, StatusPlaces } from '../environment.ts';
import { recentlyUsed } from '../recently-used.ts';
import { opaqueNames } from './opaque-names.ts';
import type { MasterKey } from './seal.ts';

/** Those who were given a place lately, each with some 2 KiB. */
const HOLDERS_MAX = 10_000;

/** Names of clients that are remembered, some 200 bytes each. */
const NAMES_MAX = 20_000;

/** A client, the subject and those who act. */
const PARTIES_MAX = 2 + ACTORS_MAX;

/** For so many seconds back a series still knows what it has given out. A power of two. */
const SECONDS_KNOWN = 4;

/** What a series is, in bytes: who began it, the window of time, and which list of it. */
const ID_BYTES = 8;
const WINDOW_AT = ID_BYTES;
const SHARD_AT = WINDOW_AT + 4;
const SERIES_BYTES = SHARD_AT + 2;

/** Written before what a name stands for. */
const TEXT = 0;
const UUID = 1;

type List = { readonly uri: string; readonly order: Uint8Array };

/**
 * The lists of one window that one node fills for the same parties. Begun under a random id, so it
 * has its lists for itself, and whoever forgets it merely begins another: nothing that is forgotten,
 * restarted or set back can lead to a place that was given out before.
 */
type Series = {
  readonly id: Uint8Array;
  readonly holders: readonly string[];
  readonly window: number;
  readonly lists: List[];
  /** The newest second with a token, and how many each of the last seconds has. */
  latest: number;
  readonly counts: number[];
};

/** Gives out places in status lists, and reads the names of lists. Token Status List §13.2 */
export function statusPlaces(
  env: Pick<Environment, 'addresses' | 'random'>,
  key: MasterKey,
): StatusPlaces {
  const names = opaqueNames(key);
  const holders = recentlyUsed<string, string>(NAMES_MAX);
  const serieses = recentlyUsed<string, Series>(HOLDERS_MAX);

  const base = (realm: string): string => `${env.addresses.issuer(realm)}/status-lists/`;

  const nameOfHolder = (realm: string, clientId: string): string => {
    const question = `${realm}\n${clientId}`;
    const known = holders.get(question);
    if (known !== undefined) return known;
    const name = names.seal(describeClientId(clientId), `client ${realm}`);
    holders.set(question, name);
    return name;
  };

  const listOf = (realm: string, series: Series, shard: number): List => {
    const known = series.lists[shard];
    if (known !== undefined) return known;
    const plain = Buffer.alloc(SERIES_BYTES);
    plain.set(series.id);
    plain.writeUInt32BE(series.window, WINDOW_AT);
    plain.writeUInt16BE(shard, SHARD_AT);
    const context = contextOf(realm, series.holders);
    const name = names.seal(plain, context);
    const order = names.open(name, context, ORDER_BYTES)?.randomness;
    if (order === undefined) throw new Error('a name that was just sealed does not open');
    const list = { uri: base(realm) + formatListName(series.holders, name), order };
    series.lists[shard] = list;
    return list;
  };

  return {
    allot(realm, parties, issuedAt) {
      const question = `${realm}\n${parties.join('\n')}`;
      let series = serieses.get(question);
      if (series === undefined || !covers(series, issuedAt)) {
        series = {
          id: env.random.bytes(ID_BYTES),
          holders: parties.map((party) => nameOfHolder(realm, party)),
          window: windowOf(issuedAt),
          lists: [],
          latest: issuedAt,
          counts: Array.from({ length: SECONDS_KNOWN }, () => 0),
        };
        serieses.set(question, series);
      }
      const ordinal = count(series, issuedAt);
      const list = listOf(realm, series, Math.floor(ordinal / PLACES_PER_SECOND));
      const place = placeOf(issuedAt, ordinal % PLACES_PER_SECOND);
      return { uri: list.uri, index: indexOfPlace(list.order, place) };
    },

    read(realm, name) {
      const read = readListName(name);
      if (read === undefined || read.holders.length > PARTIES_MAX) return undefined;
      const opened = names.open(read.series, contextOf(realm, read.holders), ORDER_BYTES);
      if (opened?.plain.length !== SERIES_BYTES) return undefined;
      const parties: string[] = [];
      for (const holder of read.holders) {
        const party = names.open(holder, `client ${realm}`);
        if (party === undefined) return undefined;
        parties.push(readClientId(party.plain));
      }
      return { parties, window: opened.plain.readUInt32BE(WINDOW_AT), order: opened.randomness };
    },

    nameOfList: (realm, uri) =>
      uri.startsWith(base(realm)) ? uri.slice(base(realm).length) : undefined,
    nameOfHolder,
    base,
  };
}

/** The lists of a series belong to its realm and holders: under others they are no lists. */
const contextOf = (realm: string, holders: readonly string[]): string =>
  `series ${realm} ${holders.join('.')}`;

/** Requests end in another order than they came, and clocks are set: then another series begins. */
const covers = ({ window, latest }: Series, issuedAt: number): boolean =>
  windowOf(issuedAt) === window && issuedAt > latest - SECONDS_KNOWN;

/** How many tokens of this second came before, this one being counted. */
function count(series: Series, issuedAt: number): number {
  const { counts } = series;
  if (issuedAt > series.latest) {
    const first = Math.max(series.latest + 1, issuedAt - SECONDS_KNOWN + 1);
    for (let second = first; second <= issuedAt; second++) counts[second % SECONDS_KNOWN] = 0;
    series.latest = issuedAt;
  }
  const before = counts[issuedAt % SECONDS_KNOWN] ?? 0;
  counts[issuedAt % SECONDS_KNOWN] = before + 1;
  return before;
}

/** Most ids are UUIDs, which are 36 characters for 16 bytes, and every token carries the name. */
function describeClientId(clientId: string): Buffer {
  return CANONICAL_UUID.test(clientId)
    ? Buffer.concat([Buffer.of(UUID), Buffer.from(clientId.replaceAll('-', ''), 'hex')])
    : Buffer.concat([Buffer.of(TEXT), Buffer.from(clientId, 'utf8')]);
}

function readClientId(plain: Buffer): string {
  if (plain[0] === TEXT) return plain.toString('utf8', 1);
  return plain.toString('hex', 1).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const CANONICAL_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
