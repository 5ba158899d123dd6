import type { NumericDate } from '@tessera/protocol';
import { LRUCache } from 'lru-cache';
import type { KeptToken, ReusableToken, TokenReuse } from '../environment.ts';

/** Tokens that are kept at once, and characters of all of them. */
const TOKENS_MAX = 10_000;
const TEXT_MAX = 16_000_000;

type Entry = {
  readonly token: ReusableToken;
  readonly until: NumericDate;
  readonly circumstances: readonly object[];
};

/**
 * The store gives the same objects until something of them changes, here or on another node. So a
 * token that was made under the same objects would be made alike again, and one that was made under
 * others is forgotten.
 */
export function tokenReuse(): TokenReuse {
  const kept = new LRUCache<string, Entry>({ max: TOKENS_MAX, maxSize: TEXT_MAX });
  const keyOf = ({ client, alike }: KeptToken): string =>
    `${client.realm}\0${client.clientId}\0${alike}`;
  return {
    find(asked, now) {
      const key = keyOf(asked);
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      if (now < entry.until && isSame(entry.circumstances, asked.circumstances)) return entry.token;
      kept.delete(key);
      return undefined;
    },
    keep(asked, token, until) {
      const key = keyOf(asked);
      const entry = { token, until, circumstances: asked.circumstances };
      kept.set(key, entry, { size: key.length + token.text.length });
    },
  };
}

const isSame = (before: readonly object[], now: readonly object[]): boolean =>
  before.length === now.length && before.every((one, index) => one === now[index]);
