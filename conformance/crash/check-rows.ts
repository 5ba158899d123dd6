import { type Ledger, settle } from './ledger.ts';
import { groupBy, keyOf, keysOf, type StoredRows } from './stored-rows.ts';

/*
 * Whether a server has kept its word: what is in its database, and what it answers, against the
 * ledger. What nobody knew of is known afterwards, and has to stay as it was found.
 */

/** Compares the ledger with the database. Answers with what is wrong. */
export function checkRows(ledger: Ledger, rows: StoredRows): readonly string[] {
  const wrong: string[] = [];
  const clients = keysOf(rows.clients, 'realm', 'client_id');
  const credentials = groupBy(rows.credentials, (row) => keyOf(row, 'realm', 'client_id'));
  const grants = new Map(
    rows.clientGrants.map((row) => [keyOf(row, 'realm', 'client_id'), String(row['scopes'])]),
  );
  for (const client of ledger.clients.values()) {
    const { clientId, there, rotations, granted } = client;
    const key = `alpha ${clientId}`;
    settle(`client ${clientId}`, there, clients.has(key), wrong);
    if (!there.acknowledged) continue;
    client.registered = true;
    const count = credentials.get(key)?.length ?? 0;
    settle(`rotations of ${clientId}`, rotations, count - 1, wrong);
    settle(`the grant of ${clientId}`, granted, grants.get(key) ?? '', wrong);
  }
  const users = new Map(rows.users.map((row) => [keyOf(row, 'realm', 'user_name'), row['id']]));
  for (const [userName, user] of ledger.users) {
    const id = users.get(`alpha ${userName}`);
    settle(`user ${userName}`, user.there, id !== undefined, wrong);
    if (id !== undefined && user.id !== undefined && user.id !== id)
      wrong.push(`user ${userName} has become another`);
    if (id !== undefined) user.id = String(id);
  }
  const apis = keysOf(rows.apis, 'realm', 'id');
  for (const [id, there] of ledger.apis) settle(`API ${id}`, there, apis.has(`alpha ${id}`), wrong);
  const realms = keysOf(rows.realms, 'name');
  for (const [name, there] of ledger.realms)
    settle(`realm ${name}`, there, realms.has(name), wrong);
  const provider = rows.providers.find(({ realm }) => realm === 'alpha');
  settle('the lifetime', ledger.lifetime, Number(provider?.['access_token_lifetime']), wrong);
  return wrong;
}
