/** Ids of what people call by its name. */
import { callApi } from './call-api.ts';
import { CommandFailure } from './command-failure.ts';
import type { Connection } from './connection.ts';
import type { Terminal } from './terminal.ts';

type Place = {
  readonly terminal: Terminal;
  readonly connection: Connection;
  readonly params: Readonly<Record<string, string>>;
};

/** Far more than one name can have in common; whoever has more gives the id. */
const CANDIDATES = '200';

const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export async function findUserId(place: Place, nameOrId: string): Promise<string> {
  if (isUuid(nameOrId)) return nameOrId;
  const { items } = await search(place, 'listUsers', nameOrId);
  return only(
    items.filter(({ userName }) => userName === nameOrId).map(({ id }) => id),
    `user ${JSON.stringify(nameOrId)}`,
    'tessera user list',
  );
}

export async function findApplicationId(place: Place, nameOrId: string): Promise<string> {
  if (isUuid(nameOrId)) return nameOrId;
  const { items } = await search(place, 'listApplications', nameOrId);
  return only(
    items.filter(({ name }) => name === nameOrId).map(({ id }) => id),
    `application ${JSON.stringify(nameOrId)}`,
    'tessera app list',
  );
}

/** By its id or its identifier: an id never has a colon, an identifier always has one. */
export async function findApiId(place: Place, idOrIdentifier: string): Promise<string> {
  if (!idOrIdentifier.includes(':')) return idOrIdentifier;
  let after: string | undefined;
  do {
    const { value } = await callApi(place.terminal, place.connection, 'listApis', {
      params: place.params,
      query: { limit: CANDIDATES, after },
    });
    const found = value.items.find(({ identifier }) => identifier === idOrIdentifier);
    if (found !== undefined) return found.id;
    after = value.next ?? undefined;
  } while (after !== undefined);
  return only([], `API ${JSON.stringify(idOrIdentifier)}`, 'tessera api list');
}

/** By its id, its label, or its last four characters. */
export async function findSecret(
  place: Place,
  named: string,
): Promise<{ readonly id: string; readonly revision: number }> {
  const { value } = await callApi(place.terminal, place.connection, 'listSecrets', {
    params: place.params,
  });
  const found = value.items.filter(({ id, label, lastFour }) =>
    [id, label, lastFour].includes(named),
  );
  const list = `tessera client secret list ${place.params['clientId'] ?? ''}`;
  const id = only(
    found.map((secret) => secret.id),
    `secret ${JSON.stringify(named)}`,
    list,
  );
  return { id, revision: found[0]?.revision ?? 0 };
}

/** By its id, its label, the `kid` or the thumbprint. */
export async function findKey(place: Place, named: string): Promise<Found> {
  const { terminal, connection, params } = place;
  const { value } = await callApi(terminal, connection, 'listKeys', { params });
  return onlyOne(
    value.items.filter(({ id, label, kid, thumbprint }) =>
      [id, label, kid, thumbprint].includes(named),
    ),
    `key ${JSON.stringify(named)}`,
    `tessera client key list ${params['clientId'] ?? ''}`,
  );
}

/** By its id, its label, its subject or the thumbprint. */
export async function findCertificate(place: Place, named: string): Promise<Found> {
  const { terminal, connection, params } = place;
  const { value } = await callApi(terminal, connection, 'listCertificates', { params });
  return onlyOne(
    value.items.filter(({ id, label, subject, thumbprint }) =>
      [id, label, subject, thumbprint].includes(named),
    ),
    `certificate ${JSON.stringify(named)}`,
    `tessera client cert list ${params['clientId'] ?? ''}`,
  );
}

export async function findAuthorityId(place: Place, named: string): Promise<string> {
  const { terminal, connection, params } = place;
  const { value } = await callApi(terminal, connection, 'listTrustedAuthorities', { params });
  const found = onlyOne(
    value.items.filter(({ id, name, thumbprint }) => [id, name, thumbprint].includes(named)),
    `authority ${JSON.stringify(named)}`,
    'tessera trust ca list',
  );
  return found.id;
}

/** By its id, its name or what it calls itself. */
export async function findIssuerId(place: Place, named: string): Promise<string> {
  if (isUuid(named)) return named;
  const { terminal, connection, params } = place;
  const { value } = await callApi(terminal, connection, 'listTrustedIssuers', { params });
  const found = onlyOne(
    value.items.filter(({ name, issuer }) => [name, issuer].includes(named)),
    `issuer ${JSON.stringify(named)}`,
    'tessera trust issuer list',
  );
  return found.id;
}

/** By its id or its label. */
export async function findWorkload(place: Place, named: string): Promise<Found> {
  const { terminal, connection, params } = place;
  const { value } = await callApi(terminal, connection, 'listWorkloads', { params });
  return onlyOne(
    value.items.filter(({ id, label }) => [id, label].includes(named)),
    `workload ${JSON.stringify(named)}`,
    `tessera client workload list ${params['clientId'] ?? ''}`,
  );
}

type Found = { readonly id: string; readonly revision: number };

function onlyOne(found: readonly Found[], what: string, list: string): Found {
  const id = only(
    found.map((one) => one.id),
    what,
    list,
  );
  return { id, revision: found[0]?.revision ?? 0 };
}

async function search<Name extends 'listUsers' | 'listApplications'>(
  { terminal, connection, params }: Place,
  name: Name,
  text: string,
) {
  const query = { search: text, limit: CANDIDATES };
  return (await callApi(terminal, connection, name, { params, query })).value;
}

function only(ids: readonly string[], what: string, list: string): string {
  const [id, another] = ids;
  if (id === undefined)
    throw new CommandFailure(
      'not-found',
      `there is no ${what} here`,
      `See which there are: ${list}.`,
    );
  if (another !== undefined)
    throw new CommandFailure(
      'conflict',
      `${what} could be any of ${ids.length}`,
      `Give its id instead: ${list}.`,
    );
  return id;
}
