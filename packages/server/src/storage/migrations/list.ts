import { initial } from './0001-initial.ts';
import { allowedAddresses } from './0002-allowed-addresses.ts';
import { lastUsedAddress } from './0003-last-used-address.ts';
import { filteredLists } from './0004-filtered-lists.ts';
import type { Ddl } from './ddl.ts';

/**
 * Every migration there ever was, oldest first. One that has been released is never edited:
 * databases that have run it would not run it again. A migration only adds, or removes what the
 * version before no longer uses, so that both versions can run on one database.
 */
export const MIGRATIONS: Readonly<Record<string, (ddl: Ddl) => readonly string[]>> = {
  '0001-initial': initial,
  '0002-allowed-addresses': allowedAddresses,
  '0003-last-used-address': lastUsedAddress,
  '0004-filtered-lists': filteredLists,
};
