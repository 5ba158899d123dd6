import { seconds } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, createWorld, type World } from '../../test/world.ts';

let world: World;
let secret: string;
let apiSecret: string;

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.createRealm('bravo', { defaultScopes: ['ping'], tokenFormat: 'opaque' });
  secret = await world.registerClient('alpha', 'myClient');
  apiSecret = await world.registerClient('alpha', 'caller', { scopes: ['write'] });
  await world.createApi('alpha', 'orders', {
    scopes: [
      { name: 'orders:read', description: '' },
      { name: 'write', description: '' },
    ],
    tokenFormat: 'opaque',
    accessTokenLifetime: seconds(60),
  });
  await world.createApi('alpha', 'stock', { scopes: [{ name: 'stock:read', description: '' }] });
  await world.grant('alpha', 'caller', 'orders', ['orders:read', 'write', 'orders:gone']);
  await world.grant('alpha', 'caller', 'stock', ['stock:read']);
});
afterAll(() => world.close());

type Sent = { realm?: string; authorization?: string; headers?: Record<string, string> };

const ask = async (payload: string, { realm = 'alpha', authorization, headers }: Sent = {}) => {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/am/oauth2/realms/root/realms/${realm}/access_token`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: authorization ?? basic('myClient', secret),
      ...headers,
    },
    payload,
  });
  return { ...answer, status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
};

const eventsOf = async (subjectId: string, type: string) => {
  await world.env.recorder.flush();
  const { items } = await world.env.store.events.list('alpha', { limit: 20, subjectId, type });
  return items;
};

describe('RFC 6749 §4.4', () => {
  it('§4.4.3 a client with its secret gets a token, members in the order of PingAM', async () => {
    const answer = await ask('grant_type=client_credentials&scope=write');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatch(
      /^\{"access_token":"[^"]+","scope":"write","token_type":"Bearer","expires_in":3599\}$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('an issued token leaves an event that names client, scope and credential, not the token', async () => {
    const answer = await ask('grant_type=client_credentials&scope=read');
    const text = String(answer.json['access_token']);
    const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
    const [event] = await eventsOf(claims.jti, 'token.issued');
    expect(event).toMatchObject({
      realm: 'alpha',
      actor: { kind: 'client', id: 'myClient' },
      details: { scope: ['read'], format: 'jwt', expiresAt: claims.exp },
    });
    expect(JSON.stringify(event)).not.toContain(text.slice(0, 40));
    const registered = await world.env.store.clients.find('alpha', 'myClient');
    expect(event?.details['credentialId']).toBe(registered?.credentials[0]?.id);
  });

  it('whoever only names a public client leaves no event in its name', async () => {
    await world.registerClient('alpha', 'page', { type: 'public', authenticationMethod: 'none' });
    const answer = await world.app.inject({
      method: 'POST',
      url: '/am/oauth2/realms/root/realms/alpha/access_token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'grant_type=client_credentials&client_id=page',
    });
    expect(answer.json<{ error: string }>().error).toBe('unauthorized_client');
    expect(await eventsOf('page', 'token.refused')).toEqual([]);
  });

  it('a refusal after authentication leaves an event with the reason that the wire withholds', async () => {
    await ask('grant_type=client_credentials&scope=admin');
    const [event] = await eventsOf('myClient', 'token.refused');
    expect(event?.details).toEqual({
      reason: 'scope_not_granted',
      clientId: 'myClient',
      scope: ['admin'],
    });
  });

  it('a stranger leaves a log line and no event', async () => {
    const answer = await ask('grant_type=client_credentials', {
      authorization: basic('stranger', secret),
    });
    expect(answer.status).toBe(401);
    expect(await eventsOf('stranger', 'token.refused')).toEqual([]);
    expect(world.log).toContainEqual(
      expect.objectContaining({ reason: 'client_unknown', clientId: 'stranger' }),
    );
  });
});

describe('token settings', () => {
  const caller = () => ({ authorization: basic('caller', apiSecret) });

  it('format and lifetime are the ones of the API that the scopes belong to', async () => {
    const { json } = await ask('grant_type=client_credentials&scope=orders:read', caller());
    expect(json['access_token']).toMatch(/^tsa_/);
    expect(json['expires_in']).toBe(59);
  });

  it('RFC 9068 §3 scopes of two APIs in one request are refused, unless resource names both', async () => {
    const both = 'grant_type=client_credentials&scope=orders:read+stock:read';
    expect((await ask(both, caller())).json['error']).toBe('invalid_scope');
    const named = `${both}&resource=https://orders.example.com&resource=https://stock.example.com`;
    const answer = await ask(named, caller());
    expect(answer.json).toMatchObject({ scope: 'orders:read stock:read', expires_in: 59 });
  });

  it('a scope that two APIs have needs resource to tell which', async () => {
    const write = 'grant_type=client_credentials&scope=write';
    expect((await ask(write, caller())).json['error']).toBe('invalid_scope');
    const named = await ask(`${write}&resource=https://orders.example.com`, caller());
    expect(named.json['access_token']).toMatch(/^tsa_/);
  });

  it('a scope that the API no longer has is not granted by an old grant', async () => {
    const answer = await ask('grant_type=client_credentials&scope=orders:gone', caller());
    expect(answer.json['error']).toBe('invalid_scope');
  });

  it('RFC 6749 §3.3 without a scope the defaults of the realm apply', async () => {
    const authorization = basic('b', await world.registerClient('bravo', 'b', { scopes: [] }));
    const answer = await ask('grant_type=client_credentials', { realm: 'bravo', authorization });
    expect(answer.json).toMatchObject({ scope: 'ping' });
    expect(answer.json['access_token']).toMatch(/^tsa_/);
  });

  it('the defaults of the client go before those of the realm', async () => {
    const given = { scopes: ['a', 'b'], defaultScopes: ['b'] };
    const authorization = basic('c', await world.registerClient('bravo', 'c', given));
    const answer = await ask('grant_type=client_credentials', { realm: 'bravo', authorization });
    expect(answer.json).toMatchObject({ scope: 'b' });
  });
});

describe('the last use of a credential', () => {
  it('is told some time after it was believed', async () => {
    world.pass(100);
    await ask('grant_type=client_credentials&scope=read');
    await world.env.recorder.flush();
    const [row] = (await world.env.store.clients.find('alpha', 'myClient'))?.credentials ?? [];
    expect(row?.lastUsedAt).toBe(world.env.clock.now());
  });
});
