import { Readable, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { numericDate } from '@tessera/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import * as fixtures from '../../test/store/fixtures.ts';
import { change, NOW } from '../../test/store/fixtures.ts';
import { newSqliteUrl, openCached } from '../../test/store/opened.ts';
import { BACKED_UP } from './backup-format.ts';
import { migrate, migrationStatus } from './migrate.ts';
import { MIGRATIONS } from './migrations/list.ts';
import { openDatabase } from './open-database.ts';
import { moveDatabase, readBackup } from './read-backup.ts';
import { writeBackup } from './write-backup.ts';

const LATEST = Object.keys(MIGRATIONS).at(-1) ?? '';

const files: { remove(): void }[] = [];
const newFile = (): string => {
  const file = newSqliteUrl();
  files.push(file);
  return file.url;
};
afterAll(() => {
  for (const file of files) file.remove();
});

async function backUp(url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  await writeBackup(url, stream, { now: NOW });
  return Buffer.concat(chunks);
}

const linesOf = (backup: Buffer): string[] => gunzipSync(backup).toString().trimEnd().split('\n');
const packed = (lines: readonly string[]): Buffer => gzipSync(`${lines.join('\n')}\n`);
const restore = (url: string, backup: Buffer): Promise<void> =>
  readBackup(url, Readable.from([backup]));

/** A database with something in every table. */
async function fill(url: string): Promise<void> {
  const { store, close } = await openCached(url);
  for (const realm of ['alpha', 'bravo']) {
    await change(store, realm, async (rows) => {
      await rows.realms.insert(fixtures.aRealm(realm));
      await rows.providers.insert(fixtures.aProvider(realm));
      await rows.users.insert({ ...fixtures.aUser(realm, 'u1'), givenName: 'O\'Neil 👩‍👩‍👧 \\ "' });
      await rows.apis.insert(fixtures.anApi(realm, 'a1'));
      for (let index = 0; index < 1_200; index++)
        await rows.clients.insert(fixtures.aClient(realm, `c${index}`));
      await rows.clients.insert(fixtures.aClient(realm, 'gone'));
      await rows.clients.delete(realm, 'gone');
      await rows.credentials.insert(fixtures.aCredential(realm, 'c1', 'k1'));
      await rows.initialAccessTokens.insert(fixtures.anInitialAccessToken(realm, 'iat1'));
      await rows.trustedAuthorities.insert(fixtures.aTrustedAuthority(realm, 'ca1'));
      await rows.trustedIssuers.insert(fixtures.aTrustedIssuer(realm, 'i1'));
      await rows.clientGrants.insert(fixtures.aClientGrant(realm, 'c1', 'a1'));
      await rows.applications.insert({ ...fixtures.anApplication(realm, 'app'), owners: ['u1'] });
      await rows.signingKeys.insert(fixtures.aSigningKey(realm, 'kid1'));
      await rows.revokedTokens.insert({ realm, jti: 'j1', expiresAt: numericDate(NOW + 60) });
      await rows.sessions.insert(fixtures.aSession(realm, 'u1', `${realm} s1`));
    });
    await store.spend([{ digest: `${realm} d1`, expiresAt: numericDate(NOW + 60) }]);
    await store.insertToken(fixtures.aToken(realm, 'c1', `${realm} t1`));
    await store.addUsage([
      { realm, clientId: 'c1', hour: NOW, issued: 1, reused: 0, refused: 0, wasted: 0 },
    ]);
    const refused = { reason: 'secret_wrong', refused: 1, lastAt: NOW, details: {} } as const;
    await store.addRefusals([{ realm, clientId: 'c1', hour: NOW, ...refused }]);
    await store.addRates([{ realm, minute: NOW, latency: 3, issued: 1, refused: 1 }]);
    await store.appendEvents([
      fixtures.aTrafficEvent(realm, 'e1'),
      fixtures.aTrafficEvent(realm, 'e2', { type: 'token.refused' }),
    ]);
  }
  await close();
}

const source = newFile();
let backup: Buffer;
beforeAll(async () => {
  await fill(source);
  backup = await backUp(source);
});

it('a backup has every column of every table but the log of changes and the nodes', async () => {
  const database = await openDatabase(source);
  const tables = await database.reader.introspection.getTables();
  await database.close();
  const columns = new Map(
    tables.map((table) => [table.name, table.columns.map(({ name }) => name)]),
  );
  columns.delete('changes');
  columns.delete('nodes');
  columns.delete('migrations');
  columns.delete('migrations_lock');
  expect(new Set(BACKED_UP.map(({ table }) => table))).toEqual(new Set(columns.keys()));
  for (const { table, columns: backedUp } of BACKED_UP)
    expect(backedUp.map(({ name }) => name).sort(), table).toEqual(columns.get(table)?.sort());
});

it('a backup says what it is, and has rows of every table', () => {
  const [header, ...lines] = linesOf(backup);
  expect(JSON.parse(header ?? '')).toEqual({
    format: 'tessera-backup',
    version: 1,
    migration: LATEST,
    createdAt: NOW,
  });
  const { rows } = JSON.parse(lines.at(-1) ?? '');
  expect(rows).toMatchObject({ realms: 2, clients: 2_400, credentials: 2, tokens: 2 });
  for (const { table } of BACKED_UP) expect(rows[table], table).toBeGreaterThan(0);
});

it('from SQLite to PostgreSQL to SQLite, everything is as it was', async () => {
  const postgres = await freshDatabase();
  const file = newFile();
  await restore(postgres, backup);
  await moveDatabase(postgres, file, { now: NOW });
  expect(linesOf(await backUp(postgres))).toEqual(linesOf(backup));
  expect(linesOf(await backUp(file))).toEqual(linesOf(backup));
  const { store, close } = await openCached(file);
  expect(await store.tokens.find('alpha t1')).toEqual(fixtures.aToken('alpha', 'c1', 'alpha t1'));
  expect(await store.users.findByUserName('bravo', 'NAME.OF.U1')).toBeDefined();
  expect((await store.applications.list('alpha', { limit: 1, owner: 'u1' })).items).toHaveLength(1);
  expect((await store.clients.list('alpha', { limit: 5, search: 'CLIENT C11' })).items[0]).toEqual(
    fixtures.aClient('alpha', 'c11'),
  );
  expect(await store.spend([{ digest: 'alpha d1', expiresAt: numericDate(NOW + 60) }])).toEqual([
    'already_spent',
  ]);
  await close();
});

it('a backup is of one instant, whatever is written meanwhile', async () => {
  const url = newFile();
  const { store, close } = await openCached(url);
  await change(store, 'alpha', (rows) => rows.realms.insert(fixtures.aRealm('alpha')));
  let writing = true;
  const writer = (async () => {
    // A client and its application, always together.
    for (let index = 0; writing; index++)
      await change(store, 'alpha', async (rows) => {
        await rows.clients.insert(fixtures.aClient('alpha', `c${index}`));
        await rows.applications.insert(fixtures.anApplication('alpha', `app${index}`));
      });
  })();
  for (let times = 0; times < 5; times++) {
    const { rows } = JSON.parse(linesOf(await backUp(url)).at(-1) ?? '');
    expect(rows.applications).toBe(rows.clients);
  }
  writing = false;
  await writer;
  await close();
});

it('a database that is not empty, or of another version, takes no backup', async () => {
  await expect(restore(source, backup)).rejects.toThrow('not empty');
  const newer = newFile();
  await migrate(newer);
  const database = await openDatabase(newer);
  await database.writer
    .insertInto('migrations' as 'events')
    .values({ name: '9999-future', timestamp: '2030-01-01T00:00:00.000Z' } as never)
    .execute();
  await database.close();
  await expect(restore(newer, backup)).rejects.toThrow('not that of this version');
  await expect(backUp(newer)).rejects.toThrow('not that of this version');
  expect((await migrationStatus(newer)).unknown).toEqual(['9999-future']);
});

it('what is not a whole backup leaves nothing behind', async () => {
  const url = newFile();
  const lines = linesOf(backup);
  const swapped = lines.with(2, (lines[2] ?? '').replace('Realm alpha', 'Realm ALPHA'));
  const broken: readonly (readonly [string, Buffer])[] = [
    ['not a backup', Buffer.from('not gzip at all')],
    ['breaks off', Buffer.alloc(0)],
    ['breaks off', backup.subarray(0, backup.length / 2)],
    ['not a backup', packed(['{}'])],
    ['not a backup', packed(['not JSON'])],
    ['breaks off', packed(lines.slice(0, 1))],
    ['breaks off', packed(lines.slice(0, -1))],
    ['breaks off', gzipSync(lines.join('\n'))],
    ['was altered', packed(swapped)],
    ['was altered', packed(lines.toSpliced(-2, 1))],
    ['goes on after its end', packed([...lines, '[]'])],
    ['newer version', packed([lines[0]?.replace(LATEST, '0999-later') ?? ''])],
    ['newer version', packed([lines[0]?.replace('"version":1', '"version":2') ?? ''])],
    ['does not know', packed([lines[0] ?? '', '{"table":"changes","columns":["seq"]}'])],
    ['does not know', packed([lines[0] ?? '', '{"table":"realms","columns":["seq"]}'])],
    ['without a table', packed([lines[0] ?? '', '["alpha"]'])],
    ['broken row', packed([...lines.slice(0, 2), '["alpha"]'])],
  ];
  for (const [why, bytes] of broken) await expect(restore(url, bytes)).rejects.toThrow(why);
  await restore(url, backup);
  expect(linesOf(await backUp(url))).toEqual(lines);
});

it('a move that fails tells why, and leaves nothing behind', async () => {
  const nowhere = `${newFile()}-that-is-not-there`;
  const target = newFile();
  await expect(moveDatabase(nowhere, target, { now: NOW })).rejects.toThrow('unable to open');
  await expect(moveDatabase(target, source, { now: NOW })).rejects.toThrow();
  await moveDatabase(source, target, { now: NOW });
});
