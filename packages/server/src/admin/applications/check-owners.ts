import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Rows } from '../../environment.ts';

/** Owners are users of the same realm: nobody else could sign in there. */
export async function checkOwners(
  rows: Rows,
  realm: string,
  owners: readonly string[],
): Promise<Result<undefined, AdminRefusal>> {
  const pointers: string[] = [];
  for (const [index, owner] of owners.entries())
    if ((await rows.users.find(realm, owner)) === undefined) pointers.push(`/owners/${index}`);
  return pointers.length === 0 ? ok(undefined) : refuse({ reason: 'owner_unknown', pointers });
}
