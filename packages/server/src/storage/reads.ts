import { type RawBuilder, sql } from 'kysely';
import type { ClientFilter, Store } from '../environment.ts';
import { WORKLOADS_COMPARED_MAX } from '../model/trusted-issuer.ts';
import { userNameKey } from '../model/user.ts';
import { summarizeClients } from './client-summaries.ts';
import type { Database } from './database.ts';
import { readEndings } from './ending-credentials.ts';
import { listEvents } from './event-rows.ts';
import { readGrants } from './grant-reads.ts';
import { holdRevocations } from './held-revocations.ts';
import { listResource } from './listing.ts';
import { readRates } from './rates.ts';
import { readRefusals } from './refusals.ts';
import { POSITIONED_HOLDER, POSITIONED_TOKEN, REVOCATION_POSITION } from './revocation-tables.ts';
import type { RowCodec } from './row-codec.ts';
import type { SqlValue } from './schema.ts';
import * as tables from './tables.ts';
import { readUnusedClients } from './unused-clients.ts';
import { readUsage } from './usage.ts';

type Reads = Pick<
  Store,
  | 'realms'
  | 'providers'
  | 'users'
  | 'applications'
  | 'clients'
  | 'initialAccessTokens'
  | 'apis'
  | 'clientGrants'
  | 'endingCredentials'
  | 'trustedAuthorities'
  | 'trustedIssuers'
  | 'signingKeys'
  | 'tokens'
  | 'revokedTokens'
  | 'revocations'
  | 'sessions'
  | 'events'
  | 'usage'
  | 'refusals'
  | 'rates'
>;

/** Every read of the store. The statements of the frequent ones are compiled here, once. */
export function prepareReads(database: Database): Reads {
  const { compile, all, first } = querying(database);
  const findRealm = first(tables.REALMS.codec, 'realms', 'name');
  const findProvider = first(tables.PROVIDERS.codec, 'providers', 'realm');
  const findUser = first(tables.USERS.codec, 'users', 'realm', 'id');
  const findUserByKey = first(tables.USERS.codec, 'users', 'realm', 'user_name_key');
  const findApplication = first(tables.APPLICATIONS.codec, 'applications', 'realm', 'id');
  const findInitialAccessToken = first(
    tables.INITIAL_ACCESS_TOKENS.codec,
    'initial_access_tokens',
    'realm',
    'digest',
  );
  const findApi = first(tables.APIS.codec, 'apis', 'realm', 'id');
  const findRevokedToken = first(tables.REVOKED_TOKEN, 'revoked_tokens', 'realm', 'jti');
  const revokedTokensOf = all(POSITIONED_TOKEN, 'revoked_tokens', sql`order by position`);
  const revokedHoldersOf = all(POSITIONED_HOLDER, 'revoked_holders', sql`order by position`);
  const findPosition = first(REVOCATION_POSITION, 'revocation_positions', 'realm');
  const findSession = first(tables.SESSIONS.codec, 'sessions', 'digest');
  const allApis = all(tables.APIS.codec, 'apis', sql`order by id`);
  const allAuthorities = all(
    tables.TRUSTED_AUTHORITIES.codec,
    'trusted_authorities',
    sql`order by created_at, id`,
  );
  const allIssuers = all(tables.TRUSTED_ISSUERS.codec, 'trusted_issuers', sql`order by id`);
  const allSigningKeys = all(
    tables.SIGNING_KEYS.codec,
    'signing_keys',
    sql`order by created_at, kid`,
  );
  return {
    realms: {
      find: (name) => findRealm(name),
      list: (page) => listResource(database, tables.REALMS, page),
    },
    providers: { find: (realm) => findProvider(realm) },
    users: {
      find: (realm, id) => findUser(realm, id),
      findByUserName: (realm, userName) => findUserByKey(realm, userNameKey(userName)),
      list: (realm, { withRole, ...page }) =>
        listResource(
          database,
          tables.USERS,
          page,
          withRole === true ? [sql`roles <> '[]'`] : [],
          realm,
        ),
    },
    applications: {
      find: (realm, id) => findApplication(realm, id),
      list: (realm, { owner, clientId, client, ...page }) =>
        listResource(
          database,
          tables.APPLICATIONS,
          page,
          [
            ...(client === undefined ? [] : conditionsOf(realm, client)),
            ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
            ...(owner === undefined
              ? []
              : [
                  sql`id in (select application_id from application_owners
                    where realm = ${realm} and user_id = ${owner})`,
                ]),
          ],
          realm,
        ),
    },
    clients: {
      find: prepareClientRead(database, compile),
      list: (realm, { grantedAt, ...page }) =>
        listResource(
          database,
          tables.CLIENTS,
          page,
          grantedAt === undefined
            ? []
            : [
                sql`client_id in (select client_id from client_grants
                  where realm = ${realm} and api_id = ${grantedAt})`,
              ],
          realm,
        ),
      workloads: prepareWorkloadsRead(database, compile),
      summarize: summarizeClients(database),
    },
    initialAccessTokens: {
      findByDigest: (realm, digest) => findInitialAccessToken(realm, digest),
      list: (realm, page) => listResource(database, tables.INITIAL_ACCESS_TOKENS, page, [], realm),
    },
    apis: {
      find: (realm, id) => findApi(realm, id),
      all: (realm) => allApis(realm),
      list: (realm, page) => listResource(database, tables.APIS, page, [], realm),
    },
    clientGrants: {
      list: (realm, { clientId, apiId, ...page }) =>
        listResource(
          database,
          tables.CLIENT_GRANTS,
          page,
          [
            ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
            ...(apiId === undefined ? [] : [sql`api_id = ${apiId}`]),
          ],
          realm,
        ),
      ...readGrants(database),
    },
    endingCredentials: readEndings(database),
    trustedAuthorities: { all: (realm) => allAuthorities(realm) },
    trustedIssuers: { all: (realm) => allIssuers(realm) },
    signingKeys: { all: (realm) => allSigningKeys(realm) },
    tokens: { find: prepareTokenRead(database, compile) },
    revokedTokens: { find: (realm, jti) => findRevokedToken(realm, jti) },
    revocations: {
      async ofRealm(realm) {
        const held = holdRevocations();
        // First, so that nothing is missing of what this position stands for.
        const { position = 0 } = (await findPosition(realm)) ?? {};
        held.advance({ previous: 0, position });
        for (const token of await revokedTokensOf(realm)) held.add(token);
        for (const holder of await revokedHoldersOf(realm)) held.add(holder);
        return held.view();
      },
    },
    sessions: {
      find: (digest) => findSession(digest),
      list: (realm, { userId, now, ...page }) =>
        listResource(
          database,
          tables.SESSIONS,
          page,
          [sql`expires_at > ${now}`, ...(userId === undefined ? [] : [sql`user_id = ${userId}`])],
          realm,
        ),
      async touch(digest, at) {
        await sql`update sessions set last_seen_at = ${at}
          where digest = ${digest} and last_seen_at < ${at}`.execute(database.writer);
      },
    },
    events: { list: (realm, page) => listEvents(database, realm, page) },
    usage: { ...readUsage(database), unusedClients: readUnusedClients(database) },
    refusals: readRefusals(database),
    rates: readRates(database),
  };
}

/** Of applications, by how their clients stand. */
function conditionsOf(
  realm: string,
  { now, enabled, unusedSince, expiringBefore }: ClientFilter,
): readonly RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  // Few are disabled, and an index has them: the others are those who are not among them. Without
  // `is true` PostgreSQL looks for each application in the other table, which takes half a second.
  if (enabled !== undefined)
    conditions.push(sql`(client_id in (
      select client_id from clients where realm = ${realm} and enabled = 0)
      ) is ${enabled ? sql`false` : sql`true`}`);
  if (expiringBefore !== undefined)
    conditions.push(sql`(client_id in (
      select client_id from credentials where realm = ${realm}
      and expires_at > ${now} and expires_at < ${expiringBefore})) is true`);
  if (unusedSince !== undefined)
    conditions.push(
      sql`created_at < ${unusedSince}`,
      sql`not exists (select 1 from credentials as used where used.realm = ${realm}
        and used.client_id = applications.client_id and used.last_used_at >= ${unusedSince})`,
    );
  return conditions;
}

type Compile = (query: RawBuilder<unknown>) => string;

function querying(database: Database) {
  const compile: Compile = (query) => query.compile(database.reader).sql;
  return {
    compile,
    /** The row whose columns have the values. */
    first<M>(codec: RowCodec<M>, table: string, ...key: readonly string[]) {
      const text = compile(
        sql`select ${columnsOf(codec)} from ${sql.table(table)} where ${given(key)}`,
      );
      return async (...values: readonly string[]): Promise<M | undefined> => {
        const [row] = await database.read(text, values);
        return row && codec.fromRow(row);
      };
    },
    /** All of a realm's rows. */
    all<M>(codec: RowCodec<M>, table: string, order: RawBuilder<unknown>) {
      const text = compile(
        sql`select ${columnsOf(codec)} from ${sql.table(table)} where ${given(['realm'])} ${order}`,
      );
      return async (realm: string): Promise<readonly M[]> =>
        (await database.read(text, [realm])).map((row) => codec.fromRow(row));
    },
  };
}

/**
 * The client, its credentials and its grants in one statement and one row: this read is paid by a
 * token, and most of what it costs are the values that cross from the database to here.
 */
function prepareClientRead(database: Database, compile: Compile): Store['clients']['find'] {
  const { codec: clients } = tables.CLIENTS;
  const { codec: credentials } = tables.CREDENTIALS;
  const { codec: grants } = tables.CLIENT_GRANTS;
  const list = (codec: Pick<RowCodec<never>, 'columns'>, rest: RawBuilder<unknown>) =>
    database.dialect.listRows(
      codec.columns.map(({ name }) => name),
      sql`select ${columnsOf(codec)} from ${rest}`,
    );
  const ofClient = given(['realm', 'client_id']);
  const text = compile(sql`select
    ${list(clients, sql`clients where ${ofClient}`)} as found,
    ${list(credentials, sql`credentials where ${ofClient} order by created_at, id`)} as held,
    ${list(grants, sql`client_grants where ${ofClient} order by api_id`)} as granted`);
  return async (realm, clientId) => {
    const values = [realm, clientId, realm, clientId, realm, clientId];
    const [row = {}] = await database.read(text, values);
    const [found] = readList(clients, row['found']);
    return (
      found && {
        client: found,
        credentials: readList(credentials, row['held']),
        grants: readList(grants, row['granted']),
      }
    );
  };
}

const readList = <M>(codec: RowCodec<M>, json: SqlValue = '[]'): readonly M[] =>
  (JSON.parse(String(json)) as readonly SqlValue[][]).map((values) => codec.fromValues(values));

function prepareWorkloadsRead(database: Database, compile: Compile): Store['clients']['workloads'] {
  const { codec } = tables.CREDENTIALS;
  const text = compile(
    sql`select ${columnsOf(codec)} from credentials where ${given(['realm', 'issuer_id'])}
      order by client_id, id limit ${sql.lit(WORKLOADS_COMPARED_MAX + 1)}`,
  );
  return async (realm, issuerId) =>
    (await database.read(text, [realm, issuerId])).map((row) => codec.fromRow(row));
}

/** A token whose client is gone, or was registered anew, is as good as gone itself. */
function prepareTokenRead(database: Database, compile: Compile): Store['tokens']['find'] {
  const text = compile(sql`
    select ${sql.join(tables.TOKEN.columns.map(({ name }) => sql.ref(`tokens.${name}`)))}
    from tokens join clients on clients.realm = tokens.realm
      and clients.client_id = tokens.client_id
      and clients.registration = tokens.registration
    where tokens.digest = ${null}`);
  return async (digest) => {
    const [row] = await database.read(text, [digest]);
    return row && tables.TOKEN.fromRow(row);
  };
}

const columnsOf = ({ columns }: Pick<RowCodec<never>, 'columns'>): RawBuilder<unknown> =>
  sql.join(columns.map(({ name }) => sql.ref(name)));

const given = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(
    columns.map((column) => sql`${sql.ref(column)} = ${null}`),
    sql` and `,
  );
