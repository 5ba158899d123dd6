import { sql } from 'kysely';
import type { Store } from '../environment.ts';
import type { Database } from './database.ts';
import type { Row } from './schema.ts';
import { CLIENT_GRANTS } from './tables.ts';

/** What people ask of client grants besides lists of them. Each is bounded by what it is given. */
export const readGrants = ({
  reader,
}: Pick<Database, 'reader'>): Pick<Store['clientGrants'], 'among' | 'count'> => ({
  async among(realm, apiId, clientIds) {
    if (clientIds.length === 0) return [];
    const { codec } = CLIENT_GRANTS;
    const { rows } = await sql<Row>`
      select ${sql.join(codec.columns.map(({ name }) => sql.ref(name)))} from client_grants
      where realm = ${realm} and api_id = ${apiId}
        and client_id in (${sql.join([...clientIds])})`.execute(reader);
    return rows.map((row) => codec.fromRow(row));
  },
  async count(realm, apiIds, max) {
    if (apiIds.length === 0) return new Map();
    const { rows } = await sql<{ readonly id: string; readonly held: number | string }>`
      select id, (select count(*) from (select 1 as one from client_grants
        where client_grants.realm = apis.realm and client_grants.api_id = apis.id
        limit ${max}) as counted) as held
      from apis where realm = ${realm} and id in (${sql.join([...apiIds])})`.execute(reader);
    return new Map(rows.map(({ id, held }) => [id, Number(held)]));
  },
});
