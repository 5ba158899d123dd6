import { administration, signInAsAdministrator } from '../administration.ts';
import type { DatabaseName } from '../databases.ts';
import { type ClientCredentials, type Reach, type RealmClient, realmClient } from '../realm.ts';
import { send } from '../wire.ts';
import { newAddress } from '../world.ts';
import { createKeptData, type KeptData } from './kept-data.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

/** A server that is killed and started again on the same data. */
export type Service = Reach & {
  /** The process that runs now, or ran last. */
  readonly process: ServerProcess;
  readonly port: number;
  readonly alpha: RealmClient;
  /** A client that may introspect every token of the realm. */
  readonly observer: ClientCredentials;
  start(): Promise<void>;
};

/** Where it listens is the system's choice at every start; what it calls itself stays. */
export const PUBLIC_URL = 'http://localhost:8080';
const ONE_TIME_PASSWORD = 'good-for-one-sign-in';
export const PASSWORD = 'good-until-the-tests-end';

/** An API at which clients are granted scopes. */
export const GRANTED_API = 'granted-api';
export const GRANTED_SCOPES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** What the automation may do: everything that the writers do, and to look at it. */
const PERMISSIONS = [
  'realms',
  'providers',
  'users',
  'clients',
  'credentials',
  'apis',
  'client-grants',
].flatMap((object) => [`${object}:read`, `${object}:write`]);

export const startOn = (
  { directory, environment }: KeptData,
  more: Readonly<Record<string, string>> = {},
): ServerProcess =>
  startProcess(directory, {
    TESSERA_PUBLIC_URL: PUBLIC_URL,
    TESSERA_PORT: '0',
    ...environment,
    ...more,
  });

/** Gives a service on empty data, and leaves nothing of it behind. */
export async function onService(
  database: DatabaseName,
  use: (service: Service, kept: KeptData) => Promise<void>,
): Promise<void> {
  const kept = await createKeptData(database);
  let latest: ServerProcess | undefined;
  const run: typeof startOn = (...given) => {
    latest = startOn(...given);
    return latest;
  };
  try {
    await use(await createService(kept, run), kept);
  } finally {
    await latest?.kill();
    await kept.remove();
  }
}

/**
 * Starts a server on empty data, with a realm and a client that administers. Its access token is
 * good at every later start, too: key, client and grant are among what has to outlive a kill.
 */
async function createService(kept: KeptData, run: typeof startOn): Promise<Service> {
  let process = run(kept, { TESSERA_BOOTSTRAP_PASSWORD: ONE_TIME_PASSWORD });
  let port = await process.listening;
  const asked: Reach['send'] = ({ from = newAddress(), headers, ...request }) =>
    send(port, { ...request, headers: { 'x-forwarded-for': from, ...headers } });

  const signedIn = await signInAsAdministrator(port, ONE_TIME_PASSWORD, PASSWORD, PUBLIC_URL);
  const root = realmClient(
    { publicUrl: PUBLIC_URL, administration: signedIn, send: asked },
    'root',
  );
  const client = await root.registerClient({ accessTokenLifetime: 86_400 });
  await root.grant(client, 'tessera-admin', PERMISSIONS);
  const token = await root.token(client, { scope: PERMISSIONS.join(' ') });
  const reach: Reach = {
    publicUrl: PUBLIC_URL,
    send: asked,
    administration: administration((method, path, body, headers) =>
      asked({
        method,
        path,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(headers as Record<string, string>),
        },
        ...(body !== undefined && { body }),
      }),
    ),
  };

  await reach.administration.perform('POST', '/api/realms', { name: 'alpha' });
  const alpha = realmClient(reach, 'alpha');
  await alpha.registerApi({
    id: GRANTED_API,
    identifier: 'urn:granted',
    scopes: GRANTED_SCOPES.map((name) => ({ name })),
  });
  const observer = await alpha.registerClient({
    clientId: 'observer',
    scopes: ['am-introspect-all-tokens'],
  });
  return {
    ...reach,
    alpha,
    observer,
    get process() {
      return process;
    },
    get port() {
      return port;
    },
    async start() {
      process = run(kept);
      port = await process.listening;
    },
  };
}
