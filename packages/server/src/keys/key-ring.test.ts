import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { type AccessTokenClaims, SIGNING_ALGORITHMS } from '@tessera/protocol';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import { canOpen } from './key-ring.ts';
import { masterKey } from './seal.ts';

/* Shows RFC 7515 §4.1.9, §5.2. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (const algorithm of SIGNING_ALGORITHMS)
    await world.createRealm(algorithm.toLowerCase(), { signingAlgorithm: algorithm });
});
afterAll(() => world.close());

const claims: AccessTokenClaims = {
  iss: 'http://localhost:8080/am/oauth2/realms/root/realms/alpha',
  sub: 'myClient',
  aud: 'https://api.example.com',
  client_id: 'myClient',
  iat: 1_800_000_000,
  exp: 1_800_003_600,
  jti: 'a',
};

describe.each(SIGNING_ALGORITHMS)('RFC 9068 §2.1 a token signed with %s', (algorithm) => {
  const realm = algorithm.toLowerCase();

  it('verifies with jose under the published keys, typed at+jwt', async () => {
    const token = await world.env.keyRing.sign(realm, algorithm, claims);
    const keys = await world.env.keyRing.publicKeys(realm);
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) }),
      { typ: 'at+jwt', algorithms: [algorithm], currentDate: new Date(1_800_000_001_000) },
    );
    expect(payload).toEqual(claims);
    expect(keys.map(({ kid }) => kid)).toContain(protectedHeader.kid);
  });

  it('verifies again, from memory, and in no other realm', async () => {
    const token = await world.env.keyRing.sign(realm, algorithm, claims);
    for (let i = 0; i < 2; i++)
      expect(await world.env.keyRing.verify(realm, token)).toEqual(claims);
    const other = algorithm === 'ES256' ? 'eddsa' : 'es256';
    expect(await world.env.keyRing.verify(other, token)).toBeUndefined();
  });
});

describe('RFC 8725 §3 a JWS of the right key', () => {
  /** Signs whatever header one likes with the realm's real private key. */
  const forge = async (header: object, payload: string) => {
    const [key] = await world.env.store.signingKeys.all('es256');
    if (key === undefined) throw new Error('the realm has a key');
    const pkcs8 = world.masterKey.open(key.sealedPrivateKey, `signing key ES256 ${key.kid}`);
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const input = [JSON.stringify({ alg: 'ES256', kid: key.kid, ...header }), payload]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(input), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${input}.${signature.toString('base64url')}`;
  };
  const verifies = async (header: object, payload = JSON.stringify(claims)) =>
    (await world.env.keyRing.verify('es256', await forge(header, payload))) !== undefined;

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'of type %s is an access token',
    async (typ) => {
      expect(await verifies({ typ })).toBe(true);
    },
  );

  it.each(['JWT', 'dpop+jwt', 'token-introspection+jwt', 'logout+jwt', '', 7, undefined])(
    'of type %s is none',
    async (typ) => {
      expect(await verifies({ typ })).toBe(false);
    },
  );

  it('of type JWT is one where it has PingAM’s claim that says so', async () => {
    const payload = JSON.stringify({ ...claims, tokenName: 'access_token' });
    expect(await verifies({ typ: 'JWT' }, payload)).toBe(true);
    expect(
      await verifies({ typ: 'JWT' }, JSON.stringify({ ...claims, tokenName: 'id_token' })),
    ).toBe(false);
  });

  it.each([
    ['names an unknown key', { kid: 'another' }],
    ['names another algorithm', { alg: 'RS256' }],
    ['names none', { alg: 'none' }],
    ['has a critical extension that nobody knows', { crit: ['exp'] }],
  ])('is none when its header %s', async (_name, header) => {
    expect(await verifies({ typ: 'at+jwt', ...header })).toBe(false);
  });

  it.each(['null', '[]', '"text"', 'nonsense', ''])(
    'is none with the payload %s',
    async (payload) => {
      expect(await verifies({ typ: 'at+jwt' }, payload)).toBe(false);
    },
  );
});

it('RFC 7638 §3 a key is named by its thumbprint, and its private half is sealed', async () => {
  const { publicJwk, sealedPrivateKey } = await world.env.keyRing.generate('ES256');
  expect(publicJwk).toEqual({
    kty: 'EC',
    crv: 'P-256',
    x: expect.any(String),
    y: expect.any(String),
    kid: expect.stringMatching(/^[\w-]{43}$/),
    use: 'sig',
    alg: 'ES256',
  });
  const pkcs8 = world.masterKey.open(sealedPrivateKey, `signing key ES256 ${publicJwk.kid}`);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.from('x'), privateKey);
  const publicKey = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  expect(verify('sha256', Buffer.from('x'), publicKey, signature)).toBe(true);
});

it('a token whose key was taken away is none, although it was verified before', async () => {
  await world.createRealm('leaver');
  const token = await world.env.keyRing.sign('leaver', 'ES256', claims);
  expect(await world.env.keyRing.verify('leaver', token)).toEqual(claims);
  const [key] = await world.env.keyRing.publicKeys('leaver');
  await world.change((rows) => rows.signingKeys.delete('leaver', key?.kid ?? ''));
  expect(await world.env.keyRing.verify('leaver', token)).toBeUndefined();
});

it('a database and a master key that do not belong together are told apart', async () => {
  const [key] = await world.env.store.signingKeys.all('es256');
  if (key === undefined) throw new Error('the realm has a key');
  expect(canOpen(world.masterKey, key)).toBe(true);
  expect(canOpen(masterKey(randomBytes(32)), key)).toBe(false);
});
