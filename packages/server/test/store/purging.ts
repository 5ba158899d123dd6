import { numericDate } from '@tessera/protocol';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import * as fixtures from './fixtures.ts';
import { anEvent, aToken, aTrafficEvent, change, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';
import { anIdentifier } from './spending.ts';

export function purgeContract(current: () => Opened): void {
  const at = (seconds: number) => numericDate(fixtures.NOW + seconds);

  it('removes what has expired two minutes ago, and nothing else', async () => {
    const { store, database } = current();
    const realm = await newRealm(store, 'c1');
    const name = (text: string): string => `${realm} ${text}`;
    await change(store, realm, async (rows) => {
      await rows.users.insert(fixtures.aUser(realm, 'u1'));
      for (const expiresAt of [at(10), at(11)]) {
        const key = name(`${expiresAt}`);
        await rows.revokedTokens.insert({ realm, jti: key, expiresAt });
        await rows.sessions.insert({ ...fixtures.aSession(realm, 'u1', key), expiresAt });
      }
    });
    for (const expiresAt of [at(10), at(11)])
      await store.insertToken({ ...aToken(realm, 'c1', name(`${expiresAt}`)), expiresAt });
    // Events that were written together go together, with the newest of them.
    await store.appendEvents([aTrafficEvent(realm, 'old', { at: at(4) })]);
    await store.appendEvents([aTrafficEvent(realm, 'new', { at: at(5) })]);
    await store.commit(anEvent(realm, { at: at(1) }), async () => ({ ok: true, value: 1 }));

    const spent = [anIdentifier(at(10)), anIdentifier(at(11))];
    await store.spend(spent);

    // A node whose clock is behind still goes by what another takes for expired.
    await store.purge(at(129), at(5), at(5));
    expect(await store.revokedTokens.find(realm, name(`${at(10)}`))).toBeDefined();
    expect(await store.spend(spent)).toEqual(['already_spent', 'already_spent']);
    await store.purge(at(130), at(5), at(5));
    expect(await store.spend(spent)).toEqual(['spent', 'already_spent']);
    const gone = name(`${at(10)}`);
    const kept = name(`${at(11)}`);
    expect(await store.revokedTokens.find(realm, gone)).toBeUndefined();
    expect(await store.revokedTokens.find(realm, kept)).toBeDefined();
    const { rows } = await sql<{ digest: string }>`
      select digest from tokens where realm = ${realm}
      union all select digest from sessions where realm = ${realm}`.execute(database.reader);
    expect(rows.map(({ digest }) => digest)).toEqual([kept, kept]);
    const { items } = await store.events.list(realm, { limit: 10 });
    expect(items.filter(({ type }) => type === 'token.issued').map(({ id }) => id)).toEqual([
      'new',
    ]);
    expect(items.some((event) => event.at === at(1))).toBe(true);
  });

  it('removes more than one transaction takes', async () => {
    const { store, database } = current();
    const realm = await newRealm(store, 'c1');
    await Promise.all(
      Array.from({ length: 11_000 }, (_, index) =>
        store.insertToken({ ...aToken(realm, 'c1', `${realm} ${index}`), expiresAt: at(-120) }),
      ),
    );
    await store.purge(at(0), at(-1_000_000), at(-1_000_000));
    const { rows } = await sql<{ digest: string }>`
      select digest from tokens where realm = ${realm} limit 1`.execute(database.reader);
    expect(rows).toEqual([]);
  });

  it('removes changes of more than an hour ago, but never the newest', async () => {
    const { store, database } = current();
    const realm = await newRealm(store, 'c1');
    const count = async (): Promise<number> => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from changes`.execute(
        database.reader,
      );
      return rows[0]?.n ?? 0;
    };
    await change(store, realm, (rows) => rows.clients.delete(realm, 'c1'));
    const before = await count();
    await store.purge(at(3_600), at(-1_000_000), at(-1_000_000));
    expect(await count()).toBeLessThanOrEqual(before);
    expect(await count()).toBeGreaterThan(1);
    await store.purge(at(3_601), at(-1_000_000), at(-1_000_000));
    expect(await count()).toBe(1);
  });
}
