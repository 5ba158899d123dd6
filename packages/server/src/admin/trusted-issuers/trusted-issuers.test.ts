import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import { type LocalIssuer, startIssuer } from '../../../test/local-issuer.ts';

/* Shows RFC 7521 §3. */

let world: AdminWorld;
let provider: LocalIssuer;
beforeAll(async () => {
  world = await createAdminWorld();
  provider = await startIssuer();
});
afterAll(async () => {
  await world.close();
  await provider.close();
});

const ALPHA = 'http://localhost:8080/am/oauth2/realms/root/realms/alpha';
const JWKS = {
  keys: [
    { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) },
  ],
};

const trust = (body: object, realm = 'alpha') =>
  world.call(world.root, 'createTrustedIssuer', {
    params: { realm },
    body: { name: 'Issuer', ...body } as never,
  });

describe('a preset knows what its platform does', () => {
  test.each([
    [
      { preset: 'github' },
      {
        issuer: 'https://token.actions.githubusercontent.com',
        jwksUri: 'https://token.actions.githubusercontent.com/.well-known/jwks',
        algorithms: ['RS256'],
        lifetimeMax: 900,
        assertionReuse: 'refused',
        audience: ALPHA,
        uses: ['client'],
      },
    ],
    [
      { preset: 'gitlab', issuer: 'https://gitlab.acme.example' },
      {
        jwksUri: 'https://gitlab.acme.example/oauth/discovery/keys',
        assertionReuse: 'until_expiry',
      },
    ],
    [
      { preset: 'kubernetes', issuer: 'https://kubernetes.default.svc.cluster.local', jwks: JWKS },
      { jwksUri: null, jwks: JWKS, lifetimeMax: 3_600, assertionReuse: 'until_expiry' },
    ],
    [
      {
        preset: 'spiffe',
        issuer: 'example.org',
        jwks: {
          keys: [
            { ...JWKS.keys[0], use: 'jwt-svid' },
            { kty: 'RSA', use: 'x509-svid' },
          ],
        },
      },
      { issuer: 'spiffe://example.org', jwks: { keys: [{ ...JWKS.keys[0], use: 'sig' }] } },
    ],
    [
      { preset: 'github', issuer: 'https://forge.example', lifetimeMax: 60, audience: 'api://x' },
      { lifetimeMax: 60, audience: 'api://x', algorithms: ['RS256'] },
    ],
  ])('%j', async (given, made) => {
    const { status, answer } = await trust(given);
    expect(status).toBe(201);
    expect(answer).toMatchObject(made);
    const params = { issuerId: answer.id };
    expect((await world.call(world.root, 'findTrustedIssuer', { params })).answer).toEqual(answer);
    const { answer: all } = await world.call(world.root, 'listTrustedIssuers');
    expect(all.items).toContainEqual(answer);
  });

  test('an OpenID provider is asked where its keys are', async () => {
    const { answer } = await trust({ preset: 'oidc', issuer: provider.url });
    expect(answer).toMatchObject({ issuer: provider.url, jwksUri: provider.jwksUri, jwks: null });
  });

  test('an OpenID provider that says to be another is not trusted', async () => {
    const asked = await trust({ preset: 'oidc', issuer: `${provider.url}/` });
    expect([asked.status, asked.reason]).toEqual([422, 'issuer_not_discovered']);
  });

  test.each([
    [{ preset: 'oidc' }, 400, 'input_malformed'],
    [{ preset: 'kubernetes' }, 400, 'input_malformed'],
    [{ preset: 'spiffe', issuer: 'example.org' }, 400, 'input_malformed'],
    [{ preset: 'spiffe', issuer: 'https://example.org', jwks: JWKS }, 422, 'issuer_malformed'],
    [{ preset: 'spiffe', issuer: 'example.org/x', jwks: JWKS }, 422, 'issuer_malformed'],
    [{ preset: 'oidc', issuer: 'https://x.example?y', jwks: JWKS }, 422, 'issuer_malformed'],
    [{ preset: 'oidc', issuer: 'https://x.example', jwks: { keys: [] } }, 422, 'key_unusable'],
    [
      { preset: 'oidc', issuer: 'https://x.example', jwks: { keys: [{ kty: 'oct', k: 'AA' }] } },
      422,
      'key_unusable',
    ],
    [
      { preset: 'oidc', issuer: 'https://x.example', jwksUri: 'https://10.0.0.1/keys' },
      422,
      'address_not_allowed',
    ],
    [{ preset: 'oidc', issuer: 'https://169.254.169.254' }, 422, 'address_not_allowed'],
    [{ preset: 'oidc', issuer: ALPHA, jwks: JWKS }, 409, 'issuer_taken'],
    [{ preset: 'github', jwks: JWKS, jwksUri: 'https://x.example/' }, 400, 'input_malformed'],
    [{ preset: 'github', lifetimeMax: 86_401 }, 400, 'input_malformed'],
  ])('%j is not taken', async (given, status, reason) => {
    const asked = await trust(given);
    expect([asked.status, asked.reason]).toEqual([status, reason]);
  });
});

describe('an issuer that is trusted', () => {
  test('is changed in what it is trusted with, and not into another', async () => {
    const { answer } = await trust({ preset: 'gitlab', issuer: 'https://changing.example' });
    const params = { issuerId: answer.id };
    const changed = await world.call(world.root, 'updateTrustedIssuer', {
      params,
      body: { jwks: JWKS, audience: 'api://tessera', uses: ['client', 'grant'], enabled: false },
      ifMatch: '"1"',
    });
    expect(changed.answer).toEqual({
      ...answer,
      jwks: JWKS,
      jwksUri: null,
      audience: 'api://tessera',
      uses: ['client', 'grant'],
      enabled: false,
      revision: 2,
    });
    const back = await world.call(world.root, 'updateTrustedIssuer', {
      params,
      body: { audience: null, jwksUri: 'https://changing.example/keys' },
      ifMatch: '"2"',
    });
    expect(back.answer).toMatchObject({ audience: ALPHA, jwks: null });
    for (const body of [{ issuer: 'https://other.example' }, { preset: 'oidc' }])
      expect(
        (
          await world.call(world.root, 'updateTrustedIssuer', {
            params,
            body: body as never,
            ifMatch: '*',
          })
        ).reason,
      ).toBe('input_malformed');
    const unsafe = { audience: 'https://changing.example' };
    expect(
      (await world.call(world.root, 'updateTrustedIssuer', { params, body: unsafe, ifMatch: '*' }))
        .reason,
    ).toBe('issuer_audience_unsafe');
  });

  test('is deleted once no client relies on it', async () => {
    const { answer } = await trust({ preset: 'github', issuer: 'https://leaving.example' });
    const { clientId } = await world.register();
    const added = await world.call(world.root, 'addWorkload', {
      params: { clientId },
      body: { issuerId: answer.id, conditions: [{ claim: 'repository', value: 'acme/app' }] },
    });
    const remove = () =>
      world.call(world.root, 'deleteTrustedIssuer', {
        params: { issuerId: answer.id },
        ifMatch: '*',
      });
    const refused = await remove();
    expect(refused.reason).toBe('issuer_has_workloads');
    expect(refused.problem?.detail).toContain(clientId);
    await world.call(world.root, 'revokeWorkload', {
      params: { clientId, workloadId: added.answer.id },
    });
    expect((await remove()).status).toBe(204);
  });

  test('is for those who may choose it: neither owners nor who may only give credentials', async () => {
    const { answer } = await trust({ preset: 'github', issuer: 'https://guarded.example' });
    const owner = (await world.enter('alpha', [])).caller;
    const keeper = await world.automate('alpha', ['credentials:write', 'trust:read']);
    const body = { name: 'Mine', preset: 'github' } as const;
    const params = { issuerId: answer.id };
    for (const caller of [owner, keeper]) {
      expect((await world.call(caller, 'createTrustedIssuer', { body })).status).toBe(403);
      expect(
        (
          await world.call(caller, 'updateTrustedIssuer', {
            params,
            body: { jwks: JWKS },
            ifMatch: '*',
          })
        ).status,
      ).toBe(403);
    }
    expect((await world.call(owner, 'findTrustedIssuer', { params })).status).toBe(403);
    expect((await world.call(keeper, 'findTrustedIssuer', { params })).status).toBe(200);
  });

  test('is out of reach of those who could not be each client that relies on it', async () => {
    const { answer } = await trust({ preset: 'github', issuer: 'https://power.example' });
    const params = { issuerId: answer.id };
    const narrow = await world.automate('alpha', ['trust:read', 'trust:write']);
    const change = () =>
      world.call(narrow, 'updateTrustedIssuer', { params, body: { jwks: JWKS }, ifMatch: '*' });
    expect((await change()).status).toBe(200);

    const powerful = await world.register({ clientId: `powerful-${randomUUID()}` });
    await world.call(world.root, 'setClientGrant', {
      params: { clientId: powerful.clientId, apiId: 'tessera-admin' },
      body: { scopes: ['users:write'] },
    });
    await world.call(world.root, 'addWorkload', {
      params: { clientId: powerful.clientId },
      body: { issuerId: answer.id, conditions: [{ claim: 'repository', value: 'acme/app' }] },
    });
    expect((await change()).reason).toBe('right_not_held');
  });
});

describe('a workload of a client', () => {
  test('is a credential: listed, relabelled, ended and revoked', async () => {
    const { answer: issuer } = await trust({ preset: 'github', issuer: 'https://list.example' });
    const { clientId } = await world.register();
    const params = { clientId };
    const conditions = [
      { claim: 'repository', operator: 'equals' as const, value: 'acme/app' },
      { claim: 'ref', operator: 'matches' as const, value: 'refs/heads/*' },
    ];
    const body = { issuerId: issuer.id, conditions, label: 'ci' };
    const added = await world.call(world.root, 'addWorkload', { params, body });
    expect(added).toMatchObject({
      status: 201,
      answer: { issuer: 'https://list.example', conditions, label: 'ci', status: 'active' },
    });
    expect((await world.call(world.root, 'addWorkload', { params, body })).reason).toBe(
      'workload_taken',
    );
    const named = { params: { clientId, workloadId: added.answer.id } };
    const changed = await world.call(world.root, 'updateWorkload', {
      ...named,
      body: { label: 'build' },
      ifMatch: '"1"',
    });
    expect(changed.answer).toMatchObject({ label: 'build', revision: 2 });
    expect((await world.call(world.root, 'listWorkloads', { params })).answer.items).toEqual([
      changed.answer,
    ]);
    expect((await world.call(world.root, 'revokeWorkload', named)).status).toBe(204);
    expect((await world.call(world.root, 'listWorkloads', { params })).answer.items).toEqual([]);
  });

  test('is pinned as its platform wants it, and its patterns can be read', async () => {
    const issuerId = await world.addTrustedIssuer('alpha', { preset: 'kubernetes' });
    const { clientId } = await world.register();
    for (const [conditions, reason] of [
      [[{ claim: 'sub', value: 'system:serviceaccount:prod:default' }], 'workload_not_pinned'],
      [[{ claim: 'sub', operator: 'matches', value: 'a**' }], 'input_malformed'],
      [[], 'input_malformed'],
    ] as const)
      expect(
        (
          await world.call(world.root, 'addWorkload', {
            params: { clientId },
            body: { issuerId, conditions },
          })
        ).reason,
      ).toBe(reason);
  });

  test('needs an issuer that is trusted for clients', async () => {
    const issuerId = await world.addTrustedIssuer('alpha', { uses: ['grant'] });
    const { clientId } = await world.register();
    const body = { issuerId, conditions: [{ claim: 'sub', value: 'x' }] };
    expect(
      (await world.call(world.root, 'addWorkload', { params: { clientId }, body })).reason,
    ).toBe('issuer_to_rely_on_unknown');
  });
});
