import { describe, expect, it } from 'vitest';
import { CLIENT_CREDENTIALS, FORM_TYPE, type RealmClient, refusal } from './realm.ts';
import { assertionClaims, carrying, newKey, signJws, signWithSecret } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 8414 §3, §3.2, RFC 6749 §3.1.1, RFC 9110 §13.1.2. */

type Metadata = {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly revocation_endpoint: string;
  readonly jwks_uri: string;
  readonly grant_types_supported?: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly introspection_endpoint_auth_methods_supported: readonly string[];
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
  readonly scopes_supported?: readonly string[];
};

/** Every way to authenticate that RFC 8414 knows of, and whatever the document may name. */
const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
];

const GRANT_TYPES = [
  'client_credentials',
  'authorization_code',
  'implicit',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];

onEachDatabase((world) => {
  const { alpha } = world;
  const read = async (realm: RealmClient = alpha): Promise<Metadata> => {
    const { status, json } = await realm.read('.well-known/oauth-authorization-server');
    expect(status).toBe(200);
    return json as Metadata;
  };
  const pathOf = (url: string): string => url.slice(world.publicUrl.length);

  describe('RFC 8414 §3.1 where it is found', () => {
    it.each([
      (path: string) => `/.well-known/oauth-authorization-server${path}`,
      (path: string) => `${path}/.well-known/oauth-authorization-server`,
      (path: string) => `${path}/.well-known/openid-configuration`,
      (path: string) => `/.well-known/openid-configuration${path}`,
    ])('%s, for a realm and for the root (K250, K251)', async (place) => {
      for (const realm of [alpha, world.realm('root')]) {
        const { status, headers, json } = await world.send({ path: place(realm.path) });
        expect(status).toBe(200);
        expect(headers['content-type']).toMatch(/^application\/json/);
        expect(json).toEqual(await read(realm));
        expect((json as Metadata).issuer).toBe(realm.issuer);
      }
    });

    it('the issuer is what the path was made from, without a slash too many (K250, K252)', async () => {
      const metadata = await read();
      expect(metadata.issuer).toBe(`${world.publicUrl}/am/oauth2/realms/root/realms/alpha`);
      for (const url of Object.values(metadata).filter((one) => typeof one === 'string')) {
        expect(url.startsWith(metadata.issuer)).toBe(true);
        expect(url.endsWith('/')).toBe(false);
        expect(url.slice('http://'.length)).not.toContain('//');
      }
    });

    it('every address in it is served', async () => {
      const metadata = await read();
      expect((await world.send({ path: pathOf(metadata.jwks_uri) })).status).toBe(200);
      for (const url of [
        metadata.token_endpoint,
        metadata.introspection_endpoint,
        metadata.revocation_endpoint,
      ])
        expect((await world.send({ method: 'POST', path: pathOf(url) })).status).toBe(400);
      const { authorization_endpoint } = metadata;
      expect((await world.send({ path: pathOf(authorization_endpoint) })).status).toBe(400);
    });

    it.each([
      ['Host', { host: 'evil.example' }],
      ['X-Forwarded-Host', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
      ['Forwarded', { forwarded: 'host=evil.example;proto=https' }],
      ['X-Forwarded-Port', { 'x-forwarded-port': '4711', 'x-forwarded-prefix': '/evil' }],
    ])('a caller can not change it with %s (K256, attack 27)', async (_, headers) => {
      const { json, text } = await alpha.read('.well-known/oauth-authorization-server', headers);
      expect(json).toEqual(await read());
      expect(text).not.toContain('evil');
      expect(text).not.toContain('4711');
    });
  });

  describe('RFC 8414 §2 what it says', () => {
    it('has these members and no others (K253)', async () => {
      expect(Object.keys(await read()).sort()).toEqual([
        'authorization_endpoint',
        'dpop_signing_alg_values_supported',
        'grant_types_supported',
        'introspection_endpoint',
        'introspection_endpoint_auth_methods_supported',
        'introspection_endpoint_auth_signing_alg_values_supported',
        'introspection_signing_alg_values_supported',
        'issuer',
        'jwks_uri',
        'response_types_supported',
        'revocation_endpoint',
        'revocation_endpoint_auth_methods_supported',
        'revocation_endpoint_auth_signing_alg_values_supported',
        'status_list_aggregation_endpoint',
        'token_endpoint',
        'token_endpoint_auth_methods_supported',
        'token_endpoint_auth_signing_alg_values_supported',
      ]);
    });

    it('§3.2 nothing in it is null, and empty only what clients insist on (K254)', async () => {
      for (const [name, value] of Object.entries(await read())) {
        expect(value).not.toBeNull();
        if (Array.isArray(value) && name !== 'response_types_supported')
          expect(value).not.toEqual([]);
      }
    });

    it('scopes are those of APIs and the defaults, never those of the administration', async () => {
      const realm = await world.createRealm('scopes');
      await realm.changeProvider({ defaultScopes: ['basics'] });
      await realm.registerApi({ identifier: 'https://a.example/', scopes: [{ name: 'a:read' }] });
      expect((await read(realm)).scopes_supported).toEqual(['a:read', 'basics']);
    });

    it('of a realm without this grant names no grant type', async () => {
      const realm = await world.createRealm('no-grants');
      await realm.changeProvider({ grantTypes: ['authorization_code'] });
      expect(await read(realm)).not.toHaveProperty('grant_types_supported');
    });
  });

  describe('RFC 8414 §2 what is advertised is enforced, and nothing else is', () => {
    it.each(GRANT_TYPES)('grant type %s (K255)', async (grant_type) => {
      const advertised = (await read()).grant_types_supported?.includes(grant_type) === true;
      const client = await alpha.registerClient({ grantTypes: GRANT_TYPES });
      const answer = await alpha.request(client, { grant_type, scope: 'read' });
      if (advertised) expect(answer.status).toBe(200);
      else expect(answer).toMatchObject(refusal(400, 'unsupported_grant_type'));
    });

    it.each(METHODS)('authentication method %s, at each endpoint (K255)', async (method) => {
      const metadata = await read();
      // A secret as well, so that there is a token to ask about.
      const authenticationMethod = method.startsWith('client_secret') ? method : undefined;
      const client = await alpha.registerClient({
        ...(authenticationMethod !== undefined && { authenticationMethod }),
      });
      const { clientId: client_id, secret: client_secret } = client;
      const key = newKey();
      await world.administration.perform('POST', `/api/realms/alpha/clients/${client_id}/keys`, {
        jwk: key.publicJwk,
      });
      const token = await alpha.token(client, { scope: 'read' });
      const endpoints = [
        ['access_token', metadata.token_endpoint_auth_methods_supported],
        ['introspect', metadata.introspection_endpoint_auth_methods_supported],
        ['token/revoke', metadata.revocation_endpoint_auth_methods_supported],
      ] as const;
      const claims = () => assertionClaims(client_id, alpha.issuer);
      const proofs: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
        client_secret_post: () => ({ client_id, client_secret }),
        client_secret_jwt: () => carrying(signWithSecret(claims(), client_secret)),
        private_key_jwt: () => carrying(signJws({ alg: 'ES256', kid: key.kid }, claims(), key)),
      };
      for (const [endpoint, advertised] of endpoints) {
        const form = { ...CLIENT_CREDENTIALS, scope: 'read', token };
        const proof = proofs[method]?.() ?? { client_id };
        const answer =
          method === 'client_secret_basic'
            ? await alpha.post(endpoint, form, { as: client })
            : await alpha.post(endpoint, { ...form, ...proof });
        if (advertised.includes(method)) expect(answer.status).toBe(200);
        else expect(answer).toMatchObject({ json: { error: 'invalid_client' } });
      }
    });

    it('each algorithm of the key set signs tokens that introspect', async () => {
      const { json } = await alpha.read('connect/jwk_uri');
      for (const { alg } of (json as { keys: { alg: string }[] }).keys) {
        const client = await alpha.registerClient({ signingAlgorithm: alg });
        const token = await alpha.token(client, { scope: 'read' });
        expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
      }
    });

    it('each scope that is advertised can be granted', async () => {
      const realm = await world.createRealm('grants-scopes');
      await realm.changeProvider({ defaultScopes: ['basics'] });
      const scopes = [{ name: 'a:read' }, { name: 'a:write' }];
      const id = await realm.registerApi({ identifier: 'https://a.example/', scopes });
      const client = await realm.registerClient();
      await realm.grant(client, id, ['a:read', 'a:write']);
      for (const scope of (await read(realm)).scopes_supported ?? [])
        expect((await realm.request(client, { scope })).status).toBe(200);
    });
  });

  describe('RFC 9111 it may be cached, and read from anywhere (K257)', () => {
    const documents = [
      '.well-known/oauth-authorization-server',
      '.well-known/openid-configuration',
      'connect/jwk_uri',
    ];

    it.each(documents)('%s', async (document) => {
      const { headers, text } = await alpha.read(document, { origin: 'https://anybody.example' });
      expect(headers['cache-control']).toMatch(/^public, max-age=\d+$/);
      expect(headers['access-control-allow-origin']).toBe('*');
      const { etag = '' } = headers;
      expect(etag).toMatch(/^"[^"]+"$/);

      const again = await alpha.read(document, { 'if-none-match': etag });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
      expect(again.headers.etag).toBe(etag);
      const weak = await alpha.read(document, { 'if-none-match': `"other", W/${etag}` });
      expect(weak.status).toBe(304);
      const stale = await alpha.read(document, { 'if-none-match': '"another"' });
      expect(stale.text).toBe(text);

      const head = await world.send({ method: 'HEAD', path: `${alpha.path}/${document}` });
      expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
      expect(head.headers.etag).toBe(etag);

      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const other = await world.send({ method, path: `${alpha.path}/${document}` });
        expect(other).toMatchObject(refusal(405, 'method_not_allowed'));
        expect(other.headers.allow).toContain('GET');
      }
    });

    it('a change of keys changes the tag', async () => {
      const realm = await world.createRealm('tags');
      const before = await realm.read('connect/jwk_uri');
      await world.administration.perform('POST', '/api/realms/tags/signing-keys/rotate', {});
      const after = await realm.read('connect/jwk_uri', {
        'if-none-match': before.headers.etag ?? '',
      });
      expect(after.status).toBe(200);
      expect(after.headers.etag).not.toBe(before.headers.etag);
    });
  });

  describe('what is not there (K258, K259)', () => {
    it('an unknown or disabled realm has no metadata and no keys', async () => {
      const disabled = await world.createRealm('disabled');
      await world.administration.change('/api/realms/disabled', { enabled: false });
      for (const realm of [disabled, world.realm('unknown')])
        for (const path of [
          `${realm.path}/.well-known/oauth-authorization-server`,
          `/.well-known/oauth-authorization-server${realm.path}`,
          `${realm.path}/connect/jwk_uri`,
        ])
          expect(await world.send({ path })).toMatchObject(refusal(404, 'not_found'));
    });

    it.each(['GET', 'POST', 'PUT'])(
      'authorization by people, and with it every redirect: %s, RFC 6749 §3.1.1 (K260)',
      async (method) => {
        const parameters = 'response_type=code&client_id=x&redirect_uri=https://evil.example/';
        for (const path of [`${alpha.path}/authorize`, `${alpha.path}/authorize?${parameters}`]) {
          const headers = { 'content-type': FORM_TYPE };
          const body = method === 'GET' ? '' : parameters;
          const answer = await world.send({ method, path, headers, body });
          expect(answer).toMatchObject(refusal(400, 'unsupported_response_type'));
          expect(answer.text).not.toContain('evil');
        }
      },
    );
  });
});
