import { type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment } from '../../environment.ts';

/** The realms to which a file is being applied, by the store that they are in. */
const busy = new WeakMap<object, Set<string>>();

/**
 * A file is long, and whoever applies it has the writer for as long: so nobody can queue up many for
 * one realm, and of two that were read from the same realm the second would fail in any case.
 */
export async function oneAtATime<T>(
  { store }: Pick<Environment, 'store'>,
  realm: string,
  work: () => Promise<Result<T, AdminRefusal>>,
): Promise<Result<T, AdminRefusal>> {
  const realms = busy.get(store) ?? new Set();
  busy.set(store, realms);
  if (realms.has(realm)) return refuse({ reason: 'realm_file_busy' });
  realms.add(realm);
  try {
    return await work();
  } finally {
    realms.delete(realm);
  }
}
