import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { generateKey, publicHalf } from './accounts.ts';
import type { Address } from './connection.ts';
import { copyClients } from './copy-clients.ts';
import {
  CHOSEN_SECRET,
  type ClientAccount,
  type ClientAccounts,
  PUBLIC_URL,
  REALM,
  SCOPE,
} from './setting.ts';
import type { Subject } from './subject.ts';

export type Seeding = {
  readonly start: Subject['start'];
  readonly dataDirectory: string;
  readonly bootstrapPassword: string;
  /** So many more clients, copies of the first. */
  readonly manyClients: number;
};

/** Makes the realm and the clients through the administration API, as a person's script would. */
export async function seedTessera(seeding: Seeding): Promise<ClientAccounts> {
  const server = await seeding.start(undefined, []);
  let accounts: ClientAccounts;
  try {
    const session = await signIn(server.address, seeding.bootstrapPassword);
    await session.send('/api/realms', { name: REALM });
    accounts = {
      jwt: await registerClient(session, { clientId: 'jwtClient', tokenFormat: 'jwt' }),
      opaque: await registerClient(session, { clientId: 'opaqueClient', tokenFormat: 'opaque' }),
      chosen: await registerClient(session, {
        clientId: 'myClient',
        tokenFormat: 'jwt',
        secret: { secret: CHOSEN_SECRET },
      }),
      keyed: await registerKeyedClient(session, 'keyedClient'),
      proving: {
        ...(await registerClient(session, { clientId: 'provingClient', tokenFormat: 'jwt' })),
        key: generateKey(),
      },
    };
  } finally {
    await server.stop();
  }
  if (seeding.manyClients > 0)
    copyClients(
      join(seeding.dataDirectory, 'tessera.db'),
      accounts.jwt.clientId,
      seeding.manyClients,
    );
  return accounts;
}

/** Of the first administrator. */
export type Session = {
  send(path: string, body: object, method?: 'POST' | 'PUT'): Promise<Answer>;
  /** What keeps it, for requests that are sent in another way. */
  cookie(): string;
};
type Answer = { readonly body: string; readonly cookie: string | undefined };

/** Signs in as the first administrator and replaces the one-time password, which comes first. */
export async function signIn(address: Address, bootstrapPassword: string): Promise<Session> {
  let cookie: string | undefined;
  const session: Session = {
    async send(path, body, method = 'POST') {
      const answer = await write(address, method, path, body, cookie);
      cookie = answer.cookie ?? cookie;
      return answer;
    },
    cookie: () => cookie ?? '',
  };
  await session.send('/api/session', { userName: 'admin', password: bootstrapPassword });
  await session.send('/api/session/password', {
    currentPassword: bootstrapPassword,
    newPassword: randomBytes(24).toString('base64url'),
  });
  return session;
}

async function registerClient(
  session: Session,
  client: { readonly clientId: string } & Readonly<Record<string, unknown>>,
): Promise<ClientAccount> {
  const { body } = await session.send(`/api/realms/${REALM}/clients`, {
    ...client,
    scopes: [SCOPE],
  });
  const { secret } = JSON.parse(body) as { readonly secret: { readonly secret: string } };
  return { clientId: client.clientId, secret: secret.secret };
}

/** A client without a secret. */
async function registerKeyedClient(session: Session, clientId: string): Promise<ClientAccount> {
  const key = generateKey();
  const path = `/api/realms/${REALM}/clients`;
  await session.send(path, {
    clientId,
    tokenFormat: 'jwt',
    authenticationMethod: 'private_key_jwt',
    scopes: [SCOPE],
  });
  await session.send(`${path}/${clientId}/keys`, { jwk: publicHalf(key) });
  return { clientId, secret: '', key };
}

async function write(
  address: Address,
  method: 'POST' | 'PUT',
  path: string,
  body: object,
  cookie: string | undefined,
): Promise<Answer> {
  const response = await fetch(`http://${address.host}:${address.port}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      origin: PUBLIC_URL,
      ...(cookie !== undefined && { cookie }),
    },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: status ${response.status}: ${answer}`);
  const [named] = response.headers.getSetCookie();
  return { body: answer, cookie: named?.split(';')[0] };
}
