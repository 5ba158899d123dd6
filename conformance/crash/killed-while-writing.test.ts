import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DATABASES } from '../databases.ts';
import { checkAnswers } from './check-answers.ts';
import { checkRows } from './check-rows.ts';
import { findHalves } from './find-halves.ts';
import { findRewritten } from './find-untold.ts';
import { newLedger } from './ledger.ts';
import { chooseSeed, seededRandom } from './seeded-random.ts';
import { onService } from './service.ts';
import { write } from './writers.ts';

/** From the first acknowledgement to the kill. Milliseconds. */
const SHORTEST = 50;
const LONGEST = 600;

const AT_ONCE = { interval: 2, timeout: 20_000 };

/** On PostgreSQL it is not the database that is killed. A change of the store deserves some more. */
const TIMES = Number(process.env['TESSERA_TEST_KILLS'] ?? 1);
const KILLS = { SQLite: 20 * TIMES, PostgreSQL: 8 * TIMES } as const;
const LIMIT_MILLISECONDS = 300_000 * TIMES;

describe.each(DATABASES)('on %s', (database) => {
  const kills = KILLS[database];
  it(
    `of a server that is killed ${kills} times at its work, nothing acknowledged is lost and nothing is there by half`,
    async ({ annotate }) => {
      const seed = await chooseSeed(annotate);
      const random = seededRandom(seed);
      await onService(database, async (service, kept) => {
        const ledger = newLedger();
        let before = await kept.read();
        for (let kill = 1; kill <= kills; kill++) {
          const begun = ledger.count.acknowledged;
          const writing = write(service, ledger, random.fork());
          await expect.poll(() => ledger.count.acknowledged, AT_ONCE).toBeGreaterThan(begun);
          await pause(random.between(SHORTEST, LONGEST));
          await service.process.kill();
          await writing;
          await kept.untilLeft();
          await service.start();

          const rows = await kept.read();
          const wrong = [
            ...findHalves(rows),
            ...findRewritten(before, rows),
            ...checkRows(ledger, rows),
            ...(await checkAnswers(service, ledger, [...ledger.touched])),
            ...ledger.surprises,
          ];
          expect(wrong, `kill ${kill}`).toEqual([]);
          before = rows;
          ledger.touched.clear();
        }

        const everyone = [...ledger.clients.values()];
        const wrong = await checkAnswers(service, ledger, everyone);
        expect(wrong, 'at the end').toEqual([]);
        // The observer is the one that no writer registered.
        const registered = before.events.filter(
          ({ realm, type }) => realm === 'alpha' && type === 'client.registered',
        );
        expect(registered.length).toBe(everyone.filter((client) => client.registered).length + 1);
        expect(ledger.count.acknowledged).toBeGreaterThan(3 * kills);
      });
    },
    LIMIT_MILLISECONDS,
  );
});
