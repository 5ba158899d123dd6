import type { NumericDate, Seconds } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../environment.ts';
import { compareEndings, type EndingCredential } from '../model/ending.ts';
import type { Database } from './database.ts';
import { pageSize } from './listing.ts';
import type { Row } from './schema.ts';
import { CREDENTIALS } from './tables.ts';

/*
 * Credentials end in one of two ways: at an instant that is kept with them, or, where the realm
 * forces rotation, at an age. Each way has an index, and each credential is found by the one that
 * comes first.
 */
type Way = {
  /** The column with the index. */
  readonly column: 'ends_at' | 'secret_since';
  /** Seconds between what the column holds and the end. */
  readonly later: number;
  /** What the other way does not find. */
  readonly own: RawBuilder<unknown>;
};

const waysOf = (forcedAge: Seconds | undefined): readonly Way[] =>
  forcedAge === undefined
    ? [{ column: 'ends_at', later: 0, own: sql`true` }]
    : [
        {
          column: 'ends_at',
          later: 0,
          own: sql`(secret_since is null or ends_at <= secret_since + ${forcedAge})`,
        },
        {
          column: 'secret_since',
          later: forcedAge,
          own: sql`(ends_at is null or ends_at > secret_since + ${forcedAge})`,
        },
      ];

export const readEndings = (database: Database): Store['endingCredentials'] => ({
  async list(realm, { after, since, until, limit, forcedAge }) {
    const size = pageSize(limit);
    const begin = after === undefined ? since : Math.max(since, after.endsAt);
    const found = await Promise.all(
      waysOf(forcedAge).map(async ({ column, later, own }) => {
        const at = sql.ref(column);
        const where = [
          sql`realm = ${realm}`,
          sql`${at} >= ${begin - later}`,
          sql`${at} < ${until - later}`,
          own,
        ];
        if (after !== undefined)
          where.push(
            sql`(${at}, client_id, id) > (${after.endsAt - later}, ${after.clientId}, ${after.id})`,
          );
        const { rows } = await sql<Row>`
          select found.*, applications.id as application_id, applications.name as application_name
          from (select ${COLUMNS}, ${at} as place from credentials
            where ${sql.join(where, sql` and `)} order by ${at}, client_id, id limit ${size}) as found
          left join applications on applications.realm = found.realm
            and applications.client_id = found.client_id
          order by found.place, found.client_id, found.id`.execute(database.reader);
        return rows.map((row) => readEnding(row, later));
      }),
    );
    return found
      .flat()
      .sort((a, b) => compareEndings(placeOf(a), placeOf(b)))
      .slice(0, size);
  },

  async count(realm, spans, { max, forcedAge }) {
    const ways = waysOf(forcedAge);
    const counts = spans.map(({ since, until }, index) => {
      const each = ways.map(
        ({ column, later, own }) => sql`(select count(*) from (select 1 from credentials
          where realm = ${realm} and ${sql.ref(column)} >= ${since - later}
          and ${sql.ref(column)} < ${until - later} and ${own} limit ${max}) as counted)`,
      );
      return sql`${sql.join(each, sql` + `)} as ${sql.ref(`n${index}`)}`;
    });
    const { rows } = await sql<Row>`select ${sql.join(counts)}`.execute(database.reader);
    return spans.map((_, index) => Math.min(Number(rows[0]?.[`n${index}`] ?? 0), max));
  },
});

const COLUMNS = sql.join(CREDENTIALS.codec.columns.map(({ name }) => sql.ref(name)));

function readEnding(row: Row, later: number): EndingCredential {
  const { application_id: id, application_name: name } = row;
  return {
    credential: CREDENTIALS.codec.fromRow(row),
    endsAt: (Number(row['place']) + later) as NumericDate,
    application: typeof id === 'string' ? { id, name: String(name) } : undefined,
  };
}

const placeOf = ({ endsAt, credential: { clientId, id } }: EndingCredential) => ({
  endsAt,
  clientId,
  id,
});
