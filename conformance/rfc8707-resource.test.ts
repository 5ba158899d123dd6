import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, type ClientCredentials, readToken, refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

const ORDERS = 'https://orders.example.com/';
const STOCK = 'https://stock.example.com/v1';
const SECRETS = 'https://secrets.example.com/';

onEachDatabase((world) => {
  const { alpha } = world;

  beforeAll(async () => {
    await alpha.registerApi({
      id: 'orders',
      identifier: ORDERS,
      scopes: [{ name: 'orders:read' }, { name: 'orders:write' }, { name: 'list' }],
    });
    await alpha.registerApi({
      id: 'stock',
      identifier: STOCK,
      scopes: [{ name: 'stock:count' }, { name: 'list' }],
      accessTokenLifetime: 60,
    });
    await alpha.registerApi({
      id: 'secrets',
      identifier: SECRETS,
      scopes: [{ name: 'secrets:read' }],
    });
  });

  /** A client that may read orders and count stock; nothing at the third API. */
  const arrange = async (): Promise<ClientCredentials> => {
    const client = await alpha.registerClient({ scopes: ['own'] });
    await alpha.grant(client, 'orders', ['orders:read', 'list']);
    await alpha.grant(client, 'stock', ['stock:count', 'list']);
    return client;
  };

  const ask = (as: ClientCredentials, scope: string, ...resource: readonly string[]) =>
    alpha.post(
      'access_token',
      [
        ...Object.entries({ ...CLIENT_CREDENTIALS, scope }),
        ...resource.map((one) => ['resource', one] as const),
      ],
      { as },
    );

  describe('RFC 8707 §2 the resource parameter', () => {
    it('is the audience of the token (H216, G205)', async () => {
      const { access_token } = readToken(await ask(await arrange(), 'orders:read', ORDERS));
      expect(decodeJwt(access_token)).toMatchObject({ aud: ORDERS, scope: 'orders:read' });
    });

    it('named twice is one audience', async () => {
      const { access_token } = readToken(await ask(await arrange(), 'orders:read', ORDERS, ORDERS));
      expect(decodeJwt(access_token).aud).toBe(ORDERS);
    });

    it('of two APIs makes a token for both, in an array (H218, G205)', async () => {
      const answer = await ask(await arrange(), 'orders:read stock:count', ORDERS, STOCK);
      expect(decodeJwt(readToken(answer).access_token).aud).toEqual([ORDERS, STOCK]);
    });

    it('the shortest lifetime of several APIs holds', async () => {
      const answer = await ask(await arrange(), 'list', ORDERS, STOCK);
      const { iat = 0, exp = 0 } = decodeJwt(readToken(answer).access_token);
      expect(exp - iat).toBe(60);
    });

    it.each([
      ['unknown (H216)', 'https://unknown.example.com/'],
      ['not granted to the client (H216)', SECRETS],
      ['of the administration', 'urn:tessera:admin'],
      ['relative (H217)', 'orders'],
      ['a path (H217)', '/orders'],
      ['with a fragment (H217)', `${ORDERS}#top`],
      ['no URI at all (H217)', '::not a uri::'],
      ['without its trailing slash (H220)', ORDERS.slice(0, -1)],
      ['with a trailing slash too many (H220)', `${STOCK}/`],
      ['in upper case (H220)', ORDERS.toUpperCase()],
      ['with the default port (H220)', 'https://orders.example.com:443/'],
      ['encoded differently (H220)', 'https://orders.example.com/%2e'],
    ])('that is %s is an invalid target', async (_, resource) => {
      const client = await arrange();
      for (const resources of [[resource], [ORDERS, resource]])
        expect(await ask(client, 'orders:read', ...resources)).toMatchObject(
          refusal(400, 'invalid_target', 'The requested resource is not available'),
        );
    });

    it('that is empty is treated as left out (H217, RFC 6749 §3.2)', async () => {
      const { access_token } = readToken(await ask(await arrange(), 'orders:read', ''));
      expect(decodeJwt(access_token).aud).toBe(ORDERS);
    });

    it('an API that does not exist and one that is not granted are answered alike', async () => {
      const client = await arrange();
      const [unknown, foreign] = await Promise.all([
        ask(client, 'orders:read', 'https://unknown.example.com/'),
        ask(client, 'orders:read', SECRETS),
      ]);
      expect(unknown.text).toBe(foreign.text);
    });
  });

  describe('RFC 8707 §2.2 the scope is that of the resource', () => {
    it.each([
      ['of another API (H219)', 'stock:count'],
      ['of the default API', 'own'],
      ['of the API, yet not granted', 'orders:write'],
      ['of an API that is not granted', 'secrets:read'],
    ])('a scope %s is refused', async (_, scope) => {
      expect(await ask(await arrange(), scope, ORDERS)).toMatchObject(
        refusal(400, 'invalid_scope', `Unknown/invalid scope(s): [${scope}]`),
      );
    });

    it('a scope that one of two APIs withholds is in no token for both (H219)', async () => {
      const client = await alpha.registerClient();
      await alpha.grant(client, 'orders', ['list', 'orders:read']);
      await alpha.grant(client, 'stock', ['stock:count']);
      expect((await ask(client, 'list', ORDERS)).status).toBe(200);
      expect((await ask(client, 'orders:read', ORDERS, STOCK)).status).toBe(200);
      expect(await ask(client, 'list', ORDERS, STOCK)).toMatchObject(
        refusal(400, 'invalid_scope', 'Unknown/invalid scope(s): [list]'),
      );
    });

    it('RFC 9068 §3: without a resource the scope chooses the audience', async () => {
      const client = await arrange();
      const audience = async (scope: string) =>
        decodeJwt(readToken(await ask(client, scope)).access_token).aud;
      expect(await audience('orders:read')).toBe(ORDERS);
      expect(await audience('stock:count')).toBe(STOCK);
      expect(await audience('own')).toBe(alpha.issuer);
    });

    it.each(['orders:read stock:count', 'orders:read own', 'list'])(
      'RFC 9068 §3: scopes of different audiences need a resource: %s',
      async (scope) => {
        expect(await ask(await arrange(), scope)).toMatchObject(
          refusal(
            400,
            'invalid_scope',
            'The scopes belong to different resources, name one with the resource parameter',
          ),
        );
      },
    );

    it('a scope that the API loses is no longer granted, whatever the grant says', async () => {
      const identifier = 'https://shrinks.example.com/';
      const id = await alpha.registerApi({
        identifier,
        scopes: [{ name: 'one' }, { name: 'two' }],
      });
      const client = await alpha.registerClient();
      await alpha.grant(client, id, ['one', 'two']);
      expect((await ask(client, 'one two', identifier)).status).toBe(200);
      await world.administration.change(`/api/realms/alpha/apis/${id}`, {
        scopes: [{ name: 'one' }],
      });
      expect(await ask(client, 'one two', identifier)).toMatchObject(
        refusal(400, 'invalid_scope', 'Unknown/invalid scope(s): [two]'),
      );
    });

    it('a client grant that is taken away is gone with the next request', async () => {
      const client = await arrange();
      expect((await ask(client, 'orders:read', ORDERS)).status).toBe(200);
      await world.administration.perform(
        'DELETE',
        `/api/realms/alpha/clients/${client.clientId}/grants/orders`,
      );
      expect(await ask(client, 'orders:read', ORDERS)).toMatchObject(
        refusal(400, 'invalid_target'),
      );
    });
  });

  describe('the settings of an API', () => {
    it('win over those of the client: format, algorithm, lifetime (G213)', async () => {
      const identifier = 'https://opaque.example.com/';
      const id = await alpha.registerApi({
        identifier,
        scopes: [{ name: 'opaque' }],
        tokenFormat: 'opaque',
        accessTokenLifetime: 300,
      });
      const client = await alpha.registerClient({ tokenFormat: 'jwt', accessTokenLifetime: 900 });
      await alpha.grant(client, id, ['opaque']);
      const answer = readToken(await ask(client, 'opaque', identifier));
      expect(answer.access_token).toMatch(/^tsa_/);
      expect(answer.expires_in).toBe(299);
      expect(readToken(await ask(client, 'read')).access_token).toMatch(/^eyJ/);
    });
  });
});
