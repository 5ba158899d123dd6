import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { describe, expect, it } from 'vitest';
import type { RealmClient } from './realm.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7517 §4, RFC 7518 §3.1, §3.3, §6, RFC 8037 §3.1, RFC 9068 §2. */

type Jwk = JsonWebKey & { readonly kid: string; readonly alg: string };

const readKeys = async (realm: RealmClient): Promise<readonly Jwk[]> =>
  ((await realm.read('connect/jwk_uri')).json as { keys: readonly Jwk[] }).keys;

/** The signature checked by Node.js alone, without a JOSE library. RFC 7515 §5.2. */
function verifyByNode(token: string, keys: readonly Jwk[]): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Jwk;
  const jwk = keys.find((key) => key.kid === kid);
  if (jwk === undefined) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const [digest, options] = {
    ES256: ['sha256', { dsaEncoding: 'ieee-p1363' }] as const,
    RS256: ['sha256', {}] as const,
    PS256: ['sha256', { padding: 6, saltLength: 32 }] as const,
    EdDSA: [null, {}] as const,
  }[alg] ?? ['none', {}];
  return verify(
    digest,
    Buffer.from(`${header}.${payload}`),
    { key, ...options },
    Buffer.from(signature, 'base64url'),
  );
}

onEachDatabase((world) => {
  const { alpha } = world;

  describe('RFC 9068 §2.1 the header', () => {
    it('has the type, an asymmetric algorithm, a key that is published, and no more (G202)', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      const header = decodeProtectedHeader(token);
      expect(Object.keys(header)).toEqual(['typ', 'alg', 'kid']);
      expect(header).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
      expect((await readKeys(alpha)).map(({ kid }) => kid)).toContain(header.kid);
    });
  });

  describe('RFC 9068 §2.2 the claims', () => {
    it('are all there, with the right types, and no others (G203, G204, G208)', async () => {
      const client = await alpha.registerClient();
      const before = Math.floor(Date.now() / 1000);
      const claims = decodeJwt(await alpha.token(client, { scope: 'read write' }));
      expect(claims).toEqual({
        iss: alpha.issuer,
        sub: client.clientId,
        aud: alpha.issuer,
        client_id: client.clientId,
        scope: 'read write',
        iat: expect.any(Number),
        exp: (claims.iat ?? 0) + 3600,
        jti: expect.stringMatching(/^[\w-]{22}$/),
        status: {
          status_list: {
            idx: expect.any(Number),
            uri: expect.stringContaining(`${alpha.issuer}/status-lists/`),
          },
        },
      });
      expect(claims.iat).toBeGreaterThanOrEqual(before - 1);
      expect(claims.iat).toBeLessThanOrEqual(Date.now() / 1000 + 1);
    });

    it('§2.2 `iss` is the issuer of the metadata, to the byte (G203)', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(decodeJwt(token).iss).toBe((json as { issuer: string }).issuer);
    });

    it('§3 `aud` is the default audience of the realm, when it has one (G207)', async () => {
      const realm = await world.createRealm('audience');
      await realm.changeProvider({ defaultAudience: 'https://api.example.com/' });
      const token = await realm.token(await realm.registerClient(), { scope: 'read' });
      expect(decodeJwt(token).aud).toBe('https://api.example.com/');
    });

    it('§2.2.3 `scope` says what the response says (G206)', async () => {
      const client = await alpha.registerClient({ defaultScopes: ['write', 'read'] });
      const { json } = await alpha.request(client);
      const { access_token, scope } = json as { access_token: string; scope: string };
      expect(decodeJwt(access_token)['scope']).toBe(scope);
    });

    it('hold ids of any character', async () => {
      const client = await alpha.registerClient({ clientId: 'an:id "with" £ & more' });
      expect(decodeJwt(await alpha.token(client, { scope: 'read' }))).toMatchObject({
        sub: 'an:id "with" £ & more',
        client_id: 'an:id "with" £ & more',
      });
    });

    it('stay small: the longest id and two hundred scopes fit in 8 KiB (G209)', async () => {
      const scopes = Array.from({ length: 200 }, (_, index) => `scope-${index}`);
      const client = await alpha.registerClient({ clientId: 'i'.repeat(255), scopes });
      const token = await alpha.token(client, { scope: scopes.join(' ') });
      expect(token.length).toBeLessThan(8_192);
      const { json } = await alpha.introspect(token, client);
      expect(json).toMatchObject({ active: true });
    });
  });

  describe('RFC 9068 §4 a resource server can verify it', () => {
    it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])(
      'signed with %s: by jose, by Node.js alone, and by introspection (G214)',
      async (signingAlgorithm) => {
        const realm = await world.createRealm(`signs-${signingAlgorithm.toLowerCase()}`);
        await realm.changeProvider({ signingAlgorithm });
        const client = await realm.registerClient();
        const token = await realm.token(client, { scope: 'read' });
        expect(decodeProtectedHeader(token).alg).toBe(signingAlgorithm);

        const keys = createRemoteJWKSet(new URL(`${realm.issuer}/connect/jwk_uri`));
        const { payload } = await jwtVerify(token, keys, {
          issuer: realm.issuer,
          audience: realm.issuer,
          typ: 'at+jwt',
          algorithms: [signingAlgorithm],
          requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
        });
        expect(payload['client_id']).toBe(client.clientId);
        expect(verifyByNode(token, await readKeys(realm))).toBe(true);
        expect((await realm.introspect(token, client)).json).toMatchObject({ active: true });
      },
    );

    it('and only it: one bit changed anywhere is no token', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const jwks = { keys: [...(await readKeys(alpha))] } as unknown as JSONWebKeySet;
      const [header = '', payload = '', signature = ''] = token.split('.');
      const more = Buffer.from(
        JSON.stringify({ ...decodeJwt(token), scope: 'read write admin' }),
      ).toString('base64url');
      const forged = [
        `${header}.${more}.${signature}`,
        `${header}.${payload}.${signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`,
        `${header}.${payload}.`,
        `${header}.${payload}.${'A'.repeat(86)}`,
      ];
      for (const text of forged) {
        await expect(jwtVerify(text, createLocalJWKSet(jwks))).rejects.toThrow();
        expect((await alpha.introspect(text, client)).json).toEqual({ active: false });
      }
    });

    it('the format is the client’s, else the realm’s (G213)', async () => {
      const realm = await world.createRealm('formats');
      await realm.changeProvider({ tokenFormat: 'opaque' });
      const inherits = await realm.registerClient();
      const own = await realm.registerClient({ tokenFormat: 'jwt' });
      expect(await realm.token(inherits, { scope: 'read' })).toMatch(/^tsa_/);
      expect(await realm.token(own, { scope: 'read' })).toMatch(/^eyJ/);
    });

    it('the algorithm is the client’s, else the realm’s', async () => {
      const realm = await world.createRealm('algorithms');
      await realm.changeProvider({ signingAlgorithm: 'EdDSA' });
      const inherits = await realm.registerClient();
      const own = await realm.registerClient({ signingAlgorithm: 'RS256' });
      const algorithm = async (client: typeof own) =>
        decodeProtectedHeader(await realm.token(client, { scope: 'read' })).alg;
      expect(await algorithm(inherits)).toBe('EdDSA');
      expect(await algorithm(own)).toBe('RS256');
    });
  });

  describe('RFC 7517 §5 the key set', () => {
    it('has public members only, and says what each key is for (K261, attack 26)', async () => {
      const { headers, text } = await alpha.read('connect/jwk_uri');
      expect(headers['content-type']).toMatch(/^application\/(?:jwk-set\+)?json/);
      const keys = await readKeys(alpha);
      expect(keys.length).toBeGreaterThan(0);
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
        expect(text).not.toContain(`"${secret}":`);
      for (const key of keys)
        expect(key).toMatchObject({
          kty: expect.stringMatching(/^(?:EC|RSA|OKP)$/),
          kid: expect.any(String),
          use: 'sig',
          alg: expect.any(String),
        });
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    });

    it('has keys of good size, named by their thumbprints (K262, K264, RFC 7638)', async () => {
      const realm = await world.createRealm('every-key');
      for (const signingAlgorithm of ['RS256', 'PS256', 'EdDSA'])
        await realm.changeProvider({ signingAlgorithm });
      const keys = await readKeys(realm);
      expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA', 'PS256', 'RS256']);
      for (const key of keys) {
        if (key.kty === 'RSA') {
          expect(Buffer.from(key.n ?? '', 'base64url').length).toBeGreaterThanOrEqual(256);
          expect(key.e).toBe('AQAB');
        } else {
          expect(key.crv).toBe(key.kty === 'EC' ? 'P-256' : 'Ed25519');
        }
        const jwk = { ...key } as Parameters<typeof calculateJwkThumbprint>[0];
        expect(key.kid).toBe(await calculateJwkThumbprint(jwk));
      }
    });

    it('differs from realm to realm (K265)', async () => {
      const other = await world.createRealm('other-keys');
      const kids = new Set((await readKeys(alpha)).map(({ kid }) => kid));
      for (const { kid } of await readKeys(other)) expect(kids.has(kid)).toBe(false);
    });
  });

  describe('the rotation of signing keys', () => {
    const signingKeys = '/api/realms/rotates/signing-keys';
    const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';

    it('publishes ahead, overlaps, and removes at once only in an emergency (K263)', async () => {
      const realm = await world.createRealm('rotates');
      const client = await realm.registerClient();
      const active = async (token: string) =>
        ((await realm.introspect(token, client)).json as { active: boolean }).active;
      const published = async () => (await readKeys(realm)).map(({ kid }) => kid);
      const first = await realm.token(client, { scope: 'read' });

      // A planned rotation: the next key is published, the earlier one goes on signing.
      await world.administration.perform('POST', `${signingKeys}/rotate`, {});
      expect(await published()).toHaveLength(2);
      expect(kidOf(await realm.token(client, { scope: 'read' }))).toBe(kidOf(first));

      // At once: another key signs, and what the earlier one signed stays good.
      await world.administration.perform('POST', `${signingKeys}/rotate`, { immediately: true });
      const second = await realm.token(client, { scope: 'read' });
      expect(kidOf(second)).not.toBe(kidOf(first));
      expect(await published()).toEqual(expect.arrayContaining([kidOf(first), kidOf(second)]));
      for (const token of [first, second]) {
        expect(verifyByNode(token, await readKeys(realm))).toBe(true);
        expect(await active(token)).toBe(true);
      }

      // Somebody has the first key: it and its tokens are gone.
      await world.administration.perform('DELETE', `${signingKeys}/${kidOf(first)}`);
      expect(await published()).not.toContain(kidOf(first));
      expect(await active(first)).toBe(false);
      expect(await active(second)).toBe(true);

      // The key that signs is revoked: another takes over at once.
      await world.administration.perform('DELETE', `${signingKeys}/${kidOf(second)}`);
      expect(await active(second)).toBe(false);
      const third = await realm.token(client, { scope: 'read' });
      expect(kidOf(third)).not.toBe(kidOf(second));
      expect(await active(third)).toBe(true);
    });

    it('keys, and the tokens they signed, outlive the process (K265)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const keys = await readKeys(alpha);
      await world.restart();
      expect(await readKeys(alpha)).toEqual(keys);
      expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
      expect(kidOf(await alpha.token(client, { scope: 'read' }))).toBe(kidOf(token));
    });
  });
});
