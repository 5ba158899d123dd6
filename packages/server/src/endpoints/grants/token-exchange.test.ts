import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { numericDate, seconds, TOKEN_EXCHANGE_GRANT } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalIssuer, startIssuer } from '../../../test/local-issuer.ts';
import { basic, createWorld, type World } from '../../../test/world.ts';
import type { Client } from '../../model/client.ts';

/* Shows RFC 8693 §1.1, §2, §2.1, §4.1, §4.4, RFC 9449 §5. */

const TYPE = 'urn:ietf:params:oauth:token-type:';
const STOCK = 'https://stock.example.com';

let world: World;
let idp: LocalIssuer;
let issuerId: string;
const secrets: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha', {
    grantTypes: ['client_credentials', TOKEN_EXCHANGE_GRANT],
  });
  idp = await startIssuer();
  issuerId = await world.addTrustedIssuer('alpha', { issuer: idp.url, jwksUri: idp.jwksUri });
  const both = { grantTypes: ['client_credentials', TOKEN_EXCHANGE_GRANT] };
  await register('frontend', both);
  await register('orders', both);
  await register('trusted', { ...both, tokenExchange: 'impersonation' });
  await register('helper');
  await world.createApi('alpha', 'orders', {
    scopes: scopesNamed('read', 'write'),
    introspectionClients: ['orders', 'trusted'],
  });
  await world.createApi('alpha', 'stock', {
    scopes: scopesNamed('read', 'write', 'stock'),
    introspectionClients: ['warehouse'],
    accessTokenLifetime: seconds(7_200),
  });
  await world.createApi('alpha', 'opaque', { scopes: scopesNamed('read'), tokenFormat: 'opaque' });
  await world.grant('alpha', 'frontend', 'orders', ['read', 'write']);
  for (const client of ['orders', 'trusted'])
    for (const api of ['stock', 'opaque'])
      await world.grant('alpha', client, api, api === 'stock' ? ['read', 'stock'] : ['read']);
});
afterAll(async () => {
  await world.close();
  await idp.close();
});

const scopesNamed = (...names: string[]) => names.map((name) => ({ name, description: '' }));

async function register(name: string, given: Partial<Client> = {}) {
  secrets[name] = await world.registerClient('alpha', name, given);
}

type Json = Readonly<Record<string, unknown>>;

async function post(
  path: string,
  as: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/am/oauth2/realms/root/realms/alpha/${path}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(as, secrets[as] ?? ''),
      ...headers,
    },
    payload: new URLSearchParams(form).toString(),
  });
  const json = answer.json<Json>();
  return { status: answer.statusCode, error: json['error'], json };
}

/** A token that a client got for itself, at the API of the orders unless it says otherwise. */
async function tokenOf(
  client = 'frontend',
  resource = 'https://orders.example.com',
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: 'read', resource };
  return String((await post('access_token', client, form, headers)).json['access_token']);
}

const exchange = (
  subjectToken: string,
  form: Readonly<Record<string, string>> = {},
  as = 'orders',
  headers: Readonly<Record<string, string>> = {},
) =>
  post(
    'access_token',
    as,
    {
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: subjectToken,
      subject_token_type: `${TYPE}access_token`,
      audience: STOCK,
      scope: 'read',
      ...form,
    },
    headers,
  );

const introspect = async (token: unknown, as = 'orders') =>
  (await post('introspect', as, { token: String(token) })).json;

const lastReason = async () => {
  await world.env.recorder.flush();
  const filter = { limit: 1, type: 'token.refused' };
  return (await world.env.store.events.list('alpha', filter)).items[0]?.details;
};

const assertion = (claims: object = {}) => {
  const now = world.env.clock.now();
  const aud = world.env.addresses.issuer('alpha');
  return idp.sign({ iss: idp.url, sub: 'ada', aud, exp: now + 60, jti: randomUUID(), ...claims });
};
const exchangeAssertion = (claims: object, form: Readonly<Record<string, string>> = {}) =>
  exchange(assertion(claims), { subject_token_type: `${TYPE}jwt`, ...form });

describe('RFC 8693 §2 a client that was sent a token exchanges it', () => {
  it('§1.1 for one that names it as the party that acts', async () => {
    const { status, json } = await exchange(await tokenOf());
    expect(status).toBe(200);
    expect(json).toMatchObject({
      scope: 'read',
      token_type: 'Bearer',
      issued_token_type: `${TYPE}access_token`,
    });
    expect(json).not.toHaveProperty('refresh_token');
    expect(await introspect(json['access_token'])).toMatchObject({
      active: true,
      sub: 'frontend',
      client_id: 'orders',
      aud: STOCK,
      act: { sub: 'orders' },
    });
  });

  it('§4.1 in either format, and again, one party after the other', async () => {
    const form = { audience: 'https://opaque.example.com' };
    const opaque = await exchange(await tokenOf(), form);
    expect(opaque.json['access_token']).toMatch(/^tsa_/);
    expect(await introspect(opaque.json['access_token'])).toMatchObject({
      sub: 'frontend',
      act: { sub: 'orders' },
    });
    await world.change(async (rows) => {
      const api = await rows.apis.find('alpha', 'opaque');
      if (api !== undefined) await rows.apis.update({ ...api, introspectionClients: ['trusted'] });
    });
    const again = await exchange(
      String(opaque.json['access_token']),
      { actor_token: await tokenOf('trusted', STOCK), actor_token_type: `${TYPE}access_token` },
      'trusted',
    );
    expect(await introspect(again.json['access_token'], 'trusted')).toMatchObject({
      sub: 'frontend',
      client_id: 'trusted',
      act: { sub: 'trusted', act: { sub: 'orders' } },
    });
  });

  it('§1.1 without naming itself if it was allowed to impersonate', async () => {
    const { json } = await exchange(await tokenOf(), {}, 'trusted');
    const token = await introspect(json['access_token'], 'trusted');
    expect(token).toMatchObject({ sub: 'frontend', client_id: 'trusted' });
    expect(token).not.toHaveProperty('act');
  });

  it('§2 never for longer', async () => {
    const subject = await tokenOf();
    world.pass(3_000);
    const { json } = await exchange(subject);
    expect(json['expires_in']).toBe(599);
    world.pass(600);
    expect((await exchange(subject)).error).toBe('invalid_request');
  });

  it('leaves an event that tells about whom it is and who acts', async () => {
    await exchange(await tokenOf());
    await world.env.recorder.flush();
    const filter = { limit: 1, actorId: 'orders', type: 'token.issued' };
    expect((await world.env.store.events.list('alpha', filter)).items[0]?.details).toMatchObject({
      grantType: TOKEN_EXCHANGE_GRANT,
      subject: 'frontend',
      actors: ['orders'],
    });
  });
});

describe('RFC 8693 §2.1 the actor token', () => {
  const actor = (text: string) => ({ actor_token: text, actor_token_type: `${TYPE}access_token` });

  it('§4.1 names its client', async () => {
    const { json } = await exchange(
      await tokenOf(),
      actor(await tokenOf('trusted', STOCK)),
      'trusted',
    );
    expect(await introspect(json['access_token'], 'trusted')).toMatchObject({
      act: { sub: 'trusted' },
    });
  });

  it('§4.4 is the own one of the caller, unless the subject lets another act', async () => {
    const helper = actor(await tokenOf('helper', world.env.addresses.issuer('alpha')));
    expect((await exchange(await tokenOf(), helper)).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ reason: 'actor_not_authorized', actor: 'helper' });

    const may_act = { sub: 'helper' };
    const allowed = await exchangeAssertion({ may_act }, helper);
    expect(await introspect(allowed.json['access_token'])).toMatchObject({
      sub: `${issuerId}|ada`,
      act: { sub: 'helper' },
    });
    expect((await exchangeAssertion({ may_act })).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ reason: 'actor_not_authorized', actor: 'orders' });
  });

  it('§2.1 is active, and about its own client', async () => {
    const subject = await tokenOf();
    const delegated = String((await exchange(subject)).json['access_token']);
    expect((await exchange(subject, actor(delegated))).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ because: 'not about its own client' });
    expect((await exchange(subject, actor('nonsense'))).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ reason: 'actor_token_invalid' });
  });
});

describe('RFC 8693 §2.1 an assertion of a trusted issuer as the subject', () => {
  it('is named so that it is nobody of the realm, and so are those who acted', async () => {
    const { status, json } = await exchangeAssertion({
      act: { sub: 'orders' },
      scope: 'read other',
    });
    expect(status).toBe(200);
    expect(await introspect(json['access_token'])).toMatchObject({
      sub: `${issuerId}|ada`,
      act: { sub: 'orders', act: { sub: `${issuerId}|orders` } },
      scope: 'read',
    });
    expect(Number(json['expires_in'])).toBeLessThan(60);
  });

  it.each<[string, object, string, string]>([
    ['a scope that it lacks', { scope: 'other' }, 'invalid_scope', 'scope_not_granted'],
    ['expired', { exp: 1 }, 'invalid_request', 'subject_token_invalid'],
    ['of an unknown issuer', { iss: 'https://x' }, 'invalid_request', 'subject_token_invalid'],
    ['scope that is no text', { scope: ['read'] }, 'invalid_request', 'subject_token_invalid'],
    ['act that is no chain', { act: 'x' }, 'invalid_request', 'subject_token_invalid'],
    ['may_act of nobody', { may_act: {} }, 'invalid_request', 'subject_token_invalid'],
    [
      'may_act of another issuer',
      { may_act: { iss: 'https://x', sub: 'orders' } },
      'invalid_request',
      'subject_token_invalid',
    ],
  ])('is refused: %s', async (_, claims, error, reason) => {
    expect((await exchangeAssertion(claims)).error).toBe(error);
    expect(await lastReason()).toMatchObject({ reason });
  });

  it('is refused when nothing is left of it but the leeway of clocks', async () => {
    const now = world.env.clock.now();
    expect((await exchangeAssertion({ exp: now + 0.5 })).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ because: 'expired' });
    expect((await exchangeAssertion({ exp: now + 1 })).status).toBe(200);
  });

  it('is good for one time, which a refusal does not use up', async () => {
    const text = assertion();
    const form = { subject_token_type: `${TYPE}id_token` };
    expect((await exchange(text, { ...form, scope: 'admin' })).error).toBe('invalid_scope');
    expect((await exchange(text, form)).status).toBe(200);
    expect((await exchange(text, form)).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ because: 'assertion_replayed' });
  });
});

describe('RFC 9449 §5 a subject token that is bound to a key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  function proof(key = { publicKey, privateKey }) {
    const jwk = key.publicKey.export({ format: 'jwk' });
    const htu = `${world.env.addresses.issuer('alpha')}/access_token`;
    const input = `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${encode({
      jti: randomUUID(),
      htm: 'POST',
      htu,
      iat: world.env.clock.now(),
    })}`;
    const options = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return {
      dpop: `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`,
    };
  }

  it('is exchanged by its own client only with a proof of the key', async () => {
    const own = await tokenOf('orders', STOCK, proof());
    expect((await exchange(own)).error).toBe('invalid_request');
    expect(await lastReason()).toMatchObject({ reason: 'subject_token_unproven' });
    const other = proof(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    expect((await exchange(own, {}, 'orders', other)).error).toBe('invalid_request');
    const { json } = await exchange(own, {}, 'orders', proof());
    expect(json['token_type']).toBe('DPoP');
  });

  it('is exchanged without it by the API that it was sent to', async () => {
    const subject = await tokenOf('frontend', undefined, proof());
    const { json } = await exchange(subject);
    expect(json['token_type']).toBe('Bearer');
  });
});

describe('what ends an exchanged token', () => {
  it.each<[string, string, (client: Client, now: number) => Partial<Client>]>([
    ['its subject is disabled', 'visitor', () => ({ enabled: false })],
    [
      'the tokens of its subject are revoked',
      'visitor',
      (_, now) => ({ tokensValidFrom: numericDate(now + 1) }),
    ],
    ['who acts is disabled', 'acting', () => ({ enabled: false })],
  ])('%s', async (_, party, change) => {
    await register('visitor', { grantTypes: ['client_credentials'] });
    await register('acting', { grantTypes: [TOKEN_EXCHANGE_GRANT] });
    await world.grant('alpha', 'visitor', 'orders', ['read']);
    await world.grant('alpha', 'acting', 'stock', ['read']);
    await world.change(async (rows) => {
      const api = await rows.apis.find('alpha', 'orders');
      if (api !== undefined)
        await rows.apis.update({ ...api, introspectionClients: ['orders', 'trusted', 'acting'] });
      const stock = await rows.apis.find('alpha', 'stock');
      if (stock !== undefined)
        await rows.apis.update({ ...stock, introspectionClients: ['orders'] });
    });
    const form = { resource: 'https://orders.example.com', scope: 'read' };
    const subject = await post('access_token', 'visitor', {
      grant_type: 'client_credentials',
      ...form,
    });
    const token = String(
      (await exchange(String(subject.json['access_token']), {}, 'acting')).json['access_token'],
    );
    expect(await introspect(token)).toMatchObject({ active: true, sub: 'visitor' });
    await world.change(async (rows) => {
      const client = await rows.clients.find('alpha', party);
      if (client !== undefined)
        await rows.clients.update({ ...client, ...change(client, world.env.clock.now()) });
    });
    expect(await introspect(token)).toEqual({ active: false });
    await world.change(async (rows) => {
      await rows.clients.delete('alpha', 'visitor');
      await rows.clients.delete('alpha', 'acting');
    });
  });
});
