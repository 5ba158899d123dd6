import { later, type NumericDate, numericDate, REVOKED_FOREVER } from '@tessera/protocol';
import { sql } from 'kysely';
import type { Rows, Table } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../model/provider.ts';
import type { RevokedHolder } from '../model/token.ts';
import { describeHolder, describeRevocation } from './changes.ts';
import type { Work } from './resource-rows.ts';
import type { Row } from './schema.ts';
import { REVOKED_HOLDER } from './tables.ts';

/**
 * Takes the realm to its next position, once in a commit. Positions are instants in milliseconds, or
 * a little more, so that one is greater than all before it even in a database that was put back to an
 * earlier state.
 */
export async function takePosition(work: Work, realm: string): Promise<number> {
  const known = work.positions.get(realm);
  if (known !== undefined) return known.position;
  const instant = work.now * 1_000;
  const { rows } = await sql<{ readonly previous: number; readonly position: number }>`
    insert into revocation_positions (realm, previous, position) values (${realm}, 0, ${instant})
    on conflict (realm) do update
    set previous = revocation_positions.position,
      position = case when revocation_positions.position >= excluded.position
        then revocation_positions.position + 1 else excluded.position end
    returning previous, position`.execute(work.transaction);
  const [taken] = rows;
  if (taken === undefined) throw new Error('an insert returned no row');
  work.positions.set(realm, { realm, ...taken });
  return taken.position;
}

export function revokedTokenRows(work: Work): Rows['revokedTokens'] {
  const { transaction, changes } = work;
  return {
    async insert(token) {
      const { realm, jti, expiresAt, statusList = null, statusIndex = null } = token;
      const position = await takePosition(work, realm);
      // Who was revoked by its jti alone may be revoked again by somebody who has the token.
      await sql`
        insert into revoked_tokens (realm, jti, expires_at, status_list, status_index, position)
        values (${realm}, ${jti}, ${expiresAt}, ${statusList}, ${statusIndex}, ${position})
        on conflict (realm, jti) do update
        set status_list = excluded.status_list, status_index = excluded.status_index,
          position = excluded.position
        where excluded.status_list <> '' and coalesce(revoked_tokens.status_list, '') = ''`.execute(
        transaction,
      );
      changes.push({ realm, kind: 'revoked_tokens', id: describeRevocation(token, position) });
    },
  };
}

/**
 * Clients as they are kept, and with them what voids their tokens as a whole. It follows from the
 * client's own row, here, so that no use case can disable or delete one and forget its tokens.
 */
export function clientRows(
  work: Work,
  table: Table<Client>,
): Pick<Rows['clients'], keyof Table<Client>> {
  return {
    ...table,
    async insert(client) {
      const outcome = await table.insert(client);
      // Of an earlier client of the same id there may be tokens.
      if (outcome === 'inserted') await voidEarlier(work, client, 'if_void_already');
      return outcome;
    },
    async update(client) {
      const outcome = await table.update(client);
      if (outcome === 'updated') {
        const voids = !client.enabled || client.tokensValidFrom > client.createdAt;
        await voidEarlier(work, client, voids ? 'always' : 'if_void_already');
      }
      return outcome;
    },
    async delete(realm = '', clientId = '') {
      const outcome = await table.delete(realm, clientId);
      if (outcome === 'deleted') {
        // Its opaque tokens are found no more.
        work.changes.push({ realm, kind: 'tokens', id: '' });
        await writeHolder(work, { realm, clientId, ...nothingValid(work.now) }, 'always');
      }
      return outcome;
    },
  };
}

/** What holds for the tokens of a client as it is now. */
async function voidEarlier(work: Work, client: Client, when: WhenWritten): Promise<void> {
  const { realm, clientId, enabled, tokensValidFrom } = client;
  const since = { revokedBefore: tokensValidFrom, expiresAt: endOfAll(tokensValidFrom) };
  const holder = { realm, clientId, ...(enabled ? since : nothingValid(work.now)) };
  if (holder.expiresAt > work.now || when === 'if_void_already')
    await writeHolder(work, holder, when);
}

const nothingValid = (now: NumericDate) => ({
  revokedBefore: numericDate(REVOKED_FOREVER),
  expiresAt: endOfAll(now),
});

/** When every token has expired that was issued before an instant. */
const endOfAll = (instant: NumericDate): NumericDate => later(instant, ACCESS_TOKEN_LIFETIME_MAX);

type WhenWritten = 'always' | 'if_void_already';

async function writeHolder(work: Work, holder: RevokedHolder, when: WhenWritten): Promise<void> {
  const { realm, clientId, revokedBefore, expiresAt } = holder;
  if (when === 'if_void_already' && (await findHolder(work, realm, clientId)) === undefined) return;
  const position = await takePosition(work, realm);
  await sql`insert into revoked_holders (realm, client_id, revoked_before, expires_at, position)
    values (${realm}, ${clientId}, ${revokedBefore}, ${expiresAt}, ${position})
    on conflict (realm, client_id) do update
    set revoked_before = excluded.revoked_before, expires_at = excluded.expires_at,
      position = excluded.position`.execute(work.transaction);
  work.changes.push({ realm, kind: 'revoked_holders', id: describeHolder(holder, position) });
}

export async function findHolder(
  { transaction }: Work,
  realm: string,
  clientId: string,
): Promise<RevokedHolder | undefined> {
  const { rows } = await sql<Row>`
    select realm, client_id, revoked_before, expires_at from revoked_holders
    where realm = ${realm} and client_id = ${clientId}`.execute(transaction);
  const [row] = rows;
  return row && REVOKED_HOLDER.fromRow(row);
}
