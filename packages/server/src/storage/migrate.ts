import { type Migration, Migrator, sql } from 'kysely';
import { type Database, type Dialect, UnusableDatabase } from './database.ts';
import { MIGRATIONS } from './migrations/list.ts';
import { openDatabase } from './open-database.ts';

const MIGRATION_TABLE = 'migrations';

export type MigrationStatus = {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version of this program. */
  readonly unknown: readonly string[];
};

/** Which migrations a database has, and which of this program it has not. */
export async function migrationStatus(url: string): Promise<MigrationStatus> {
  return withDatabase(url, readStatus);
}

/**
 * Brings a database to this program's schema and tells which migrations it took. Of several nodes
 * that do so at once, one does the work.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  return withDatabase(url, async (database) => {
    refuseUnknown(await readStatus(database));
    return applyPending(database);
  });
}

/** Makes sure that the schema of an open database is the one that this program knows. */
export async function ensureMigrated(
  database: Database,
  url: string,
  mayMigrate: boolean,
): Promise<void> {
  const status = await readStatus(database);
  refuseUnknown(status);
  const { pending } = status;
  if (pending.length === 0) return;
  if (!mayMigrate)
    throw new UnusableDatabase(
      `the database lacks the migrations ${pending.join(', ')}: run "tessera db migrate"`,
    );
  await migrate(url);
}

async function withDatabase<T>(url: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(url, { patient: true });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** What a newer version relies on, this one might not keep. */
function refuseUnknown({ unknown }: MigrationStatus): void {
  if (unknown.length > 0)
    throw new UnusableDatabase(
      `the database was migrated by a newer version (${unknown.join(', ')}): ` +
        'start that version, or restore a backup from before the upgrade',
    );
}

export async function readStatus(database: Database): Promise<MigrationStatus> {
  const applied = await readApplied(database);
  const known = Object.keys(MIGRATIONS);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

async function applyPending({ dialect, writer }: Database): Promise<readonly string[]> {
  const migrator = new Migrator({
    db: writer,
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
    provider: { getMigrations: async () => migrationsFor(dialect) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}

const migrationsFor = ({ ddl }: Dialect): Record<string, Migration> =>
  Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, statements]) => [
      name,
      {
        async up(db) {
          for (const statement of statements(ddl)) await sql.raw(statement).execute(db);
        },
      },
    ]),
  );

async function readApplied({ reader }: Database): Promise<readonly string[]> {
  const tables = await reader.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(reader);
  return rows.map(({ name }) => name);
}
