import { CLIENT_CREDENTIALS, type ClientCredentials } from '../realm.ts';
import { newKey, proofOf } from '../signed.ts';
import type { Answer } from '../wire.ts';
import {
  attempt,
  type ClientRecord,
  entry,
  isKnown,
  type Ledger,
  newClientRecord,
  type UserRecord,
} from './ledger.ts';
import type { SeededRandom } from './seeded-random.ts';
import { GRANTED_API, GRANTED_SCOPES, type Service } from './service.ts';

/** A writer has things of its own, so that it knows what becomes of each. */
export type Writer = {
  readonly service: Service;
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  /** Before the names of all that is its own. */
  readonly prefix: string;
  /** The first writer alone changes the provider. */
  readonly first: boolean;
};

/** Rotations of one client: all of its secrets overlap, and it may hold ten. */
const ROTATIONS_MAX = 6;

/** Longer than any test: an earlier secret works to its end. Seconds. */
const OVERLAP = 7_200;

type Operation = (writer: Writer) => Promise<unknown>;

/** As often as they stand here. */
export const OPERATIONS: readonly Operation[] = [
  registerClient,
  registerClient,
  rotateSecret,
  rotateSecret,
  setGrant,
  deleteClient,
  createUser,
  deleteUser,
  createApi,
  deleteApi,
  createOrDeleteRealm,
  updateProvider,
  issueToken,
  issueToken,
  issueBoundToken,
  issueBoundToken,
  revokeToken,
  revokeToken,
];

async function registerClient({ service, ledger, prefix }: Writer): Promise<void> {
  const client = newClientRecord(`${prefix}${ledger.clients.size}`);
  ledger.clients.set(client.clientId, client);
  ledger.touched.add(client);
  const answer = await attempt(ledger, `register ${client.clientId}`, client.there, true, () =>
    service.administration.call('POST', '/api/realms/alpha/clients', {
      clientId: client.clientId,
      scopes: ['read'],
      tokenFormat: 'opaque',
    }),
  );
  if (answer === undefined) return;
  client.registered = true;
  client.secrets.push(secretIn(answer, 'secret', 'secret'));
}

async function rotateSecret(writer: Writer): Promise<void> {
  const client = oneClient(writer, ({ rotations }) => rotations.acknowledged < ROTATIONS_MAX);
  if (client === undefined) return registerClient(writer);
  const { rotations, secrets, clientId } = client;
  const answer = await attempt(
    writer.ledger,
    `rotate the secret of ${clientId}`,
    rotations,
    rotations.acknowledged + 1,
    () =>
      writer.service.administration.call('POST', `${pathOf(client)}/secrets/rotate`, {
        overlap: OVERLAP,
      }),
  );
  if (answer !== undefined) secrets.push(secretIn(answer, 'secret'));
}

async function setGrant(writer: Writer): Promise<void> {
  const client = oneClient(writer);
  if (client === undefined) return registerClient(writer);
  // The scopes are the digits of a number: no two grants of a client are alike.
  const bits = writer.random.between(1, 2 ** GRANTED_SCOPES.length);
  const scopes = GRANTED_SCOPES.filter((_, digit) => (bits & (1 << digit)) !== 0);
  await attempt(
    writer.ledger,
    `grant to ${client.clientId}`,
    client.granted,
    JSON.stringify(scopes),
    () =>
      writer.service.administration.call('PUT', `${pathOf(client)}/grants/${GRANTED_API}`, {
        scopes,
      }),
  );
}

async function deleteClient(writer: Writer): Promise<void> {
  const client = oneClient(writer);
  if (client === undefined) return registerClient(writer);
  await attempt(writer.ledger, `delete ${client.clientId}`, client.there, false, () =>
    remove(writer, pathOf(client)),
  );
}

async function createUser({ service, ledger, prefix }: Writer): Promise<void> {
  const userName = `${prefix}${ledger.users.size}`;
  const user: UserRecord = { id: undefined, there: entry(false) };
  ledger.users.set(userName, user);
  const answer = await attempt(ledger, `create the user ${userName}`, user.there, true, () =>
    service.administration.call('POST', '/api/realms/alpha/users', { userName }),
  );
  if (answer !== undefined) user.id = String((answer.json as { readonly id: unknown }).id);
}

async function deleteUser(writer: Writer): Promise<void> {
  const found = oneOwn(writer, writer.ledger.users, ({ there }) => there);
  const id = found?.[1].id;
  if (found === undefined || id === undefined) return createUser(writer);
  const [userName, { there }] = found;
  await attempt(writer.ledger, `delete the user ${userName}`, there, false, () =>
    remove(writer, `/api/realms/alpha/users/${id}`),
  );
}

async function createApi({ service, ledger, prefix }: Writer): Promise<void> {
  const id = `${prefix}${ledger.apis.size}`;
  const there = entry(false);
  ledger.apis.set(id, there);
  await attempt(ledger, `create the API ${id}`, there, true, () =>
    service.administration.call('POST', '/api/realms/alpha/apis', {
      id,
      identifier: `urn:${id}`,
      name: id,
      scopes: [{ name: `${id}:read` }],
    }),
  );
}

async function deleteApi(writer: Writer): Promise<void> {
  const found = oneOwn(writer, writer.ledger.apis, (there) => there);
  if (found === undefined) return createApi(writer);
  const [id, there] = found;
  await attempt(writer.ledger, `delete the API ${id}`, there, false, () =>
    remove(writer, `/api/realms/alpha/apis/${id}`),
  );
}

/** Each writer has one realm at most: every realm is looked after by every start. */
async function createOrDeleteRealm(writer: Writer): Promise<void> {
  const { service, ledger, prefix } = writer;
  const found = oneOwn(writer, ledger.realms, (there) => there);
  if (found !== undefined) {
    const [name, there] = found;
    await attempt(ledger, `delete the realm ${name}`, there, false, () =>
      remove(writer, `/api/realms/${name}?confirm=${name}`),
    );
    return;
  }
  const name = `${prefix}${ledger.realms.size}`;
  const there = entry(false);
  ledger.realms.set(name, there);
  await attempt(ledger, `create the realm ${name}`, there, true, () =>
    service.administration.call('POST', '/api/realms', { name }),
  );
}

async function updateProvider(writer: Writer): Promise<void> {
  const { service, ledger, first } = writer;
  const { lifetime } = ledger;
  if (!first || lifetime.asked !== undefined) return issueToken(writer);
  const accessTokenLifetime = lifetime.acknowledged + 1;
  await attempt(ledger, 'update the provider', lifetime, accessTokenLifetime, () =>
    service.administration.call(
      'PATCH',
      '/api/realms/alpha/provider',
      { accessTokenLifetime },
      ANY_REVISION,
    ),
  );
}

async function issueToken(writer: Writer): Promise<void> {
  const client = oneClient(writer);
  if (client === undefined) return registerClient(writer);
  const active = entry(false);
  const answer = await attempt(writer.ledger, `issue to ${client.clientId}`, active, true, () =>
    writer.service.alpha.request(credentialsOf(client), { scope: 'read' }),
  );
  if (answer !== undefined) client.tokens.push({ text: secretIn(answer, 'access_token'), active });
}

/** The token and the use of the proof are two promises in one answer. */
async function issueBoundToken(writer: Writer): Promise<void> {
  const client = oneClient(writer);
  if (client === undefined) return registerClient(writer);
  const { ledger, service } = writer;
  const proof = proofOf(HOLDER, `${service.alpha.issuer}/access_token`);
  const active = entry(false);
  const answer = await attempt(ledger, `issue to ${client.clientId}`, active, true, () =>
    requestBoundToken(service, credentialsOf(client), proof),
  );
  if (answer === undefined) return;
  client.tokens.push({ text: secretIn(answer, 'access_token'), active });
  client.proofs.push(proof);
}

export const requestBoundToken = (
  { alpha }: Service,
  as: ClientCredentials,
  dpop: string,
): Promise<Answer> =>
  alpha.post('access_token', { ...CLIENT_CREDENTIALS, scope: 'read' }, { as, headers: { dpop } });

/** Whoever holds the tokens that are bound. */
const HOLDER = newKey();

async function revokeToken(writer: Writer): Promise<void> {
  const client = oneClient(writer, ({ tokens }) => tokens.some(isActive));
  const token = client?.tokens.findLast(isActive);
  if (client === undefined || token === undefined) return issueToken(writer);
  await attempt(writer.ledger, `revoke a token of ${client.clientId}`, token.active, false, () =>
    writer.service.alpha.revoke(token.text, credentialsOf(client)),
  );
}

const isActive = ({ active }: ClientRecord['tokens'][number]): boolean => active.acknowledged;

/** Deleting wants a revision; here any will do, since nobody else changes it. */
const ANY_REVISION = { 'if-match': '*' };

const remove = ({ service }: Writer, path: string): Promise<Answer> =>
  service.administration.call('DELETE', path, undefined, ANY_REVISION);

const pathOf = ({ clientId }: ClientRecord): string => `/api/realms/alpha/clients/${clientId}`;

/** With the newest secret, as whoever rotates does. */
const credentialsOf = ({ clientId, secrets }: ClientRecord): ClientCredentials => ({
  clientId,
  secret: secrets.at(-1) ?? '',
});

/** Among so many of the latest things: what was written lately is what a crash may spoil. */
const LATEST = 300;

function oneClient(
  { ledger, prefix, random }: Writer,
  fits: (client: ClientRecord) => boolean = () => true,
): ClientRecord | undefined {
  const own = [...ledger.clients.values()]
    .slice(-LATEST)
    .filter(({ clientId }) => clientId.startsWith(prefix))
    .filter((client) => client.there.acknowledged && client.secrets.length > 0)
    .filter((client) => isKnown(client) && fits(client));
  const client = random.one(own);
  if (client !== undefined) ledger.touched.add(client);
  return client;
}

function oneOwn<T>(
  { prefix, random }: Writer,
  things: ReadonlyMap<string, T>,
  entryOf: (thing: T) => { readonly acknowledged: boolean; readonly asked: unknown },
): readonly [string, T] | undefined {
  const own = [...things].slice(-LATEST).filter(([name, thing]) => {
    const { acknowledged, asked } = entryOf(thing);
    return name.startsWith(prefix) && acknowledged && asked === undefined;
  });
  return random.one(own);
}

function secretIn({ json }: Answer, ...path: readonly string[]): string {
  let found: unknown = json;
  for (const name of path) found = (found as Readonly<Record<string, unknown>>)[name];
  return String(found);
}
