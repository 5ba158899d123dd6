import type { Precondition } from '../../contract/route.ts';
import type { Answer } from '../../contract/routes.ts';

/*
 * A realm as a list of things: what an export writes, what a file is read into, and what two of
 * them are compared by.
 */

export type RealmChange = Answer<'compareRealm'>['changes'][number];
export type ThingKind = RealmChange['kind'];

/** Members that have a value. None of them is null or undefined: left out is left out. */
export type Members = Readonly<Record<string, unknown>>;

export type Thing = {
  readonly kind: ThingKind;
  /** No two things of a kind have the same. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  /** Where it is in the file; null: it is from a realm. */
  readonly pointer: string | null;
  readonly members: Members;
  /** The client that it is part of. */
  readonly clientId?: string;
  /** What is given to a client that is made from a file. */
  readonly secrets?: readonly Members[] | undefined;
  /** Every realm has it: it is not taken away, and told only where it is not as it was made. */
  readonly permanent?: true;
  /** How the store knows it. */
  readonly known?: { readonly id: string; readonly precondition: Precondition };
};

export type ThingsOfRealm = {
  readonly things: readonly Thing[];
  /** The kinds that it speaks of. What it does not speak of is left alone, even by pruning. */
  readonly kinds: ReadonlySet<ThingKind>;
};

/** Without what has no value, and with the members of each object in one order. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}

export const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

/** Without members that have no value of their own. */
export const membersOf = (all: Readonly<Record<string, unknown>>): Members =>
  Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== null),
  );

/** In UTC and whole seconds, as files have it. */
export const formatInstant = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Seconds since 1970 of what the contract has let through. */
export const readInstant = (text: string): number => Math.floor(Date.parse(text) / 1000);
