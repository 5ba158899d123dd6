import { type Database, type OpenOptions, UnusableDatabase } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';

/** Opens the database that a URL names: `file:/path/to.db` or `postgres://…`. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(sqlitePath(url), options);
  if (/^postgres(?:ql)?:/.test(url)) return openPostgres(url, options);
  return Promise.reject(
    new UnusableDatabase('a database URL begins with "file:", "postgres:" or "postgresql:"'),
  );
}
