import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { REALM } from './setting.ts';
import { MANY_CLIENT_DIGITS, MANY_CLIENT_PREFIX } from './traffic.ts';

/**
 * Writes copies of one client and its secret straight into the database of a stopped server: a
 * million calls of the administration API would take an hour and measure something else.
 */
export function copyClients(file: string, model: string, count: number): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('begin');
    copyRows(database, 'clients', model, count, {
      name: 'copy_id',
      search_text: 'lower(copy_id)',
    });
    copyRows(database, 'credentials', model, count, {});
    database.exec('commit');
    database.exec('pragma wal_checkpoint(truncate)');
  } finally {
    database.close();
  }
}

/** Every column as the model has it, but for those that say which client it is. */
function copyRows(
  database: DatabaseSyncInstance,
  table: string,
  model: string,
  count: number,
  changed: Readonly<Record<string, string>>,
): void {
  const columns = database
    .prepare(`select name from pragma_table_info('${table}')`)
    .all()
    .map((row) => String((row as { readonly name: unknown }).name));
  const values = columns.map((column) =>
    column === 'client_id' ? 'copy_id' : (changed[column] ?? `model."${column}"`),
  );
  database
    .prepare(
      `with recursive
         numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ?),
         copies(copy_id) as (
           select printf('${MANY_CLIENT_PREFIX}%0${MANY_CLIENT_DIGITS}d', n) from numbers
         )
       insert into ${table} (${columns.map((column) => `"${column}"`).join(', ')})
       select ${values.join(', ')} from copies cross join ${table} as model
       where model.realm = ? and model.client_id = ?`,
    )
    .run(count, REALM, model);
}
