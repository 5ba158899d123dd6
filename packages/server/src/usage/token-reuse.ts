import type { NumericDate } from '@tessera/protocol';
import type { KeptToken, ReusableToken, TokenReuse } from '../environment.ts';

/** Characters of all tokens that are kept at once, and what a token counts for at least: 10,000 fit. */
const ALL_MAX = 16_000_000;
const TOKEN_MIN = 1_600;

/** Of one client: a hundred kinds of token are more than a client has. */
const CLIENT_MAX = 100 * TOKEN_MIN;

type Entry = {
  readonly key: string;
  readonly clientId: string;
  readonly size: number;
  readonly token: ReusableToken;
  readonly until: NumericDate;
  readonly circumstances: readonly object[];
};

/** Tokens by what they were kept under, those not kept anew for the longest first. */
type Shelf = { readonly entries: Map<string, Entry>; size: number };

type RealmShelf = Shelf & { readonly clients: Map<string, Shelf> };

const emptyShelf = (): Shelf => ({ entries: new Map(), size: 0 });

function put(shelf: Shelf, entry: Entry): void {
  shelf.entries.set(entry.key, entry);
  shelf.size += entry.size;
}

function drop(shelf: Shelf, { key, size }: Entry): void {
  shelf.entries.delete(key);
  shelf.size -= size;
}

const oldestOf = ({ entries }: Shelf): Entry | undefined => entries.values().next().value;

/**
 * The store gives the same objects until something of them changes, here or on another node. So a
 * token that was made under the same objects would be made alike again, and one that was made under
 * others is forgotten.
 *
 * A client that wants more than its share loses tokens of its own, and when there is no room for
 * all, the realm that has the most of it loses one: nobody pushes out those of others.
 */
export function tokenReuse(): TokenReuse {
  const realms = new Map<string, RealmShelf>();
  let kept = 0;

  const keyOf = ({ client, alike }: KeptToken): string => `${client.clientId}\0${alike}`;

  function forget(realm: string, entry: Entry): void {
    const shelf = realms.get(realm);
    const own = shelf?.clients.get(entry.clientId);
    if (shelf === undefined || own === undefined) return;
    drop(own, entry);
    drop(shelf, entry);
    kept -= entry.size;
    if (own.size === 0) shelf.clients.delete(entry.clientId);
    if (shelf.size === 0) realms.delete(realm);
  }

  /** A realm is made by an administrator: there are not many to look through. */
  function findLargest(): string | undefined {
    let largest: string | undefined;
    let size = 0;
    for (const [name, shelf] of realms) if (shelf.size > size) [largest, size] = [name, shelf.size];
    return largest;
  }

  function makeRoom(): void {
    const name = findLargest();
    const shelf = name === undefined ? undefined : realms.get(name);
    const oldest = shelf && oldestOf(shelf);
    if (name !== undefined && oldest !== undefined) forget(name, oldest);
  }

  return {
    find(asked, now) {
      const { realm } = asked.client;
      const entry = realms.get(realm)?.entries.get(keyOf(asked));
      if (entry === undefined) return undefined;
      if (now < entry.until && isSame(entry.circumstances, asked.circumstances)) return entry.token;
      forget(realm, entry);
      return undefined;
    },
    keep(asked, token, until) {
      const { realm, clientId } = asked.client;
      const key = keyOf(asked);
      const size = Math.max(TOKEN_MIN, key.length + token.text.length);
      if (size > CLIENT_MAX) return;
      const earlier = realms.get(realm)?.entries.get(key);
      if (earlier !== undefined) forget(realm, earlier);
      for (;;) {
        const own = realms.get(realm)?.clients.get(clientId);
        const oldest = own && oldestOf(own);
        if (own === undefined || oldest === undefined || own.size + size <= CLIENT_MAX) break;
        forget(realm, oldest);
      }
      const entry = { key, clientId, size, token, until, circumstances: asked.circumstances };
      const shelf = realms.get(realm) ?? { ...emptyShelf(), clients: new Map<string, Shelf>() };
      realms.set(realm, shelf);
      const own = shelf.clients.get(clientId) ?? emptyShelf();
      shelf.clients.set(clientId, own);
      put(own, entry);
      put(shelf, entry);
      kept += size;
      while (kept > ALL_MAX) makeRoom();
    },
  };
}

const isSame = (before: readonly object[], now: readonly object[]): boolean =>
  before.length === now.length && before.every((one, index) => one === now[index]);
