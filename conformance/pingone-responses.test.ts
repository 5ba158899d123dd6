import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, type ClientCredentials, type RealmClient, refusal } from './realm.ts';
import { newKey, now, proofOf, thumbprintOf } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* What PingAM answers, as it was recorded; `pingone.test.ts` has what is alike in every realm. */

/** 20 random bytes. */
const REFERENCE = /^[\w-]{27}$/;
const AUDIT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+$/;

const STOCK = 'https://stock.example.com';

onEachDatabase((world) => {
  let realm: RealmClient;
  let warehouse: ClientCredentials;
  const myClient = { clientId: 'myClient', secret: 'forgerock' };
  const opaque = { clientId: 'opaque', secret: 'forgerock' };
  const guard = { clientId: 'guard', secret: 'forgerock' };

  beforeAll(async () => {
    realm = await world.createRealm('ping');
    await realm.changeProvider({ securityProfile: 'pingone' });
    const register = ({ clientId, secret }: ClientCredentials, members: object = {}) =>
      realm.registerClient({ clientId, secret: { secret }, scopes: ['write', 'read'], ...members });
    await register(myClient);
    await register(opaque, { tokenFormat: 'opaque' });
    await register(guard, { scopes: ['am-introspect-all-tokens'] });
    warehouse = await realm.registerClient();
    const api = await realm.registerApi({
      name: 'Stock',
      identifier: STOCK,
      scopes: [{ name: 'stock:read' }],
      introspectionClients: [warehouse.clientId],
    });
    await realm.grant(myClient, api, ['stock:read']);
  });

  const tokenInfo = (token: string) =>
    realm.read('tokeninfo', { authorization: `Bearer ${token}` });

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(`${realm.issuer}/connect/jwk_uri`)), {
      issuer: realm.issuer,
    });

  describe('PingOne §8.1 a client-side token', () => {
    it('has the claims that AM writes, in its order', async () => {
      const before = now();
      const token = await realm.token(myClient, { scope: 'write read' });
      const claims = decodeJwt(token);
      expect(Object.keys(claims)).toEqual(
        (
          'sub cts auditTrackingId subname iss tokenName token_type authGrantId client_id aud nbf ' +
          'grant_type scope auth_time realm exp iat expires_in jti'
        ).split(' '),
      );
      const iat = claims.iat as number;
      expect(iat - before).toBeLessThan(30);
      expect(claims).toEqual({
        sub: 'myClient',
        cts: 'OAUTH2_STATELESS_GRANT',
        auditTrackingId: expect.stringMatching(AUDIT_ID),
        subname: 'myClient',
        iss: realm.issuer,
        tokenName: 'access_token',
        token_type: 'Bearer',
        authGrantId: expect.stringMatching(REFERENCE),
        client_id: 'myClient',
        aud: 'myClient',
        nbf: iat,
        grant_type: 'client_credentials',
        scope: ['write', 'read'],
        auth_time: iat,
        realm: '/ping',
        exp: iat + 3600,
        iat,
        expires_in: 3600,
        jti: expect.stringMatching(REFERENCE),
      });
    });

    it('is typed JWT, and signed by a key that everybody can have: never with HS256', async () => {
      const token = await realm.token(myClient, { scope: 'write' });
      const header = decodeProtectedHeader(token);
      expect(header).toEqual({ typ: 'JWT', alg: 'ES256', kid: expect.any(String) });
      expect((await verify(token)).payload.sub).toBe('myClient');
    });

    it('names the API that it is for, so that no other takes it for its own', async () => {
      const token = await realm.token(myClient, { scope: 'stock:read' });
      expect(decodeJwt(token).aud).toBe(STOCK);
      expect((await realm.introspect(token, warehouse)).json).toMatchObject({ active: true });
      const other = await realm.token(myClient, { scope: 'write' });
      expect((await realm.introspect(other, warehouse)).json).toEqual({ active: false });
    });

    it('of a client that is called like an API is not for the API', async () => {
      const impostor = await realm.registerClient({ clientId: STOCK });
      const token = await realm.token(impostor, { scope: 'read' });
      expect(decodeJwt(token).aud).toBe(realm.issuer);
      expect((await realm.introspect(token, warehouse)).json).toEqual({ active: false });
    });
  });

  it('PingOne §8.2 a server-side token is 27 characters, and no two are alike', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 50 }, () => realm.token(opaque, { scope: 'write' })),
    );
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) {
      expect(token).toMatch(REFERENCE);
      // RFC 6749 §10.10: 160 bits.
      expect(Buffer.from(token, 'base64url')).toHaveLength(20);
    }
    expect(await world.dumpDatabase()).not.toContain(tokens[0]);
  });

  describe.each([
    ['a JWT', myClient],
    ['opaque', opaque],
  ])('PingOne §6 introspection of a token that is %s', (_, client) => {
    it('has the members that AM sends, in its order, and no `aud`', async () => {
      const token = await realm.token(client, { scope: 'write read' });
      const answer = await realm.introspect(token, client);
      const said = answer.json as Record<string, number>;
      expect(Object.keys(said)).toEqual(
        (
          'active scope realm client_id user_id username token_type exp sub subname iss ' +
          'auth_level authGrantId auditTrackingId expires_in'
        ).split(' '),
      );
      expect(said).toEqual({
        active: true,
        scope: 'write read',
        realm: '/ping',
        client_id: client.clientId,
        user_id: client.clientId,
        username: client.clientId,
        token_type: 'Bearer',
        exp: expect.any(Number),
        sub: client.clientId,
        subname: client.clientId,
        iss: realm.issuer,
        auth_level: 0,
        authGrantId: expect.stringMatching(REFERENCE),
        auditTrackingId: expect.stringMatching(AUDIT_ID),
        expires_in: expect.any(Number),
      });
      expect(said['expires_in']).toBeGreaterThan(3500);
      expect(Math.abs(now() + Number(said['expires_in']) - Number(said['exp']))).toBeLessThan(30);
      const again = (await realm.introspect(token, guard)).json as object;
      expect(again).toMatchObject({ auditTrackingId: said['auditTrackingId'] });
    });

    it('as a JWT says for whom the token is', async () => {
      const token = await realm.token(client, { scope: 'write' });
      const headers = { accept: 'application/token-introspection+jwt' };
      const answer = await realm.post('introspect', { token }, { as: client, headers });
      expect((await verify(answer.text)).payload['token_introspection']).toMatchObject({
        active: true,
        aud: client.clientId,
      });
    });

    it('is for its client and for whoever has the scope am-introspect-all-tokens', async () => {
      const token = await realm.token(client, { scope: 'write' });
      expect((await realm.introspect(token, guard)).json).toMatchObject({ active: true });
      const stranger = await realm.registerClient();
      expect((await realm.introspect(token, stranger)).text).toBe('{"active":false}');
    });

    it('says no more than that once it is revoked, which another client cannot do', async () => {
      const token = await realm.token(client, { scope: 'write' });
      expect(await realm.revoke(token, guard)).toMatchObject(
        refusal(400, 'invalid_grant', 'The provided token id belongs to different access grant.'),
      );
      expect((await realm.introspect(token, client)).json).toMatchObject({ active: true });
      expect((await realm.revoke(token, client)).text).toBe('{}');
      expect((await realm.introspect(token, client)).text).toBe('{"active":false}');
      expect((await tokenInfo(token)).status).toBe(401);
    });

    it('holds on to the key that the token is bound to', async () => {
      const key = newKey();
      const dpop = proofOf(key, `${realm.issuer}/access_token`);
      const form = { ...CLIENT_CREDENTIALS, scope: 'write' };
      const answer = await realm.post('access_token', form, { as: client, headers: { dpop } });
      const { access_token: token } = answer.json as { access_token: string };
      expect((await realm.introspect(token, client)).json).toMatchObject({
        token_type: 'DPoP',
        cnf: { jkt: thumbprintOf(key) },
      });
      expect((await tokenInfo(token)).status).toBe(401);
    });

    it('goes on when the realm takes another profile, in the shape of that', async () => {
      const token = await realm.token(client, { scope: 'write read' });
      await realm.changeProvider({ securityProfile: 'standard' });
      expect((await realm.introspect(token, client)).json).toMatchObject({
        active: true,
        scope: 'write read',
        aud: client.clientId,
      });
      const other = await realm.token(client, { scope: 'write' });
      await realm.changeProvider({ securityProfile: 'pingone' });
      expect((await realm.introspect(other, client)).json).toMatchObject({
        auditTrackingId: expect.stringMatching(AUDIT_ID),
      });
      await realm.revoke(token, client);
      expect((await realm.introspect(token, client)).text).toBe('{"active":false}');
    });
  });

  describe('PingOne §7 tokeninfo', () => {
    it('of an opaque token has the members that AM sends, in its order', async () => {
      const token = await realm.token(opaque, { scope: 'write' });
      expect((await tokenInfo(token)).text).toMatch(
        new RegExp(
          `^{"access_token":"${token}","grant_type":"client_credentials","auth_level":0,"scope":\\["write"\\],"realm":"/ping","token_type":"Bearer","expires_in":3[56]\\d\\d,"write":"","client_id":"opaque"}$`,
        ),
      );
    });

    it('of a JWT has all that it says, and each scope as a member', async () => {
      const token = await realm.token(myClient, { scope: 'write read' });
      const claims = decodeJwt(token);
      expect((await tokenInfo(token)).json).toEqual({
        ...claims,
        access_token: token,
        write: '',
        read: '',
        expires_in: expect.any(Number),
      });
    });
  });

  describe('PingOne §4.3 refusals', () => {
    it('of a caller that names nobody: 400, where other realms challenge with 401', async () => {
      const form = { ...CLIENT_CREDENTIALS, scope: 'write' };
      const unnamed = await realm.post('access_token', form);
      expect([unnamed.status, unnamed.text]).toEqual([
        400,
        '{"error_description":"Client authentication failed","error":"invalid_client"}',
      ]);
      expect((await world.alpha.post('access_token', form)).status).toBe(401);
    });

    it('of a realm that is not there', async () => {
      const path = '/am/oauth2/realms/root/realms/nowhere/access_token';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = 'grant_type=client_credentials';
      expect(await world.send({ method: 'POST', path, headers, body })).toMatchObject(
        refusal(404, 'not_found'),
      );
    });
  });

  describe('PingOne §9 documents', () => {
    it('discovery has a version, and what OpenID Connect requires', async () => {
      const { json } = await realm.read('.well-known/openid-configuration');
      expect(json).toMatchObject({
        version: '3.0',
        issuer: realm.issuer,
        token_endpoint: `${realm.issuer}/access_token`,
        introspection_endpoint: `${realm.issuer}/introspect`,
        revocation_endpoint: `${realm.issuer}/token/revoke`,
        jwks_uri: `${realm.issuer}/connect/jwk_uri`,
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
        request_uri_parameter_supported: false,
        require_pushed_authorization_requests: false,
      });
      expect(Object.keys(json as object).slice(0, 2)).toEqual(['version', 'issuer']);
      expect(json).not.toHaveProperty('status_list_aggregation_endpoint');
    });

    it('keys are public ones, for signatures', async () => {
      const { json } = await realm.read('connect/jwk_uri');
      for (const key of (json as { keys: object[] }).keys) {
        expect(key).toMatchObject({ kty: 'EC', use: 'sig', kid: expect.any(String) });
        for (const secret of ['d', 'k']) expect(key).not.toHaveProperty(secret);
      }
    });
  });

  it('a realm of the standard profile has nothing of this', async () => {
    const client = await world.alpha.registerClient();
    const token = await world.alpha.token(client, { scope: 'read' });
    expect(decodeProtectedHeader(token).typ).toBe('at+jwt');
    expect(Object.keys(decodeJwt(token))).toEqual(
      'iss sub aud client_id scope iat exp jti status'.split(' '),
    );
    expect(Object.keys((await world.alpha.introspect(token, client)).json as object)).toEqual(
      'active scope client_id token_type exp iat sub aud iss jti'.split(' '),
    );
  });
});
