import { type Database, type OpenOptions, UnusableDatabase } from './database.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';

/** Opens the database that a URL names: `file:/path/to.db` or `postgres://…`. */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(sqlitePath(url), options);
  if (/^postgres(?:ql)?:/.test(url)) {
    // The client library takes time and memory that a server on SQLite has better uses for.
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, options);
  }
  throw new UnusableDatabase('a database URL begins with "file:", "postgres:" or "postgresql:"');
}
