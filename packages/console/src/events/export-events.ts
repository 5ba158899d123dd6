import { type Asked, call } from '../api/call.ts';
import type { Event } from './describe-event.ts';

/** Events of one file at most: more come by `tessera audit export`. */
export const EXPORTED_MAX = 10_000;

const PAGE = 200;

/** All that the filters let through, newest first, up to a bound. */
export async function gatherEvents(
  realm: string,
  query: NonNullable<Asked<'listEvents'>['query']>,
  onProgress: (count: number) => void,
): Promise<{ readonly events: readonly Event[]; readonly complete: boolean }> {
  const events: Event[] = [];
  let after: string | undefined;
  do {
    const page = await call('listEvents', {
      params: { realm },
      query: { ...query, limit: PAGE, after },
    });
    events.push(...page.items);
    onProgress(events.length);
    after = page.next ?? undefined;
  } while (after !== undefined && events.length < EXPORTED_MAX);
  return { events: events.slice(0, EXPORTED_MAX), complete: after === undefined };
}

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

/** As RFC 4180 describes it, with a line for the names of the columns. */
export const formatCsv = (events: readonly Event[]): string =>
  [COLUMNS, ...events.map(cellsOf)].map((row) => `${row.map(formatCell).join(',')}\r\n`).join('');

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

/**
 * Names come from callers. A spreadsheet runs what begins like a formula, so such a cell begins with
 * an apostrophe, as OWASP advises against CSV injection.
 */
function formatCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hands a text to the browser as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}
