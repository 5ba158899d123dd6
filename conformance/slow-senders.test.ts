import { describe, expect, it } from 'vitest';
import { FORM_TYPE } from './realm.ts';
import { converse } from './wire.ts';
import { onEachDatabase } from './world.ts';

/** What a caller may take to send headers, and everything; seconds. */
const HEADERS = 10;
const REQUEST = 30;

/** How long after that the server may notice. */
const NOTICE = 10;

onEachDatabase(
  (world) => {
    describe('RFC 9110 §15.5.9 who sends slowly is cut off (B60, attack 29)', () => {
      it.concurrent.each([
        ['never a line', [], HEADERS],
        [
          'half of the headers',
          [`POST ${world.alpha.path}/access_token HTTP/1.1\r\nHost: x\r\n`],
          HEADERS,
        ],
        [
          'headers and half of a body',
          [
            `POST ${world.alpha.path}/access_token HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: 50\r\n\r\ngrant_type`,
          ],
          REQUEST,
        ],
      ] as const)(
        '%s',
        async (_, steps, seconds) => {
          const { closed, text, milliseconds } = await converse(world.port, steps, {
            patience: (seconds + NOTICE + 5) * 1000,
          });
          expect(closed).toBe(true);
          expect(text === '' || text.startsWith('HTTP/1.1 408 ')).toBe(true);
          expect(milliseconds).toBeLessThan((seconds + NOTICE) * 1000);
        },
        60_000,
      );

      it.concurrent('and holds up nobody else', async () => {
        const slow = Array.from({ length: 200 }, () =>
          converse(world.port, ['POST /am/oauth2/alpha/access_token HTTP/1.1\r\nX-Slow: '], {
            patience: 3_000,
          }),
        );
        const client = await world.alpha.registerClient();
        for (let turn = 0; turn < 20; turn++)
          expect((await world.alpha.request(client, { scope: 'read' })).status).toBe(200);
        await Promise.all(slow);
      }, 60_000);
    });
  },
  { databases: ['SQLite'] },
);
