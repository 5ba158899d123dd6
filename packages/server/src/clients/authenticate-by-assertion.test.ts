import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { CLIENT_ASSERTION_TYPE, type VerificationKey } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import { authenticateClient } from './authenticate-client.ts';
import { secretContext } from './client-secret.ts';
import { spendIdentifiers } from './spend-identifiers.ts';
import { thumbprintOf } from './thumbprint.ts';

/* Shows RFC 7523 §2.2, §3, RFC 7518 §3.2, §3.4, RFC 7638 §3, RFC 8725 §3.1, RFC 10070 §4. */

let world: World;
let signer: KeyObject;
const SECRET = 'a secret that assertions are made with';

beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.createRealm('strict', { securityProfile: 'fapi2' });
  signer = await register('alpha', 'keyed');
  await world.registerClient('alpha', 'maker');
  await world.addCredential('alpha', 'maker', {
    kind: 'secret',
    origin: 'chosen',
    digest: '',
    lastFour: '',
    sealed: world.env.hasher.seal(SECRET, secretContext('alpha', 'maker')),
  });
});
afterAll(() => world.close());

async function register(realm: string, clientId: string, given = {}): Promise<KeyObject> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await world.registerClient(realm, clientId, {
    authenticationMethod: 'private_key_jwt',
    ...given,
  });
  await addKey(realm, clientId, publicKey);
  return privateKey;
}

async function addKey(realm: string, clientId: string, publicKey: KeyObject, given = {}) {
  const key = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID() } as VerificationKey;
  const material = { kind: 'public_key', key, thumbprint: thumbprintOf(key) } as const;
  await world.addCredential(realm, clientId, material, given);
  return key;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Made = { readonly realm?: string; readonly key?: KeyObject; readonly header?: object };

function assertionOf(clientId: string, claims = {}, { realm = 'alpha', key, header }: Made = {}) {
  const now = world.env.clock.now();
  const input = `${encode({ alg: 'ES256', ...header })}.${encode({
    iss: clientId,
    sub: clientId,
    aud: world.env.addresses.issuer(realm),
    exp: now + 60,
    iat: now,
    jti: randomUUID(),
    ...claims,
  })}`;
  const options = { key: key ?? signer, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`;
}

async function authenticate(assertion: string, realm = 'alpha', clientId?: string) {
  const caller = await world.callerOf(realm);
  const client = await authenticateClient(world.env, caller, {
    method: 'client_assertion',
    assertion,
    assertionType: CLIENT_ASSERTION_TYPE,
    clientId,
  });
  if (!client.ok) return client.refusal.reason;
  const spent = await spendIdentifiers(world.env, client.value.spends);
  return spent.ok ? client.value.method : spent.refusal.reason;
}

describe('RFC 7523 §3 a client assertion', () => {
  it('proves the client whose key made it, whether or not the client names itself', async () => {
    expect(await authenticate(assertionOf('keyed'))).toBe('private_key_jwt');
    expect(await authenticate(assertionOf('keyed'), 'alpha', 'keyed')).toBe('private_key_jwt');
    expect(await authenticate(assertionOf('keyed'), 'alpha', 'maker')).toBe('client_id_mismatched');
  });

  it('is good for one time', async () => {
    const assertion = assertionOf('keyed');
    expect(await authenticate(assertion)).toBe('private_key_jwt');
    expect(await authenticate(assertion)).toBe('assertion_replayed');
  });

  it('may be shown again by a client that was allowed to, also without jti', async () => {
    const key = await register('alpha', 'prebuilt', { assertionReuse: 'until_expiry' });
    const assertion = assertionOf('prebuilt', { jti: undefined }, { key });
    for (const _ of [1, 2, 3]) expect(await authenticate(assertion)).toBe('private_key_jwt');
    world.pass(71);
    expect(await authenticate(assertion)).toBe('assertion_expired');
  });

  it('of another realm, or for it, is not believed', async () => {
    const strict = world.env.addresses.issuer('strict');
    expect(await authenticate(assertionOf('keyed'), 'strict')).toBe('assertion_audience_wrong');
    expect(await authenticate(assertionOf('keyed', { aud: strict }))).toBe(
      'assertion_audience_wrong',
    );
  });

  it('by another key, or changed, is not believed', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await authenticate(assertionOf('keyed', {}, { key: privateKey }))).toBe(
      'assertion_signature_wrong',
    );
    const [header, , signature] = assertionOf('keyed').split('.');
    const payload = assertionOf('keyed').split('.')[1];
    expect(await authenticate(`${header}.${payload}.${signature}`)).toBe(
      'assertion_signature_wrong',
    );
  });

  it('of a client that does not exist is refused as one that is signed wrong', async () => {
    expect(await authenticate(assertionOf('nobody'))).toBe('assertion_key_unknown');
  });

  it('names a key that the client has, or none', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = await register('alpha', 'rotating');
    const { kid } = await addKey('alpha', 'rotating', other.publicKey);
    const by = (keyId: string | undefined, made: KeyObject) =>
      authenticate(assertionOf('rotating', {}, { key: made, header: { kid: keyId } }));
    expect(await by(undefined, key)).toBe('private_key_jwt');
    expect(await by(undefined, other.privateKey)).toBe('private_key_jwt');
    expect(await by(kid, other.privateKey)).toBe('private_key_jwt');
    expect(await by(kid, key)).toBe('assertion_signature_wrong');
    expect(await by("' OR 1=1 --", key)).toBe('assertion_key_unknown');
  });

  it('by a key that has expired is not believed', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await world.registerClient('alpha', 'late');
    await addKey('alpha', 'late', publicKey, { expiresAt: world.env.clock.now() });
    expect(await authenticate(assertionOf('late', {}, { key: privateKey }))).toBe(
      'credential_expired',
    );
  });

  it('of a disabled client is not believed', async () => {
    const key = await register('alpha', 'disabled', { enabled: false });
    expect(await authenticate(assertionOf('disabled', {}, { key }))).toBe('client_disabled');
  });
});

describe('RFC 8725 §3.1 the algorithm', () => {
  it('is the one that the client registered', async () => {
    const key = await register('alpha', 'choosy', { assertionAlgorithm: 'PS256' });
    expect(await authenticate(assertionOf('choosy', {}, { key }))).toBe(
      'assertion_algorithm_not_allowed',
    );
  });

  it('is never a keyed hash over what everybody knows', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await world.registerClient('alpha', 'confused');
    const jwk = await addKey('alpha', 'confused', publicKey);
    const [, payload] = assertionOf('confused', {}, { key: signer }).split('.');
    const input = `${encode({ alg: 'HS256' })}.${payload}`;
    for (const guess of [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(jwk),
    ]) {
      const mac = createHmac('sha256', guess).update(input).digest('base64url');
      expect(await authenticate(`${input}.${mac}`)).toBe('assertion_signature_wrong');
    }
    expect(privateKey.type).toBe('private');
  });
});

describe('RFC 7518 §3.2 client_secret_jwt', () => {
  const macOf = (secret: string) => {
    const [, payload] = assertionOf('maker').split('.');
    const input = `${encode({ alg: 'HS256' })}.${payload}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };

  it('is believed of a client whose secret is recoverable', async () => {
    expect(await authenticate(macOf(SECRET))).toBe('client_secret_jwt');
    expect(await authenticate(macOf('another secret'))).toBe('assertion_signature_wrong');
  });

  it('is not believed of a client whose secret is digested alone', async () => {
    const secret = await world.registerClient('alpha', 'digested');
    const [, payload] = assertionOf('digested').split('.');
    const input = `${encode({ alg: 'HS256' })}.${payload}`;
    const mac = createHmac('sha256', secret).update(input).digest('base64url');
    expect(await authenticate(`${input}.${mac}`)).toBe('assertion_signature_wrong');
  });
});

describe('FAPI 2.0 Security Profile 5.3.2.1', () => {
  it('lets nobody in by a secret, and wants one string as audience', async () => {
    const key = await register('strict', 'keyed');
    const secret = await world.addSecret('strict', 'keyed');
    const made = { realm: 'strict', key };
    expect(await authenticate(assertionOf('keyed', {}, made), 'strict')).toBe('private_key_jwt');
    const aud = [world.env.addresses.issuer('strict')];
    expect(await authenticate(assertionOf('keyed', { aud }, made), 'strict')).toBe(
      'assertion_audience_wrong',
    );
    const bySecret = await authenticateClient(world.env, await world.callerOf('strict'), {
      method: 'client_secret_basic',
      readings: [{ clientId: 'keyed', secret }],
    });
    expect(bySecret).toMatchObject({
      refusal: { reason: 'authentication_method_not_allowed' },
    });
  });
});
