import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { seconds, type VerificationKey } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import type { TrustedIssuer } from '../../model/trusted-issuer.ts';
import { OPEN_REGISTRATIONS_MAX } from './admit-registration.ts';

/* Shows RFC 7591 §2.3, §3.1.1. */

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ISSUER = 'https://approvals.example.com';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
  const body = {
    clientRegistration: 'token',
    registrationScopes: ['read', 'write'],
  } as const;
  await world.call(world.root, 'updateProvider', { body, ifMatch: '*' });
  const issuer: TrustedIssuer = {
    realm: 'alpha',
    id: 'approvals',
    name: 'Approvals',
    issuer: ISSUER,
    preset: 'oidc',
    jwksUri: undefined,
    jwks: [publicKey.export({ format: 'jwk' }) as VerificationKey],
    audience: undefined,
    algorithms: ['ES256'],
    lifetimeMax: seconds(86_400),
    assertionReuse: 'until_expiry',
    uses: ['software'],
    enabled: true,
    createdAt: world.env.clock.now(),
    revision: 1,
  };
  await world.change(async (rows) => {
    await rows.trustedIssuers.insert(issuer);
    await rows.trustedIssuers.insert({
      ...issuer,
      id: 'grants',
      issuer: 'https://grants.example.com',
      uses: ['grant'],
    });
    await rows.trustedIssuers.insert({
      ...issuer,
      id: 'once',
      issuer: 'https://once.example.com',
      assertionReuse: 'refused',
    });
  });
});
afterAll(() => world.close());

const initialToken = async (members = {}) =>
  (await world.call(world.root, 'createInitialAccessToken', { body: members })).answer.token;

const register = async (document: unknown, token?: string) => {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/am/oauth2/realms/root/realms/alpha/register',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token ?? (await initialToken())}`,
    },
    payload: JSON.stringify(document),
  });
  return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
};

const registerOpenly = async () =>
  world.app.inject({
    method: 'POST',
    url: '/am/oauth2/realms/root/realms/open/register',
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  });

it('RFC 7591 §3 strangers fill an open realm so far and no further', async () => {
  await world.call(world.root, 'createRealm', { body: { name: 'open' } });
  const params = { realm: 'open' };
  const body = { clientRegistration: 'open' } as const;
  await world.call(world.root, 'updateProvider', { params, body, ifMatch: '*' });
  expect((await registerOpenly()).statusCode).toBe(201);

  const [client] = (await world.env.store.clients.list('open', { limit: 1 })).items;
  if (client === undefined) throw new Error('one has registered');
  await world.change(async (rows) => {
    for (let i = 1; i < OPEN_REGISTRATIONS_MAX; i++)
      await rows.clients.insert({ ...client, clientId: `stranger-${i}` });
  });
  const refused = await registerOpenly();
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '3600']);
  await world.change((rows) => rows.clients.delete('open', 'stranger-1'));
  expect((await registerOpenly()).statusCode).toBe(201);
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function statementOf(members: Record<string, unknown> = {}, key = privateKey): string {
  const now = world.env.clock.now();
  const claims = {
    iss: ISSUER,
    sub: 'fleet-agent',
    aud: world.env.addresses.issuer('alpha'),
    iat: now,
    exp: now + 3_600,
    software_id: 'fleet-agent',
    scope: 'read',
    ...members,
  };
  const input = `${encode({ alg: 'ES256' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

describe('RFC 7591 §2.3 a software statement (277)', () => {
  it('§3.1.1 goes before what the client says of itself, and is returned as it was sent', async () => {
    const software_statement = statementOf({ client_name: 'Fleet agent' });
    const { status, json } = await register({
      software_statement,
      client_name: 'Something else',
      scope: 'read write',
      software_version: '2',
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      software_statement,
      client_name: 'Fleet agent',
      software_id: 'fleet-agent',
      software_version: '2',
      scope: 'read',
    });
    const { answer } = await world.call(world.root, 'listEvents', {
      query: { subjectId: String(json['client_id']) },
    });
    expect(JSON.stringify(answer)).not.toContain(software_statement);
  });

  it('§2.3 is held to what the realm allows, like the client itself', async () => {
    const { status, json } = await register({
      software_statement: statementOf({ scope: 'admin' }),
    });
    expect({ status, error: json['error'] }).toEqual({
      status: 400,
      error: 'invalid_client_metadata',
    });
  });

  it.each<[string, () => unknown]>([
    ['a text that is no JWT', () => 'statement'],
    ['a number', () => 7],
    [
      'another signature',
      () => statementOf({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ],
    ['a statement that has expired', () => statementOf({ exp: world.env.clock.now() - 60 })],
    ['a statement for another server', () => statementOf({ aud: 'https://other.example.com' })],
    ['a statement of nobody', () => statementOf({ sub: undefined })],
  ])('§2.3 %s is invalid', async (_, make) => {
    const { status, json } = await register({ software_statement: make() });
    expect({ status, error: json['error'] }).toEqual({
      status: 400,
      error: 'invalid_software_statement',
    });
  });

  it.each([
    ['an issuer that nobody trusts', 'https://nobody.example.com'],
    ['an issuer that is trusted for something else', 'https://grants.example.com'],
  ])('§2.3 of %s is not approved', async (_, iss) => {
    const { status, json } = await register({ software_statement: statementOf({ iss }) });
    expect({ status, error: json['error'] }).toEqual({
      status: 400,
      error: 'unapproved_software_statement',
    });
  });

  it('§2.3 serves once where its issuer says so', async () => {
    const iss = 'https://once.example.com';
    const software_statement = statementOf({ iss, jti: randomUUID() });
    expect((await register({ software_statement })).status).toBe(201);
    const { json } = await register({ software_statement });
    expect(json['error']).toBe('invalid_software_statement');
  });
});

describe('an initial access token', () => {
  it('registers nobody after its end', async () => {
    const token = await initialToken({ expiresIn: 60, usesMax: 5 });
    expect((await register({}, token)).status).toBe(201);
    world.pass(60);
    expect(await register({}, token)).toMatchObject({
      status: 401,
      json: { error: 'invalid_token' },
    });
    expect(world.log).toContainEqual(expect.objectContaining({ reason: 'initial_token_expired' }));
  });
});
