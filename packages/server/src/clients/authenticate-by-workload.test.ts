import { generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  CLIENT_ASSERTION_TYPE,
  type ClaimCondition,
  type ClientAssertionType,
  SPIFFE_ASSERTION_TYPE,
  type VerificationKey,
} from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalIssuer, startIssuer } from '../../test/local-issuer.ts';
import { createWorld, type World } from '../../test/world.ts';
import { authenticateClient } from './authenticate-client.ts';
import { spendIdentifiers } from './spend-identifiers.ts';

/* Shows RFC 7521 §4.2, RFC 7523 §2.2, §3. */

let world: World;
let forge: LocalIssuer;
let forgeId: string;
let domainId: string;

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.createRealm('strict', { securityProfile: 'fapi2' });
  forge = await startIssuer();
  const trusted = { issuer: forge.url, jwksUri: forge.jwksUri };
  forgeId = await world.addTrustedIssuer('alpha', trusted);
  domainId = await world.addTrustedIssuer('alpha', {
    ...trusted,
    preset: 'spiffe',
    issuer: 'spiffe://example.org',
    assertionReuse: 'until_expiry',
  });
  for (const clientId of ['deploy', 'audit', 'other'])
    await world.registerClient('alpha', clientId);
  await addWorkload('deploy', { repository: 'acme/app', ref: 'refs/heads/main' });
  await addWorkload('audit', { repository: 'acme/app' });
  await addWorkload('other', { repository: 'acme/other' });
});
afterAll(async () => {
  await world.close();
  await forge.close();
});

const conditionsOf = (claims: Readonly<Record<string, string>>): ClaimCondition[] =>
  Object.entries(claims).map(([claim, value]) => ({ claim, operator: 'equals', value }));

const addWorkload = (
  clientId: string,
  claims: Readonly<Record<string, string>>,
  given: { readonly realm?: string; readonly issuerId?: string; readonly expiresAt?: never } = {},
) =>
  world.addCredential(given.realm ?? 'alpha', clientId, {
    kind: 'trusted_issuer',
    issuerId: given.issuerId ?? forgeId,
    conditions: conditionsOf(claims),
  });

const claimsOf = (claims: object = {}, realm = 'alpha') => {
  const now = world.env.clock.now();
  return {
    iss: forge.url,
    sub: 'repo:acme/app:ref:refs/heads/main',
    aud: world.env.addresses.issuer(realm),
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    repository: 'acme/app',
    ref: 'refs/heads/main',
    ...claims,
  };
};

const signed = (claims: object = {}, realm = 'alpha') => forge.sign(claimsOf(claims, realm));

type Options = {
  readonly realm?: string;
  readonly clientId?: string;
  readonly type?: ClientAssertionType;
  readonly address?: string;
};

async function ask(assertion: string, { realm = 'alpha', clientId, type, address }: Options = {}) {
  const client = await authenticateClient(world.env, await world.callerOf(realm, address), {
    method: 'client_assertion',
    assertion,
    assertionType: type ?? CLIENT_ASSERTION_TYPE,
    clientId,
  });
  if (!client.ok) return client;
  const spent = await spendIdentifiers(world.env, client.value.spends);
  return spent.ok ? client : spent;
}

/** The client that the workload became, or why it became none. */
async function outcomeOf(assertion: string, options?: Options) {
  const asked = await ask(assertion, options);
  return asked.ok ? asked.value.client.clientId : asked.refusal.reason;
}

describe('RFC 7521 §4.2 a workload', () => {
  it('is the one client whose conditions its claims fulfil', async () => {
    const claims = { repository: 'acme/other' };
    expect(await ask(signed(claims))).toMatchObject({
      ok: true,
      value: { client: { clientId: 'other' }, method: 'federated_jwt' },
    });
  });

  it('chooses with client_id among the clients that it may be', async () => {
    expect(await outcomeOf(signed(), { clientId: 'deploy' })).toBe('deploy');
    expect(await outcomeOf(signed(), { clientId: 'audit' })).toBe('audit');
    expect(await outcomeOf(signed(), { clientId: 'other' })).toBe('workload_unknown');
    expect(await outcomeOf(signed(), { clientId: 'nobody' })).toBe('client_unknown');
    const branch = signed({ ref: 'refs/heads/feature' });
    expect(await outcomeOf(branch, { clientId: 'deploy' })).toBe('workload_unknown');
  });

  it('is no client that allows other addresses alone, named or not; its assertion is not used up', async () => {
    await world.registerClient('alpha', 'at-site', { allowedAddresses: ['203.0.113.0/24'] });
    await addWorkload('at-site', { repository: 'acme/site' });
    const text = signed({ repository: 'acme/site' });
    const barred = { reason: 'address_not_allowed', clientId: 'at-site', address: '192.0.2.1' };
    expect(await ask(text)).toEqual({ ok: false, refusal: barred });
    expect(await ask(text, { clientId: 'at-site' })).toEqual({ ok: false, refusal: barred });
    expect(await outcomeOf(text, { address: '203.0.113.9' })).toBe('at-site');
  });

  it('is asked which of several it wants to be, and the operator sees which there are', async () => {
    expect(await ask(signed())).toMatchObject({
      ok: false,
      refusal: { reason: 'workload_ambiguous', clientIds: ['audit', 'deploy'] },
    });
    expect(await outcomeOf(signed({ ref: 'refs/heads/feature' }))).toBe('audit');
  });

  it('that no client names is nobody, and its assertion is not used up', async () => {
    const text = signed({ repository: 'evil/app' });
    expect(await outcomeOf(text)).toBe('workload_unknown');
    await world.registerClient('alpha', 'late');
    await addWorkload('late', { repository: 'evil/app' });
    expect(await outcomeOf(text)).toBe('late');
    expect(await ask(text)).toMatchObject({
      refusal: { reason: 'assertion_replayed', clientId: 'late' },
    });
  });

  it('is found as soon as a client names it, and no longer than that', async () => {
    await world.registerClient('alpha', 'brief');
    const claims = { repository: 'acme/brief' };
    expect(await outcomeOf(signed(claims))).toBe('workload_unknown');
    const credential = await addWorkload('brief', claims);
    expect(await outcomeOf(signed(claims))).toBe('brief');
    await world.change((rows) => rows.credentials.delete('alpha', 'brief', credential.id));
    expect(await outcomeOf(signed(claims))).toBe('workload_unknown');
  });

  it('is not the client any more once the credential has ended', async () => {
    await world.registerClient('alpha', 'ended');
    await world.addCredential(
      'alpha',
      'ended',
      {
        kind: 'trusted_issuer',
        issuerId: forgeId,
        conditions: conditionsOf({ repository: 'acme/ended' }),
      },
      { expiresAt: world.env.clock.now() },
    );
    for (const clientId of [undefined, 'ended'])
      expect(
        await outcomeOf(signed({ repository: 'acme/ended' }), clientId ? { clientId } : {}),
      ).toBe('credential_expired');
  });

  it('of another issuer with the same claims is nobody', async () => {
    const sub = 'spiffe://example.org/billing';
    expect(await outcomeOf(signed({ sub }), { clientId: 'deploy' })).toBe('workload_unknown');
  });

  it('is refused when the client is disabled, or strict about another method', async () => {
    await world.registerClient('alpha', 'off', { enabled: false });
    await addWorkload('off', { repository: 'acme/off' });
    expect(await outcomeOf(signed({ repository: 'acme/off' }))).toBe('client_disabled');

    for (const [clientId, authenticationMethod, outcome] of [
      ['strict-secret', 'client_secret_basic', 'authentication_method_not_registered'],
      ['strict-key', 'private_key_jwt', 'strict-key'],
    ] as const) {
      const given = { authenticationMethod, strictAuthenticationMethod: true };
      await world.registerClient('alpha', clientId, given);
      await addWorkload(clientId, { repository: clientId });
      expect(await outcomeOf(signed({ repository: clientId }))).toBe(outcome);
    }
  });

  it('is refused where FAPI wants a key of the client itself', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const issuerId = await world.addTrustedIssuer('strict', {
      issuer: forge.url,
      jwks: [publicKey.export({ format: 'jwk' }) as VerificationKey],
      algorithms: ['ES256'],
    });
    await world.registerClient('strict', 'fapi');
    await addWorkload('fapi', { repository: 'acme/app' }, { realm: 'strict', issuerId });
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const text = forge.sign(claimsOf({}, 'strict'), { alg: 'ES256', kid: undefined }, key);
    expect(await ask(text, { realm: 'strict' })).toMatchObject({
      refusal: { reason: 'authentication_method_not_allowed', method: 'federated_jwt' },
    });
  });
});

describe('SPIFFE: the workload of a JWT-SVID', () => {
  const svid = (claims: object = {}) =>
    signed({ iss: undefined, jti: undefined, sub: 'spiffe://example.org/billing', ...claims });

  beforeAll(async () => {
    await world.registerClient('alpha', 'billing');
    const sub = 'spiffe://example.org/billing';
    await addWorkload('billing', { sub }, { issuerId: domainId });
  });

  it('is believed with its own assertion type and with the general one, with iss or without', async () => {
    for (const type of [SPIFFE_ASSERTION_TYPE, CLIENT_ASSERTION_TYPE] as const)
      for (const iss of [undefined, 'https://spire.example.org'])
        expect(await outcomeOf(svid({ iss }), { type })).toBe('billing');
  });

  it('may show the same SVID until it ends', async () => {
    const text = svid();
    for (const _ of [1, 2, 3]) expect(await outcomeOf(text)).toBe('billing');
  });

  it('alone has that type', async () => {
    const text = signed({ repository: 'acme/other' });
    expect(await outcomeOf(text, { type: SPIFFE_ASSERTION_TYPE })).toBe('issuer_unknown');
  });
});

it('finds no client for an assertion that names none once there are too many to compare', async () => {
  await world.change(async (rows) => {
    const credentials = await rows.credentials.ofIssuer('alpha', forgeId, 1);
    for (const one of credentials)
      for (let number = 0; number < 1_000; number++)
        await rows.credentials.insert({ ...one, id: randomUUID() });
  });
  expect(await outcomeOf(signed({ repository: 'acme/other' }))).toBe('workload_ambiguous');
  const named = { clientId: 'other' };
  expect(await outcomeOf(signed({ repository: 'acme/other' }), named)).toBe('other');
});
