import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, exportJWK, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { clientCertificate } from './client-certificate.ts';
import { clientSecretJwt } from './client-secret-jwt.ts';
import { federated } from './federated.ts';
import { privateKeyJwt } from './private-key-jwt.ts';

/* Shows RFC 7523 §2.2, §3, RFC 10070 §4, RFC 7521 §4.2, RFC 7518 §3.2 and RFC 8705 §2. */

const CALL = {
  clientId: 'c:1',
  issuer: 'https://as.example/alpha',
  endpoint: 'https://as.example/alpha/token',
};

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const jwkOf = ({ privateKey }: { readonly privateKey: KeyObject }): JWK =>
  privateKey.export({ format: 'jwk' });
const ecJwk = (namedCurve: string) => jwkOf(generateKeyPairSync('ec', { namedCurve }));
const rsaJwk = () => jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

const EC = ecJwk('P-256');
const publicHalf = (jwk: JWK) => createPublicKey({ key: jwk as never, format: 'jwk' });

describe('private_key_jwt', () => {
  it.each([
    ['ES256', EC],
    ['ES384', ecJwk('P-384')],
    ['PS256', rsaJwk()],
    ['EdDSA', jwkOf(generateKeyPairSync('ed25519'))],
    ['RS256', { ...rsaJwk(), alg: 'RS256' }],
  ])('RFC 10070 §4 %s: for the issuer alone, for a minute, with its own type', async (alg, key) => {
    const { headers, parameters } = await privateKeyJwt({ key })(CALL);
    expect(headers).toEqual({});
    expect(Object.keys(parameters)).toEqual(['client_assertion_type', 'client_assertion']);
    expect(parameters['client_assertion_type']).toBe(TYPE);
    const { payload, protectedHeader } = await jwtVerify(
      parameters['client_assertion'] ?? '',
      publicHalf(key),
    );
    expect(protectedHeader).toEqual({ alg, typ: 'client-authentication+jwt' });
    const { iat = 0, exp, jti, ...claims } = payload;
    expect(claims).toEqual({ iss: 'c:1', sub: 'c:1', aud: CALL.issuer });
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(5);
    expect(exp).toBe(iat + 60);
    expect(jti).toMatch(/^[\w-]{32}$/);
  });

  it('RFC 7523 §3 every call has an assertion of its own', async () => {
    const authenticate = privateKeyJwt({ key: EC });
    const made = await Promise.all([authenticate(CALL), authenticate(CALL)]);
    expect(new Set(made.map(({ parameters }) => parameters['client_assertion'])).size).toBe(2);
  });

  it('the key is named by its own kid, or by the one given', async () => {
    const kidOf = async (given: Parameters<typeof privateKeyJwt>[0]) => {
      const { parameters } = await privateKeyJwt(given)(CALL);
      return decodeProtectedHeader(parameters['client_assertion'] ?? '').kid;
    };
    expect(await kidOf({ key: { ...EC, kid: 'one' } })).toBe('one');
    expect(await kidOf({ key: { ...EC, kid: 'one' }, kid: 'two' })).toBe('two');
  });

  it('a key that nobody can take out signs as well', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const { parameters } = await privateKeyJwt({ key: pair.privateKey })(CALL);
    const { protectedHeader } = await jwtVerify(
      parameters['client_assertion'] ?? '',
      pair.publicKey,
    );
    expect(protectedHeader.alg).toBe('ES256');
    const publicOnly = await exportJWK(pair.publicKey);
    await expect(privateKeyJwt({ key: publicOnly })(CALL)).rejects.toThrow('not private');
    await expect(privateKeyJwt({ key: pair.publicKey })(CALL)).rejects.toThrow('not private');
  });

  it.each([undefined, ''])('RFC 10070 §4 nothing is made for the issuer %j', async (issuer) => {
    const call = { ...CALL, issuer };
    await expect(privateKeyJwt({ key: EC })(call)).rejects.toThrow('needs the issuer');
    await expect(clientSecretJwt('x'.repeat(32))(call)).rejects.toThrow('needs the issuer');
  });
});

describe('client_secret_jwt', () => {
  it('RFC 7523 §2.2 proves the secret and does not send it', async () => {
    const secret = 's3cret-'.repeat(5);
    const { parameters } = await clientSecretJwt(secret)(CALL);
    expect(JSON.stringify(parameters)).not.toContain(secret);
    const { payload } = await jwtVerify(
      parameters['client_assertion'] ?? '',
      new TextEncoder().encode(secret),
    );
    expect(payload.aud).toBe(CALL.issuer);
  });

  it('RFC 7518 §3.2 a secret that is too short for the hash is refused', () => {
    expect(() => clientSecretJwt('x'.repeat(31))).toThrow('32 bytes');
    expect(() => clientSecretJwt('x'.repeat(63), 'HS512')).toThrow('64 bytes');
  });
});

it('RFC 7521 §4.2 an assertion of somebody else is read anew for each call', async () => {
  let count = 0;
  const authenticate = federated(() => `a.b.${++count}`);
  await authenticate(CALL);
  expect((await authenticate(CALL)).parameters).toEqual({
    client_id: 'c:1',
    client_assertion_type: TYPE,
    client_assertion: 'a.b.2',
  });
});

it('RFC 8705 §2 beside a certificate the client names itself', async () => {
  expect(await clientCertificate()(CALL)).toEqual({
    headers: {},
    parameters: { client_id: 'c:1' },
  });
});
