import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import { aClientGrant, aCredential, anApi, change, NOW, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

const DAY = 86_400;
const MIDNIGHT = NOW - (NOW % DAY);

export function summariesContract(current: () => Opened): void {
  it('tells of many clients at once how each stands, and only of those', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'busy', 'idle', 'unasked');
    const at = (offset: number) => numericDate(NOW + offset);
    await change(store, realm, async (rows) => {
      for (const id of ['b', 'a']) {
        await rows.apis.insert(anApi(realm, id));
        await rows.clientGrants.insert(aClientGrant(realm, 'busy', id));
      }
      for (const [id, expiresAt] of [
        ['past', at(-1)],
        ['soon', at(9)],
        ['late', at(99)],
        ['ever', undefined],
      ] as const)
        await rows.credentials.insert({ ...aCredential(realm, 'busy', id), expiresAt });
    });
    const use = { realm, clientId: 'busy', address: '192.0.2.1' };
    await store.touchCredentials([
      { ...use, credentialId: 'soon', at: at(3) },
      { ...use, credentialId: 'ever', at: at(5) },
    ]);
    const counts = { issued: 3, reused: 1, refused: 9, wasted: 0 };
    await store.addUsage(
      [-7 * DAY, -6 * DAY, -3_600, 0, 3_600].flatMap((offset) =>
        ['busy', 'unasked'].map((clientId) => ({
          realm,
          clientId,
          hour: numericDate(MIDNIGHT + offset),
          ...counts,
        })),
      ),
    );
    const told = await store.clients.summarize(realm, ['busy', 'idle', 'nobody'], NOW);
    const inCommon = { enabled: true, authenticationMethod: 'client_secret_basic', revision: 1 };
    expect(Object.fromEntries(told)).toEqual({
      busy: {
        ...inCommon,
        apiIds: ['a', 'b'],
        lastUsedAt: at(5),
        expiresAt: at(9),
        answeredByDay: [4, 0, 0, 0, 0, 4, 8],
      },
      idle: {
        ...inCommon,
        apiIds: [],
        lastUsedAt: undefined,
        expiresAt: undefined,
        answeredByDay: [0, 0, 0, 0, 0, 0, 0],
      },
    });
  });
}
