import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { refusal } from './realm.ts';
import { send } from './wire.ts';
import { onEachDatabase } from './world.ts';

const AWAY = refusal(503, 'temporarily_unavailable');

/** Seconds for which cached clients still get JWTs. */
const STALE_AFTER = 4;

onEachDatabase(
  (world) => {
    const { alpha } = world;

    /** A connection that was lost while nobody used it is noticed by the one who uses it next. */
    const waitUntilAnswered = (): Promise<void> =>
      expect
        .poll(async () => (await alpha.request(await alpha.registerClient(), {})).status, {
          timeout: 10_000,
        })
        .toBe(400);

    afterEach(async () => {
      await world.setDatabase('reachable');
      await waitUntilAnswered();
    });

    describe('RFC 9110 §15.6.4 while the database is away', () => {
      it.each(['refusing', 'silent', 'locked'] as const)(
        '%s: what can not be answered truthfully is 503 with Retry-After, and heals by itself (B65, J247, P309, attack 25)',
        async (state) => {
          const jwt = await alpha.registerClient();
          const opaque = await alpha.registerClient({ tokenFormat: 'opaque' });
          const cold = await alpha.registerClient();
          const jwtToken = await alpha.token(jwt, { scope: 'read' });
          const opaqueToken = await alpha.token(opaque, { scope: 'read' });
          expect((await alpha.introspect(jwtToken, jwt)).json).toMatchObject({ active: true });

          await world.setDatabase(state);
          const [issued, revoked, introspected, admitted, listed] = await Promise.all([
            alpha.request(opaque, { scope: 'read' }),
            alpha.revoke(jwtToken, jwt),
            alpha.introspect(opaqueToken, opaque),
            alpha.request(cold, { scope: 'read' }),
            world.administration.call('GET', '/api/realms/alpha/clients'),
          ]);
          for (const [name, { status, json, headers, milliseconds }] of Object.entries({
            'an opaque token can not be made durable': issued,
            'a revocation can not be kept': revoked,
            'an opaque token can not be looked up': introspected,
            'a client that nobody remembers is not unknown': admitted,
          })) {
            expect({ name, status, json }).toMatchObject({ name, ...AWAY });
            expect(Number(headers['retry-after'])).toBeGreaterThan(0);
            expect(milliseconds).toBeLessThan(15_000);
          }
          expect(listed.status).toBe(503);
          expect((await send(world.port, { path: '/health/live' })).status).toBe(200);
          expect((await send(world.port, { path: '/health/ready' })).status).toBe(503);

          await world.setDatabase('reachable');
          await expect
            .poll(async () => (await send(world.port, { path: '/health/ready' })).status, {
              timeout: 10_000,
            })
            .toBe(200);
          await waitUntilAnswered();
          expect((await alpha.request(cold, { scope: 'read' })).status).toBe(200);
          for (const [client, token] of [
            [jwt, jwtToken],
            [opaque, opaqueToken],
          ] as const) {
            expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
            expect((await alpha.revoke(token, client)).text).toBe('{}');
            expect((await alpha.introspect(token, client)).json).toEqual({ active: false });
          }
        },
        60_000,
      );

      it('a client that is remembered gets JWTs, for a time that is bounded', async () => {
        const client = await alpha.registerClient();
        // Once its registration has been read in the change log, nothing forgets it any more.
        await pause(2_500);
        await alpha.token(client, { scope: 'read' });
        await world.setDatabase('refusing');
        expect((await alpha.request(client, { scope: 'read' })).status).toBe(200);
        await expect
          .poll(async () => (await alpha.request(client, { scope: 'read' })).status, {
            timeout: (STALE_AFTER + 10) * 1000,
            interval: 250,
          })
          .toBe(503);
        await world.setDatabase('reachable');
        await expect
          .poll(async () => (await alpha.request(client, { scope: 'read' })).status, {
            timeout: 10_000,
          })
          .toBe(200);
      }, 60_000);

      it('a wrong secret is wrong, and never right', async () => {
        const client = await alpha.registerClient();
        await alpha.token(client, { scope: 'read' });
        await world.setDatabase('refusing');
        const answer = await alpha.request(
          { ...client, secret: 'wrong-secret' },
          { scope: 'read' },
        );
        expect([401, 503]).toContain(answer.status);
      }, 60_000);
    });
  },
  { databases: ['PostgreSQL'], environment: { TESSERA_STALE_AFTER: String(STALE_AFTER) } },
);
