import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { Precondition } from '../contract/route.ts';
import type { Table } from '../environment.ts';
import type { ChangeEventType, NewEvent, Subject } from '../model/event.ts';
import type { Asked } from './use-case.ts';

/** An object as it was and as it is. */
export type Changed<T> = { readonly before: T; readonly after: T };

type Revisioned = { readonly revision: number };

/** A member that may be absent can be taken away with null. Lengths of time come as numbers. */
type Patch<T> = {
  readonly [Key in keyof T]?:
    | (NonNullable<T[Key]> extends number ? number : NonNullable<T[Key]>)
    | (undefined extends T[Key] ? null : never)
    | undefined;
};

/** RFC 7396 §2: what a patch does not name stays as it is, and null takes a member away. */
export function merge<T extends object>(current: T, patch: Patch<T>): T {
  const named = Object.entries<unknown>(patch)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value === null ? undefined : value] as const);
  return { ...current, ...Object.fromEntries(named) };
}

/** RFC 9110 §13.1.1. */
export const isFresh = (precondition: Precondition | undefined, { revision }: Revisioned) =>
  precondition === undefined || precondition === 'any' || precondition.includes(revision);

/** Writes an object if it differs from what was there, so that repeating a change makes none. */
export async function save<T extends Revisioned>(
  table: Pick<Table<T>, 'update'>,
  before: T,
  after: T,
): Promise<Result<Changed<T>, AdminRefusal>> {
  if (JSON.stringify(before) === JSON.stringify(after)) return ok({ before, after: before });
  if ((await table.update(after)) === 'stale') return refuse({ reason: 'revision_stale' });
  return ok({ before, after: { ...after, revision: before.revision + 1 } });
}

/** An event of what an administrator did. */
export const eventOf = (
  { now, realm, administrator, requestId, surface }: Asked,
  type: ChangeEventType,
  subject: Subject,
  details: NewEvent['details'],
): NewEvent => ({
  at: now,
  realm: realm.name,
  type,
  actor: { kind: administrator.kind, id: administrator.id },
  subject,
  details: surface === undefined ? details : { ...details, surface },
  requestId,
});

/** What people see of an object. Views never hold a secret, a hash or a key. */
type View = Readonly<Record<string, unknown>>;

/**
 * What differs, member by member: `from` what `to` what. Without a view before, everything is
 * new; without one after, everything is gone.
 */
export function describeChange(before: View | undefined, after: View | undefined): View {
  const members = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  members.delete('revision');
  const changes: Record<string, unknown> = {};
  for (const member of members) {
    const from = before?.[member];
    const to = after?.[member];
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    changes[member] = {
      ...(before !== undefined && { from }),
      ...(after !== undefined && { to }),
    };
  }
  return changes;
}

/** The event of a change; none when nothing changed. */
export function changeEvents(
  asked: Asked,
  type: ChangeEventType,
  subject: Subject,
  before: View,
  after: View,
): readonly NewEvent[] {
  const changes = describeChange(before, after);
  return Object.keys(changes).length === 0 ? [] : [eventOf(asked, type, subject, changes)];
}
