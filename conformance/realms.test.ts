import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  basic,
  type ClientCredentials,
  FORM_TYPE,
  type RealmClient,
  readToken,
  refusal,
} from './realm.ts';
import { converse } from './wire.ts';
import { onEachDatabase } from './world.ts';

const FORM = 'grant_type=client_credentials&scope=read';

onEachDatabase((world) => {
  const { alpha } = world;
  const post = (path: string, as: ClientCredentials, body = FORM) =>
    world.send({
      method: 'POST',
      path,
      headers: { authorization: basic(as), 'content-type': FORM_TYPE },
      body,
    });

  describe('PingAM: four forms of an address, one realm', () => {
    it.each([
      '/am/oauth2/realms/root/realms/alpha/access_token',
      '/am/oauth2/alpha/access_token',
      '/am/oauth2/access_token?realm=/alpha',
      '/am/oauth2/access_token?realm=%2Falpha',
    ])('%s is alpha', async (path) => {
      const client = await alpha.registerClient();
      const token = readToken(await post(path, client)).access_token;
      expect(decodeJwt(token).iss).toBe(alpha.issuer);
      expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
    });

    it.each([
      '/am/oauth2/realms/root/access_token',
      '/am/oauth2/access_token',
      '/am/oauth2/access_token?realm=/',
      '/am/oauth2/access_token?realm=%2F',
    ])('%s is the root', async (path) => {
      const root = world.realm('root');
      const client = await root.registerClient();
      const token = readToken(await post(path, client)).access_token;
      expect(decodeJwt(token).iss).toBe(`${world.publicUrl}/am/oauth2/realms/root`);
      expect((await alpha.post('introspect', { token }, { as: client })).status).toBe(401);
    });

    it('every endpoint is served under every form', async () => {
      const client = await alpha.registerClient();
      const forms: readonly ((endpoint: string) => string)[] = [
        (endpoint) => `/am/oauth2/realms/root/realms/alpha/${endpoint}`,
        (endpoint) => `/am/oauth2/alpha/${endpoint}`,
        (endpoint) => `/am/oauth2/${endpoint}?realm=/alpha`,
      ];
      for (const form of forms) {
        const token = readToken(await post(form('access_token'), client)).access_token;
        expect((await post(form('introspect'), client, `token=${token}`)).json).toMatchObject({
          active: true,
        });
        const headers = { authorization: `Bearer ${token}` };
        expect((await world.send({ path: form('tokeninfo'), headers })).status).toBe(200);
        expect((await post(form('token/revoke'), client, `token=${token}`)).text).toBe('{}');
        expect((await post(form('introspect'), client, `token=${token}`)).text).toBe(
          '{"active":false}',
        );
        for (const document of [
          'connect/jwk_uri',
          '.well-known/openid-configuration',
          '.well-known/oauth-authorization-server',
        ]) {
          const { status, text } = await world.send({ path: form(document) });
          expect({ status, text }).toEqual({
            status: 200,
            text: (await alpha.read(document)).text,
          });
        }
      }
    });

    it.each(['realm=/alpha&scope=read', 'realm=/alpha&client_id=x', 'scope=read', 'REALM=/alpha'])(
      'only `realm` may stand in the query: %s',
      async (query) => {
        const answer = await post(`/am/oauth2/access_token?${query}`, await alpha.registerClient());
        expect(answer).toMatchObject(refusal(400, 'invalid_request'));
      },
    );

    it.each(['/am/oauth2/alpha', '/am/oauth2/realms/root', '/am/oauth2/realms/root/realms/alpha'])(
      'and not beside a path that names the realm already: %s',
      async (path) => {
        const root = await world.realm('root').registerClient();
        for (const as of [root, await alpha.registerClient()])
          expect(await post(`${path}/access_token?realm=/alpha`, as)).toMatchObject(
            refusal(400, 'invalid_request'),
          );
      },
    );

    it.each([
      'realm=/alpha&realm=/alpha',
      'realm=/alpha&realm=/',
      'realm=alpha',
      'realm=',
      'realm=//alpha',
      'realm=/alpha/',
      'realm=/Alpha',
      'realm=/../alpha',
      'realm=/alpha%00',
      'realm=%252Falpha',
      'realm=/root/alpha',
      'realm=/unknown',
    ])('what names no realm is a 404: ?%s', async (query) => {
      const answer = await post(`/am/oauth2/access_token?${query}`, await alpha.registerClient());
      expect(answer).toMatchObject(refusal(404, 'not_found'));
    });
  });

  describe('paths that look like a realm are none (K258, attack 21)', () => {
    const of = (name: string) => `/am/oauth2/realms/root/realms/${name}/access_token`;

    it.each([
      ['another case', of('Alpha')],
      ['all upper case', of('ALPHA')],
      ['an encoded letter', of('%61lpha')],
      ['an encoded slash', of('alpha%2F')],
      ['an encoded slash and back', of('bravo%2F..%2Falpha')],
      ['dots', of('bravo/../alpha')],
      ['one dot', of('./alpha')],
      ['encoded dots', of('bravo/%2e%2e/alpha')],
      ['a dot after it', of('alpha.')],
      ['a space after it', of('alpha%20')],
      ['a path parameter', of('alpha;x=1')],
      ['a path parameter before', of(';x=1/alpha')],
      ['a backslash', of('alpha\\')],
      ['an encoded backslash', of('alpha%5C')],
      ['a slash too many', of('/alpha')],
      ['a slash after it', of('alpha/')],
      ['NUL', of('alpha%00')],
      ['a line', of('alpha%0A')],
      ['overlong UTF-8', of('%C1%A1lpha')],
      ['bytes that are no UTF-8', of('%FF')],
      ['half an escape', of('alpha%')],
      ['a Cyrillic a', of(encodeURIComponent('аlpha'))],
      ['a full-width a', of(encodeURIComponent('ａlpha'))],
      ['a zero-width joiner', of(encodeURIComponent('alp\u200dha'))],
      ['a name of a thousand letters', of('a'.repeat(1_000))],
      ['an empty name', of('')],
      ['the root as a child', of('root')],
      ['a reserved word', of('access_token')],
      ['a property of objects', of('__proto__')],
      ['another', of('constructor')],
      ['a child of a child', of('alpha/realms/bravo')],
      ['the context path in another case', '/AM/oauth2/alpha/access_token'],
      ['no context path', '/oauth2/alpha/access_token'],
      ['realms in another case', '/am/oauth2/Realms/root/realms/alpha/access_token'],
      ['the short form, encoded', '/am/oauth2/%61lpha/access_token'],
      ['the short form, with dots', '/am/oauth2/x/../alpha/access_token'],
      ['the short form of the root', '/am/oauth2/root/access_token'],
      ['the word realms', '/am/oauth2/realms/access_token'],
      ['an absolute path out of it', '/am/oauth2/../oauth2/alpha/access_token'],
    ])('%s', async (_, path) => {
      const client = await alpha.registerClient();
      for (const as of [client, await world.realm('root').registerClient()])
        expect(await post(path, as)).toMatchObject(refusal(404, 'not_found'));
    });

    it('a request line with a host in it changes nothing', async () => {
      const client = await alpha.registerClient();
      const { text } = await converse(
        world.port,
        [
          `POST http://evil.example${alpha.path}/access_token HTTP/1.1\r\nHost: evil.example\r\nAuthorization: ${basic(client)}\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${FORM.length}\r\n\r\n${FORM}`,
        ],
        { until: /\}$/ },
      );
      expect(text).not.toContain('evil');
      const token = /"access_token":"([^"]+)"/.exec(text)?.[1];
      if (token !== undefined) expect(decodeJwt(token).iss).toBe(alpha.issuer);
    });
  });

  describe('the border between two realms (attack 20, C99)', () => {
    const twin = { clientId: 'twin', secret: { secret: 'the-same-in-both' } };
    let bravo: RealmClient;
    let inAlpha: ClientCredentials;
    let inBravo: ClientCredentials;

    beforeAll(async () => {
      bravo = await world.createRealm('bravo');
      inAlpha = await alpha.registerClient({
        ...twin,
        scopes: ['read', 'am-introspect-all-tokens'],
      });
      inBravo = await bravo.registerClient({
        ...twin,
        scopes: ['read', 'am-introspect-all-tokens'],
      });
    });

    it.each(['jwt', 'opaque'])('a token of one is none in the other: %s', async (tokenFormat) => {
      const client = await alpha.registerClient({ tokenFormat });
      const token = await alpha.token(client, { scope: 'read' });
      expect((await alpha.introspect(token, inAlpha)).json).toMatchObject({ active: true });
      expect((await bravo.introspect(token, inBravo)).text).toBe('{"active":false}');
      const headers = { authorization: `Bearer ${token}` };
      expect((await bravo.read('tokeninfo', headers)).status).toBe(401);
      expect((await world.realm('root').read('tokeninfo', headers)).status).toBe(401);
      expect((await bravo.revoke(token, inBravo)).text).toBe('{}');
      expect((await alpha.introspect(token, inAlpha)).json).toMatchObject({ active: true });
    });

    it('a client of one that has the same id and secret in the other is still two', async () => {
      const claims = decodeJwt(await alpha.token(inAlpha, { scope: 'read' }));
      const others = decodeJwt(await bravo.token(inBravo, { scope: 'read' }));
      expect([claims.iss, others.iss]).toEqual([alpha.issuer, bravo.issuer]);
      await bravo.changeClient(inBravo, { enabled: false });
      expect((await alpha.request(inAlpha, { scope: 'read' })).status).toBe(200);
      expect((await bravo.request(inBravo, { scope: 'read' })).status).toBe(401);
      await bravo.changeClient(inBravo, { enabled: true });
    });

    it('a client of the root is none in a child', async () => {
      const root = world.realm('root');
      const client = await root.registerClient();
      expect((await root.request(client, { scope: 'read' })).status).toBe(200);
      expect((await alpha.request(client, { scope: 'read' })).status).toBe(401);
    });

    it('an API of one is no target in the other', async () => {
      await bravo.registerApi({ identifier: 'https://bravo.example/', scopes: [{ name: 'b' }] });
      const form = { resource: 'https://bravo.example/' };
      expect(await alpha.request(inAlpha, form)).toMatchObject(refusal(400, 'invalid_target'));
    });

    it('settings, grants and defaults of one change nothing in the other', async () => {
      await bravo.changeProvider({ defaultScopes: ['of-bravo'], accessTokenLifetime: 60 });
      const client = await alpha.registerClient();
      expect(await alpha.request(client, {})).toMatchObject(refusal(400, 'invalid_scope'));
      expect(readToken(await alpha.request(client, { scope: 'read' })).expires_in).toBe(3599);
    });

    it('a realm that is deleted takes its tokens with it, and one of the same name starts anew', async () => {
      const first = await world.createRealm('reborn');
      const client = await first.registerClient({ ...twin, tokenFormat: 'opaque' });
      const jwtClient = await first.registerClient();
      const tokens = [
        await first.token(client, { scope: 'read' }),
        await first.token(jwtClient, { scope: 'read' }),
      ];
      const { headers } = await world.administration.call('GET', '/api/realms/reborn');
      const deleted = await world.administration.call(
        'DELETE',
        '/api/realms/reborn?confirm=reborn',
        undefined,
        { 'if-match': headers.etag },
      );
      expect(deleted.status).toBe(204);
      expect((await first.request(client, { scope: 'read' })).status).toBe(404);
      const second = await world.createRealm('reborn');
      expect((await second.request(client, { scope: 'read' })).status).toBe(401);
      const auditor = await second.registerClient({
        ...twin,
        scopes: ['am-introspect-all-tokens'],
      });
      for (const token of tokens)
        expect((await second.introspect(token, auditor)).text).toBe('{"active":false}');
    });
  });
});
