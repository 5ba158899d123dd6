import type { Asked } from '../api/call.ts';

/** What the list is narrowed to, all of it in the address. */
export type ApplicationSearch = {
  readonly search?: string;
  readonly status?: 'enabled' | 'disabled';
  /** Days for which no credential was used. */
  readonly unused?: number;
  /** Days within which a credential expires. */
  readonly expiring?: number;
  /** Whether the dialog to make one is open. */
  readonly new?: true;
};

const DAYS_MAX = 3_650;
const DAY = 86_400;

/** From an address, which anybody may have written. */
export function readApplicationSearch(given: Readonly<Record<string, unknown>>): ApplicationSearch {
  const { search, status, unused, expiring } = given;
  // What is typed may look like a number in the address.
  const text = typeof search === 'number' ? String(search) : search;
  return {
    ...(typeof text === 'string' && text !== '' && { search: text }),
    ...((status === 'enabled' || status === 'disabled') && { status }),
    ...(isDays(unused) && { unused }),
    ...(isDays(expiring) && { expiring }),
    ...(given['new'] === true && { new: true as const }),
  };
}

const isDays = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= DAYS_MAX;

/** The same as the server is asked: by the day, so that one question stays the same for a while. */
export function describeApplicationQuery(
  { search, status, unused, expiring }: ApplicationSearch,
  now: number,
): NonNullable<Asked<'listApplicationSummaries'>['query']> {
  const today = now - (now % DAY);
  return {
    search,
    ...(status !== undefined && { enabled: status === 'enabled' ? 'true' : 'false' }),
    ...(unused !== undefined && { unusedSince: today - unused * DAY }),
    ...(expiring !== undefined && { expiringBefore: today + (expiring + 1) * DAY }),
  };
}

/** Whether anything but the whole list is asked for. */
export const isNarrowed = ({ new: _dialog, ...filters }: ApplicationSearch): boolean =>
  Object.keys(filters).length > 0;
