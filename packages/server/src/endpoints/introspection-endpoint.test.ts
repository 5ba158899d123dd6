import { numericDate } from '@tessera/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { basic, createWorld, type World } from '../../test/world.ts';

let world: World;
const secrets: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.createRealm('bravo');
  for (const [name, given] of Object.entries({
    jwt: {},
    opaque: { tokenFormat: 'opaque' },
    guard: { scopes: ['am-introspect-all-tokens'] },
    warehouse: {},
  } as const))
    secrets[name] = await world.registerClient('alpha', name, given);
  await world.registerClient('bravo', 'guard', { scopes: ['am-introspect-all-tokens'] });
  await world.createApi('alpha', 'stock', {
    scopes: [{ name: 'stock:read', description: '' }],
    introspectionClients: ['warehouse'],
  });
  await world.grant('alpha', 'jwt', 'stock', ['stock:read']);
});
afterAll(() => world.close());
beforeEach(() => world.pass(2));

const post = (path: string, caller: string, payload: string, realm = 'alpha') =>
  world.app.inject({
    method: 'POST',
    url: `/am/oauth2/realms/root/realms/${realm}/${path}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(caller, secrets[caller] ?? ''),
    },
    payload,
  });

const issue = async (client: string, scope = 'read'): Promise<string> => {
  const answer = await post('access_token', client, `grant_type=client_credentials&scope=${scope}`);
  return answer.json<{ access_token: string }>().access_token;
};

const introspect = async (token: string, caller = 'guard') => {
  const answer = await post('introspect', caller, `token=${encodeURIComponent(token)}`);
  expect(answer.statusCode).toBe(200);
  return answer.json<Record<string, unknown>>();
};

const INACTIVE = { active: false };

describe.each(['jwt', 'opaque'])('RFC 7662 §2.2 a token in format %s', (client) => {
  it('is described to a client that may ask about every token of the realm', async () => {
    const now = world.env.clock.now();
    const issuer = world.env.addresses.issuer('alpha');
    expect(await introspect(await issue(client))).toEqual({
      active: true,
      scope: 'read',
      client_id: client,
      token_type: 'Bearer',
      exp: now + 3600,
      iat: now,
      sub: client,
      aud: issuer,
      iss: issuer,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it('is described to its own client and to nobody who has no business with it', async () => {
    const token = await issue(client);
    expect(await introspect(token, client)).toMatchObject({ active: true });
    expect(await introspect(token, 'warehouse')).toEqual(INACTIVE);
  });

  it('is inactive from the second in which it expires', async () => {
    const token = await issue(client);
    world.pass(3599);
    expect(await introspect(token)).toMatchObject({ active: true });
    world.pass(1);
    expect(await introspect(token)).toEqual(INACTIVE);
  });

  it('RFC 7009 §2 is inactive at once when its client revokes it, and revoking again succeeds', async () => {
    const token = await issue(client);
    for (let i = 0; i < 2; i++) {
      const answer = await post('token/revoke', client, `token=${token}`);
      expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
      expect(await introspect(token)).toEqual(INACTIVE);
    }
  });

  it('RFC 7009 §2.1 is not revoked by another client', async () => {
    const token = await issue(client);
    const answer = await post('token/revoke', 'warehouse', `token=${token}`);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      {
        error_description: 'The token was issued to another client',
        error: 'unauthorized_client',
      },
    ]);
    expect(await introspect(token)).toMatchObject({ active: true });
  });

  it('falls with its client: disabled, deleted, or all of its tokens revoked', async () => {
    secrets['leaver'] = await world.registerClient('alpha', 'leaver', {
      tokenFormat: client === 'opaque' ? 'opaque' : 'jwt',
    });
    const token = await issue('leaver');
    const update = async (given: object) =>
      world.change(async (rows) => {
        const row = await rows.clients.find('alpha', 'leaver');
        if (row !== undefined) await rows.clients.update({ ...row, ...given });
      });
    await update({ enabled: false });
    expect(await introspect(token)).toEqual(INACTIVE);
    await update({ enabled: true });
    expect(await introspect(token)).toMatchObject({ active: true });

    await update({ tokensValidFrom: numericDate(world.env.clock.now() + 1) });
    expect(await introspect(token)).toEqual(INACTIVE);
    const next = await issue('leaver');
    expect(await introspect(next)).toMatchObject({ active: true, iat: world.env.clock.now() + 1 });

    await world.change((rows) => rows.clients.delete('alpha', 'leaver'));
    expect(await introspect(next)).toEqual(INACTIVE);
  });

  it('is nothing in another realm', async () => {
    const token = await issue(client);
    secrets['stranger'] = await world.registerClient('bravo', 'stranger', {
      scopes: ['am-introspect-all-tokens'],
    });
    const answer = await post('introspect', 'stranger', `token=${token}`, 'bravo');
    expect(answer.json()).toEqual(INACTIVE);
  });
});

it('RFC 7662 §2.1 an API learns of tokens addressed to it through the clients it named', async () => {
  const token = await issue('jwt', 'stock:read');
  expect(await introspect(token, 'warehouse')).toMatchObject({
    active: true,
    aud: 'https://stock.example.com',
  });
  expect(await introspect(await issue('jwt'), 'warehouse')).toEqual(INACTIVE);
});

describe('RFC 8725 §3 a token that we did not sign so', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['alg none', (_h: string, p: string) => `${part({ typ: 'at+jwt', alg: 'none' })}.${p}.`],
    ['alg null', (_h: string, p: string, s: string) => `${part({ alg: null })}.${p}.${s}`],
    ['no signature', (h: string, p: string) => `${h}.${p}.`],
    ['a signature of zeros', (h: string, p: string) => `${h}.${p}.${'A'.repeat(86)}`],
    ['another payload', (h: string, _p: string, s: string) => `${h}.${part({})}.${s}`],
    ['four parts', (h: string, p: string, s: string) => `${h}.${p}.${s}.${s}`],
    ['header null', (_h: string, p: string, s: string) => `${part(null)}.${p}.${s}`],
    ['nothing but dots', () => '..'],
    ['RFC 7515 §2 padding', (h: string, p: string, s: string) => `${h}.${p}.${s}=`],
    ['a megabyte', () => `eyJ${'a'.repeat(20_000)}`],
    ['an opaque look-alike', () => `tsa_${'a'.repeat(49)}`],
  ])('is inactive: %s', async (_name, forge) => {
    const [header = '', payload = '', signature = ''] = (await issue('jwt')).split('.');
    expect(await introspect(forge(header, payload, signature))).toEqual(INACTIVE);
  });
});

describe('tokeninfo', () => {
  const ask = (headers: Record<string, string>, query = '') =>
    world.app.inject({ url: `/am/oauth2/realms/root/realms/alpha/tokeninfo${query}`, headers });

  it('tells the holder of a token what it stands for, as PingAM does', async () => {
    const token = await issue('jwt', 'read+write');
    const answer = await ask({ authorization: `bearer ${token}` });
    expect(answer.json()).toEqual({
      access_token: token,
      grant_type: 'client_credentials',
      scope: ['read', 'write'],
      realm: '/alpha',
      token_type: 'Bearer',
      expires_in: 3600,
      client_id: 'jwt',
      read: '',
      write: '',
    });
  });

  it('RFC 6750 §3 challenges who has no token, or a bad one', async () => {
    const none = await ask({});
    expect([none.statusCode, none.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="/alpha"',
    ]);
    const bad = await ask({ authorization: 'Bearer nonsense' });
    expect([bad.statusCode, bad.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="/alpha", error="invalid_token"',
    ]);
  });

  it('RFC 9700 §4.3.2 takes no token from the address', async () => {
    const answer = await ask({}, `?access_token=${await issue('jwt')}`);
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
      400,
      'invalid_request',
    ]);
  });
});
