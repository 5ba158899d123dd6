import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { basic, CLIENT_CREDENTIALS, FORM_TYPE, readToken, refusal } from './realm.ts';
import { converse, readResponses } from './wire.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7519 §4.1.7, RFC 8259 §11. */

onEachDatabase((world) => {
  const { alpha } = world;

  describe('RFC 6749 §5.1 the successful response', () => {
    it('has exactly these members in this order, and no refresh or ID token (A1)', async () => {
      const client = await alpha.registerClient();
      const { status, json, text } = await alpha.request(client, { scope: 'write' });
      expect(status).toBe(200);
      expect(Object.keys(json as object)).toEqual([
        'access_token',
        'scope',
        'token_type',
        'expires_in',
      ]);
      expect(text).toMatch(
        /^\{"access_token":"[^"]+","scope":"write","token_type":"Bearer","expires_in":3599\}$/,
      );
    });

    it('is JSON in UTF-8, without a byte order mark (A2)', async () => {
      const client = await alpha.registerClient();
      const { headers, bytes } = await alpha.request(client, { scope: 'read' });
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(bytes[0]).toBe('{'.charCodeAt(0));
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toThrow();
    });

    it('is never stored by a cache (A3)', async () => {
      const { headers } = await alpha.request(await alpha.registerClient(), { scope: 'read' });
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['pragma']).toBe('no-cache');
    });

    it('counts whole seconds to the expiry, one less than the token has (A4)', async () => {
      const client = await alpha.registerClient();
      const answer = readToken(await alpha.request(client, { scope: 'read' }));
      const { exp = 0, iat = 0 } = decodeJwt(answer.access_token);
      expect(answer.expires_in).toBe(3599);
      expect(exp - iat).toBe(3600);
    });

    it('names the token type Bearer (A5)', async () => {
      const client = await alpha.registerClient();
      expect(readToken(await alpha.request(client, { scope: 'read' })).token_type).toBe('Bearer');
    });

    it('holds another token with another `jti` each time (A8)', async () => {
      const client = await alpha.registerClient();
      const tokens = await Promise.all(
        Array.from({ length: 50 }, () => alpha.token(client, { scope: 'read' })),
      );
      expect(new Set(tokens).size).toBe(50);
      expect(new Set(tokens.map((token) => decodeJwt(token).jti)).size).toBe(50);
    });

    it('holds a `jti` of 128 random bits, and an opaque token of more (A9)', async () => {
      const client = await alpha.registerClient();
      const opaque = await alpha.registerClient({ tokenFormat: 'opaque' });
      const { jti = '' } = decodeJwt(await alpha.token(client, { scope: 'read' }));
      expect(Buffer.from(jti, 'base64url').length).toBeGreaterThanOrEqual(16);
      const text = await alpha.token(opaque, { scope: 'read' });
      expect(Buffer.from(text.slice(4, 47), 'base64url').length).toBe(32);
    });

    it.each(['jwt', 'opaque'])(
      'holds a token that fits in a header as it is: %s (A10)',
      async (tokenFormat) => {
        const client = await alpha.registerClient({ tokenFormat });
        // RFC 6750 §2.1 b64token
        expect(await alpha.token(client, { scope: 'read' })).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
      },
    );

    it('carries a date, and neither a server name, a redirect nor an entity tag (A25, A26, A27)', async () => {
      const { headers } = await alpha.request(await alpha.registerClient(), { scope: 'read' });
      expect(Date.parse(headers.date ?? '')).not.toBeNaN();
      for (const name of ['server', 'x-powered-by', 'location', 'etag', 'last-modified'])
        expect(headers[name]).toBeUndefined();
    });

    it('is not conditional: If-None-Match gets a token like any request (A27)', async () => {
      const as = await alpha.registerClient();
      const form = { ...CLIENT_CREDENTIALS, scope: 'read' };
      const answer = await alpha.post('access_token', form, {
        as,
        headers: { 'if-none-match': '*' },
      });
      expect(answer.status).toBe(200);
    });

    it('tells no origin that it may read it (N287)', async () => {
      const as = await alpha.registerClient();
      const form = { ...CLIENT_CREDENTIALS, scope: 'read' };
      const headers = { origin: 'https://elsewhere.example' };
      const answer = await alpha.post('access_token', form, { as, headers });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    });
  });

  describe('RFC 6749 §2.3.1 both ways to send the secret', () => {
    it.each(['client_secret_basic', 'client_secret_post'])(
      'a client registered for %s may use either (A6)',
      async (authenticationMethod) => {
        const client = await alpha.registerClient({ authenticationMethod });
        const { clientId: client_id, secret: client_secret } = client;
        expect((await alpha.request(client, { scope: 'read' })).status).toBe(200);
        const form = { ...CLIENT_CREDENTIALS, client_id, client_secret, scope: 'read' };
        expect((await alpha.post('access_token', form)).status).toBe(200);
      },
    );
  });

  describe('RFC 6749 §3.3 the scope', () => {
    it.each([
      ['read', 'read'],
      ['write', 'write'],
      ['read write', 'read write'],
    ])('%s is granted and told (A7)', async (scope, granted) => {
      const client = await alpha.registerClient();
      expect(readToken(await alpha.request(client, { scope })).scope).toBe(granted);
    });

    it('is the default of the client when none is asked for (A11)', async () => {
      const client = await alpha.registerClient({ defaultScopes: ['write'] });
      expect(readToken(await alpha.request(client)).scope).toBe('write');
    });

    it('is the default of the realm when the client has none (A11)', async () => {
      const bravo = await world.createRealm('scope-defaults');
      await bravo.changeProvider({ defaultScopes: ['basics'] });
      const client = await bravo.registerClient({ scopes: ['other'] });
      const own = await bravo.registerClient({ scopes: ['own'], defaultScopes: ['own'] });
      expect(readToken(await bravo.request(client)).scope).toBe('basics');
      expect(readToken(await bravo.request(own)).scope).toBe('own');
    });

    it('is refused when none is asked for and there is no default (A12)', async () => {
      const client = await alpha.registerClient();
      expect(await alpha.request(client)).toMatchObject(
        refusal(400, 'invalid_scope', 'No scope requested and no default scope configured'),
      );
    });

    it('that is empty is the same as none (A13)', async () => {
      const client = await alpha.registerClient({ defaultScopes: ['write'] });
      const bare = await alpha.registerClient();
      expect(readToken(await alpha.request(client, { scope: '' })).scope).toBe('write');
      expect(await alpha.request(bare, { scope: '' })).toMatchObject(refusal(400, 'invalid_scope'));
    });

    it('is a set: its order does not matter (A14)', async () => {
      const client = await alpha.registerClient();
      const ask = async (scope: string) =>
        new Set(readToken(await alpha.request(client, { scope })).scope?.split(' '));
      expect(await ask('read write')).toEqual(await ask('write read'));
    });

    it('named twice is granted once (A15)', async () => {
      const client = await alpha.registerClient();
      expect(readToken(await alpha.request(client, { scope: 'read read' })).scope).toBe('read');
    });

    it.each([
      ['in another case (A16)', 'Read', '[Read]'],
      ['unknown (A17)', 'nothing', '[nothing]'],
      ['known, yet not allowed to this client (A18)', 'admin', '[admin]'],
      ['partly allowed (A18)', 'read admin', '[admin]'],
      ['of OpenID Connect (A20)', 'openid', '[openid]'],
      ['for a refresh token (A20)', 'offline_access', '[offline_access]'],
      ['that contains an allowed one', 'readwrite', '[readwrite]'],
    ])('%s is refused, and the answer names it', async (_, scope, named) => {
      await alpha.registerClient({ scopes: ['admin'] });
      const client = await alpha.registerClient();
      expect(await alpha.request(client, { scope })).toMatchObject(
        refusal(400, 'invalid_scope', `Unknown/invalid scope(s): ${named}`),
      );
    });

    it.each([
      ['leading space', ' read'],
      ['trailing space', 'read '],
      ['double space', 'read  write'],
      ['only a space', ' '],
      ['TAB', 'read\twrite'],
      ['LF', 'read\nwrite'],
      ['CR', 'read\rwrite'],
      ['NUL', 'read\0write'],
      ['quotation mark', 'read "write"'],
      ['backslash', 'read\\write'],
      ['a letter outside ASCII', 'réad'],
      ['a look-alike of another alphabet', 'rеad'],
      ['no-break space', 'read\u00a0write'],
      ['DEL', 'read\x7f'],
    ])('that is malformed is refused: %s (A19)', async (_, scope) => {
      const client = await alpha.registerClient({ defaultScopes: ['read'] });
      expect(await alpha.request(client, { scope })).toMatchObject(
        refusal(400, 'invalid_scope', 'The scope is malformed'),
      );
    });

    it('`openid` brings no ID token, even to a client that may have it (A20)', async () => {
      const client = await alpha.registerClient({ scopes: ['openid', 'offline_access'] });
      const { json } = await alpha.request(client, { scope: 'openid offline_access' });
      expect(json).not.toHaveProperty('id_token');
      expect(json).not.toHaveProperty('refresh_token');
    });
  });

  describe('RFC 6749 §3.2 other parameters', () => {
    it('an unknown one is ignored (A21)', async () => {
      const client = await alpha.registerClient();
      const form = { scope: 'read', foo: 'bar', claims: '{}' };
      expect((await alpha.request(client, form)).status).toBe(200);
    });

    it.each(['resource', 'client_secret', 'client_assertion', 'client_id', 'foo'])(
      '%s without a value is treated as left out (A22)',
      async (name) => {
        const client = await alpha.registerClient();
        expect((await alpha.request(client, { scope: 'read', [name]: '' })).status).toBe(200);
      },
    );
  });

  describe('the lifetime', () => {
    it.each([
      ['of the client', { accessTokenLifetime: 120 }, 120],
      ['of the realm, when the client has none', {}, 3600],
    ])('%s holds (A23)', async (_, members, lifetime) => {
      const client = await alpha.registerClient(members);
      const { access_token, expires_in } = readToken(
        await alpha.request(client, { scope: 'read' }),
      );
      const { exp = 0, iat = 0 } = decodeJwt(access_token);
      expect([exp - iat, expires_in]).toEqual([lifetime, lifetime - 1]);
    });

    it.each([0, -1, 1.5, 30 * 86_400 + 1])(
      'of %d seconds can not be configured (A23)',
      async (accessTokenLifetime) => {
        const body = { clientId: 'timeless', accessTokenLifetime };
        const { status } = await world.administration.call(
          'POST',
          '/api/realms/alpha/clients',
          body,
        );
        expect(status).toBe(400);
      },
    );
  });

  describe('what is disabled', () => {
    it('a realm is as one that does not exist (A24)', async () => {
      const closed = await world.createRealm('closed');
      const client = await closed.registerClient();
      expect((await closed.request(client, { scope: 'read' })).status).toBe(200);
      await world.administration.change('/api/realms/closed', { enabled: false });
      const answer = await closed.request(client, { scope: 'read' });
      const unknown = await world.realm('never-made').request(client, { scope: 'read' });
      expect(answer).toMatchObject(refusal(404, 'not_found'));
      expect(answer.text).toBe(unknown.text);
    });

    it('a client is answered like an unknown one (A24)', async () => {
      const client = await alpha.registerClient();
      await alpha.changeClient(client, { enabled: false });
      const answer = await alpha.request(client, { scope: 'read' });
      const unknown = await alpha.request({ ...client, clientId: 'never-made' }, { scope: 'read' });
      expect(answer).toMatchObject(refusal(401, 'invalid_client', 'Client authentication failed'));
      expect(answer.text).toBe(unknown.text);
    });
  });

  describe('RFC 9112 §9.3 one connection', () => {
    const request = (authorization: string, scope: string): string => {
      const body = `grant_type=client_credentials&scope=${scope}`;
      return [
        `POST ${alpha.path}/access_token HTTP/1.1`,
        `Host: 127.0.0.1`,
        `Authorization: ${authorization}`,
        `Content-Type: ${FORM_TYPE}`,
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    };

    it('answers pipelined requests in their order and mixes none (A28)', async () => {
      const reader = await alpha.registerClient();
      const writer = await alpha.registerClient({ tokenFormat: 'opaque' });
      const asked = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? request(basic(reader), 'read') : request(basic(writer), 'write'),
      );
      const { text } = await converse(world.port, [asked.join('')], {
        until: /(?:"expires_in"[\s\S]*){20}/,
      });
      const scopes = readResponses(text).map(
        ({ body }) => (JSON.parse(body) as { scope: string }).scope,
      );
      expect(scopes).toEqual(asked.map((_, index) => (index % 2 === 0 ? 'read' : 'write')));
    });
  });
});
