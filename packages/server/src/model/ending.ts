import type { NumericDate, Seconds } from '@tessera/protocol';
import type { Credential } from './credential.ts';
import type { SigningKey } from './signing-key.ts';

/** A credential that counts no more from an instant on, and the application that it is of. */
export type EndingCredential = {
  readonly credential: Credential;
  readonly endsAt: NumericDate;
  readonly application: { readonly id: string; readonly name: string } | undefined;
};

/** The order of all that ends: soonest first. What is of no client comes with an empty one. */
export type EndingPlace = {
  readonly endsAt: NumericDate;
  readonly clientId: string;
  readonly id: string;
};

/** From `since` until before `until`. */
export type EndingSpan = { readonly since: NumericDate; readonly until: NumericDate };

export const compareEndings = (a: EndingPlace, b: EndingPlace): number =>
  a.endsAt - b.endsAt || compareText(a.clientId, b.clientId) || compareText(a.id, b.id);

/** By code point, as the databases compare. */
const compareText = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The present month from `now` on, and those that follow it: months of UTC. */
export function monthsFrom(now: NumericDate, count: number): readonly EndingSpan[] {
  const date = new Date(now * 1_000);
  const begin = (offset: number) =>
    (Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset) / 1_000) as NumericDate;
  return Array.from({ length: count }, (_, index) => ({
    since: index === 0 ? now : begin(index),
    until: begin(index + 1),
  }));
}

/** When another key begins to sign in its place; undefined for a key that does not sign. */
export function rotationOf(
  key: SigningKey,
  keys: readonly SigningKey[],
  rotationPeriod: Seconds,
): NumericDate | undefined {
  if (key.state !== 'signing') return undefined;
  const successors = keys
    .filter(({ state, algorithm }) => state === 'published' && algorithm === key.algorithm)
    .map(({ signsFrom }) => signsFrom);
  return successors.length > 0
    ? (Math.min(...successors) as NumericDate)
    : ((key.signsFrom + rotationPeriod) as NumericDate);
}
