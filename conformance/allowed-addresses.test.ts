import { afterEach, describe, expect, it } from 'vitest';
import { keyedClients } from './keyed-client.ts';
import { signInToAm } from './pingone/am.ts';
import { CLIENT_CREDENTIALS, type ClientCredentials } from './realm.ts';
import { registrationOf } from './registration.ts';
import { newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Of the many that call, the ones in this test: from a site of the client, and from elsewhere. */
const SITE = '192.0.2.7';
const ELSEWHERE = '198.51.100.9';

type Problem = {
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
};

onEachDatabase((world) => {
  const { alpha } = world;
  const ofClient = ({ clientId }: ClientCredentials) => `/api/realms/alpha/clients/${clientId}`;
  const restricted = (members: Readonly<Record<string, unknown>> = {}) =>
    alpha.registerClient({ scopes: ['read'], allowedAddresses: ['192.0.2.0/24'], ...members });
  const ask = (as: ClientCredentials, from: string, form: object = {}) =>
    alpha.post('access_token', { ...CLIENT_CREDENTIALS, scope: 'read', ...form }, { as, from });

  /** What somebody learns who has a wrong credential, and nothing else. */
  const learned = ({ status, text, headers }: Awaited<ReturnType<typeof ask>>) => ({
    status,
    text,
    challenge: headers['www-authenticate'],
    names: Object.keys(headers).sort(),
  });

  describe('RFC 6749 §2.3 a client that says from where it calls', () => {
    it('is believed from there, and from nowhere else', async () => {
      const client = await restricted();
      expect((await ask(client, SITE)).status).toBe(200);
      expect((await ask(client, `::ffff:${SITE}`)).status).toBe(200);
      expect((await ask(client, ELSEWHERE)).json).toMatchObject({ error: 'invalid_client' });
      expect((await ask(client, '2001:db8::7')).json).toMatchObject({ error: 'invalid_client' });
    });

    it('without a list is believed from anywhere', async () => {
      const client = await restricted({ allowedAddresses: [] });
      expect((await ask(client, ELSEWHERE)).status).toBe(200);
    });

    it.each([
      ['generated', {}],
      ['chosen', { secret: { secret: 'correct horse battery' } }],
    ])('from elsewhere a right secret that was %s is answered as a wrong one', async (_, words) => {
      const client = await restricted(words);
      const right = await ask(client, ELSEWHERE);
      const wrong = await ask({ ...client, secret: `${client.secret.slice(0, -1)}~` }, ELSEWHERE);
      expect(learned(right)).toEqual(learned(wrong));
      expect(right.status).toBe(401);
    });

    it('is shut out by too many tries from elsewhere as by wrong secrets, and only there', async () => {
      const client = await restricted();
      const statuses: number[] = [];
      for (let count = 0; count < 30; count++) statuses.push((await ask(client, ELSEWHERE)).status);
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      expect((await ask(client, SITE)).status).toBe(200);
    });

    it('secret in the form: from elsewhere it is answered as a wrong one', async () => {
      const { clientId, secret } = await restricted({ authenticationMethod: 'client_secret_post' });
      const post = (client_secret: string, from: string) =>
        alpha.post(
          'access_token',
          { ...CLIENT_CREDENTIALS, scope: 'read', client_id: clientId, client_secret },
          { from },
        );
      expect((await post(secret, SITE)).status).toBe(200);
      const right = await post(secret, ELSEWHERE);
      expect(learned(right)).toEqual(learned(await post(`${secret.slice(0, -1)}~`, ELSEWHERE)));
    });

    it('a certain key: from elsewhere its signature is not looked at, and its jti not spent', async () => {
      const { keyed, assertionOf } = keyedClients(world);
      const key = newKey('ES256');
      const client = await keyed(key, alpha, {
        scopes: ['read'],
        allowedAddresses: ['192.0.2.0/24'],
      });
      const post = (client_assertion: string, from: string) =>
        alpha.post(
          'access_token',
          {
            ...CLIENT_CREDENTIALS,
            scope: 'read',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion,
          },
          { from },
        );
      const assertion = assertionOf(client, key);
      const right = await post(assertion, ELSEWHERE);
      const wrong = await post(assertionOf(client, newKey('ES256')), ELSEWHERE);
      expect(learned(right)).toEqual(learned(wrong));
      expect(right.json).toMatchObject({ error: 'invalid_client' });
      expect((await post(assertion, SITE)).status).toBe(200);
    });

    it('RFC 7523 §2.1 a service account gets nothing from elsewhere', async () => {
      const { keyed, assertionOf } = keyedClients(world);
      const key = newKey('ES256');
      await alpha.changeProvider({ grantTypes: ['client_credentials', JWT_BEARER] });
      const client = await keyed(key, alpha, {
        scopes: ['read'],
        grantTypes: [JWT_BEARER],
        allowedAddresses: ['192.0.2.0/24'],
      });
      const post = (from: string) =>
        alpha.post(
          'access_token',
          { grant_type: JWT_BEARER, assertion: assertionOf(client, key), scope: 'read' },
          { from },
        );
      expect((await post(ELSEWHERE)).json).toMatchObject({ error: 'invalid_grant' });
      expect((await post(SITE)).status).toBe(200);
    });

    it('RFC 7662 §2.1, RFC 7009 §2.1 asks about tokens and revokes them from there alone', async () => {
      const client = await restricted();
      const { access_token: token } = (await ask(client, SITE)).json as { access_token: string };
      for (const endpoint of ['introspect', 'token/revoke']) {
        const post = (from: string) => alpha.post(endpoint, { token }, { as: client, from });
        expect((await post(ELSEWHERE)).json, endpoint).toMatchObject({ error: 'invalid_client' });
        expect((await post(SITE)).status, endpoint).toBe(200);
      }
    });
  });

  describe('what administrators see', () => {
    it('is the reason and the address', async () => {
      const client = await restricted();
      await ask(client, ELSEWHERE);
      type Refusals = {
        readonly items: readonly { readonly reason: string; readonly clients: readonly object[] }[];
      };
      await expect
        .poll(async () => {
          const { items } = await world.administration.perform<Refusals>(
            'GET',
            `${ofClient(client)}/refusals`,
          );
          return items.find(({ reason }) => reason === 'address_not_allowed');
        })
        .toMatchObject({ clients: [{ details: { address: ELSEWHERE } }] });
      expect(world.log()).toContain(`"address":"${ELSEWHERE}"`);
    });

    it.each([
      ['10.0.0.1/8', 'must be an IP address'],
      ['fe80::1%eth0', 'must be an IP address'],
      ['010.0.0.1', 'must be an IP address'],
      ['everywhere', 'must be an IP address'],
    ])('%s is refused with what would be right', async (address, detail) => {
      const answer = await world.administration.call('POST', '/api/realms/alpha/clients', {
        allowedAddresses: [address],
      });
      expect(answer.status).toBe(400);
      const { errors = [] } = answer.json as Problem;
      expect(errors[0]?.pointer).toBe('/allowedAddresses/0');
      expect(errors[0]?.detail).toContain(detail);
    });

    it('fifty can be said, and no more', async () => {
      const some = (count: number) =>
        Array.from({ length: count }, (_, index) => `192.0.2.${index}`);
      const client = await restricted({ allowedAddresses: some(50) });
      expect((await ask(client, '192.0.2.49')).status).toBe(200);
      const answer = await world.administration.call('POST', '/api/realms/alpha/clients', {
        allowedAddresses: some(51),
      });
      expect(answer.status).toBe(400);
    });

    it('a change holds at once', async () => {
      const client = await restricted({ allowedAddresses: [] });
      expect((await ask(client, ELSEWHERE)).status).toBe(200);
      await alpha.changeClient(client, { allowedAddresses: [SITE] });
      expect((await ask(client, ELSEWHERE)).status).toBe(401);
      await alpha.changeClient(client, { allowedAddresses: [] });
      expect((await ask(client, ELSEWHERE)).status).toBe(200);
    });
  });

  describe('what replaces a client', () => {
    it('in PingOne’s words takes the restriction away from nobody', async () => {
      const client = await restricted();
      const am = await signInToAm(world);
      const path = `/realms/root/realms/alpha/realm-config/agents/OAuth2Client/${client.clientId}`;
      const { _id, _rev, ...attributes } = (await am.call('GET', path)).body;
      const put = await am.call('PUT', path, attributes);
      expect(put.status).toBe(200);
      expect((await ask(client, ELSEWHERE)).status).toBe(401);
      expect((await ask(client, SITE)).status).toBe(200);
    });

    it('by the client itself takes away nothing that an administrator said (RFC 7592 §2.2)', async () => {
      await alpha.changeProvider({ clientRegistration: 'token', registrationScopes: ['read'] });
      const registration = registrationOf(world, alpha);
      const registered = await registration.register({});
      const { client_id: clientId } = registered;
      await alpha.changeClient({ clientId, secret: '' }, { allowedAddresses: ['192.0.2.0/24'] });
      const members = { client_id: clientId, client_name: 'Renamed' };
      const answer = await registration.manage('PUT', registered, members);
      expect(answer.status, answer.text).toBe(200);
      const after = await world.administration.perform(
        'GET',
        `/api/realms/alpha/clients/${clientId}`,
      );
      expect(after).toMatchObject({ name: 'Renamed', allowedAddresses: ['192.0.2.0/24'] });
    });

    it('as a whole says it, too', async () => {
      const client = await restricted();
      const put = (allowedAddresses: readonly string[]) =>
        world.administration.perform('PUT', ofClient(client), {
          scopes: ['read'],
          allowedAddresses,
        });
      await put([ELSEWHERE]);
      expect((await ask(client, ELSEWHERE)).status).toBe(200);
      expect((await ask(client, SITE)).status).toBe(401);
    });

    it('in a realm file is told as a difference, and kept', async () => {
      const { clientId } = await restricted();
      type File = { readonly clients: readonly { readonly clientId: string }[] };
      const file = await world.administration.perform<File>('GET', '/api/realms/alpha/export');
      const own = file.clients.find((one) => one.clientId === clientId);
      expect(own).toMatchObject({ allowedAddresses: ['192.0.2.0/24'] });
      const changed = file.clients.map((one) =>
        one.clientId === clientId ? { ...one, allowedAddresses: [SITE] } : one,
      );
      const answer = await world.administration.perform('POST', '/api/realms/alpha/apply', {
        file: { ...file, clients: changed },
      });
      expect(JSON.stringify(answer)).toContain('allowedAddresses');
      expect(
        await world.administration.perform('GET', `/api/realms/alpha/clients/${clientId}`),
      ).toMatchObject({ allowedAddresses: [SITE] });
    });
  });

  afterEach(async () => {
    await alpha.changeProvider({ grantTypes: ['client_credentials'] });
  });
});
