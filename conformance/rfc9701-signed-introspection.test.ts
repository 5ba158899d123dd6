import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientCredentials } from './realm.ts';
import { onEachDatabase } from './world.ts';

const MEDIA_TYPE = 'application/token-introspection+jwt';

onEachDatabase((world) => {
  const { alpha } = world;
  let client: ClientCredentials;
  let token: string;

  beforeAll(async () => {
    client = await alpha.registerClient();
    token = await alpha.token(client, { scope: 'read' });
  });

  const introspect = (accept: string, asked = token) =>
    alpha.post('introspect', { token: asked }, { as: client, headers: { accept } });

  const verify = (jwt: string) =>
    jwtVerify(jwt, createRemoteJWKSet(new URL(`${alpha.issuer}/connect/jwk_uri`)), {
      issuer: alpha.issuer,
      audience: client.clientId,
      typ: 'token-introspection+jwt',
    });

  describe('RFC 9701 §5 the signed answer (I237)', () => {
    it('is signed by the realm, for whoever asked, and says what JSON says (RFC 9110 §12.5.5)', async () => {
      const answer = await introspect(MEDIA_TYPE);
      expect(answer.headers).toMatchObject({ 'content-type': MEDIA_TYPE, vary: 'Accept' });
      expect(decodeProtectedHeader(answer.text)).toMatchObject({ alg: 'ES256' });
      const { payload } = await verify(answer.text);
      const plain = await introspect('application/json');
      expect(plain.headers).toMatchObject({ vary: 'Accept' });
      expect(payload).toEqual({
        iss: alpha.issuer,
        aud: client.clientId,
        iat: expect.any(Number),
        token_introspection: plain.json,
      });
    });

    it('is signed for an inactive token, too', async () => {
      const { payload } = await verify((await introspect(MEDIA_TYPE, 'unknown')).text);
      expect(payload['token_introspection']).toEqual({ active: false });
    });

    it.each(['*/*', 'application/json', `application/json, ${MEDIA_TYPE}`, 'text/html'])(
      'RFC 9110 §12.5.1 is not given for Accept: %s',
      async (accept) => {
        expect((await introspect(accept)).json).toMatchObject({ active: true });
      },
    );

    it('is not given to a caller that does not authenticate', async () => {
      const headers = { accept: MEDIA_TYPE };
      expect((await alpha.post('introspect', { token }, { headers })).status).toBe(401);
    });

    it('RFC 9701 §8.1 is no access token', async () => {
      const { text } = await introspect(MEDIA_TYPE);
      expect((await alpha.introspect(text, client)).json).toEqual({ active: false });
      const authorization = `Bearer ${text}`;
      expect((await alpha.read('tokeninfo', { authorization })).status).toBe(401);
    });

    it('RFC 9701 §7 its algorithm is in the metadata', async () => {
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(json).toMatchObject({ introspection_signing_alg_values_supported: ['ES256'] });
    });
  });
});
