import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConfigService, startConfigService } from '@tessera/example-config-service';
import {
  type DemoRealm,
  ensureDemoRealm,
  ensureDemoSample,
  type RunningServer,
  type SampleSecret,
} from '../main.ts';
import type { Invocation } from './command.ts';
import { type DemoFlags, portTaken, startDemoServer } from './demo-server.ts';
import { startTraffic } from './demo-traffic.ts';
import { walkThroughGrant } from './demo-walk.ts';
import { openRecordingRelay } from './recording-relay.ts';
import { writePrivateFile } from './secret-files.ts';
import { type Terminal, untilStopped } from './terminal.ts';

export async function runDemo({ terminal, flags }: Invocation<DemoFlags>): Promise<void> {
  const dataDirectory = resolve(terminal.workingDirectory, flags.dataDir ?? 'data/demo');
  const server = await startDemoServer(terminal, flags.port, dataDirectory);
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
      const withTraffic = flags.traffic !== false;
      terminal.output.write(describePlaces(server, api, realm, dataDirectory, withTraffic));
      if (flags.once !== true) {
        const stop = untilStopped(terminal);
        // Only now: whoever waits for the demonstration does not wait for it.
        const traffic = withTraffic ? await startSample(server, dataDirectory) : undefined;
        await stop.asked;
        await traffic?.stop();
      }
    } finally {
      await api.close();
    }
  } finally {
    await server.close();
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

/** The secrets of the sample clients are kept beside the database, as that of the sample API is. */
async function startSample(server: RunningServer, dataDirectory: string) {
  const path = join(dataDirectory, 'sample-clients.json');
  const made = await ensureDemoSample(server.env);
  const kept = readSampleSecrets(path);
  const all = [
    ...kept.filter((one) => made.every((other) => other.clientId !== one.clientId)),
    ...made,
  ];
  if (made.length > 0) writePrivateFile(path, `${JSON.stringify(all, null, 2)}\n`);
  return startTraffic({
    issuer: issuerOf(server),
    secrets: new Map([
      ...all.map(({ clientId, secret }) => [clientId, secret] as const),
      ['config-service', readSecret(secretPath(dataDirectory)) ?? ''],
      ['myClient', 'forgerock'],
    ]),
  });
}

function readSampleSecrets(path: string): readonly SampleSecret[] {
  const text = readSecret(path);
  return text === undefined ? [] : (JSON.parse(text) as readonly SampleSecret[]);
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
  withTraffic: boolean,
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

${withTraffic ? '  Sample clients ask for tokens from now on; --no-traffic leaves them out.\n' : ''}  Stop with Ctrl-C. Everything is kept.
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
