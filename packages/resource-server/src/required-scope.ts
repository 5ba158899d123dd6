import { isScopeToken, readScope } from '@tessera/protocol';
import type { ScopeList } from './requirement.ts';

/** The names of a list that a programmer wrote; one that can never be granted is a TypeError. */
export function readRequiredScope(scope: ScopeList | undefined): readonly string[] {
  if (scope === undefined) return [];
  const names = typeof scope === 'string' ? readScope(scope) : undefined;
  if (names?.ok === true) return names.value;
  if (typeof scope !== 'string' && scope.every(isScopeToken)) return scope;
  throw new TypeError(`${JSON.stringify(scope)} is no list of scopes`);
}
