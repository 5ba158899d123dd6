import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, type ClientCredentials, readToken, refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

const ORDERS = 'https://orders.example.com';
const STOCK = 'https://stock.example.com';

onEachDatabase((world) => {
  const { alpha } = world;
  const inRealm = '/api/realms/alpha';
  let orders: ClientCredentials;

  beforeAll(async () => {
    orders = await alpha.registerClient();
    await alpha.registerApi({
      id: 'orders',
      name: 'Orders',
      identifier: ORDERS,
      scopes: [{ name: 'orders:read' }],
      introspectionClients: [orders.clientId],
      claims: [
        { name: 'tier', value: 'gold' },
        { name: 'https://example.com/limits', value: { day: 1000, hosts: ['a'] } },
        { name: 'team', template: '{{client.name}}/{{client.attributes.team}}' },
        { name: 'region', template: '{{client.attributes.region|anywhere}}' },
      ],
    });
    await alpha.registerApi({
      id: 'stock',
      identifier: STOCK,
      scopes: [{ name: 'stock:read' }],
      tokenFormat: 'opaque',
      claims: [{ name: 'region', template: '{{client.attributes.region}}' }],
    });
  });

  const arrange = async (members: object = {}): Promise<ClientCredentials> => {
    const client = await alpha.registerClient({ name: 'Report', ...members });
    await alpha.grant(client, 'orders', ['orders:read']);
    await alpha.grant(client, 'stock', ['stock:read']);
    return client;
  };

  const tokenFor = async (client: ClientCredentials, scope: string) =>
    readToken(await alpha.request(client, { scope })).access_token;

  describe('RFC 7519 §4.3 custom claims of an API', () => {
    it('are in its JWTs, filled for the client', async () => {
      const client = await arrange({ attributes: { team: 'payments', region: 'eu' } });
      expect(decodeJwt(await tokenFor(client, 'orders:read'))).toMatchObject({
        sub: client.clientId,
        tier: 'gold',
        'https://example.com/limits': { day: 1000, hosts: ['a'] },
        team: 'Report/payments',
        region: 'eu',
      });
    });

    it('are left out, or what stands there otherwise, where the client has no such attribute', async () => {
      const claims = decodeJwt(await tokenFor(await arrange(), 'orders:read'));
      expect(claims).toMatchObject({ region: 'anywhere' });
      expect(claims).not.toHaveProperty('team');
    });

    it('are in no token for others', async () => {
      const claims = decodeJwt(await tokenFor(await arrange(), 'read'));
      expect(claims).not.toHaveProperty('tier');
    });

    it('RFC 7662 §2.2 are told at introspection, of opaque tokens too', async () => {
      const client = await arrange({ attributes: { region: 'eu' } });
      const jwt = await tokenFor(client, 'orders:read');
      expect((await alpha.introspect(jwt, orders)).json).toMatchObject({
        active: true,
        client_id: client.clientId,
        tier: 'gold',
        region: 'eu',
      });
      const opaque = await tokenFor(client, 'stock:read');
      expect((await alpha.introspect(opaque, client)).json).toMatchObject({
        active: true,
        region: 'eu',
      });
    });

    it('RFC 9701 §5 are told in the signed answer', async () => {
      const client = await arrange();
      const { text } = await alpha.post(
        'introspect',
        { token: await tokenFor(client, 'orders:read') },
        { as: orders, headers: { accept: 'application/token-introspection+jwt' } },
      );
      const { json } = await alpha.read('connect/jwk_uri');
      const keys = createLocalJWKSet(json as Parameters<typeof createLocalJWKSet>[0]);
      const { payload } = await jwtVerify(text, keys, { issuer: alpha.issuer });
      expect(payload).toMatchObject({ token_introspection: { active: true, tier: 'gold' } });
    });

    it('stay in a token as they were when it was issued', async () => {
      const client = await arrange({ attributes: { region: 'eu' } });
      const token = await tokenFor(client, 'stock:read');
      await alpha.changeClient(client, { attributes: { region: 'us' } });
      expect((await alpha.introspect(token, client)).json).toMatchObject({ region: 'eu' });
      const next = await tokenFor(client, 'stock:read');
      expect((await alpha.introspect(next, client)).json).toMatchObject({ region: 'us' });
    });

    it('are there under the rules that clients of PingOne expect', async () => {
      const bravo = await world.createRealm(`pingone-${world.database.toLowerCase()}`);
      await bravo.changeProvider({
        securityProfile: 'pingone',
        claims: [{ name: 'tenant', template: '{{realm.name}}' }],
      });
      const client = await bravo.registerClient();
      const answer = readToken(await bravo.request(client, { scope: 'write' }));
      expect(Object.keys(answer)).toEqual(['access_token', 'scope', 'token_type', 'expires_in']);
      expect(decodeJwt(answer.access_token)).toMatchObject({ tenant: bravo.name });
      const { json } = await bravo.read('tokeninfo', {
        authorization: `Bearer ${answer.access_token}`,
      });
      expect(json).toMatchObject({ client_id: client.clientId, realm: `/${bravo.name}` });
    });
  });

  describe('custom claims of a realm', () => {
    it('are in all of its tokens, and give way to those of an API', async () => {
      const charlie = await world.createRealm(`claims-${world.database.toLowerCase()}`);
      await charlie.changeProvider({
        claims: [
          { name: 'tier', value: 'silver' },
          { name: 'tenant', template: '{{realm.name}}' },
        ],
      });
      await charlie.registerApi({
        ...{ id: 'gold', identifier: ORDERS, scopes: [{ name: 'mine' }] },
        claims: [{ name: 'tier', value: 'gold' }],
      });
      const client = await charlie.registerClient();
      await charlie.grant(client, 'gold', ['mine']);
      const read = async (scope: string) =>
        decodeJwt(readToken(await charlie.request(client, { scope })).access_token);
      expect(await read('read')).toMatchObject({ tier: 'silver', tenant: charlie.name });
      expect(await read('mine')).toMatchObject({ tier: 'gold', tenant: charlie.name });
    });
  });

  describe('RFC 8707 §2 a token for several APIs', () => {
    const forBoth = new URLSearchParams([
      ...Object.entries(CLIENT_CREDENTIALS),
      ['scope', 'orders:read stock:read'],
      ['resource', ORDERS],
      ['resource', STOCK],
    ]).toString();

    it('says what all of them have it say, where they agree', async () => {
      const client = await arrange({ attributes: { region: 'eu' } });
      const answer = await alpha.post('access_token', forBoth, { as: client });
      const { access_token: token } = readToken(answer);
      expect((await alpha.introspect(token, client)).json).toMatchObject({
        aud: [ORDERS, STOCK],
        tier: 'gold',
        region: 'eu',
      });
    });

    it('is refused where two of them would say different things', async () => {
      const client = await arrange();
      await world.administration.change(`${inRealm}/apis/stock`, {
        claims: [{ name: 'region', value: 'warehouse' }],
      });
      const answer = await alpha.post('access_token', forBoth, { as: client });
      expect(answer).toMatchObject(refusal(400, 'invalid_target'));
      expect(await alpha.request(client, { scope: 'stock:read' })).toMatchObject({ status: 200 });
    });
  });

  describe('what an API or a client cannot be given', () => {
    const api = (claims: unknown) =>
      alpha.registerApi({ identifier: 'https://none.example.com', claims });

    it.each([
      'iss sub aud exp nbf iat jti client_id scope',
      'cnf act may_act authorization_details status htm nonce active token_type grant_type',
    ])('RFC 7519 §4.1 the claims %s', async (names) => {
      for (const name of names.split(' '))
        await expect(api([{ name, value: 'forged' }]), name).rejects.toThrow(
          'is a claim that only the server writes',
        );
    });

    it.each([
      [[{ name: 'a', template: '{{client.secret}}' }], 'unknown reference {{client.secret}}'],
      [[{ name: 'a', template: '{{client.id' }], 'without }}'],
      [[{ name: 'a' }], 'or a template is needed'],
      [[{ name: 'a', value: null }], 'must not be null'],
      [[{ name: 'a', value: 'x'.repeat(2_000) }], '1024 bytes'],
      [['a', 'a'].map((name) => ({ name, value: 1 })), 'must not contain one name twice'],
      [Array.from({ length: 21 }, (_value, at) => ({ name: `c${at}`, value: at })), '20'],
      [['a', 'b', 'c'].map((name) => ({ name, value: 'x'.repeat(1_000) })), '2048 bytes'],
    ])('claims such as %j', async (claims, words) => {
      await expect(api(claims)).rejects.toThrow(words);
    });

    it('attributes that are no texts, have no names, or are too many', async () => {
      const many = Object.fromEntries(Array.from({ length: 21 }, (_value, at) => [`a${at}`, 'x']));
      for (const attributes of [{ team: 1 }, { team: '' }, { 'a.b': 'x' }, { '1': 'x' }, many])
        await expect(alpha.registerClient({ attributes })).rejects.toThrow(/40[0-9]|42[0-9]/);
      const { a20: _last, ...twenty } = many;
      const client = await alpha.registerClient({ attributes: twenty });
      await expect(alpha.changeClient(client, { attributes: { more: 'x' } })).rejects.toThrow(
        'must not be more than 20',
      );
    });
  });

  it('RFC 7396 §2 attributes and members of a hook are changed one by one', async () => {
    const client = await alpha.registerClient({ attributes: { team: 'a', region: 'eu' } });
    const read = () =>
      world.administration.perform<{ attributes: object }>(
        'GET',
        `${inRealm}/clients/${client.clientId}`,
      );
    await alpha.changeClient(client, { attributes: { team: 'b', site: 'x' } });
    expect((await read()).attributes).toEqual({ team: 'b', region: 'eu', site: 'x' });
    await alpha.changeClient(client, { attributes: { region: null } });
    expect((await read()).attributes).toEqual({ team: 'b', site: 'x' });
    await alpha.changeClient(client, { attributes: null });
    expect((await read()).attributes).toEqual({});

    const hook = { url: 'https://claims.example.com/' };
    const id = await alpha.registerApi({ identifier: 'urn:hooked', claimsHook: hook });
    const path = `${inRealm}/apis/${id}`;
    const api = () => world.administration.perform<{ claimsHook: object }>('GET', path);
    await world.administration.change(path, { claimsHook: { cacheSeconds: 5 } });
    expect((await api()).claimsHook).toEqual({
      ...hook,
      timeoutMilliseconds: 500,
      onFailure: 'refuse',
      cacheSeconds: 5,
    });
    await world.administration.change(path, { claimsHook: null });
    expect((await api()).claimsHook).toBeNull();
    await expect(
      world.administration.change(path, { claimsHook: { cacheSeconds: 5 } }),
    ).rejects.toThrow('the API has no hook yet');
  });
});
