/*
 * A world to test against: the built server as its own process, on an empty database, with the
 * realm `alpha` and an administrator who is signed in.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { type Administration, signInAsAdministrator } from './administration.ts';
import {
  createDatabase,
  DATABASES,
  type Database,
  type DatabaseName,
  type DatabaseState,
} from './databases.ts';
import { type Reach, type RealmClient, realmClient } from './realm.ts';
import { closeConnections, findBrokenRules, send, speakTls } from './wire.ts';

/** What is tested: the build beside these tests, or another that is named. */
const TESSERA =
  process.env['TESSERA_TEST_SERVER'] ??
  fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));

/** Generous: the machine has other things to do. */
const READY_MILLISECONDS = 45_000;
const STOP_MILLISECONDS = 10_000;

export type World = Reach & {
  readonly database: DatabaseName;
  readonly port: number;
  readonly managementPort: number;
  /** Of the user `admin`. */
  readonly password: string;
  readonly alpha: RealmClient;
  realm(name: string): RealmClient;
  createRealm(name: string): Promise<RealmClient>;
  /** All that the server has written to its log. */
  log(): string;
  dumpDatabase(): Promise<string>;
  setDatabase(state: DatabaseState): Promise<void>;
  /** Stops the process in the regular way and starts another on the same data. */
  restart(): Promise<void>;
  /** Kills the process at its work and starts another on the same data. */
  kill(): Promise<void>;
  /** Another process on the same database, which ends with the world. */
  startNode(): Promise<Reach>;
  /** The same, with nobody there while `work` goes on. */
  whileAway(work: () => Promise<void>): Promise<void>;
};

export type WorldSettings = {
  readonly databases?: readonly DatabaseName[];
  /** How the server is known to its callers; it listens without TLS unless it has `tls`. */
  readonly scheme?: 'http' | 'https';
  /** The certificate of the server and its key, and the authority above it, all in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca: string };
  /** Nobody has signed in yet, and there is no realm but the root. */
  readonly untouched?: true;
  /** Environment variables of the server on top of the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
};

/**
 * Runs a group of tests against each database. The world is there once the tests run, not while
 * they are being named.
 */
export function onEachDatabase(tests: (world: World) => void, settings: WorldSettings = {}): void {
  describe.each(settings.databases ?? DATABASES)('on %s', (name) => {
    const { world, start, stop } = createWorld(name, settings);
    beforeAll(start);
    afterAll(stop);
    tests(world);
  });
}

/** A private address that no other request of the run comes from. */
export function newAddress(): string {
  addresses++;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}
let addresses = 0;

/** Of the user `admin` where nobody has signed in yet. */
export const ONE_TIME_PASSWORD = 'good-for-one-sign-in';
const PASSWORD = 'good-until-the-tests-end';

function createWorld(database: DatabaseName, settings: WorldSettings) {
  let running: Running | undefined;
  const others: Running[] = [];
  let stored: Database | undefined;
  let administration: Administration | undefined;
  let directory = '';
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the server is not running');
    return value;
  };

  const world: World = {
    database,
    password: PASSWORD,
    get port() {
      return there(running).port;
    },
    get managementPort() {
      return there(running).managementPort;
    },
    get publicUrl() {
      return publicUrlOf(world.port, settings);
    },
    get administration() {
      return there(administration);
    },
    get alpha() {
      return world.realm('alpha');
    },
    realm: (name) => realmClient(world, name),
    async createRealm(name) {
      await world.administration.perform('POST', '/api/realms', { name });
      return world.realm(name);
    },
    async send({ from = newAddress(), ...asked }) {
      const headers = { 'x-forwarded-for': from, ...asked.headers };
      const answer = await send(world.port, { ...asked, headers });
      const broken = findBrokenRules(asked, answer);
      const { status, text } = answer;
      expect(broken, `${asked.method ?? 'GET'} ${asked.path} → ${status} ${text}`).toEqual([]);
      return answer;
    },
    log: () => readFileSync(join(directory, 'log'), 'utf8'),
    dumpDatabase: () => there(stored).dump(join(directory, 'data')),
    setDatabase: (state) => there(stored).setState(state),
    restart: () => world.whileAway(async () => {}),
    async whileAway(work) {
      const { ports, stop } = there(running);
      await stop();
      try {
        await work();
      } finally {
        running = await startServer(directory, there(stored).url, settings, ports);
      }
    },
    async kill() {
      const { ports, kill } = there(running);
      await kill();
      running = await startServer(directory, there(stored).url, settings, ports);
    },
    async startNode() {
      const environment = { ...settings.environment, TESSERA_PUBLIC_URL: world.publicUrl };
      const node = await startServer(directory, there(stored).url, { ...settings, environment });
      others.push(node);
      return {
        publicUrl: world.publicUrl,
        administration: world.administration,
        send: ({ from = newAddress(), ...asked }) =>
          send(node.port, { ...asked, headers: { 'x-forwarded-for': from, ...asked.headers } }),
      };
    },
  };

  const start = async (): Promise<void> => {
    directory = mkdtempSync(join(tmpdir(), 'tessera-conformance-'));
    stored = await createDatabase(database);
    running = await startServer(directory, stored.url, settings);
    if (settings.untouched) return;
    administration = await signInAsAdministrator(
      world.port,
      ONE_TIME_PASSWORD,
      PASSWORD,
      world.publicUrl,
    );
    await world.createRealm('alpha');
  };
  const stop = async (): Promise<void> => {
    const log = directory === '' ? '' : world.log();
    try {
      for (const { stop } of [...others, ...(running === undefined ? [] : [running])]) await stop();
      expect(findFaults(log), 'faults in the log').toEqual([]);
    } finally {
      await stored?.drop();
      if (directory !== '') rmSync(directory, { recursive: true, force: true });
    }
  };
  return { world, start, stop };
}

/** Log lines of level error and above: whatever a caller sends, there are none. */
const findFaults = (log: string): readonly string[] =>
  log.split('\n').filter((line) => /"level":(?:50|60|"error"|"fatal")/.test(line));

const publicUrlOf = (port: number, { scheme = 'http', tls }: WorldSettings): string =>
  `${tls === undefined ? scheme : 'https'}://127.0.0.1:${port}`;

/** Where the server finds its certificate. */
function keepTls(directory: string, port: number, { tls }: WorldSettings) {
  if (tls === undefined) return {};
  const [certificateFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  writeFileSync(certificateFile, tls.certificate);
  writeFileSync(keyFile, tls.key, { mode: 0o600 });
  speakTls(port, tls.ca);
  return { TESSERA_TLS_CERTIFICATE_FILE: certificateFile, TESSERA_TLS_KEY_FILE: keyFile };
}

type Ports = { readonly port: number; readonly managementPort: number };
type Running = Ports & {
  readonly ports: Ports;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
};

async function startServer(
  directory: string,
  databaseUrl: string | undefined,
  settings: WorldSettings,
  ports?: Ports,
): Promise<Running> {
  const { port, managementPort } = ports ?? {
    port: await findFreePort(),
    managementPort: await findFreePort(),
  };
  const log = openSync(join(directory, 'log'), 'a');
  const child = spawn(process.execPath, [TESSERA, 'serve'], {
    cwd: directory,
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'],
      TESSERA_PUBLIC_URL: publicUrlOf(port, settings),
      TESSERA_PORT: String(port),
      TESSERA_MANAGEMENT_PORT: String(managementPort),
      TESSERA_DATA_DIR: join(directory, 'data'),
      ...(databaseUrl !== undefined && { TESSERA_DATABASE_URL: databaseUrl }),
      TESSERA_BOOTSTRAP_PASSWORD: ONE_TIME_PASSWORD,
      TESSERA_LOG_LEVEL: 'info',
      TESSERA_ALLOW_DEMO_SECRETS: 'true',
      TESSERA_TRUSTED_PROXIES: '127.0.0.1',
      ...keepTls(directory, port, settings),
      ...settings.environment,
    },
  });
  closeSync(log);
  try {
    await waitUntilReady(child, port);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`the server did not start:\n${readFileSync(join(directory, 'log'), 'utf8')}`, {
      cause: error,
    });
  }
  const taken = { port, managementPort };
  return {
    ...taken,
    ports: taken,
    stop: () => stopServer(child),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      closeConnections();
    },
  };
}

async function waitUntilReady(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + READY_MILLISECONDS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error('it was not ready in time');
    try {
      const { status } = await send(port, { path: '/health/ready' });
      if (status === 200) return;
    } catch {
      // Nothing listens yet.
    }
    await pause(20);
  }
}

/** A regular end: SIGTERM, and the process says it went well. */
async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the server had ended with ${child.exitCode}`);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await ended;
  clearTimeout(timer);
  closeConnections();
  expect({ code: child.exitCode, signal: child.signalCode }).toEqual({ code: 0, signal: null });
}
