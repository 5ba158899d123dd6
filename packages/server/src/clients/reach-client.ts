import {
  isAllowedAddress,
  type Network,
  type Refusal,
  readAllowedAddress,
} from '@tessera/protocol';
import type { RegisteredClient } from '../model/client.ts';

/** A client as a caller from one address finds it. */
export type ReachedClient = RegisteredClient & {
  /** Why nobody from there is believed; undefined: who proves to be the client is. */
  readonly barred?: Refusal;
};

/**
 * A client that does not allow the caller's address has nothing there to prove itself with. So a right
 * credential is never compared, costs what a wrong one costs and is answered alike: whoever has
 * stolen one does not learn from elsewhere that it is right.
 */
export function reachClient(
  registered: RegisteredClient | undefined,
  address: string,
): ReachedClient | undefined {
  if (registered === undefined || registered.client.allowedAddresses.length === 0)
    return registered;
  const { clientId, allowedAddresses } = registered.client;
  if (isAllowedAddress(address, networksOf(allowedAddresses))) return registered;
  const barred = { reason: 'address_not_allowed', clientId, address } as const;
  return { ...registered, credentials: [], barred };
}

const read = new WeakMap<readonly string[], readonly Network[]>();

/** Once for as long as the store remembers the client. */
function networksOf(texts: readonly string[]): readonly Network[] {
  const known = read.get(texts);
  if (known !== undefined) return known;
  const networks = texts.flatMap((text) => readAllowedAddress(text) ?? []);
  read.set(texts, networks);
  return networks;
}
