import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Rows, Table } from '../environment.ts';
import type { Api } from '../model/api.ts';
import type { Application } from '../model/application.ts';
import { type User, userNameKey } from '../model/user.ts';
import { CHANGE_KINDS } from './changes.ts';
import {
  CLIENTS,
  deleteSome,
  EVENTS,
  ISSUED_EVENTS,
  RATES,
  REFUSALS,
  REVOCATIONS,
  REVOKED_HOLDERS,
  USAGE,
  USERS,
} from './delete-some.ts';
import { prepareTable, type Work } from './resource-rows.ts';
import { clientRows, findHolder, revokedTokenRows, takePosition } from './revocation-rows.ts';
import type { Row, Schema } from './schema.ts';
import * as tables from './tables.ts';

/**
 * All that a commit can do. Every write adds to `changes` by itself, so that no use case has to
 * remember the other nodes. The statements are compiled here, once for all commits.
 */
export function prepareRows(db: Kysely<Schema>): (work: Work) => Rows {
  const realms = prepareTable(tables.REALMS, db);
  const providers = prepareTable(tables.PROVIDERS, db);
  const users = prepareTable(tables.USERS, db);
  const applications = prepareTable(tables.APPLICATIONS, db);
  const clients = prepareTable(tables.CLIENTS, db);
  const initialAccessTokens = prepareTable(tables.INITIAL_ACCESS_TOKENS, db);
  const credentials = prepareTable(tables.CREDENTIALS, db);
  const apis = prepareTable(tables.APIS, db);
  const clientGrants = prepareTable(tables.CLIENT_GRANTS, db);
  const trustedAuthorities = prepareTable(tables.TRUSTED_AUTHORITIES, db);
  const trustedIssuers = prepareTable(tables.TRUSTED_ISSUERS, db);
  const signingKeys = prepareTable(tables.SIGNING_KEYS, db);

  return (work) => ({
    realms: realmRows(work, realms(work)),
    providers: providers(work),
    users: userRows(work, users(work)),
    applications: applicationRows(work, applications(work)),
    clients: {
      ...clientRows(work, clients(work)),
      countOfOrigin: (realm, origin, max) =>
        count(work, 'clients', sql`realm = ${realm} and origin = ${origin}`, max),
    },
    initialAccessTokens: {
      ...initialAccessTokens(work),
      async findByDigest(realm, digest) {
        const [found] = await select(
          work,
          tables.INITIAL_ACCESS_TOKENS,
          sql`realm = ${realm} and digest = ${digest}`,
        );
        return found;
      },
      count: (realm, max) => count(work, 'initial_access_tokens', sql`realm = ${realm}`, max),
    },
    credentials: {
      ...credentials(work),
      ofClient: (realm, clientId) =>
        select(
          work,
          tables.CREDENTIALS,
          sql`realm = ${realm} and client_id = ${clientId} order by created_at, id`,
        ),
      ofIssuer: (realm, issuerId, max) =>
        select(
          work,
          tables.CREDENTIALS,
          sql`realm = ${realm} and issuer_id = ${issuerId} order by client_id, id limit ${max}`,
        ),
    },
    apis: apiRows(work, apis(work)),
    clientGrants: {
      ...clientGrants(work),
      ofClient: (realm, clientId) =>
        select(
          work,
          tables.CLIENT_GRANTS,
          sql`realm = ${realm} and client_id = ${clientId} order by api_id`,
        ),
      ofApi: (realm, apiId) =>
        select(
          work,
          tables.CLIENT_GRANTS,
          sql`realm = ${realm} and api_id = ${apiId} order by client_id`,
        ),
    },
    trustedAuthorities: {
      ...trustedAuthorities(work),
      all: (realm) =>
        select(work, tables.TRUSTED_AUTHORITIES, sql`realm = ${realm} order by created_at, id`),
    },
    trustedIssuers: {
      ...trustedIssuers(work),
      all: (realm) => select(work, tables.TRUSTED_ISSUERS, sql`realm = ${realm} order by id`),
    },
    signingKeys: {
      ...signingKeys(work),
      all: (realm) =>
        select(work, tables.SIGNING_KEYS, sql`realm = ${realm} order by created_at, kid`),
    },
    revokedTokens: revokedTokenRows(work),
    revokedHolders: { find: (realm, clientId) => findHolder(work, realm, clientId) },
    sessions: sessionRows(work),
  });
}

function realmRows(work: Work, table: Rows['realms']): Rows['realms'] {
  const { transaction, changes } = work;
  return {
    ...table,
    async update(realm) {
      const outcome = await table.update(realm);
      // All tokens of a realm follow from its own row.
      if (outcome === 'updated') await takePosition(work, realm.name);
      return outcome;
    },
    async insert(realm) {
      // Traffic of a realm of this name that was deleted may have been written after it was.
      await sql`delete from events where realm = ${realm.name} and traffic = 1`.execute(
        transaction,
      );
      await sql`delete from issued_events where realm = ${realm.name}`.execute(transaction);
      await sql`delete from token_usage where realm = ${realm.name}`.execute(transaction);
      await sql`delete from token_refusals where realm = ${realm.name}`.execute(transaction);
      await sql`delete from token_rates where realm = ${realm.name}`.execute(transaction);
      const outcome = await table.insert(realm);
      // Tokens of an earlier realm of this name are void.
      if (outcome === 'inserted') await takePosition(work, realm.name);
      return outcome;
    },
    async delete(name = '') {
      // What there may be very much of goes first, so that no statement takes long.
      for (const from of [
        EVENTS,
        ISSUED_EVENTS,
        USAGE,
        REFUSALS,
        RATES,
        REVOCATIONS,
        REVOKED_HOLDERS,
        CLIENTS,
        USERS,
      ])
        while (await deleteSome(transaction, from, sql`realm = ${name}`));
      const outcome = await table.delete(name);
      if (outcome === 'deleted')
        changes.push(...CHANGE_KINDS.map((kind) => ({ realm: name, kind, id: '' })));
      return outcome;
    },
  };
}

function userRows(work: Work, table: Table<User>): Rows['users'] {
  return {
    ...table,
    async findByUserName(realm, userName) {
      const key = userNameKey(userName);
      const [user] = await select(
        work,
        tables.USERS,
        sql`realm = ${realm} and user_name_key = ${key}`,
      );
      return user;
    },
    async withRole(realm, role) {
      const users = await select(work, tables.USERS, sql`realm = ${realm} and roles <> '[]'`);
      return users.filter(({ roles }) => roles.includes(role));
    },
    async delete(realm = '', id = '') {
      await closeSessions(work, realm, id);
      await disown(work, realm, id);
      return table.delete(realm, id);
    },
  };
}

/** A user who is deleted owns nothing any more. */
async function disown(work: Work, realm: string, userId: string): Promise<void> {
  for (const application of await ownedBy(work, realm, userId)) {
    const owners = JSON.stringify(application.owners.filter((owner) => owner !== userId));
    await sql`update applications set owners = ${owners}, revision = revision + 1
      where realm = ${realm} and id = ${application.id}`.execute(work.transaction);
    work.changes.push({ realm, kind: 'applications', id: application.id });
  }
  await sql`delete from application_owners where realm = ${realm} and user_id = ${userId}`.execute(
    work.transaction,
  );
}

const ownedBy = (work: Work, realm: string, userId: string): Promise<readonly Application[]> =>
  select(
    work,
    tables.APPLICATIONS,
    sql`realm = ${realm} and id in (
      select application_id from application_owners
      where realm = ${realm} and user_id = ${userId}) order by id`,
  );

function applicationRows(work: Work, table: Table<Application>): Rows['applications'] {
  const { transaction } = work;
  const setOwners = async ({ realm, id, owners }: Application): Promise<void> => {
    await sql`delete from application_owners
      where realm = ${realm} and application_id = ${id}`.execute(transaction);
    for (const owner of new Set(owners))
      await sql`insert into application_owners (realm, user_id, application_id)
        values (${realm}, ${owner}, ${id})`.execute(transaction);
  };
  return {
    ...table,
    ofClient: (realm, clientId) =>
      select(work, tables.APPLICATIONS, sql`realm = ${realm} and client_id = ${clientId}`),
    ofOwner: (realm, userId) => ownedBy(work, realm, userId),
    async insert(application) {
      const outcome = await table.insert(application);
      if (outcome === 'inserted') await setOwners(application);
      return outcome;
    },
    async update(application) {
      const outcome = await table.update(application);
      if (outcome === 'updated') await setOwners(application);
      return outcome;
    },
  };
}

function apiRows(work: Work, table: Table<Api>): Rows['apis'] {
  const { transaction, changes } = work;
  return {
    ...table,
    all: (realm) => select(work, tables.APIS, sql`realm = ${realm} order by id`),
    async delete(realm = '', id = '') {
      const { rows } = await sql`select 1 from client_grants
        where realm = ${realm} and api_id = ${id} limit 1`.execute(transaction);
      const outcome = await table.delete(realm, id);
      // Its client grants went with it, and clients are remembered with their grants.
      if (outcome === 'deleted' && rows.length > 0)
        changes.push({ realm, kind: 'clients', id: '' });
      return outcome;
    },
  };
}

function sessionRows(work: Work): Rows['sessions'] {
  const { transaction, changes } = work;
  return {
    async find(realm, id) {
      const [found] = await select(work, tables.SESSIONS, sql`realm = ${realm} and id = ${id}`);
      return found;
    },
    async insert(session) {
      const { codec } = tables.SESSIONS;
      await sql`insert into sessions (${sql.join(codec.columns.map(({ name }) => sql.ref(name)))})
        values (${sql.join(codec.toValues(session))})`.execute(transaction);
      changes.push({ realm: session.realm, kind: 'sessions', id: session.digest });
    },
    async delete(digest) {
      const { rows } = await sql<{ readonly realm: string }>`
        delete from sessions where digest = ${digest} returning realm`.execute(transaction);
      const [deleted] = rows;
      if (deleted === undefined) return 'absent';
      changes.push({ realm: deleted.realm, kind: 'sessions', id: digest });
      return 'deleted';
    },
    deleteOfUser: (realm, userId) => closeSessions(work, realm, userId),
  };
}

async function closeSessions(
  { transaction, changes }: Work,
  realm: string,
  userId: string,
): Promise<number> {
  const { rows } = await sql<{ readonly digest: string }>`
    delete from sessions where realm = ${realm} and user_id = ${userId}
    returning digest`.execute(transaction);
  for (const { digest } of rows) changes.push({ realm, kind: 'sessions', id: digest });
  return rows.length;
}

async function count(
  { transaction }: Work,
  table: keyof Schema,
  condition: RawBuilder<unknown>,
  max: number,
): Promise<number> {
  const { rows } = await sql`
    select 1 from ${sql.table(table)} where ${condition} limit ${max}`.execute(transaction);
  return rows.length;
}

async function select<M>(
  { transaction }: Work,
  { table, codec }: tables.Resource<M>,
  condition: RawBuilder<unknown>,
): Promise<readonly M[]> {
  const columns = sql.join(codec.columns.map(({ name }) => sql.ref(name)));
  const { rows } = await sql<Row>`
    select ${columns} from ${sql.table(table)} where ${condition}`.execute(transaction);
  return rows.map((row) => codec.fromRow(row));
}
