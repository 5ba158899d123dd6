import {
  type AssertionAlgorithm,
  findStatus,
  isAssertionAlgorithm,
  isJwtType,
  numericDate,
  ok,
  type Result,
  readCompactJws,
  readStatusListToken,
  refuse,
  STATUS_LIST_TYP,
  STATUS_LIST_TYPE,
  type StatusBits,
  type StatusReference,
} from '@tessera/protocol';
import { exchange, type Transport } from '../exchange.ts';
import type { Platform } from '../platform.ts';
import { originOf } from '../public-url.ts';
import { recentlyUsed } from '../recently-used.ts';
import { findSigner, type KeyOpener, type RemoteKeys } from '../remote-keys.ts';
import { askAgain } from './ask-again.ts';

/** Why the status at an index is not known. */
export type StatusProblem = { readonly reason: 'not_in_list' | 'list_unavailable' };

export type StatusListRules = {
  readonly issuer: string;
  readonly algorithms: readonly AssertionAlgorithm[];
  /** How long a list serves beyond its time while no newer one can be had, seconds. */
  readonly staleFor: number;
  readonly transport: Transport;
  readonly onProblem: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** The lists of one issuer. */
export type StatusLists = {
  /** What serves at the moment; undefined: a list has to be fetched first. */
  peek(
    reference: StatusReference,
    version: number | undefined,
  ): Result<number, StatusProblem> | undefined;
  /**
   * The status of a token, in a list that is as fresh as it says itself, and with a `version` in one
   * that says itself to be of this version or a later one: a node that is behind, or a cache on the
   * way, may answer with the list as it was before.
   */
  find(
    reference: StatusReference,
    version: number | undefined,
  ): Promise<Result<number, StatusProblem>>;
};

type Held = {
  readonly list: Uint8Array;
  readonly bits: StatusBits;
  /** As its issuer has signed it; 0: it does not say. */
  readonly version: number;
  readonly expiresAt: number;
  readonly ttl: number;
  /** Seconds since 1970, when it was asked for. */
  readonly askedAt: number;
};

const LISTS_MAX = 1_000;

/** What is downloaded and what comes out of it: a list of 16 million tokens with one bit each. */
const LIST_TEXT_MAX = 4 * 1024 * 1024;
const LIST_BYTES_MAX = 2 * 1024 * 1024;

/** For a list that says nothing of its time; and at most, whatever it says. Seconds. */
const TTL = 300;
const TTL_MAX = 12 * 3600;

/** After a failure the next fetch waits so long, however many ask. */
const RETRY_SECONDS = 1;

/**
 * Fetches status lists, verifies them, and remembers them. Token Status List §8.3. They are taken
 * from the origin of the issuer alone, whatever a token names: it is signed, but what it can make
 * this API call must not depend on that.
 */
export function statusLists(
  rules: StatusListRules,
  keys: RemoteKeys,
  openKey: KeyOpener,
  platform: Platform,
): StatusLists {
  const { issuer, algorithms, staleFor, transport, onProblem, clock } = rules;
  const lists = recentlyUsed<Held>(LISTS_MAX);
  const fetching = new Map<string, Promise<Held | undefined>>();
  const failedAt = recentlyUsed<number>(LISTS_MAX);
  const origin = originOf(issuer);

  const failed = (uri: string, why: string): undefined => {
    failedAt.hold(uri, clock() / 1000);
    onProblem(`the status list ${uri} ${why}`);
  };

  async function fetchList(uri: string, wanted: number | undefined): Promise<Held | undefined> {
    const least = leastVersion(uri, wanted);
    const held = await askAgain(
      () => fetchOne(uri, wanted),
      (found) => found !== undefined && found.version < least,
    );
    if (held === undefined) return undefined;
    if (held.version < least) return failed(uri, `is behind: ${held.version} instead of ${least}`);
    lists.hold(uri, held);
    return held;
  }

  /**
   * What was seen of a list is not taken back. An issuer that goes on doing so for as long again as a
   * copy serves has been put back to an earlier state, and is believed.
   */
  function leastVersion(uri: string, wanted = 0): number {
    const seen = lists.find(uri);
    if (seen === undefined || clock() / 1000 >= seen.askedAt + 2 * seen.ttl) return wanted;
    return Math.max(wanted, seen.version);
  }

  async function fetchOne(uri: string, wanted: number | undefined): Promise<Held | undefined> {
    const askedAt = clock() / 1000;
    if (originOf(uri) !== origin) return failed(uri, 'is not of the issuer');
    // Caches on the way have to ask, too: they do not know of versions. RFC 9111 §5.2.1.4
    const init = { headers: { accept: STATUS_LIST_TYPE, 'cache-control': 'no-cache' } };
    const answer = await exchange(withVersion(uri, wanted), init, transport, LIST_TEXT_MAX);
    if (answer === undefined) return failed(uri, 'can not be fetched');
    if (answer.status !== 200) return failed(uri, `answered ${answer.status}`);
    const jws = readCompactJws(answer.text.trim(), LIST_TEXT_MAX);
    const algorithm = jws?.header.alg;
    if (jws === undefined || !isJwtType(jws.header['typ'], [STATUS_LIST_TYP]))
      return failed(uri, 'is none');
    if (!isAssertionAlgorithm(algorithm) || !algorithms.includes(algorithm))
      return failed(uri, 'is signed by an algorithm that is not allowed');
    if ((jws.claims['iss'] ?? issuer) !== issuer) return failed(uri, 'is of another issuer');
    const kid = typeof jws.header['kid'] === 'string' ? jws.header['kid'] : undefined;
    const signer = await findSigner({ ...jws, algorithm, kid }, keys, openKey, platform);
    if (!signer.ok) return failed(uri, `is not verified: ${signer.refusal.reason}`);
    const read = readStatusListToken(jws.claims, uri, numericDate(askedAt));
    if (!read.ok) return failed(uri, `is not usable: ${read.refusal.reason}`);
    const { bits, compressed, version = 0 } = read.value;
    const { expiresAt = Number.POSITIVE_INFINITY, ttl = TTL } = read.value;
    const list = await platform.inflate(compressed, LIST_BYTES_MAX);
    if (list === undefined) return failed(uri, 'can not be decompressed, or not within its limit');
    return { list, bits, version, expiresAt, ttl: Math.min(ttl, TTL_MAX), askedAt };
  }

  function fetchOnce(uri: string, version: number | undefined): Promise<Held | undefined> {
    const name = `${version ?? ''} ${uri}`;
    const known = fetching.get(name);
    if (known !== undefined) return known;
    const started = fetchList(uri, version).finally(() => fetching.delete(name));
    fetching.set(name, started);
    return started;
  }

  /** The copy that serves without asking anybody. */
  function findHeld(uri: string, version: number | undefined): Held | undefined {
    const held = lists.find(uri);
    const now = clock() / 1000;
    if (held === undefined || held.expiresAt <= now) return undefined;
    if (now >= held.askedAt + held.ttl) return undefined;
    return version === undefined || held.version >= version ? held : undefined;
  }

  /** The copy that serves because there is no other, by the operator's leave. */
  function findStale(uri: string): Held | undefined {
    const held = lists.find(uri);
    const now = clock() / 1000;
    if (staleFor === 0 || held === undefined || held.expiresAt <= now) return undefined;
    return now < held.askedAt + held.ttl + staleFor ? held : undefined;
  }

  const mayRetry = (uri: string): boolean =>
    clock() / 1000 - (failedAt.find(uri) ?? Number.NEGATIVE_INFINITY) >= RETRY_SECONDS;

  return {
    peek({ uri, index }, version) {
      const held = findHeld(uri, version);
      return held === undefined ? undefined : statusIn(held, index);
    },
    async find({ uri, index }, version) {
      const held =
        findHeld(uri, version) ??
        (mayRetry(uri) ? await fetchOnce(uri, version) : undefined) ??
        findStale(uri);
      return held === undefined ? refuse({ reason: 'list_unavailable' }) : statusIn(held, index);
    },
  };
}

function statusIn({ list, bits }: Held, index: number): Result<number, StatusProblem> {
  const status = findStatus(list, bits, index);
  return status === undefined ? refuse({ reason: 'not_in_list' }) : ok(status);
}

/** Caches on the way keep a list under its address: of another version they have none. */
const withVersion = (uri: string, version: number | undefined): string =>
  version === undefined ? uri : `${uri}${uri.includes('?') ? '&' : '?'}version=${version}`;
