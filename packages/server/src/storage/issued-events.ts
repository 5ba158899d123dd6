/**
 * Events of tokens that were given out, many to a row. They outnumber all others by far, and a row each would
 * cost more than anything else but the signature of a token. They are read rarely, newest first.
 */
import type { NumericDate } from '@tessera/protocol';
import { type Kysely, sql } from 'kysely';
import type { EventFilter, Page } from '../environment.ts';
import type { Event, TrafficEventType } from '../model/event.ts';
import { storableText } from './bind-value.ts';
import type { IssuedEventsRow, Schema } from './schema.ts';

/** The place of an event among all of its realm: by instant, then by id. */
export type Place = { readonly at: number; readonly id: string };

/** The events of one row are this close together, seconds: so a place bounds where they can be. */
const SPAN_MAX = 60;

/** More clients than this are not listed: nearly every question would find one of them. */
const ACTORS_MAX = 100;

/** Events that one question looks through; it answers with what it found and where to go on. */
export const SCAN_MAX = 20_000;

const ROWS_MAX = 8;

type Packed = readonly [
  id: string,
  at: number,
  actorKind: Event['actor']['kind'],
  actorId: string,
  subjectKind: string,
  subjectId: string,
  details: Event['details'],
  requestId: string,
  /** Left out: `token.issued`, as nearly all are. */
  type?: PackedType,
];

const PACKED_TYPES = ['token.issued', 'token.reused'] as const;
type PackedType = (typeof PACKED_TYPES)[number];

export const isPacked = (type: string): type is PackedType =>
  (PACKED_TYPES as readonly string[]).includes(type);

/** Rows that one statement takes: one for each realm that issued tokens, hardly ever this many. */
const STATEMENT_ROWS_MAX = 50;

/** Writes events in few rows. What was written and not acknowledged may be there twice. */
export async function insertIssuedEvents(
  db: Kysely<Schema>,
  events: readonly Event<TrafficEventType>[],
): Promise<void> {
  const rows = packIssuedEvents(events);
  for (let from = 0; from < rows.length; from += STATEMENT_ROWS_MAX)
    await db
      .insertInto('issued_events')
      .values(rows.slice(from, from + STATEMENT_ROWS_MAX))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Rows of a realm each, in the order of the events. */
function packIssuedEvents(events: readonly Event<TrafficEventType>[]): readonly IssuedEventsRow[] {
  const groups: Event<TrafficEventType>[][] = [];
  const open = new Map<string, Event<TrafficEventType>[]>();
  for (const event of events) {
    const group = open.get(event.realm);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && Math.abs(event.at - first.at) < SPAN_MAX / 2)
      group.push(event);
    else {
      const opened = [event];
      open.set(event.realm, opened);
      groups.push(opened);
    }
  }
  return groups.map(packGroup);
}

function packGroup(events: readonly Event<TrafficEventType>[]): IssuedEventsRow {
  let newest: Place = { at: 0, id: '' };
  let oldest: Place = { at: Number.MAX_SAFE_INTEGER, id: '' };
  const actors = new Set<string>();
  const packed = events.map((event): Packed => {
    if (isOlder(newest, event)) newest = event;
    if (isOlder(event, oldest)) oldest = event;
    actors.add(event.actor.id);
    const { id, at, type, actor, subject, details, requestId } = event;
    const packed = [
      id,
      at,
      actor.kind,
      actor.id,
      subject.kind,
      subject.id,
      details,
      requestId,
    ] as const;
    return type === 'token.reused' ? [...packed, type] : packed;
  });
  return {
    realm: events[0]?.realm ?? '',
    at: newest.at,
    id: newest.id,
    first_at: oldest.at,
    first_id: oldest.id,
    actors: actors.size > ACTORS_MAX ? '' : JSON.stringify([...actors]),
    events: JSON.stringify(packed),
  };
}

export type Looked = {
  /** Newest first. */
  readonly events: readonly Event[];
  /** What is older than this was not looked at; undefined: everything was. */
  readonly until: Place | undefined;
};

type Filter = EventFilter & Pick<Page, 'search'>;

/** The newest events before a place that pass the filter: `size` of them at least, if found. */
export async function findIssuedEvents(
  db: Kysely<Schema>,
  realm: string,
  before: Place,
  filter: Filter,
  size: number,
): Promise<Looked> {
  const found: Event[] = [];
  let scanned = 0;
  let until: Place = { at: before.at + SPAN_MAX, id: '\x7f' };
  for (let limit = 1; ; limit = Math.min(limit * 2, ROWS_MAX)) {
    const rows = await readRows(db, realm, before, until, filter, limit);
    for (const row of rows) {
      const packed = JSON.parse(row.events) as readonly Packed[];
      scanned += packed.length;
      for (const one of packed) {
        const event = unpack(realm, one);
        if (isOlder(event, before) && passes(event, filter)) found.push(event);
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit)
      return { events: found.sort(newestFirst), until: undefined };
    until = { at: last.at, id: last.id };
    const settled = found.filter((event) => !isOlder(event, until));
    if (settled.length >= size || scanned >= SCAN_MAX)
      return { events: settled.sort(newestFirst), until };
  }
}

async function readRows(
  db: Kysely<Schema>,
  realm: string,
  before: Place,
  until: Place,
  { actorId, since }: EventFilter,
  limit: number,
): Promise<readonly Pick<IssuedEventsRow, 'at' | 'id' | 'events'>[]> {
  const mentions =
    actorId === undefined
      ? sql`true`
      : sql`(actors = '' or actors like ${`%${escapePattern(JSON.stringify(actorId))}%`} escape '!')`;
  const { rows } = await sql<Pick<IssuedEventsRow, 'at' | 'id' | 'events'>>`
    select at, id, events from issued_events
    where realm = ${realm} and (at, id) < (${until.at}, ${until.id})
    and (first_at, first_id) < (${before.at}, ${before.id})
    and at >= ${since ?? 0} and ${mentions}
    order by at desc, id desc limit ${limit}`.execute(db);
  return rows;
}

const escapePattern = (text: string): string => text.replaceAll(/[!%_]/g, '!$&');

const unpack = (
  realm: string,
  [
    id,
    at,
    actorKind,
    actorId,
    subjectKind,
    subjectId,
    details,
    requestId,
    type = 'token.issued',
  ]: Packed,
): Event => ({
  id,
  at: at as NumericDate,
  realm,
  type,
  // JSON keeps what columns of text cannot: the same id reads the same wherever it was kept.
  actor: { kind: actorKind, id: storableText(actorId) },
  subject: { kind: subjectKind, id: storableText(subjectId) },
  details,
  requestId,
});

const passes = (
  { at, type, actor, subject }: Event,
  { type: wanted, actorId, subjectKind, subjectId, since, until, search = '' }: Filter,
): boolean =>
  (wanted === undefined || type === wanted) &&
  (actorId === undefined || actor.id === actorId) &&
  (subjectKind === undefined || subject.kind === subjectKind) &&
  (subjectId === undefined || subject.id === subjectId) &&
  (since === undefined || at >= since) &&
  (until === undefined || at < until) &&
  (search === '' || [type, actor.id, subject.id].some((text) => contains(text, search)));

const contains = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());

export const isOlder = (a: Place, b: Place): boolean =>
  a.at < b.at || (a.at === b.at && a.id < b.id);

export const newestFirst = (a: Place, b: Place): number =>
  isOlder(a, b) ? 1 : isOlder(b, a) ? -1 : 0;
