import { formatCsv } from '../parts/csv.ts';
import type { Event } from './describe-event.ts';

/** Events of one file at most: more come by `tessera audit export`. */
export const EXPORTED_MAX = 10_000;

export const formatLines = (events: readonly Event[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

const COLUMNS = [
  'at',
  'type',
  'actor kind',
  'actor',
  'subject kind',
  'subject',
  'request',
  'details',
  'id',
] as const;

export const formatTable = (events: readonly Event[]): string =>
  formatCsv(COLUMNS, events.map(cellsOf));

const cellsOf = ({ id, at, type, actor, subject, details, requestId }: Event) => [
  new Date(at * 1_000).toISOString(),
  type,
  actor.kind,
  actor.id,
  subject.kind,
  subject.id,
  requestId,
  JSON.stringify(details),
  id,
];
