import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConfigService, startConfigService } from '@tessera/example-config-service';
import { readConfig } from '../config.ts';
import { type DemoRealm, ensureDemoRealm, type RunningServer, startServer } from '../main.ts';
import { VARIABLES } from '../variables.ts';
import type { Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { walkThroughGrant } from './demo-walk.ts';
import { findFreePort } from './free-port.ts';
import { openRecordingRelay } from './recording-relay.ts';
import type { Terminal } from './terminal.ts';

const OUTBOUND_ALLOW = VARIABLES.outboundAllow.name;

export type DemoFlags = {
  readonly port: string;
  readonly apiPort: string;
  readonly dataDir: string;
  readonly once?: boolean;
};

export async function runDemo({ terminal, flags }: Invocation<DemoFlags>): Promise<void> {
  const dataDirectory = resolve(terminal.workingDirectory, flags.dataDir);
  const server = await startDemoServer(terminal, flags, dataDirectory);
  try {
    const realm = await ensureDemo(server, dataDirectory);
    await walk(terminal, server, Number(flags.apiPort), dataDirectory);
    const api = await startApi(
      server,
      Number(flags.apiPort),
      dataDirectory,
      `${issuerOf(server)}/introspect`,
    );
    try {
      terminal.output.write(describePlaces(server, api, realm, dataDirectory));
      if (flags.once !== true) await untilStopped(terminal);
    } finally {
      await api.close();
    }
  } finally {
    await server.close();
  }
}

async function startDemoServer(
  { environment }: Terminal,
  flags: DemoFlags,
  dataDirectory: string,
): Promise<RunningServer> {
  const port = flags.port === '0' ? String(await findFreePort()) : flags.port;
  const config = readConfig({
    TESSERA_PUBLIC_URL: `http://localhost:${port}`,
    TESSERA_HOST: 'localhost',
    TESSERA_PORT: port,
    TESSERA_DATA_DIR: dataDirectory,
    TESSERA_LOG_LEVEL: 'error',
    TESSERA_ALLOW_DEMO_SECRETS: 'true',
    [OUTBOUND_ALLOW]: environment[OUTBOUND_ALLOW],
  });
  if (!config.ok)
    throw new CommandFailure(
      'usage',
      config.refusal.map(({ variable, problem }) => `${variable} ${problem}`).join('; '),
      `Give --port a number from 0 to 65535, and ${OUTBOUND_ALLOW} networks such as 127.0.0.0/8.`,
    );
  try {
    return await startServer(config.value);
  } catch (error) {
    throw portTaken(error, flags.port, '--port') ?? error;
  }
}

/** The secret of the sample API is kept beside the database, for only its digest is in there. */
async function ensureDemo(server: RunningServer, dataDirectory: string): Promise<DemoRealm> {
  const path = secretPath(dataDirectory);
  const realm = await ensureDemoRealm(server.env, readSecret(path) !== undefined);
  if (realm.configServiceSecret !== undefined)
    writeFileSync(path, realm.configServiceSecret, { mode: 0o600 });
  return realm;
}

/** The walk goes through a relay, so that the sample API's own question can be shown. */
async function walk(
  terminal: Terminal,
  server: RunningServer,
  apiPort: number,
  dataDirectory: string,
): Promise<void> {
  const issuer = issuerOf(server);
  const relay = await openRecordingRelay(new URL(server.url));
  const api = await startApi(
    server,
    apiPort,
    dataDirectory,
    `${relay.url}${new URL(issuer).pathname}/introspect`,
  );
  try {
    terminal.output.write('\nThe client credentials grant, step by step, with the real bytes.\n');
    for await (const { title, bytes, curl } of walkThroughGrant({
      issuer,
      server: server.url,
      api: api.url,
      relay,
    })) {
      const shown = bytes.replaceAll('\r\n', '\n').trimEnd().replaceAll(/^/gm, '    ');
      terminal.output.write(`\n${title}\n\n${shown}\n`);
      if (curl !== undefined) terminal.output.write(`\n    $ ${curl}\n`);
    }
  } finally {
    await api.close();
    await relay.close();
  }
}

async function startApi(
  server: RunningServer,
  port: number,
  dataDirectory: string,
  introspectionEndpoint: string,
): Promise<ConfigService> {
  const dataDir = join(dataDirectory, 'config-service');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    return await startConfigService({
      host: 'localhost',
      port,
      issuer: issuerOf(server),
      audience: issuerOf(server),
      introspectionEndpoint,
      clientId: 'config-service',
      clientSecret: readSecret(secretPath(dataDirectory)) ?? '',
      dataDir,
    });
  } catch (error) {
    throw portTaken(error, String(port), '--api-port') ?? error;
  }
}

function describePlaces(
  server: RunningServer,
  api: ConfigService,
  { oneTimePassword }: DemoRealm,
  dataDirectory: string,
): string {
  const { publicUrl } = server.env.addresses;
  const password =
    oneTimePassword === undefined
      ? 'the password that you chose'
      : `one-time password ${oneTimePassword}`;
  return `
Running.

  Authorization server   ${publicUrl}
  Issuer                 ${issuerOf(server)}
  Sample API             ${api.url}/config
  Console                ${publicUrl}/console/
  Administration API     ${publicUrl}/api   (described at /api/openapi.json)
  Administrator          admin, ${password}
                         npx tessera login --server ${publicUrl} --user admin
  Data                   ${dataDirectory}

  Get a token:

curl --request POST --user 'myClient:forgerock' \\
  --data "grant_type=client_credentials" --data "scope=write" \\
  "${issuerOf(server)}/access_token"

  Stop with Ctrl-C. Everything is kept.
`;
}

const issuerOf = ({ env }: RunningServer): string => env.addresses.issuer('alpha');

const secretPath = (dataDirectory: string): string => join(dataDirectory, 'config-service.secret');

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function portTaken(error: unknown, port: string, flag: string): CommandFailure | undefined {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new CommandFailure(
        'error',
        `port ${port} is in use by another program`,
        `Stop it, or choose another port with ${flag}.`,
      )
    : undefined;
}

const untilStopped = (terminal: Terminal): Promise<void> =>
  new Promise((resolve) => {
    const stopListening = terminal.onStop(() => {
      stopListening();
      resolve();
    });
  });
