import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { signInAsAdministrator } from '../administration.ts';
import { DATABASES, type DatabaseName } from '../databases.ts';
import { findHalves } from './find-halves.ts';
import { createKeptData, type KeptData } from './kept-data.ts';
import { chooseSeed, seededRandom } from './seeded-random.ts';
import type { ServerProcess } from './server-process.ts';
import { PASSWORD, PUBLIC_URL, startOn } from './service.ts';

const KILLS = 10;
/**
 * A first start has three parts: until there is a key, until there are tables, until it listens.
 * Most of the time goes by in the first and most is written in the last; so the kills fall.
 */
const PARTS = [2, 0, 2, 1, 2];

const AT_ONCE = { interval: 1, timeout: 20_000 };
const LIMIT_MILLISECONDS = 200_000;

describe.each(DATABASES)('on %s', (database) => {
  it(
    'a first start that is killed at any moment is made good by the next',
    async ({ annotate }) => {
      const seed = await chooseSeed(annotate);
      const random = seededRandom(seed);
      const parts = await timeFirstStart(database);
      for (let kill = 0; kill < KILLS; kill++) {
        await onKeptData(database, async (kept) => {
          const part = PARTS[kill % PARTS.length] ?? 0;
          const moment = random.between(0, parts[part] ?? 1);
          await onServer(kept, async () => {
            await untilPart(part, kept);
            await pause(moment);
          });
          await kept.untilLeft();
          await onServer(kept, async (server) => {
            await expectFirstState(kept, server, `kill ${kill}`);
          });
        });
      }
    },
    LIMIT_MILLISECONDS,
  );

  it(
    'the one-time password outlives a first start that fails when all but listening is done',
    () =>
      onKeptData(database, async (kept) => {
        const other = createServer().listen(0, '127.0.0.1');
        await once(other, 'listening');
        const { port } = other.address() as AddressInfo;
        const failing = startOn(kept, { TESSERA_PORT: String(port) });
        await expect(failing.listening).rejects.toThrow('already in use');
        other.close();
        await onServer(kept, async ({ listening }) => {
          await signInWithKeptPassword(kept, await listening);
        });
      }),
    LIMIT_MILLISECONDS,
  );
});

async function untilPart(part: number, kept: KeptData): Promise<void> {
  if (part > 0) await expect.poll(() => existsSync(keyOf(kept)), AT_ONCE).toBe(true);
  if (part > 1) await expect.poll(() => kept.hasTables(), AT_ONCE).toBe(true);
}

/** How long each part takes on this machine today. */
async function timeFirstStart(database: DatabaseName): Promise<readonly number[]> {
  const moments = [performance.now()];
  await onKeptData(database, (kept) =>
    onServer(kept, async (server) => {
      for (const part of [1, 2]) {
        await untilPart(part, kept);
        moments.push(performance.now());
      }
      await server.listening;
      moments.push(performance.now());
    }),
  );
  return moments.slice(1).map((moment, index) => Math.ceil(moment - (moments[index] ?? 0)) + 1);
}

async function onKeptData(
  database: DatabaseName,
  use: (kept: KeptData) => Promise<void>,
): Promise<void> {
  const kept = await createKeptData(database);
  try {
    await use(kept);
  } finally {
    await kept.remove();
  }
}

async function onServer(
  kept: KeptData,
  use: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const server = startOn(kept);
  try {
    await use(server);
  } finally {
    await server.kill();
  }
}

const keyOf = ({ dataDirectory }: KeptData): string => join(dataDirectory, 'master.key');

/** One realm, one administrator whom somebody can be, and a key that can be read. */
async function expectFirstState(
  kept: KeptData,
  { listening }: ServerProcess,
  message: string,
): Promise<void> {
  const port = await listening;
  const rows = await kept.read();
  expect(findHalves(rows), message).toEqual([]);
  expect(rows.realms, message).toEqual([{ name: 'root' }]);
  expect(rows.users, message).toMatchObject([{ user_name: 'admin', roles: '["administrator"]' }]);
  const key = Buffer.from(readFileSync(keyOf(kept), 'utf8'), 'base64');
  expect(key.length, message).toBe(32);
  expect(statSync(keyOf(kept)).mode & 0o777, message).toBe(0o600);
  await signInWithKeptPassword(kept, port);
}

async function signInWithKeptPassword({ dataDirectory }: KeptData, port: number): Promise<void> {
  const oneTimePassword = readFileSync(join(dataDirectory, 'bootstrap-password'), 'utf8').trim();
  await signInAsAdministrator(port, oneTimePassword, PASSWORD, PUBLIC_URL);
}
