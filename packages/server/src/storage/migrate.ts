import { Migrator, sql } from 'kysely';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations/list.ts';

const MIGRATION_TABLE = 'migrations';

export type MigrationStatus = {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version of this program. */
  readonly unknown: readonly string[];
};

/** Which migrations the database has, and which of this program it has not. */
export async function readMigrationStatus(database: Database): Promise<MigrationStatus> {
  const applied = await readApplied(database);
  const known = Object.keys(MIGRATIONS);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/** Brings the database to this program's schema. Of several nodes at once, one does the work. */
export async function applyMigrations(database: Database): Promise<readonly string[]> {
  const { dialect, writer } = database;
  const migrator = new Migrator({
    db: writer,
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
    provider: {
      async getMigrations() {
        return Object.fromEntries(
          Object.entries(MIGRATIONS).map(([name, statements]) => [
            name,
            {
              async up(db) {
                for (const statement of statements(dialect.ddl))
                  await sql.raw(statement).execute(db);
              },
            },
          ]),
        );
      },
    },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/**
 * Makes sure that the schema is one that this program knows. A database that a newer version has
 * migrated is refused: what the newer one relies on, this one might not keep.
 */
export async function ensureMigrated(database: Database, migrate: boolean): Promise<void> {
  const { pending, unknown } = await readMigrationStatus(database);
  if (unknown.length > 0)
    throw new SchemaMismatch(
      `the database was migrated by a newer version of Tessera (${unknown.join(', ')}): ` +
        'start that version, or restore a backup made before the upgrade',
    );
  if (pending.length === 0) return;
  if (!migrate)
    throw new SchemaMismatch(
      `the database lacks ${pending.length} migration(s) (${pending.join(', ')}): ` +
        'run "tessera db migrate"',
    );
  await applyMigrations(database);
}

/** The database's schema and this program do not fit together; waiting does not help. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

async function readApplied({ reader }: Database): Promise<readonly string[]> {
  const tables = await reader.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(reader);
  return rows.map(({ name }) => name);
}
