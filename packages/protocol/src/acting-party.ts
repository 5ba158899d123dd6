import { isJsonObject } from './json.ts';

/** The `act` of a token: who acts, and within it who acted before. RFC 8693 §4.1 */
export type ActingPartyClaim = { readonly sub: string; readonly act?: ActingPartyClaim };

/** More parties than this one after the other are not a delegation that anybody follows. */
export const ACTORS_MAX = 5;

/** The chain as it is written, from the party that acts now to the one that acted first. */
export function describeActors(actors: readonly string[]): ActingPartyClaim | undefined {
  return actors.reduceRight<ActingPartyClaim | undefined>(
    (act, sub) => (act === undefined ? { sub } : { sub, act }),
    undefined,
  );
}

/** Reads an `act`; undefined for what is none, or longer than any that is made here. */
export function readActors(act: unknown): readonly string[] | undefined {
  const actors: string[] = [];
  for (let party = act; party !== undefined; party = party['act']) {
    if (!isJsonObject(party) || typeof party['sub'] !== 'string') return undefined;
    if (actors.push(party['sub']) > ACTORS_MAX) return undefined;
  }
  return actors;
}
