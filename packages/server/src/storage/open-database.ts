import { type Database, UnusableDatabase } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';

export type OpenOptions = {
  /** For what takes its time, as a migration or a backup: no statement is given up. */
  readonly patient?: boolean;
};

/** Opens the database that a URL names: `file:/path/to.db` or `postgres://…`. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(sqlitePath(url));
  if (/^postgres(?:ql)?:/.test(url)) return openPostgres(url, options);
  return Promise.reject(
    new UnusableDatabase('a database URL begins with "file:", "postgres:" or "postgresql:"'),
  );
}
