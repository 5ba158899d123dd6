import { later, type NumericDate, numericDate, REVOKED_FOREVER } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Rows, Table } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../model/provider.ts';
import type { RevokedHolder } from '../model/token.ts';
import { describeHolder, describeRevocation } from './changes.ts';
import type { Work } from './resource-rows.ts';
import type { Row } from './schema.ts';
import { REVOKED_HOLDER } from './tables.ts';

export function revokedTokenRows({ transaction, changes }: Work): Rows['revokedTokens'] {
  return {
    async insert(token) {
      const { realm, jti, expiresAt, statusList = null, statusIndex = null } = token;
      // Who was revoked by its jti alone may be revoked again by somebody who has the token.
      await sql`
        insert into revoked_tokens (realm, jti, expires_at, status_list, status_index)
        values (${realm}, ${jti}, ${expiresAt}, ${statusList}, ${statusIndex})
        on conflict (realm, jti) do update
        set status_list = excluded.status_list, status_index = excluded.status_index
        where excluded.status_list <> '' and coalesce(revoked_tokens.status_list, '') = ''`.execute(
        transaction,
      );
      changes.push({ realm, kind: 'revoked_tokens', id: describeRevocation(token) });
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

async function writeHolder(
  { transaction, changes }: Work,
  holder: RevokedHolder,
  when: WhenWritten,
): Promise<void> {
  const { realm, clientId, revokedBefore, expiresAt } = holder;
  const write: RawBuilder<unknown> =
    when === 'always'
      ? sql`insert into revoked_holders (realm, client_id, revoked_before, expires_at)
          values (${realm}, ${clientId}, ${revokedBefore}, ${expiresAt})
          on conflict (realm, client_id) do update
          set revoked_before = excluded.revoked_before, expires_at = excluded.expires_at`
      : sql`update revoked_holders
          set revoked_before = ${revokedBefore}, expires_at = ${expiresAt}
          where realm = ${realm} and client_id = ${clientId}`;
  const { numAffectedRows = 0n } = await write.execute(transaction);
  if (numAffectedRows > 0n)
    changes.push({ realm, kind: 'revoked_holders', id: describeHolder(holder) });
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
