import type { Answer } from '@tessera/server/contract';

export type Event = Answer<'listEvents'>['items'][number];

/** `client-grant.set` → `Client grant set`. */
export function titleOf(type: string): string {
  const words = type.replaceAll(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is gone or refused is seen before it is read. */
export function colorOf(type: string): string {
  if (/\.(?:deleted|revoked|removed)$/.test(type)) return 'red';
  if (/\.(?:refused|exceeded|wasted)$/.test(type)) return 'orange';
  if (/\.(?:created|added|issued|activated|opened)$/.test(type)) return 'teal';
  return 'indigo';
}

export type Difference = {
  readonly member: string;
  readonly from: unknown;
  readonly to: unknown;
};

/** What a change changed, and what else the event says. */
export function readDetails({ details }: Event): {
  readonly differences: readonly Difference[];
  readonly others: Readonly<Record<string, unknown>>;
} {
  const entries = Object.entries(details);
  const changed = entries.filter(([, value]) => isDifference(value));
  return {
    differences: changed.map(([member, value]) => {
      const { from, to } = value as { readonly from?: unknown; readonly to?: unknown };
      return { member, from, to };
    }),
    others: Object.fromEntries(entries.filter(([, value]) => !isDifference(value))),
  };
}

const isDifference = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  ('from' in value || 'to' in value) &&
  Object.keys(value).every((name) => name === 'from' || name === 'to');

/** A value in a line; what is nested as JSON. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (value === '') return 'empty';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The same for a member of which the name says more: an instant. */
export const formatMember = (member: string, value: unknown): string =>
  /(?:At|ValidFrom)$/.test(member) && typeof value === 'number' && value > 0
    ? EXACT.format(value * 1_000)
    : formatValue(value);

/** `authenticationMethod` → `Authentication method`. */
export const wordsOf = (member: string): string => {
  const words = member.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
