import type { NumericDate } from '@tessera/protocol';
import { sql } from 'kysely';
import type { EventFilter, Listed, Page } from '../environment.ts';
import type { Event, NewEvent, TrafficEventType } from '../model/event.ts';
import { type BatchValues, insertInto, prepareBatch, type WriteBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import {
  findIssuedEvents,
  isOlder,
  isPacked,
  type Looked,
  newestFirst,
  type Place,
  SCAN_MAX,
} from './issued-events.ts';
import { containsText, pageOf, pageSize } from './listing.ts';
import type { EventRow } from './schema.ts';

/** The columns of an event in their order. */
export const EVENT_COLUMNS: readonly BatchColumn[] = [
  { name: 'realm', type: 'text' },
  { name: 'at', type: 'integer' },
  { name: 'id', type: 'text' },
  { name: 'type', type: 'text' },
  { name: 'actor_kind', type: 'text' },
  { name: 'actor_id', type: 'text' },
  { name: 'subject_kind', type: 'text' },
  { name: 'subject_id', type: 'text' },
  { name: 'details', type: 'text' },
  { name: 'request_id', type: 'text' },
  { name: 'traffic', type: 'integer' },
];

export const trafficValues = (event: Event<TrafficEventType>): BatchValues => eventValues(event, 1);

export const changeValues = (event: NewEvent, id: string): BatchValues =>
  eventValues({ ...event, id }, 0);

export const prepareEvents = (database: Database): WriteBatch =>
  prepareBatch(database, EVENT_COLUMNS, insertInto('events', EVENT_COLUMNS));

const eventValues = (event: Event, traffic: 0 | 1): BatchValues => [
  event.realm,
  event.at,
  event.id,
  event.type,
  event.actor.kind,
  event.actor.id,
  event.subject.kind,
  event.subject.id,
  JSON.stringify(event.details),
  event.requestId,
  traffic,
];

/**
 * A page of a realm's events, newest first. The cursor is the place of the last one, `at.id`.
 *
 * A page may be short although there are more: issued tokens are looked through for a while only,
 * and `next` is then where to go on.
 */
export async function listEvents(
  database: Database,
  realm: string,
  { after, limit, search, ...filter }: Page & EventFilter,
): Promise<Listed<Event>> {
  const size = pageSize(limit);
  const before = after === undefined ? END : readPlace(after);
  const [single, issued] = await Promise.all([
    filter.type !== undefined && isPacked(filter.type)
      ? NONE
      : findSingleEvents(database, realm, before, filter, search, size + 1),
    filter.type !== undefined && !isPacked(filter.type)
      ? NONE
      : findIssuedEvents(database.reader, realm, before, { ...filter, search }, size + 1),
  ]);
  const until = newer(single.until, issued.until);
  const known = [...single.events, ...issued.events]
    .filter((event) => until === undefined || !isOlder(event, until))
    .sort(newestFirst)
    .filter((event, index, all) => event.id !== all[index - 1]?.id);
  const page = pageOf(known, size, (event) => event, formatPlace);
  return page.next === undefined && until !== undefined
    ? { ...page, next: formatPlace(until) }
    : page;
}

const NONE: Looked = { events: [], until: undefined };

const newer = (a: Place | undefined, b: Place | undefined): Place | undefined =>
  a === undefined || (b !== undefined && isOlder(a, b)) ? b : a;

/**
 * The place beyond which a question does not look, for there is no index that answers it: whoever
 * asks for what is not there must not hold up those who write.
 */
async function findBound(
  reader: Database['reader'],
  realm: string,
  before: Place,
): Promise<Place | undefined> {
  const { rows } = await sql<Place>`
    select at, id from events where realm = ${realm} and (at, id) < (${before.at}, ${before.id})
    order by at desc, id desc limit 1 offset ${SCAN_MAX - 1}`.execute(reader);
  return rows[0];
}

async function findSingleEvents(
  { dialect, reader }: Database,
  realm: string,
  before: Place,
  filter: EventFilter,
  search: string | undefined,
  limit: number,
): Promise<Looked> {
  const indexed = filter.actorId ?? filter.subjectId;
  const narrowed = (search ?? '') !== '' || (filter.type ?? filter.subjectKind) !== undefined;
  const bound =
    indexed === undefined && narrowed ? await findBound(reader, realm, before) : undefined;
  const where = [sql`realm = ${realm}`, sql`(at, id) < (${before.at}, ${before.id})`];
  if (filter.since !== undefined) where.push(sql`at >= ${filter.since}`);
  if (filter.until !== undefined) where.push(sql`at < ${filter.until}`);
  if (filter.type !== undefined) where.push(sql`type = ${filter.type}`);
  if (filter.actorId !== undefined) where.push(sql`actor_id = ${filter.actorId}`);
  if (filter.subjectKind !== undefined) where.push(sql`subject_kind = ${filter.subjectKind}`);
  if (filter.subjectId !== undefined) where.push(sql`subject_id = ${filter.subjectId}`);
  if (search !== undefined && search !== '')
    where.push(containsText(dialect, ['type', 'actor_id', 'subject_id'], search));
  if (bound !== undefined) where.push(sql`(at, id) >= (${bound.at}, ${bound.id})`);
  const { rows } = await sql<EventRow>`
    select ${sql.join(EVENT_COLUMNS.map(({ name }) => sql.ref(name)))} from events
    where ${sql.join(where, sql` and `)}
    order by at desc, id desc limit ${limit}`.execute(reader);
  // A full page says itself where it ends.
  return { events: rows.map(readEvent), until: rows.length < limit ? bound : undefined };
}

/** After every event. */
const END: Place = { at: 9_999_999_999, id: '' };

const formatPlace = ({ at, id }: Place): string => `${at}.${id}`;

/** A cursor that no page gave means a place before all events. */
function readPlace(cursor: string): Place {
  const [, at = '0', id = ''] = /^(\d{1,15})\.(.*)$/s.exec(cursor) ?? [];
  return { at: Number(at), id };
}

const readEvent = (row: EventRow): Event => ({
  id: row.id,
  at: row.at as NumericDate,
  realm: row.realm,
  type: row.type as Event['type'],
  actor: { kind: row.actor_kind as Event['actor']['kind'], id: row.actor_id },
  subject: { kind: row.subject_kind, id: row.subject_id },
  details: JSON.parse(row.details) as Event['details'],
  requestId: row.request_id,
});
