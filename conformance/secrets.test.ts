import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { basic, CLIENT_CREDENTIALS, type ClientCredentials, refusal } from './realm.ts';
import type { Answer } from './wire.ts';
import { newAddress, onEachDatabase } from './world.ts';

type Secret = {
  readonly id: string;
  readonly secret: string;
  readonly origin: string;
  readonly lastFour: string;
  readonly status: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
};

const FORM = { ...CLIENT_CREDENTIALS, scope: 'read' };

onEachDatabase((world) => {
  const { alpha } = world;
  const pathOf = ({ clientId }: ClientCredentials) =>
    `/api/realms/alpha/clients/${clientId}/secrets`;
  const list = async (client: ClientCredentials) =>
    (await world.administration.perform<{ items: Secret[] }>('GET', pathOf(client))).items;
  const add = (client: ClientCredentials, body: object = {}) =>
    world.administration.perform<Secret>('POST', pathOf(client), body);
  const rotate = (client: ClientCredentials, body: object) =>
    world.administration.perform<Secret>('POST', `${pathOf(client)}/rotate`, body);
  const works = async ({ clientId }: ClientCredentials, secret: string): Promise<boolean> =>
    (await alpha.request({ clientId, secret }, { scope: 'read' })).status === 200;

  describe('RFC 6749 §2.3.1 several secrets at a time', () => {
    it('each of them works, generated or chosen, old or new (C94)', async () => {
      const client = await alpha.registerClient();
      const chosen = ['first-of-a-person', 'second-of-a-person'];
      const secrets = [client.secret, (await add(client)).secret];
      for (const secret of chosen) secrets.push((await add(client, { secret })).secret);
      for (const secret of secrets) expect(await works(client, secret)).toBe(true);
      expect(await works(client, 'third-of-a-person')).toBe(false);
    });

    it('a generated one has 256 bits, a prefix, a checksum, and unreserved characters only', async () => {
      const { secret } = await alpha.registerClient();
      expect(secret).toMatch(/^tsk_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$/);
    });

    it('none is ever shown again, and what is shown tells them apart (C95)', async () => {
      const client = await alpha.registerClient();
      const chosen = 'shown-by-no-answer';
      await add(client, { secret: chosen, label: 'from a person' });
      const listed = await list(client);
      expect(listed.map(({ origin, lastFour }) => `${origin} ${lastFour}`).sort()).toEqual([
        'chosen ',
        `generated ${client.secret.slice(-4)}`,
      ]);
      const { administration } = world;
      for (const path of [
        pathOf(client),
        pathOf(client).replace('/secrets', ''),
        '/api/realms/alpha/clients',
      ]) {
        const { text } = await administration.call('GET', path);
        expect(text).not.toContain(client.secret);
        expect(text).not.toContain(chosen);
        expect(text).not.toContain('argon2');
      }
    });

    it('eleven are too many', async () => {
      const client = await alpha.registerClient();
      for (let count = 1; count < 10; count++) await add(client);
      const { status } = await world.administration.call('POST', pathOf(client), {});
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(await list(client)).toHaveLength(10);
    });

    it('one that looks generated can not be chosen', async () => {
      const client = await alpha.registerClient();
      const { secret } = await alpha.registerClient();
      const { status } = await world.administration.call('POST', pathOf(client), { secret });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(await works(client, secret)).toBe(false);
    });
  });

  describe('the end of a secret', () => {
    it('comes when it expires, by itself (C93)', async () => {
      const client = await alpha.registerClient();
      const brief = [
        await add(client, { expiresIn: 2 }),
        await add(client, { expiresIn: 2, secret: 'chosen-for-two-seconds' }),
      ];
      for (const { secret } of brief) expect(await works(client, secret)).toBe(true);
      await pause(3_000);
      for (const { secret } of brief)
        expect(await alpha.request({ ...client, secret }, { scope: 'read' })).toMatchObject(
          refusal(401, 'invalid_client', 'Client authentication failed'),
        );
      expect((await list(client)).map(({ status }) => status).sort()).toEqual([
        'active',
        'expired',
        'expired',
      ]);
      expect(await works(client, client.secret)).toBe(true);
    });

    it('comes at once when it is revoked, however warm it is (C94)', async () => {
      const client = await alpha.registerClient();
      for (const body of [{}, { secret: 'chosen-and-remembered' }]) {
        const { id, secret } = await add(client, body);
        for (let turn = 0; turn < 5; turn++) expect(await works(client, secret)).toBe(true);
        await world.administration.perform('DELETE', `${pathOf(client)}/${id}`);
        expect(await works(client, secret)).toBe(false);
      }
    });

    it('leaves the tokens that it obtained', async () => {
      const client = await alpha.registerClient();
      const { id, secret } = await add(client);
      const token = await alpha.token({ ...client, secret }, { scope: 'read' });
      await world.administration.perform('DELETE', `${pathOf(client)}/${id}`);
      expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
    });
  });

  describe('the rotation of a secret', () => {
    it('overlaps, and the overlap ends by itself (C94)', async () => {
      const client = await alpha.registerClient({ secret: { secret: 'chosen-before-rotation' } });
      const other = await add(client);
      const { secret } = await rotate(client, { overlap: 2 });
      for (const one of [client.secret, other.secret, secret])
        expect(await works(client, one)).toBe(true);
      await pause(3_000);
      for (const one of [client.secret, other.secret]) expect(await works(client, one)).toBe(false);
      expect(await works(client, secret)).toBe(true);
    });

    it('without overlap ends the earlier secret at once', async () => {
      const client = await alpha.registerClient();
      expect(await works(client, client.secret)).toBe(true);
      const { secret } = await rotate(client, { overlap: 0 });
      expect(await works(client, client.secret)).toBe(false);
      expect(await works(client, secret)).toBe(true);
    });

    it('never makes a secret live longer than it would have', async () => {
      const client = await alpha.registerClient();
      const brief = await add(client, { expiresIn: 2 });
      await rotate(client, { overlap: 3_600 });
      await pause(3_000);
      expect(await works(client, brief.secret)).toBe(false);
      expect(await works(client, client.secret)).toBe(true);
    });
  });

  describe('the last use of a secret', () => {
    it('is kept for the one that was used, shortly after', async () => {
      const client = await alpha.registerClient();
      const used = await add(client);
      const before = Math.floor(Date.now() / 1000);
      expect(await works(client, used.secret)).toBe(true);
      await expect
        .poll(async () => (await list(client)).find(({ id }) => id === used.id)?.lastUsedAt, {
          timeout: 10_000,
        })
        .toBeGreaterThanOrEqual(before - 1);
      const unused = (await list(client)).find(({ id }) => id !== used.id);
      expect(unused?.lastUsedAt).toBeNull();
    });

    it('is not kept for a failure', async () => {
      const client = await alpha.registerClient();
      expect(await works(client, 'not-the-secret')).toBe(false);
      await pause(2_000);
      expect((await list(client)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([null]);
    });
  });

  describe('RFC 6749 §2.3.1, RFC 6585 §4 guessing', () => {
    let guesses = 0;
    const guess = (clientId: string, from: string) =>
      alpha.post('access_token', FORM, { as: { clientId, secret: `guess-${++guesses}` }, from });

    it('is slowed down with 429 and Retry-After, in JSON (B66, attack 3)', async () => {
      const { clientId } = await alpha.registerClient();
      const from = newAddress();
      const answers: Answer[] = [];
      for (let turn = 0; turn < 15; turn++) answers.push(await guess(clientId, from));
      const [first] = answers;
      const last = answers.at(-1);
      expect(first?.status).toBe(401);
      expect(last).toMatchObject(
        refusal(429, 'temporarily_unavailable', 'Too many failed attempts, try again later'),
      );
      expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(last?.headers['retry-after'])).toBeLessThanOrEqual(60);
      const failures = answers.filter(({ status }) => status === 401);
      expect(failures.length).toBeGreaterThanOrEqual(3);
      expect(failures.length).toBeLessThanOrEqual(11);
    });

    it('is slowed down for a client that does not exist in the same way', async () => {
      const { clientId } = await alpha.registerClient();
      const statuses = await Promise.all(
        [clientId, 'nobody-at-all'].map(async (id) => {
          const from = newAddress();
          const seen: number[] = [];
          for (let turn = 0; turn < 13; turn++) seen.push((await guess(id, from)).status);
          return seen;
        }),
      );
      expect(statuses[0]).toEqual(statuses[1]);
      expect(statuses[0]).toContain(429);
    });

    it('lets the client in from elsewhere, and after the wait (C97)', async () => {
      const chosen = 'a-secret-that-is-cold';
      const client = await alpha.registerClient({ secret: { secret: chosen } });
      const attacker = newAddress();
      let wait = 0;
      for (let turn = 0; turn < 15; turn++)
        wait = Number((await guess(client.clientId, attacker)).headers['retry-after'] ?? 0);
      expect(wait).toBeGreaterThan(0);
      const elsewhere = await alpha.post('access_token', FORM, { as: client, from: newAddress() });
      expect(elsewhere.status).toBe(200);
    });

    it('never locks out who is right and known: a warm or a generated secret works from anywhere', async () => {
      const client = await alpha.registerClient({ secret: { secret: 'a-secret-that-is-warm' } });
      const generated = await alpha.registerClient();
      const from = newAddress();
      expect((await alpha.post('access_token', FORM, { as: client, from })).status).toBe(200);
      for (let turn = 0; turn < 15; turn++) {
        await guess(client.clientId, from);
        await guess(generated.clientId, from);
      }
      expect((await guess(client.clientId, from)).status).toBe(429);
      for (const as of [client, generated])
        expect((await alpha.post('access_token', FORM, { as, from })).status).toBe(200);
    });

    it('success gives the budget back (C97)', async () => {
      const client = await alpha.registerClient();
      const from = newAddress();
      for (let round = 0; round < 4; round++) {
        for (let turn = 0; turn < 5; turn++)
          expect((await guess(client.clientId, from)).status).toBe(401);
        expect((await alpha.post('access_token', FORM, { as: client, from })).status).toBe(200);
      }
    });

    it('from one address at many clients is bounded too', async () => {
      const from = newAddress();
      const statuses: number[] = [];
      for (let turn = 0; turn < 70; turn++) {
        statuses.push((await guess(`sprayed-${turn}`, from)).status);
        if (statuses.at(-1) === 429) break;
      }
      expect(statuses.at(-1)).toBe(429);
    });

    it('at introspection and revocation spends the same budget', async () => {
      const { clientId } = await alpha.registerClient();
      const from = newAddress();
      const as = { clientId, secret: 'not-this-one-either' };
      let last = 0;
      for (let turn = 0; turn < 15; turn++) {
        const endpoint = ['access_token', 'introspect', 'token/revoke'][turn % 3] ?? '';
        last = (await alpha.post(endpoint, { ...FORM, token: 'x' }, { as, from })).status;
      }
      expect(last).toBe(429);
    });

    it('spends the budget of the address behind the trusted proxy, whatever is put before it (attack 33)', async () => {
      const { clientId } = await alpha.registerClient();
      const from = newAddress();
      let last = 0;
      for (let turn = 0; turn < 15; turn++)
        last = (await guess(clientId, `198.51.100.${turn}, ${from}`)).status;
      expect(last).toBe(429);
    });
  });

  describe('RFC 6749 §10.10 the cost of guessing', () => {
    it('a flood of wrong secrets does not keep a good client waiting (attack 4)', async () => {
      const client = await alpha.registerClient();
      await alpha.token(client, { scope: 'read' });
      const flood = Array.from({ length: 100 }, (_, index) =>
        alpha.post('access_token', FORM, {
          as: { clientId: `flooded-${index}`, secret: `wrong-secret-${index}` },
        }),
      );
      const took: number[] = [];
      for (let turn = 0; turn < 20; turn++)
        took.push((await alpha.request(client, { scope: 'read' })).milliseconds);
      await Promise.all(flood);
      took.sort((a, b) => a - b);
      expect(took[Math.floor(took.length / 2)]).toBeLessThan(250);
    });
  });
});

onEachDatabase(
  (world) => {
    it('without a trusted proxy a forged X-Forwarded-For buys no new budget (attack 33)', async () => {
      const { alpha } = world;
      const { clientId } = await alpha.registerClient();
      const authorization = basic({ clientId, secret: 'wrong-all-the-time' });
      let last = 0;
      for (let turn = 0; turn < 15; turn++)
        last = (await alpha.post('access_token', FORM, { headers: { authorization } })).status;
      expect(last).toBe(429);
    });
  },
  { databases: ['SQLite'], environment: { TESSERA_TRUSTED_PROXIES: '' } },
);
