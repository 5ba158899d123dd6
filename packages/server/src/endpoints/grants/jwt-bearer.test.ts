import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { JWT_BEARER_GRANT, type VerificationKey } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalIssuer, startIssuer } from '../../../test/local-issuer.ts';
import { basic, createWorld, type World } from '../../../test/world.ts';
import { secretContext } from '../../clients/client-secret.ts';
import { thumbprintOf } from '../../clients/thumbprint.ts';

/* Shows RFC 7523 §2.1, §3, RFC 7521 §4.1, §4.1.1. */

let world: World;
let forge: LocalIssuer;
let issuerId: string;
let robotKey: KeyObject;
const secrets: Record<string, string> = {};
const GRANTED = { grantTypes: [JWT_BEARER_GRANT] };

beforeAll(async () => {
  world = await createWorld();
  const grantTypes = ['client_credentials', JWT_BEARER_GRANT];
  await world.createRealm('alpha', { grantTypes });
  await world.createRealm('ping', { grantTypes, securityProfile: 'pingone' });
  await world.createRealm('without');
  forge = await startIssuer();
  issuerId = await world.addTrustedIssuer('alpha', { issuer: forge.url, jwksUri: forge.jwksUri });
  await world.addTrustedIssuer('alpha', {
    issuer: 'https://clients.example',
    jwks: [forge.jwk as VerificationKey],
    uses: ['client'],
  });

  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  robotKey = privateKey;
  for (const realm of ['alpha', 'ping', 'without']) {
    secrets['robot'] = await world.registerClient(realm, 'robot', GRANTED);
    const key = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID() } as VerificationKey;
    await world.addCredential(realm, 'robot', {
      kind: 'public_key',
      key,
      thumbprint: thumbprintOf(key),
    });
  }
  secrets['robot'] = await world.addSecret('alpha', 'robot');
  secrets['gateway'] = await world.registerClient('alpha', 'gateway', GRANTED);
  secrets['plain'] = await world.registerClient('alpha', 'plain');
});
afterAll(async () => {
  await world.close();
  await forge.close();
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** As a service account of PingOne makes it: RS256, and no `kid`. */
function assertionOf(claims: object = {}, realm = 'alpha', header: object = {}, key = robotKey) {
  const now = world.env.clock.now();
  const input = `${encode({ alg: 'RS256', ...header })}.${encode({
    iss: 'robot',
    sub: 'robot',
    aud: `${world.env.addresses.issuer(realm)}/access_token`,
    exp: now + 180,
    jti: randomUUID(),
    ...claims,
  })}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

const foreign = (claims: object = {}) => {
  const now = world.env.clock.now();
  const aud = world.env.addresses.issuer('alpha');
  return forge.sign({
    iss: forge.url,
    sub: 'ada',
    aud,
    exp: now + 60,
    jti: randomUUID(),
    ...claims,
  });
};

type Sent = { readonly realm?: string; readonly as?: string };

async function ask(form: Record<string, string>, { realm = 'alpha', as }: Sent = {}) {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/am/oauth2/realms/root/realms/${realm}/access_token`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(as !== undefined && { authorization: basic(as, secrets[as] ?? '') }),
    },
    payload: new URLSearchParams({
      grant_type: JWT_BEARER_GRANT,
      scope: 'read',
      ...form,
    }).toString(),
  });
  const json = answer.json<Record<string, unknown>>();
  return { status: answer.statusCode, error: json['error'], json };
}

const claimsOf = (json: Record<string, unknown>) =>
  JSON.parse(
    Buffer.from(String(json['access_token']).split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>;

/** The reason that operators read, which the wire withholds. */
const lastReason = () => world.log.findLast(({ reason }) => reason !== undefined);

describe('RFC 7523 §2.1 a service account', () => {
  it('gets a token by its assertion alone, about itself', async () => {
    for (const form of [{}, { client_id: 'robot' }]) {
      const { status, json } = await ask({ assertion: assertionOf(), ...form });
      expect(status).toBe(200);
      expect(claimsOf(json)).toMatchObject({
        client_id: 'robot',
        sub: 'robot',
        scope: 'read',
        grant_type: JWT_BEARER_GRANT,
      });
    }
  });

  it('gets it as an authenticated client, too, and only as itself', async () => {
    expect((await ask({ assertion: assertionOf() }, { as: 'robot' })).status).toBe(200);
    expect(await ask({ assertion: assertionOf() }, { as: 'gateway' })).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
    expect(await ask({ assertion: assertionOf(), client_id: 'gateway' })).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('§3 may name the issuer or the token endpoint as audience, and nothing else', async () => {
    const issuer = world.env.addresses.issuer('alpha');
    for (const aud of [issuer, [issuer], `${issuer}/access_token`])
      expect((await ask({ assertion: assertionOf({ aud }) })).status).toBe(200);
    for (const aud of [
      `${issuer}/introspect`,
      world.env.addresses.issuer('ping'),
      [issuer, 'https://other.example'],
    ])
      expect((await ask({ assertion: assertionOf({ aud }) })).error).toBe('invalid_grant');
    expect(lastReason()).toMatchObject({
      reason: 'grant_assertion_refused',
      because: 'assertion_audience_wrong',
      clientId: 'robot',
    });
  });

  it('§3 uses its assertion once, here or to authenticate', async () => {
    const assertion = assertionOf({ aud: world.env.addresses.issuer('alpha') });
    expect((await ask({ assertion })).status).toBe(200);
    expect(await ask({ assertion })).toMatchObject({ status: 400, error: 'invalid_grant' });
    const asClient = await ask({
      grant_type: 'client_credentials',
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(asClient.error).toBe('invalid_client');
  });

  it('§3 has lost nothing by a request that was refused', async () => {
    const assertion = assertionOf();
    expect((await ask({ assertion, scope: 'admin' })).error).toBe('invalid_scope');
    expect((await ask({ assertion })).status).toBe(200);
  });

  it.each<[string, () => string, string]>([
    ['no JWT', () => 'abc', 'assertion_malformed'],
    ['too long', () => `${'a'.repeat(17_000)}.b.c`, 'assertion_malformed'],
    [
      'alg none',
      () => assertionOf({}, 'alpha', { alg: 'none' }),
      'assertion_algorithm_unsupported',
    ],
    [
      'alg HS256',
      () => assertionOf({}, 'alpha', { alg: 'HS256' }),
      'assertion_algorithm_not_allowed',
    ],
    [
      'of a client assertion',
      () => assertionOf({}, 'alpha', { typ: 'client-authentication+jwt' }),
      'assertion_type_wrong',
    ],
    ['an access token', () => assertionOf({}, 'alpha', { typ: 'at+jwt' }), 'assertion_type_wrong'],
    ['expired', () => assertionOf({ exp: world.env.clock.now() - 60 }), 'assertion_expired'],
    ['without an end', () => assertionOf({ exp: undefined }), 'assertion_malformed'],
    [
      'for too long',
      () => assertionOf({ exp: world.env.clock.now() + 3_600 }),
      'assertion_too_long_lived',
    ],
    ['without a subject', () => assertionOf({ sub: undefined }), 'assertion_malformed'],
    ['without jti', () => assertionOf({ jti: undefined }), 'assertion_identifier_missing'],
    ['by nobody', () => assertionOf({ iss: 'nobody', sub: 'nobody' }), 'assertion_key_unknown'],
    [
      'by another key',
      () =>
        assertionOf(
          {},
          'alpha',
          {},
          generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
        ),
      'assertion_signature_wrong',
    ],
  ])('§3 is refused, and operators learn why: %s', async (_, make, because) => {
    expect(await ask({ assertion: make() })).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(lastReason()).toMatchObject({ reason: 'grant_assertion_refused', because });
  });

  it('a secret makes no grant: whoever verifies it could have made it', async () => {
    const sealed = world.env.hasher.seal(
      'a secret of many letters',
      secretContext('alpha', 'robot'),
    );
    const secret = { kind: 'secret', origin: 'chosen', digest: '', lastFour: '', sealed } as const;
    await world.addCredential('alpha', 'robot', secret);
    await ask({ assertion: assertionOf({}, 'alpha', { alg: 'HS256' }) });
    expect(lastReason()).toMatchObject({ because: 'assertion_algorithm_not_allowed' });
  });

  it('has the grant type, in a realm that has it', async () => {
    expect((await ask({ assertion: assertionOf({}, 'without') }, { realm: 'without' })).error).toBe(
      'unsupported_grant_type',
    );
    expect((await ask({ assertion: foreign() }, { as: 'plain' })).error).toBe(
      'unauthorized_client',
    );
  });

  it('without an assertion there is no grant', async () => {
    expect((await ask({})).error).toBe('invalid_request');
    expect((await ask({}, { as: 'gateway' })).error).toBe('invalid_request');
  });
});

describe('PingOne: a service account', () => {
  const aud = 'http://localhost:8080/am/oauth2/realms/root/realms/ping/access_token';

  it('names a client that does not exist, and the token endpoint with its port', async () => {
    for (const audience of [aud, aud.replace(':8080', ':8080:8080')]) {
      const assertion = assertionOf({ aud: audience }, 'ping');
      const { status, json } = await ask(
        { assertion, client_id: 'service-account' },
        { realm: 'ping' },
      );
      expect(status).toBe(200);
      expect(claimsOf(json)).toMatchObject({ client_id: 'robot', sub: 'robot' });
    }
    const standard = { assertion: assertionOf(), client_id: 'service-account' };
    expect((await ask(standard)).error).toBe('invalid_request');
  });

  it('asks again without the scopes that it was told, with the same assertion', async () => {
    const form = { assertion: assertionOf({ aud }, 'ping'), client_id: 'service-account' };
    const first = await ask({ ...form, scope: 'fr:am:* read fr:idm:*' }, { realm: 'ping' });
    const description = String(first.json['error_description']);
    expect(first.error).toBe('invalid_scope');
    expect(description.slice(39)).toBe('fr:am:*,fr:idm:*');
    expect((await ask({ ...form, scope: 'read' }, { realm: 'ping' })).status).toBe(200);
  });
});

describe('RFC 7523 §2.1 an assertion of a trusted issuer', () => {
  it('gives its subject a name that no client has', async () => {
    const { status, json } = await ask({ assertion: foreign() }, { as: 'gateway' });
    expect(status).toBe(200);
    expect(claimsOf(json)).toMatchObject({ client_id: 'gateway', sub: `${issuerId}|ada` });
    const asOther = await ask({ assertion: foreign({ sub: 'robot' }) }, { as: 'gateway' });
    expect(claimsOf(asOther.json)).toMatchObject({ sub: `${issuerId}|robot` });
  });

  it('is for clients that prove themselves', async () => {
    const assertion = foreign();
    expect(await ask({ assertion })).toMatchObject({ status: 401, error: 'invalid_client' });
    expect((await ask({ assertion, client_id: 'gateway' })).error).toBe('invalid_client');
    const wrong = await ask({ assertion, client_id: 'gateway', client_secret: 'wrong' });
    expect(wrong.error).toBe('invalid_client');
    expect((await ask({ assertion }, { as: 'gateway' })).status).toBe(200);
  });

  it('gives no scope that the client does not have', async () => {
    const assertion = foreign({ scope: 'admin' });
    expect((await ask({ assertion, scope: 'admin' }, { as: 'gateway' })).error).toBe(
      'invalid_scope',
    );
    expect((await ask({ assertion }, { as: 'gateway' })).status).toBe(200);
  });

  it.each<[string, object, string]>([
    ['unknown', { iss: 'https://unknown.example' }, 'issuer_unknown'],
    ['trusted for clients alone', { iss: 'https://clients.example' }, 'issuer_unknown'],
    ['for another audience', { aud: 'https://other.example' }, 'assertion_audience_wrong'],
    ['about nobody', { sub: undefined }, 'assertion_malformed'],
    ['about somebody who can not be named', { sub: 'a\nb' }, 'assertion_subject_wrong'],
    ['expired', { exp: 1 }, 'assertion_expired'],
  ])('§3 is refused: %s', async (_, claims, because) => {
    const answer = await ask({ assertion: foreign(claims) }, { as: 'gateway' });
    expect(answer).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(lastReason()).toMatchObject({ reason: 'grant_assertion_refused', because });
  });

  it('§3 is good for one time, which a refusal does not use up', async () => {
    const assertion = foreign();
    expect((await ask({ assertion, scope: 'admin' }, { as: 'gateway' })).error).toBe(
      'invalid_scope',
    );
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask({ assertion }, { as: 'gateway' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ error }) => error === 'invalid_grant')).toHaveLength(9);
  });
});
