import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyedClients, REFUSED } from './keyed-client.ts';
import type { ClientCredentials, RealmClient } from './realm.ts';
import { newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* What a realm demands of the credentials of its clients. Shows RFC 7591 §3.2.1. */

const DAY = 86_400;

type Secret = {
  readonly id: string;
  readonly secret: string;
  readonly status: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
};

onEachDatabase((world) => {
  let realm: RealmClient;
  const provider = () => `/api/realms/${realm.name}/provider`;
  const setPolicy = (policy: Readonly<Record<string, unknown>>) =>
    world.administration.change(provider(), policy);
  const secretsOf = ({ clientId }: ClientCredentials) =>
    `/api/realms/${realm.name}/clients/${clientId}/secrets`;
  const list = async (client: ClientCredentials) =>
    (await world.administration.perform<{ items: readonly Secret[] }>('GET', secretsOf(client)))
      .items;
  const works = async (client: ClientCredentials): Promise<boolean> =>
    (await realm.request(client, { scope: 'read' })).status === 200;

  beforeAll(async () => {
    realm = await world.createRealm('credential-policy');
  });

  describe('the longest life of a secret', () => {
    beforeAll(() => setPolicy({ secretLifetimeMax: 30 * DAY }));
    afterAll(() => setPolicy({ secretLifetimeMax: null }));

    it('is that of a secret for which none was named, however it was made', async () => {
      const client = await realm.registerClient();
      await world.administration.perform('POST', secretsOf(client), {});
      await world.administration.perform('POST', secretsOf(client), {
        secret: 'chosen-by-a-person',
      });
      await world.administration.perform('POST', `${secretsOf(client)}/rotate`, {
        overlap: 40 * DAY,
      });
      const secrets = await list(client);
      expect(secrets).toHaveLength(4);
      for (const { createdAt, expiresAt } of secrets) expect(expiresAt).toBe(createdAt + 30 * DAY);
    });

    it('is not given more than that when it is made, and a shorter one stays', async () => {
      const client = await realm.registerClient();
      const longer = await world.administration.call('POST', secretsOf(client), {
        expiresIn: 31 * DAY,
      });
      expect(longer).toMatchObject({
        status: 422,
        json: {
          type: 'urn:tessera:problem:secret_lifetime_too_long',
          errors: [{ pointer: '/expiresIn' }],
        },
      });
      const inside = await world.administration.call('POST', `/api/realms/${realm.name}/clients`, {
        secret: { expiresIn: 31 * DAY },
      });
      expect(inside).toMatchObject({
        status: 422,
        json: { errors: [{ pointer: '/secret/expiresIn' }] },
      });
      const { createdAt, expiresAt } = await world.administration.perform<Secret>(
        'POST',
        secretsOf(client),
        { expiresIn: DAY },
      );
      expect(expiresAt).toBe(createdAt + DAY);
    });

    it('is not given more afterwards either, nor taken away', async () => {
      const client = await realm.registerClient();
      const [first] = await list(client);
      const path = `${secretsOf(client)}/${first?.id}`;
      const latest = (first?.createdAt ?? 0) + 30 * DAY;
      for (const expiresAt of [latest + 1, null])
        expect(
          await world.administration.call('PATCH', path, { expiresAt }, { 'if-match': '*' }),
        ).toMatchObject({ status: 422, json: { errors: [{ pointer: '/expiresAt' }] } });
      const sooner = await world.administration.call(
        'PATCH',
        path,
        { expiresAt: latest - DAY, label: 'sooner' },
        { 'if-match': '*' },
      );
      expect(sooner).toMatchObject({ status: 200, json: { expiresAt: latest - DAY } });
    });

    it('RFC 7591 §3.2.1 is told to a client that registers itself', async () => {
      await setPolicy({ clientRegistration: 'open' });
      const answer = await realm.post('register', JSON.stringify({ client_name: 'Itself' }), {
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(201);
      const { client_id_issued_at: at, client_secret_expires_at: end } = answer.json as {
        client_id_issued_at: number;
        client_secret_expires_at: number;
      };
      expect(end).toBe(at + 30 * DAY);
      await setPolicy({ clientRegistration: 'off' });
    });
  });

  describe('secrets that were made before', () => {
    afterAll(() => setPolicy({ secretLifetimeMax: null, secretRotationForced: false }));

    it('are left alone, unless their rotation is forced; then they end at that age', async () => {
      const old = await realm.registerClient();
      await pause(2_100);
      await setPolicy({ secretLifetimeMax: 2 });
      expect(await works(old)).toBe(true);
      await setPolicy({ secretRotationForced: true });
      expect(await works(old)).toBe(false);
      expect(await list(old)).toMatchObject([{ status: 'expired' }]);
      const access = `/api/realms/${realm.name}/clients/${old.clientId}/access`;
      expect(await world.administration.perform('GET', access)).toMatchObject({ usable: false });
      await setPolicy({ secretLifetimeMax: DAY });
      expect(await works(old)).toBe(true);
    });
  });

  describe('RFC 7518 §3.3 the length of RSA keys', () => {
    const { addKey, assertionOf, ask, keyed } = keyedClients(world);
    afterAll(() => setPolicy({ rsaKeyBitsMin: 2048 }));

    it('that a realm asks for is that of keys which are registered, and of those that were', async () => {
      const short = newKey('RS256');
      const client = await keyed(short, realm);
      const request = () => ask(assertionOf(client, short, { realm }), {}, realm);
      expect(await request()).toMatchObject({ status: 200 });
      await setPolicy({ rsaKeyBitsMin: 3072 });
      expect(await request()).toMatchObject(REFUSED);

      const path = `/api/realms/${realm.name}/clients/${client.clientId}/keys`;
      const refused = await world.administration.call('POST', path, {
        jwk: newKey('RS256').publicJwk,
      });
      expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer: '/jwk' }] } });

      for (const key of [newKey('RS256', 3072), newKey()]) {
        await addKey(client, { jwk: key.publicJwk }, realm);
        expect(await ask(assertionOf(client, key, { realm }), {}, realm)).toMatchObject({
          status: 200,
        });
      }
    });

    it('is 2048, 3072 or 4096 bits', async () => {
      for (const rsaKeyBitsMin of [1024, 2049, 8192])
        expect(
          await world.administration.call(
            'PATCH',
            provider(),
            { rsaKeyBitsMin },
            { 'if-match': '*' },
          ),
        ).toMatchObject({ status: 400, json: { errors: [{ pointer: '/rsaKeyBitsMin' }] } });
    });
  });
});
