import { groupBy, keyOf, type StoredEvent, type StoredRows } from './stored-rows.ts';

/*
 * The change log tells the other nodes what to forget. It must tell of every commit, once, and of
 * none that was not made; its numbers only rise, and what they stand for never changes.
 */

/** Commits that events tell of and the change log does not, and the other way round. */
export function findUntold(rows: StoredRows, events: readonly StoredEvent[]): readonly string[] {
  const told = groupBy(rows.changes.filter(isTold), ({ realm, kind, id }) =>
    // A revocation tells its position, expiry and place before its `jti`.
    placeOf(
      realm,
      kind,
      kind === 'revoked_tokens' ? String(id).replace(/^\d+ \d+ \S+ \S+ /, '') : id,
    ),
  );
  const made = groupBy(events.flatMap(placesOf), (place) => place);
  const untold = [...new Set([...told.keys(), ...made.keys()])].flatMap((place) => {
    const count = told.get(place)?.length ?? 0;
    const expected = made.get(place)?.length ?? 0;
    return count === expected ? [] : [`${place}: ${expected} commits, ${count} in the change log`];
  });
  const disorder = rows.changes.flatMap(({ seq, at }, index) => {
    const before = rows.changes[index - 1];
    if (before === undefined) return [];
    const rises = Number(seq) > Number(before['seq']) && Number(at) >= Number(before['at']);
    return rises ? [] : [`change ${seq} at ${at} comes after ${before['seq']} at ${before['at']}`];
  });
  return [...untold, ...disorder];
}

/** Changes and events that were there and are no more, or have become others. */
export function findRewritten(before: StoredRows, after: StoredRows): readonly string[] {
  const changes = new Map(after.changes.map((row) => [row['seq'], JSON.stringify(row)]));
  const rewritten = before.changes
    // The first row, which tells of nothing, is as old as can be and is removed as such.
    .filter(({ kind }) => kind !== 'start')
    .filter((row) => changes.get(row['seq'] ?? null) !== JSON.stringify(row))
    .map((row) => `the change ${JSON.stringify(row)} is no more`);
  const realms = new Set(after.realms.map(({ name }) => name));
  const events = new Set(after.events.map((row) => JSON.stringify(row)));
  const lost = before.events
    // A realm that was deleted meanwhile took its events with it.
    .filter((row) => realms.has(row['realm'] ?? null) && !events.has(JSON.stringify(row)))
    .map((row) => `the event ${JSON.stringify(row)} is no more`);
  return [...rewritten, ...lost];
}

/** What commits of these tests change and tell of. Where all of a realm goes, it is told so. */
const isTold = ({ kind, id }: StoredRows['changes'][number]): boolean =>
  id !== '' &&
  ['realms', 'providers', 'users', 'clients', 'apis', 'revoked_tokens'].includes(String(kind));

type Name = string | number | null | undefined;

const placeOf = (realm: Name, kind: Name, id: Name): string =>
  keyOf({ realm: realm ?? '', kind: kind ?? '', id: id ?? '' }, 'realm', 'kind', 'id');

/** Where the commit of an event is told of. */
function placesOf({ realm, type, id }: StoredEvent): readonly string[] {
  switch (type) {
    case 'realm.created':
      return [
        placeOf(id, 'realms', id),
        placeOf(id, 'providers', id),
        placeOf(id, 'apis', 'tessera-admin'),
      ];
    case 'realm.deleted':
      return [placeOf(id, 'realms', id)];
    case 'provider.updated':
      return [placeOf(realm, 'providers', id)];
    case 'user.created':
    case 'user.deleted':
    case 'password.changed':
      return [placeOf(realm, 'users', id)];
    case 'api.created':
    case 'api.deleted':
      return [placeOf(realm, 'apis', id)];
    // A client's secrets and grants are parts of it.
    case 'client.registered':
    case 'client.deleted':
    case 'secret.rotated':
    case 'client-grant.set':
      return [placeOf(realm, 'clients', id)];
    case 'token.revoked':
      return [placeOf(realm, 'revoked_tokens', id)];
    // The first secret comes in the commit of its client; a session is told of by another name.
    case 'secret.added':
    case 'session.opened':
    case 'session.closed':
      return [];
    default:
      return [`an unexpected event: ${type} of ${realm} ${id}`];
  }
}
