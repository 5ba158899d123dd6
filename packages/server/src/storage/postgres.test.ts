import { numericDate } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { storeContract } from '../../test/store/contract.ts';
import { aToken, change, NOW, newRealm } from '../../test/store/fixtures.ts';
import { type Opened, openPlain } from '../../test/store/opened.ts';
import { anIdentifier } from '../../test/store/spending.ts';

describe('the store on PostgreSQL', () => {
  storeContract(async () => openPlain(await freshDatabase()));
});

describe('what makes no change', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openPlain(await freshDatabase());
  });
  afterAll(() => opened.close());

  it('does not wait for a change that is being made', async () => {
    const { store, database } = opened;
    await database.changing(async () => {
      expect(await store.spend([anIdentifier()])).toEqual(['spent']);
      await store.insertToken(aToken('no-such-realm', 'c1', 't1'));
      // There is nothing to remove.
      await store.purge(NOW, NOW, NOW);
    });
  });

  it('is not told to the other nodes', async () => {
    const { store, database } = opened;
    const realm = await newRealm(store, 'c1');
    let hints = 0;
    database.onHint(() => {
      hints += 1;
    });
    // One on connecting.
    await expect.poll(() => hints).toBe(1);
    await store.spend([anIdentifier(numericDate(1))]);
    await store.touchCredentials([
      { realm, clientId: 'c1', credentialId: 'k1', at: NOW, address: '::1' },
    ]);
    await store.purge(NOW, NOW, NOW);
    await change(store, realm, (rows) => rows.clients.delete(realm, 'c1'));
    // Hints come in the order in which they were given.
    await expect.poll(() => hints).toBe(2);
  });
});
