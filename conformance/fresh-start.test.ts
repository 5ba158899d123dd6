import { describe, expect, it } from 'vitest';
import { refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

/** What somebody who knows this product, or its peers, would try first. */
const KNOWN_SECRETS = ['forgerock', 'password', 'changeit', 'admin', 'secret', 'tessera', ''];

onEachDatabase(
  (world) => {
    describe('a fresh server has no credential that anybody knows (attack 30)', () => {
      it.each(KNOWN_SECRETS)('no client: %j', async (secret) => {
        for (const realm of [world.realm('root'), world.alpha])
          for (const clientId of ['myClient', 'admin', 'tessera', 'idm-provisioning'])
            expect(await realm.request({ clientId, secret }, { scope: 'write' })).toMatchObject(
              refusal(401, 'invalid_client'),
            );
      });

      it.each(KNOWN_SECRETS)('no administrator: %j', async (password) => {
        for (const userName of ['admin', 'amadmin', 'amAdmin', 'root']) {
          const body = { userName, password };
          const { status } = await world.administration.call('POST', '/api/session', body, {
            cookie: '',
          });
          expect(status).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        }
      });

      it('the one-time password of the first administrator works once', async () => {
        const body = { userName: 'admin', password: 'good-for-one-sign-in' };
        const { status } = await world.administration.call('POST', '/api/session', body, {
          cookie: '',
        });
        expect(status).toBe(401);
      });

      it('the secrets of the demonstration are refused', async () => {
        const { status } = await world.administration.call('POST', '/api/realms/alpha/clients', {
          clientId: 'myClient',
          secret: { secret: 'forgerock' },
        });
        expect(status).toBe(422);
      });

      it('there are the root realm and what the administrator made, and no client in either', async () => {
        const { perform } = world.administration;
        const { items } = await perform<{ items: { name: string }[] }>('GET', '/api/realms');
        expect(items.map(({ name }) => name).sort()).toEqual(['alpha', 'root']);
        for (const { name } of items)
          expect(await perform('GET', `/api/realms/${name}/clients`)).toMatchObject({ items: [] });
      });
    });
  },
  { environment: { TESSERA_ALLOW_DEMO_SECRETS: 'false' } },
);
