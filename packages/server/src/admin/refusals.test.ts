import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AdminWorld,
  createAdminWorld,
  ORIGIN,
  type Replied,
  START,
  STRANGER,
} from '../../test/admin-world.ts';
import { ecKeys, issueAuthority } from '../../test/certificates.ts';
import { anInitialAccessToken } from '../../test/store/fixtures.ts';
import { formatSecret } from '../clients/client-secret.ts';
import { PROBLEMS } from '../contract/problems.ts';
import type { AdminRefusalReason } from '../contract/refusal.ts';
import { type Environment, StoreUnavailable } from '../environment.ts';
import { createApp } from '../http/app.ts';
import { INITIAL_ACCESS_TOKENS_MAX } from '../model/initial-access-token.ts';
import { TRUSTED_ISSUERS_MAX } from '../model/trusted-issuer.ts';

/* Shows RFC 9457 §3, §3.1. */

/*
 * How each refusal comes about. The table is total: a reason that nothing can bring about does
 * not compile here, or does not pass.
 */

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const PASSWORD = 'correct horse battery staple';

const CLUSTER = {
  name: 'Cluster',
  preset: 'kubernetes',
  issuer: 'https://cluster.example',
  jwksUri: 'https://cluster.example/keys',
} as const;

/** A request as no caller of good will would send it. */
async function raw(options: {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string;
  readonly env?: Environment;
}): Promise<Replied<unknown>> {
  const { env, method = 'POST', url = '/api/realms/alpha/clients', headers, payload } = options;
  const app = env === undefined ? world.app : createApp(env, { trustedProxies: [] });
  const response = await app.inject({
    method,
    url,
    headers: { ...world.root, 'content-type': 'application/json', ...headers },
    ...(payload !== undefined && { payload }),
  });
  const problem = response.json();
  return {
    status: response.statusCode,
    headers: response.headers,
    answer: undefined,
    reason: String(problem.type).replace('urn:tessera:problem:', ''),
    problem,
  };
}

const signIn = (userName: string, password = 'not the password') =>
  world.call(STRANGER, 'openSession', { body: { realm: 'alpha', userName, password } });

/** A user of `alpha` with a password, freshly made. */
async function person(userName: string) {
  const created = await world.call(world.root, 'createUser', {
    body: { userName, password: PASSWORD, passwordOneTime: false },
  });
  const entered = await signIn(userName, PASSWORD);
  const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? '';
  return { user: created.answer, caller: { cookie, origin: ORIGIN } };
}

const storeThat = (fails: () => never): Environment => ({
  ...world.env,
  store: { ...world.env.store, realms: { ...world.env.store.realms, find: async () => fails() } },
});

/** The clock of this world is not ours. */
const VALIDITY = {
  notBefore: new Date(START * 1000),
  notAfter: new Date((START + 86_400) * 1000),
};

const FILE = { format: 'tessera-realm/1', realm: { name: 'alpha' } } as const;

type Way = () => Promise<Replied<unknown>>;

const WAYS: { readonly [Reason in AdminRefusalReason]: Way } = {
  method_not_allowed: () => raw({ method: 'PUT', url: '/api/realms' }),
  media_type_unsupported: () => raw({ headers: { 'content-type': 'text/plain' }, payload: '{}' }),
  body_too_large: () => raw({ payload: JSON.stringify({ description: 'x'.repeat(70_000) }) }),
  body_malformed: () => raw({ payload: '{"name":' }),
  body_unexpected: () =>
    raw({ method: 'DELETE', url: '/api/realms/alpha/clients/c/grants/a', payload: '{}' }),
  input_malformed: () => raw({ payload: '{"clientId":1}' }),
  precondition_malformed: () => raw({ headers: { 'if-match': '3' }, payload: '{}' }),
  precondition_missing: () => world.call(world.root, 'updateRealm', { body: {} }),
  revision_stale: () => world.call(world.root, 'updateRealm', { body: {}, ifMatch: '"77"' }),

  credentials_missing: () => world.call(STRANGER, 'listClients'),
  credentials_invalid: () => world.call({ authorization: 'Bearer nonsense' }, 'listClients'),
  sign_in_failed: () => signIn('nobody'),
  failures_too_many: async () => {
    for (let i = 0; i < 10; i++) await signIn('guessed');
    return signIn('guessed');
  },
  verification_overloaded: async () => {
    await person('busy');
    const { hasher } = world.env;
    // Whoever has an answer asks again at once, so that there is no room however late this one is.
    let signingIn = true;
    const others = Array.from({ length: 80 }, async (_, index) => {
      for (let guess = 0; signingIn; guess++)
        if ((await hasher.verify(`guess ${index} ${guess}`, [])) === 'overloaded') return;
    });
    const attempt = await signIn('busy', PASSWORD);
    signingIn = false;
    await Promise.all(others);
    return attempt;
  },
  password_change_required: async () => {
    const { caller } = await world.enter('alpha', ['auditor'], { passwordOneTime: true });
    return world.call(caller, 'listClients');
  },
  session_required: async () =>
    world.call(await world.automate('alpha', ['clients:read']), 'closeSession'),
  origin_mismatched: () =>
    world.call({ ...world.root, origin: 'https://evil.example' }, 'registerClient', { body: {} }),
  permission_missing: async () =>
    world.call((await world.enter('alpha', ['auditor'])).caller, 'registerClient', { body: {} }),
  member_not_permitted: async () => {
    const owner = await world.enter('alpha', []);
    const { answer } = await world.call(world.root, 'createApplication', {
      body: { name: 'Owned', owners: [owner.id] },
    });
    return world.call(owner.caller, 'updateClient', {
      params: { clientId: answer.clientId },
      body: { name: 'Mine', scopes: ['am-introspect-all-tokens'] },
      ifMatch: '*',
    });
  },
  realm_out_of_reach: async () =>
    world.call((await world.enter('alpha', ['auditor'])).caller, 'listClients', {
      params: { realm: 'root' },
    }),
  not_owned: async () =>
    world.call((await world.enter('alpha', [])).caller, 'findClient', {
      params: { clientId: 'anybody' },
    }),
  right_not_held: async () =>
    world.call(await world.automate('alpha', ['users:write']), 'createUser', {
      body: { userName: 'promoted', roles: ['realm-administrator'] },
    }),

  address_unknown: () => raw({ method: 'GET', url: '/api/nothing' }),
  realm_unknown: () => world.call(world.root, 'findRealm', { params: { realm: 'absent' } }),
  user_unknown: () => world.call(world.root, 'findUser', { params: { userId: 'x' } }),
  session_unknown: () => world.call(world.root, 'endSession', { params: { sessionId: 'x' } }),
  application_unknown: () =>
    world.call(world.root, 'findApplication', { params: { applicationId: 'x' } }),
  client_unknown: () => world.call(world.root, 'findClient', { params: { clientId: 'x' } }),
  secret_unknown: () =>
    world.call(world.root, 'revokeSecret', { params: { clientId: 'x', secretId: 'x' } }),
  api_unknown: () => world.call(world.root, 'findApi', { params: { apiId: 'x' } }),
  client_grant_unknown: () =>
    world.call(world.root, 'removeClientGrant', { params: { clientId: 'x', apiId: 'x' } }),
  initial_access_token_unknown: () =>
    world.call(world.root, 'revokeInitialAccessToken', { params: { tokenId: 'x' } }),
  signing_key_unknown: () => world.call(world.root, 'revokeSigningKey', { params: { kid: 'x' } }),

  realm_file_refused: () =>
    world.call(world.root, 'importRealm', {
      body: { file: { format: 'tessera-realm/1', realm: { name: 'alpha' } } },
    }),
  realm_file_busy: async () => {
    const apply = () => world.call(world.root, 'applyRealm', { body: { file: FILE } });
    const [, second] = await Promise.all([apply(), apply()]);
    return second;
  },
  realm_file_too_long: () =>
    world.call(world.root, 'applyRealm', {
      body: {
        file: {
          ...FILE,
          users: Array.from({ length: 2_001 }, (_, index) => ({ userName: `u${index}` })),
        },
      },
    }),
  realm_file_too_slow: () => {
    let now = 0;
    const clock = { ...world.env.clock, monotonic: () => now++ * 6_000 };
    const file = { ...FILE, users: [{ userName: 'never' }] };
    const payload = JSON.stringify({ file });
    return raw({ url: '/api/realms/alpha/apply', payload, env: { ...world.env, clock } });
  },
  realm_too_large: async () => {
    const { users } = world.env.store;
    const [one] = (await users.list('root', { limit: 1 })).items;
    if (one === undefined) throw new Error('there is an administrator');
    // That many would take minutes to make.
    const many = { ...users, list: async () => ({ items: Array(200).fill(one), next: 'more' }) };
    const env = { ...world.env, store: { ...world.env.store, users: many } };
    return raw({ method: 'GET', url: '/api/realms/alpha/export', env });
  },
  realm_name_taken: () => world.call(world.root, 'createRealm', { body: { name: 'alpha' } }),
  id_taken: async () => {
    await world.call(world.root, 'createUser', { body: { id: 'twin', userName: 'one-twin' } });
    return world.call(world.root, 'createUser', { body: { id: 'twin', userName: 'other-twin' } });
  },
  user_name_taken: async () => {
    await world.call(world.root, 'createUser', { body: { userName: 'twin' } });
    return world.call(world.root, 'createUser', { body: { userName: 'TWIN' } });
  },
  client_id_taken: async () => {
    await world.register({ clientId: 'twin' });
    return world.call(world.root, 'registerClient', { body: { clientId: 'twin' } });
  },
  api_id_taken: async () => {
    const body = { id: 'twin', name: 'Twin', identifier: 'https://one.example/' };
    await world.call(world.root, 'createApi', { body });
    return world.call(world.root, 'createApi', { body });
  },
  api_identifier_taken: () =>
    world.call(world.root, 'createApi', { body: { name: 'A', identifier: 'urn:tessera:admin' } }),
  api_has_grants: async () => {
    await world.register({ clientId: 'granted' });
    const body = { name: 'G', identifier: 'https://g.example', scopes: [{ name: 'read' }] };
    await world.call(world.root, 'createApi', { body: { ...body, id: 'granted' } });
    const params = { clientId: 'granted', apiId: 'granted' };
    await world.call(world.root, 'setClientGrant', { params, body: { scopes: ['read'] } });
    return world.call(world.root, 'deleteApi', { params, ifMatch: '*' });
  },
  client_has_application: async () => {
    const body = { name: 'App' };
    const { clientId } = (await world.call(world.root, 'createApplication', { body })).answer;
    return world.call(world.root, 'deleteClient', { params: { clientId }, ifMatch: '*' });
  },
  client_has_credentials: async () => {
    const { clientId } = await world.register();
    return world.call(world.root, 'updateClient', {
      params: { clientId },
      body: { type: 'public', authenticationMethod: 'none', grantTypes: [] },
      ifMatch: '*',
    });
  },
  credentials_too_many: async () => {
    const { clientId } = await world.register();
    const params = { clientId };
    for (let i = 0; i < 9; i++) await world.call(world.root, 'addSecret', { params, body: {} });
    return world.call(world.root, 'addSecret', { params, body: {} });
  },
  initial_access_tokens_too_many: async () => {
    await world.call(world.root, 'createRealm', { body: { name: 'crowded' } });
    await world.change(async (rows) => {
      for (let i = 0; i < INITIAL_ACCESS_TOKENS_MAX; i++)
        await rows.initialAccessTokens.insert(anInitialAccessToken('crowded', `t${i}`));
    });
    const params = { realm: 'crowded' };
    return world.call(world.root, 'createInitialAccessToken', { params, body: {} });
  },
  administrator_last: async () => {
    const params = { realm: 'root' };
    const { answer } = await world.call(world.root, 'listUsers', { params });
    let last: Replied<unknown> | undefined;
    for (const { id } of answer.items)
      last = await world.call(world.root, 'updateUser', {
        params: { ...params, userId: id },
        body: { enabled: false },
        ifMatch: '*',
      });
    return last ?? raw({});
  },
  root_realm_protected: () =>
    world.call(world.root, 'updateRealm', {
      params: { realm: 'root' },
      body: { enabled: false },
      ifMatch: '*',
    }),
  admin_api_protected: () =>
    world.call(world.root, 'deleteApi', { params: { apiId: 'tessera-admin' }, ifMatch: '*' }),

  confirmation_mismatched: () => world.call(world.root, 'deleteRealm', { ifMatch: '*' }),
  realm_name_reserved: () =>
    world.call(world.root, 'createRealm', { body: { name: 'introspect' } }),
  audience_reserved: () =>
    world.call(world.root, 'updateProvider', {
      body: { defaultAudience: 'urn:tessera:admin' },
      ifMatch: '*',
    }),
  application_client_ambiguous: () =>
    world.call(world.root, 'createApplication', {
      body: { name: 'Two', clientId: 'a', client: { clientId: 'b' } },
    }),
  owner_unknown: () =>
    world.call(world.root, 'createApplication', { body: { name: 'App', owners: ['nobody'] } }),
  introspection_client_unknown: () =>
    world.call(world.root, 'createApi', {
      body: { name: 'A', identifier: 'https://i.example', introspectionClients: ['nobody'] },
    }),
  client_to_attach_unknown: () =>
    world.call(world.root, 'createApplication', { body: { name: 'App', clientId: 'nobody' } }),
  scope_unknown: async () => {
    const { clientId } = await world.register();
    return world.call(world.root, 'setClientGrant', {
      params: { clientId, apiId: 'tessera-admin' },
      body: { scopes: ['clients:read', 'everything'] },
    });
  },
  detail_type_taken: async () => {
    const create = (id: string) =>
      world.call(world.root, 'createApi', {
        body: {
          name: id,
          identifier: `https://${id}.example`,
          authorizationDetailTypes: [{ type: 'taken', schema: { additionalProperties: false } }],
        },
      });
    await create('first-of-type');
    return create('second-of-type');
  },
  client_type_mismatched: () =>
    world.call(world.root, 'registerClient', { body: { type: 'public' } }),
  client_public_with_grant: () =>
    world.call(world.root, 'registerClient', {
      body: { type: 'public', authenticationMethod: 'none' },
    }),
  client_public_with_credential: () =>
    world.call(world.root, 'registerClient', {
      body: { type: 'public', authenticationMethod: 'none', grantTypes: [], secret: {} },
    }),
  secret_in_generated_form: () =>
    world.call(world.root, 'registerClient', {
      body: { secret: { secret: formatSecret(new Uint8Array(32)) } },
    }),
  secret_public: () =>
    world.call(world.root, 'registerClient', {
      body: { secret: { secret: 'a secret that everybody knows' } },
    }),
  secret_too_short: () =>
    world.call(world.root, 'registerClient', {
      body: { secret: { secret: 'chosen, but short', recoverable: true } },
    }),
  secret_lifetime_too_long: async () => {
    const { answer } = await world.call(world.root, 'findProvider', { params: { realm: 'alpha' } });
    const given = { params: { realm: 'alpha' }, ifMatch: `"${answer.revision}"` };
    const set = await world.call(world.root, 'updateProvider', {
      ...given,
      body: { secretLifetimeMax: 86_400 },
    });
    const refused = await world.call(world.root, 'registerClient', {
      body: { secret: { expiresIn: 2 * 86_400 } },
    });
    await world.call(world.root, 'updateProvider', {
      ...given,
      ifMatch: `"${set.answer.revision}"`,
      body: { secretLifetimeMax: null },
    });
    return refused;
  },
  key_unusable: async () => {
    const { clientId } = await world.register();
    const body = { jwk: { kty: 'oct', k: 'c2VjcmV0' } };
    return world.call(world.root, 'addKey', { params: { clientId }, body });
  },
  address_not_allowed: async () => {
    const { clientId } = await world.register();
    const body = { jwksUri: 'https://169.254.169.254/keys' };
    return world.call(world.root, 'addKey', { params: { clientId }, body });
  },
  key_taken: async () => {
    const { clientId } = await world.register();
    const body = { jwksUri: 'https://client.example.com/keys' };
    await world.call(world.root, 'addKey', { params: { clientId }, body });
    return world.call(world.root, 'addKey', { params: { clientId }, body });
  },
  key_unknown: async () => {
    const { clientId } = await world.register();
    return world.call(world.root, 'revokeKey', { params: { clientId, keyId: 'nothing' } });
  },
  workload_unknown: async () => {
    const { clientId } = await world.register();
    return world.call(world.root, 'revokeWorkload', { params: { clientId, workloadId: 'x' } });
  },
  trusted_issuer_unknown: () =>
    world.call(world.root, 'findTrustedIssuer', { params: { issuerId: 'nothing' } }),
  workload_taken: async () => {
    const issuerId = await world.addTrustedIssuer('alpha', { preset: 'github' });
    const { clientId } = await world.register();
    const conditions = [{ claim: 'repository', value: 'acme/app' }];
    const said = { params: { clientId }, body: { issuerId, conditions } };
    await world.call(world.root, 'addWorkload', said);
    return world.call(world.root, 'addWorkload', said);
  },
  workload_overlapping: async () => {
    const issuerId = await world.addTrustedIssuer('alpha', { preset: 'github' });
    const conditions = [{ claim: 'repository', value: 'acme/app' }];
    const others = await world.register();
    await world.call(world.root, 'addWorkload', {
      params: { clientId: others.clientId },
      body: { issuerId, conditions },
    });
    const owner = await world.enter('alpha', []);
    const { answer } = await world.call(world.root, 'createApplication', {
      body: { name: 'Overlapping', owners: [owner.id] },
    });
    return world.call(owner.caller, 'addWorkload', {
      params: { clientId: answer.clientId },
      body: { issuerId, conditions },
    });
  },
  issuer_taken: async () => {
    const body = { ...CLUSTER, issuer: 'https://taken.example' };
    await world.call(world.root, 'createTrustedIssuer', { body });
    return world.call(world.root, 'createTrustedIssuer', { body });
  },
  issuer_has_workloads: async () => {
    const body = { ...CLUSTER, issuer: 'https://used.example' };
    const { answer } = await world.call(world.root, 'createTrustedIssuer', { body });
    const { clientId } = await world.register();
    const conditions = [{ claim: 'sub', value: 'system:serviceaccount:prod:app' }];
    await world.call(world.root, 'addWorkload', {
      params: { clientId },
      body: { issuerId: answer.id, conditions },
    });
    const params = { issuerId: answer.id };
    return world.call(world.root, 'deleteTrustedIssuer', { params, ifMatch: '*' });
  },
  trusted_issuers_too_many: async () => {
    await world.createRealm('full');
    for (let number = 0; number < TRUSTED_ISSUERS_MAX; number++)
      await world.addTrustedIssuer('full');
    const params = { realm: 'full' };
    return world.call(world.root, 'createTrustedIssuer', { params, body: CLUSTER });
  },
  issuer_malformed: () =>
    world.call(world.root, 'createTrustedIssuer', { body: { ...CLUSTER, issuer: 'cluster' } }),
  issuer_not_discovered: () =>
    world.call(world.root, 'createTrustedIssuer', {
      body: { name: 'Nobody', preset: 'oidc', issuer: 'http://127.0.0.1:9' },
    }),
  issuer_audience_unsafe: () =>
    world.call(world.root, 'createTrustedIssuer', {
      body: { ...CLUSTER, audience: CLUSTER.issuer },
    }),
  issuer_to_rely_on_unknown: async () => {
    const { clientId } = await world.register();
    const body = { issuerId: 'nobody', conditions: [{ claim: 'sub', value: 'x' }] };
    return world.call(world.root, 'addWorkload', { params: { clientId }, body });
  },
  workload_not_pinned: async () => {
    const issuerId = await world.addTrustedIssuer('alpha', { preset: 'github' });
    const { clientId } = await world.register();
    const body = { issuerId, conditions: [{ claim: 'repository_owner', value: 'acme' }] };
    return world.call(world.root, 'addWorkload', { params: { clientId }, body });
  },
  signing_algorithm_not_allowed: () =>
    world.call(world.root, 'updateProvider', {
      body: { securityProfile: 'fapi2', signingAlgorithm: 'RS256' },
      ifMatch: '*',
    }),
  certificate_unknown: async () => {
    const { clientId } = await world.register();
    const params = { clientId, certificateId: 'nothing' };
    return world.call(world.root, 'revokeCertificate', { params });
  },
  certificate_taken: async () => {
    const { clientId } = await world.register();
    const said = { params: { clientId }, body: { sanDns: 'billing.example.com' } };
    await world.call(world.root, 'addCertificate', said);
    return world.call(world.root, 'addCertificate', said);
  },
  certificate_unusable: async () => {
    const { clientId } = await world.register();
    const body = { certificate: 'no certificate' };
    return world.call(world.root, 'addCertificate', { params: { clientId }, body });
  },
  trusted_authority_unknown: () =>
    world.call(world.root, 'findTrustedAuthority', { params: { authorityId: 'nothing' } }),
  trusted_authority_taken: async () => {
    const body = { name: 'Twin', certificate: issueAuthority('Twin', VALIDITY).pem };
    await world.call(world.root, 'createTrustedAuthority', { body });
    return world.call(world.root, 'createTrustedAuthority', { body });
  },
  trusted_authorities_too_many: async () => {
    await world.call(world.root, 'createRealm', { body: { name: 'crowded' } });
    const keys = ecKeys();
    const believe = (name: string) =>
      world.call(world.root, 'createTrustedAuthority', {
        params: { realm: 'crowded' },
        body: { name, certificate: issueAuthority(name, { keys, ...VALIDITY }).pem },
      });
    for (let i = 0; i < 50; i++) expect((await believe(`CA ${i}`)).status).toBe(201);
    return believe('CA 50');
  },
  expiry_past: () =>
    world.call(world.root, 'updateSecret', {
      params: { clientId: 'x', secretId: 'x' },
      body: { expiresAt: START - 1 },
      ifMatch: '*',
    }),
  token_unknown: () => world.call(world.root, 'revokeToken', { body: { token: 'nonsense' } }),
  password_wrong: async () =>
    world.call((await person('forgetful')).caller, 'changePassword', {
      body: { currentPassword: 'not the password', newPassword: 'another good password' },
    }),
  password_guessable: () =>
    world.call(world.root, 'createUser', {
      body: { userName: 'guessable', password: 'guessable1234' },
    }),

  store_unavailable: () =>
    raw({
      method: 'GET',
      env: storeThat(() => {
        throw new StoreUnavailable('no answer from tessera-secret-host');
      }),
    }),
  server_faulty: () =>
    raw({
      method: 'GET',
      env: storeThat(() => {
        throw new Error('tessera-secret-detail');
      }),
    }),
};

describe('each refusal', () => {
  test.each(Object.entries(WAYS))('%s', async (reason, way) => {
    const { status, headers, problem } = await way();
    expect(problem?.type).toBe(`urn:tessera:problem:${reason}`);
    expect(status).toBe(PROBLEMS[reason as AdminRefusalReason].status);
    expect(problem?.status).toBe(status);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-request-id']).toBe(problem?.requestId);
    expect(headers['www-authenticate'] !== undefined).toBe(status === 401);
    expect(headers['retry-after'] !== undefined).toBe(status === 429 || status === 503);
    expect(headers['allow'] !== undefined).toBe(status === 405);
    expect(JSON.stringify(problem)).not.toContain('tessera-secret');
  });
});

test('a fault is in the log under the request id, and a known way to fail is not a fault', async () => {
  const before = world.log.length;
  const faulty = await WAYS.server_faulty();
  const unavailable = await WAYS.store_unavailable();
  const told = world.log.slice(before);
  expect(told.map(({ level, requestId }) => [level, requestId])).toEqual([
    ['error', faulty.problem?.requestId],
    ['warn', unavailable.problem?.requestId],
  ]);
});
