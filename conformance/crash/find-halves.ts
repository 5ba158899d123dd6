import { findUntold } from './find-untold.ts';
import {
  groupBy,
  keyOf,
  keysOf,
  type Row,
  readEvent,
  type StoredEvent,
  type StoredRows,
} from './stored-rows.ts';

/*
 * What a database must look like whoever was interrupted at whatever moment: each thing is there
 * with all that belongs to it, its event and its change included, or nothing of it is.
 */

/** Everything that is there by half. Nothing, if all is well. */
export function findHalves(rows: StoredRows): readonly string[] {
  const events = rows.events.map(readEvent);
  return [
    ...rows.damage.map((text) => `the database is damaged: ${text}`),
    ...findRealmHalves(rows, events),
    ...findLifeHalves('user', keysOf(rows.users, 'realm', 'id'), events),
    ...findLifeHalves('api', keysOf(rows.apis.filter(isNoAdminApi), 'realm', 'id'), events),
    ...findLifeHalves('client', keysOf(rows.clients, 'realm', 'client_id'), events),
    ...findCredentialHalves(rows, events),
    ...findGrantHalves(rows, events),
    ...findProviderHalves(rows, events),
    ...findRevocationHalves(rows, events),
    ...findUntold(rows, events),
  ];
}

const isNoAdminApi = (row: Row): boolean => row['id'] !== 'tessera-admin';

/** A realm comes with its provider, a key that signs and the administration API, and leaves nothing. */
function findRealmHalves(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const realms = keysOf(rows.realms, 'name');
  const providers = keysOf(rows.providers, 'realm');
  const signing = keysOf(
    rows.signingKeys.filter(({ state }) => state === 'signing'),
    'realm',
  );
  const adminApis = keysOf(
    rows.apis.filter((row) => !isNoAdminApi(row)),
    'realm',
  );
  const halves: string[] = [];
  for (const name of realms) {
    if (!providers.has(name)) halves.push(`the realm ${name} has no provider`);
    if (!signing.has(name)) halves.push(`the realm ${name} has no key that signs`);
    if (!adminApis.has(name)) halves.push(`the realm ${name} has no administration API`);
  }
  for (const [table, found] of Object.entries(rows)) {
    if (table === 'damage' || table === 'realms' || table === 'changes') continue;
    const left = new Set((found as readonly Row[]).map(({ realm }) => String(realm)));
    for (const realm of left)
      if (!realms.has(realm))
        halves.push(`${table} has rows of a realm ${realm} that is not there`);
  }
  const told = events.filter(({ kind }) => kind === 'realm');
  const existing = new Set([...realms].map((name) => `root ${name}`));
  return [...halves, ...findLifeHalves('realm', existing, told)];
}

/** The event that tells of the beginning of a thing, by the kind of its subject. */
const BEGINNINGS = {
  realm: 'realm.created',
  user: 'user.created',
  api: 'api.created',
  client: 'client.registered',
} as const;

/** Nothing is there without the event of its beginning, or without that of its end no more. */
function findLifeHalves(
  kind: keyof typeof BEGINNINGS,
  existing: ReadonlySet<string>,
  events: readonly StoredEvent[],
): readonly string[] {
  const of = groupBy(
    events.filter((event) => event.kind === kind),
    ({ key }) => key,
  );
  const count = (key: string, type: string): number =>
    (of.get(key) ?? []).filter((event) => event.type === type).length;
  return [...new Set([...existing, ...of.keys()])].flatMap((key) => {
    const begun = count(key, BEGINNINGS[kind]);
    const ended = count(key, `${kind}.deleted`);
    const there = existing.has(key) ? 1 : 0;
    return begun === 1 && ended === 1 - there
      ? []
      : [`${kind} ${key}: ${there} rows, begun in ${begun} events, ended in ${ended}`];
  });
}

/** Each secret is told of, by its id, and a client of these tests always has one. */
function findCredentialHalves(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const held = groupBy(rows.credentials, (row) => keyOf(row, 'realm', 'client_id'));
  const told = groupBy(
    events.filter(({ type }) => type === 'secret.added' || type === 'secret.rotated'),
    ({ key }) => key,
  );
  const halves = [...keysOf(rows.clients, 'realm', 'client_id')].flatMap((key) => {
    const ids = (held.get(key) ?? []).map(({ id }) => String(id)).sort();
    const toldIds = (told.get(key) ?? []).map(({ details }) => String(details['secretId'])).sort();
    if (ids.length === 0) return [`client ${key} has no secret`];
    return ids.join() === toldIds.join()
      ? []
      : [`client ${key} has the secrets ${ids}, its events tell of ${toldIds}`];
  });
  // Of overlapping secrets the newest alone has no end: the earlier ones got it in one transaction.
  const endless = [...held].flatMap(([key, secrets]) => {
    const count = secrets.filter((row) => row['expires_at'] === null).length;
    return count === 1 ? [] : [`client ${key} has ${count} secrets without an end`];
  });
  return [...halves, ...endless];
}

function findGrantHalves(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const told = groupBy(
    events.filter(({ type }) => type === 'client-grant.set'),
    ({ key, details }) => `${key} ${details['apiId']}`,
  );
  return rows.clientGrants.flatMap((row) => {
    const key = keyOf(row, 'realm', 'client_id', 'api_id');
    const sets = told.get(key) ?? [];
    const last = JSON.stringify(target(sets.at(-1)?.details['scopes']));
    const same = last === row['scopes'] && sets.length === row['revision'];
    return same
      ? []
      : [
          `grant ${key}: ${row['scopes']} at ${row['revision']}, ${sets.length} events, last ${last}`,
        ];
  });
}

function findProviderHalves(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const told = groupBy(
    events.filter(({ type }) => type === 'provider.updated'),
    ({ id }) => id,
  );
  return rows.providers.flatMap((row) => {
    const updates = told.get(String(row['realm'])) ?? [];
    const last = target(updates.at(-1)?.details['accessTokenLifetime']) ?? 3_600;
    return last === row['access_token_lifetime'] && updates.length + 1 === row['revision']
      ? []
      : [`the provider of ${row['realm']} and its ${updates.length} events differ`];
  });
}

/** What an event says that a member became. */
const target = (change: unknown): unknown => (change as { readonly to?: unknown } | undefined)?.to;

function findRevocationHalves(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const told = new Set(events.filter(({ type }) => type === 'token.revoked').map(({ key }) => key));
  const kept = keysOf(rows.revokedTokens, 'realm', 'jti');
  return [
    ...[...kept]
      .filter((key) => !told.has(key))
      .map((key) => `${key} is revoked, no event says so`),
    ...[...told].filter((key) => !kept.has(key)).map((key) => `${key} is not revoked as told`),
  ];
}
