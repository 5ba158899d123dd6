import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { realmClient, refusal } from '../realm.ts';
import { checkAnswers } from './check-answers.ts';
import { checkRows } from './check-rows.ts';
import { findHalves } from './find-halves.ts';
import { findRewritten } from './find-untold.ts';
import type { KeptData } from './kept-data.ts';
import { newLedger } from './ledger.ts';
import { chooseSeed, seededRandom } from './seeded-random.ts';
import { onService, type Service } from './service.ts';
import { write } from './writers.ts';

const LIMIT_MILLISECONDS = 60_000;
const SOON = { timeout: 10_000 };

const UNAVAILABLE = refusal(503, 'temporarily_unavailable');

/*
 * The disk is full as far as the server can tell: no file of its process may grow beyond what the
 * log of the database has now. Writing on fails in the middle, as it does on a disk.
 */

/** No room from now on. */
const fillDisk = ({ process }: Service, { dataDirectory }: KeptData): void =>
  limitFiles(process.pid, String(statSync(join(dataDirectory, 'tessera.db-wal')).size));

const makeRoom = ({ process }: Service): void => limitFiles(process.pid, 'unlimited');

/** The soft limit alone, which can be raised again. `prlimit` is part of util-linux. */
const limitFiles = (pid: number, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
};

describe('on a disk that is full', () => {
  it(
    'what cannot be kept is 503, asked once or twice; remembered clients get JWTs; room heals it',
    () =>
      onService('SQLite', async (service, kept) => {
        const { alpha, administration } = service;
        const jwt = await alpha.registerClient();
        const opaque = await alpha.registerClient({ tokenFormat: 'opaque' });
        const token = await alpha.token(opaque, { scope: 'read' });
        await alpha.token(jwt, { scope: 'read' });
        await administration.perform('POST', '/api/realms', { name: 'beta' });
        const beta = realmClient(service, 'beta');
        const betaClient = await beta.registerClient();
        const revoked = await beta.token(betaClient, { scope: 'read' });
        await beta.revoke(revoked, betaClient);

        fillDisk(service, kept);
        for (const attempt of ['first', 'second']) {
          const refused = {
            'an opaque token': await alpha.request(opaque, { scope: 'read' }),
            'a revocation': await alpha.revoke(token, opaque),
            'a client': await administration.call('POST', '/api/realms/alpha/clients', {
              clientId: 'too-much',
            }),
            'the end of a realm': await administration.call(
              'DELETE',
              '/api/realms/beta?confirm=beta',
              undefined,
              { 'if-match': '*' },
            ),
          };
          for (const [what, { status, headers }] of Object.entries(refused)) {
            expect({ attempt, what, status }).toEqual({ attempt, what, status: 503 });
            expect(Number(headers['retry-after'])).toBeGreaterThan(0);
          }
          expect(refused['an opaque token']).toMatchObject(UNAVAILABLE);
          expect((await alpha.request(jwt, { scope: 'read' })).status).toBe(200);
          const { json } = await beta.introspect(revoked, betaClient);
          expect(json, 'what was revoked in the realm that is still there').toEqual({
            active: false,
          });
        }

        makeRoom(service);
        await expect
          .poll(async () => (await alpha.request(opaque, { scope: 'read' })).status, SOON)
          .toBe(200);
        expect((await alpha.revoke(token, opaque)).status).toBe(200);
        await service.process.kill();
        await service.start();
        expect((await alpha.introspect(token, service.observer)).json).toEqual({ active: false });
      }),
    LIMIT_MILLISECONDS,
  );

  it(
    'whoever goes on writing loses nothing that was acknowledged and finds nothing there by half',
    ({ annotate }) =>
      onService('SQLite', async (service, kept) => {
        const seed = await chooseSeed(annotate);
        const random = seededRandom(seed);
        const ledger = newLedger();
        const { count } = ledger;
        const before = await kept.read();
        const check = async (when: string): Promise<void> => {
          const rows = await kept.read();
          const wrong = [
            ...findHalves(rows),
            ...findRewritten(before, rows),
            ...checkRows(ledger, rows),
            ...(await checkAnswers(service, ledger, [...ledger.clients.values()])),
            ...ledger.surprises,
          ];
          expect(wrong, when).toEqual([]);
        };
        const writeUntil = async (enough: () => boolean): Promise<void> => {
          let stopped = false;
          const writing = write(service, ledger, random.fork(), () => stopped);
          try {
            await expect.poll(enough, SOON).toBe(true);
            await pause(random.between(50, 300));
          } finally {
            stopped = true;
            await writing;
          }
        };

        await writeUntil(() => count.acknowledged > 100);
        fillDisk(service, kept);
        await writeUntil(() => count.unavailable > 50);
        makeRoom(service);
        await expect
          .poll(() => service.administration.call('POST', '/api/realms/alpha/clients', {}), SOON)
          .toMatchObject({ status: 201 });
        await check('with room again');

        const acknowledged = count.acknowledged + 100;
        await writeUntil(() => count.acknowledged > acknowledged);
        await service.process.kill();
        await service.start();
        await check('started again');
      }),
    LIMIT_MILLISECONDS,
  );
});
