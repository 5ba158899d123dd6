import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { aClient, aCredential, change, newRealm } from '../../test/store/fixtures.ts';
import { newSqliteUrl, openCached } from '../../test/store/opened.ts';
import { UnusableDatabase } from './database.ts';
import { migrate, migrationStatus } from './migrate.ts';
import { MIGRATIONS } from './migrations/list.ts';
import { openDatabase } from './open-database.ts';

const names = Object.keys(MIGRATIONS);
const files: { remove(): void }[] = [];
afterAll(() => {
  for (const file of files) file.remove();
});
const newFile = async (): Promise<string> => {
  const file = newSqliteUrl();
  files.push(file);
  return file.url;
};

it('migrations are numbered in the order in which they run', () => {
  expect(names).toEqual([...names].sort());
  for (const [index, name] of names.entries())
    expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z-]+$`));
});

describe.each([
  ['SQLite', newFile],
  ['PostgreSQL', freshDatabase],
])('a new database on %s', (_, newUrl) => {
  it('lacks every migration, and has them all once it was migrated', async () => {
    const url = await newUrl();
    expect(await migrationStatus(url)).toEqual({ applied: [], pending: names, unknown: [] });
    expect(await migrate(url)).toEqual(names);
    expect(await migrate(url)).toEqual([]);
    expect(await migrationStatus(url)).toEqual({ applied: names, pending: [], unknown: [] });
  });

  it('is migrated by one of several nodes that start at once', async () => {
    const url = await newUrl();
    const nodes = await Promise.all([openCached(url), openCached(url), openCached(url)]);
    for (const { store } of nodes) await store.check();
    await Promise.all(nodes.map(({ close }) => close()));
    expect((await migrationStatus(url)).pending).toEqual([]);
  });

  it('of the first version keeps its clients, which may go on calling from anywhere', async () => {
    const url = await newUrl();
    const before = await openCached(url);
    const realm = await newRealm(before.store);
    await change(before.store, realm, async (rows) => {
      await rows.clients.insert({ ...aClient(realm, 'c1'), allowedAddresses: ['192.0.2.7'] });
      await rows.credentials.insert(aCredential(realm, 'c1', 'k1'));
    });
    await before.close();
    const database = await openDatabase(url);
    for (const statement of [
      'alter table clients drop column allowed_addresses',
      'alter table credentials drop column last_used_address',
      'drop index clients_disabled',
      'drop index applications_by_filter',
      'create index applications_by_text on applications (realm, id, search_text)',
      "delete from migrations where name > '0001-initial'",
    ])
      await sql.raw(statement).execute(database.writer);
    await database.close();

    expect(await migrate(url)).toEqual(names.slice(1));
    const after = await openCached(url);
    const registered = await after.store.clients.find(realm, 'c1');
    expect(registered?.client.allowedAddresses).toEqual([]);
    expect(registered?.credentials).toMatchObject([{ id: 'k1', lastUsedAddress: undefined }]);
    await after.close();
  });

  it('is refused by a server that may not migrate it', async () => {
    const url = await newUrl();
    await expect(openCached(url, { migrate: false })).rejects.toThrow('run "tessera db migrate"');
    await migrate(url);
    await (await openCached(url, { migrate: false })).close();
  });

  it('is refused once a newer version has migrated it', async () => {
    const url = await newUrl();
    await migrate(url);
    const database = await openDatabase(url);
    await sql`insert into migrations values ('9999-future', '2030-01-01')`.execute(database.writer);
    await database.close();
    await expect(openCached(url)).rejects.toThrow('by a newer version (9999-future)');
    await expect(migrate(url)).rejects.toBeInstanceOf(UnusableDatabase);
    expect(await migrationStatus(url)).toEqual({
      applied: [...names, '9999-future'],
      pending: [],
      unknown: ['9999-future'],
    });
  });
});
