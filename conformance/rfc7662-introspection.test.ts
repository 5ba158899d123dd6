import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { FORM_TYPE, refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7662 §2. */

/** Exactly this and nothing else. RFC 7662 §2.2. */
const INACTIVE = { status: 200, text: '{"active":false}' };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

onEachDatabase((world) => {
  const { alpha } = world;

  describe('RFC 7662 §2.2 an active token', () => {
    it.each(['jwt', 'opaque'])(
      'of format %s is described to its own client (I225)',
      async (tokenFormat) => {
        const client = await alpha.registerClient({ tokenFormat });
        const token = await alpha.token(client, { scope: 'read write' });
        const { status, headers, json, text } = await alpha.introspect(token, client);
        expect(status).toBe(200);
        expect(headers['content-type']).toMatch(/^application\/json/);
        expect(headers['cache-control']).toBe('no-store');
        expect(json).toEqual({
          active: true,
          scope: 'read write',
          client_id: client.clientId,
          token_type: 'Bearer',
          exp: expect.any(Number),
          iat: expect.any(Number),
          sub: client.clientId,
          aud: alpha.issuer,
          iss: alpha.issuer,
          jti: expect.any(String),
        });
        const { exp, iat } = json as { exp: number; iat: number };
        expect(exp - iat).toBe(3600);
        expect(text).not.toContain(token);
        expect(text).not.toContain(client.secret);
      },
    );

    it('says the same as the claims of the JWT', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      // Where its status is published is for those who do not ask.
      const { status: _published, ...claims } = decodeJwt(token);
      expect((await alpha.introspect(token, client)).json).toMatchObject(claims);
    });

    it.each(['access_token', 'refresh_token', 'pct', 'nonsense'])(
      'whatever the hint says: %s (I230)',
      async (token_type_hint) => {
        const client = await alpha.registerClient();
        const token = await alpha.token(client, { scope: 'read' });
        const answer = await alpha.post('introspect', { token, token_type_hint }, { as: client });
        expect(answer.json).toMatchObject({ active: true });
      },
    );

    it('no origin may read the answer (I234)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const headers = { origin: 'https://elsewhere.example' };
      const answer = await alpha.post('introspect', { token }, { as: client, headers });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    });
  });

  describe('RFC 7662 §2.1 who asks', () => {
    it('has to authenticate (I226)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const nobody = await alpha.post('introspect', { token });
      expect(nobody).toMatchObject(refusal(401, 'invalid_client'));
      const wrong = await alpha.introspect(token, { ...client, secret: 'not-this-secret' });
      expect(wrong).toMatchObject(refusal(401, 'invalid_client'));
      const bearer = { authorization: `Bearer ${token}` };
      expect(await alpha.post('introspect', { token }, { headers: bearer })).toMatchObject(
        refusal(401, 'invalid_client'),
      );
    });

    it('may authenticate in the form', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const answer = await alpha.post('introspect', {
        token,
        client_id: client.clientId,
        client_secret: client.secret,
      });
      expect(answer.json).toMatchObject({ active: true });
    });

    it('can not be a public client', async () => {
      const { clientId: client_id } = await alpha.registerPublicClient();
      expect(await alpha.post('introspect', { token: 'x', client_id })).toMatchObject(
        refusal(400, 'invalid_client'),
      );
    });

    it('learns nothing of the token of another (I227)', async () => {
      const owner = await alpha.registerClient();
      const stranger = await alpha.registerClient();
      const token = await alpha.token(owner, { scope: 'read' });
      expect(await alpha.introspect(token, stranger)).toMatchObject(INACTIVE);
    });

    it('learns all of its realm with `am-introspect-all-tokens`, as in PingAM (I225)', async () => {
      const owner = await alpha.registerClient();
      const auditor = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
      const token = await alpha.token(owner, { scope: 'read' });
      expect((await alpha.introspect(token, auditor)).json).toMatchObject({ active: true });
    });

    it('learns of tokens for the API that named it, and of no others (I225, I227)', async () => {
      const resourceServer = await alpha.registerClient({ scopes: [] });
      const identifier = 'https://introspects.example.com/';
      const id = await alpha.registerApi({
        identifier,
        scopes: [{ name: 'api:read' }],
        introspectionClients: [resourceServer.clientId],
      });
      const client = await alpha.registerClient();
      await alpha.grant(client, id, ['api:read']);
      const forApi = await alpha.token(client, { scope: 'api:read' });
      const forRealm = await alpha.token(client, { scope: 'read' });
      expect((await alpha.introspect(forApi, resourceServer)).json).toMatchObject({
        active: true,
        aud: identifier,
      });
      expect(await alpha.introspect(forRealm, resourceServer)).toMatchObject(INACTIVE);
    });

    it('in one realm learns nothing of another, not even with every right (I229, attack 20)', async () => {
      const other = await world.createRealm('introspection');
      const auditor = await other.registerClient({ scopes: ['am-introspect-all-tokens'] });
      for (const tokenFormat of ['jwt', 'opaque']) {
        const client = await alpha.registerClient({ tokenFormat });
        const token = await alpha.token(client, { scope: 'read' });
        expect(await other.introspect(token, auditor)).toMatchObject(INACTIVE);
      }
    });
  });

  describe('RFC 7662 §2.1 the request', () => {
    it.each([
      ['no token (I228)', 'foo=bar', 'Missing parameter: token'],
      ['an empty one (I228)', 'token=', 'Missing parameter: token'],
      ['two of them (I228)', 'token=a&token=b', 'A parameter is included more than once'],
      [
        'two hints (I230)',
        'token=a&token_type_hint=x&token_type_hint=x',
        'A parameter is included more than once',
      ],
    ])('with %s is refused', async (_, form, description) => {
      const as = await alpha.registerClient();
      expect(await alpha.post('introspect', form, { as })).toMatchObject(
        refusal(400, 'invalid_request', description),
      );
    });

    it('is a form in a POST: nothing else is read (I231)', async () => {
      const as = await alpha.registerClient();
      const token = await alpha.token(as, { scope: 'read' });
      const got = await alpha.post(`introspect?token=${token}`, '', { as, method: 'GET' });
      expect(got).toMatchObject(refusal(405, 'method_not_allowed'));
      expect(got.headers.allow).toBe('POST');
      const json = { 'content-type': 'application/json' };
      expect(
        await alpha.post('introspect', JSON.stringify({ token }), { as, headers: json }),
      ).toMatchObject(refusal(400, 'invalid_request', 'Invalid Content Type'));
      expect(await alpha.post(`introspect?token=${token}`, '', { as })).toMatchObject(
        refusal(400, 'invalid_request'),
      );
      expect(world.log()).not.toContain(token);
    });

    it('finds a token of one megabyte too large', async () => {
      const as = await alpha.registerClient();
      const answer = await alpha.post('introspect', `token=${'x'.repeat(1 << 20)}`, { as });
      expect(answer).toMatchObject(refusal(413, 'invalid_request'));
    });
  });

  describe('RFC 7662 §2.2 an inactive token is one member, whatever is wrong with it (I229)', () => {
    it('expired', async () => {
      for (const tokenFormat of ['jwt', 'opaque']) {
        const client = await alpha.registerClient({ tokenFormat, accessTokenLifetime: 1 });
        const token = await alpha.token(client, { scope: 'read' });
        await pause(2_000);
        expect(await alpha.introspect(token, client)).toMatchObject(INACTIVE);
      }
    });

    it('of a client that was disabled or deleted; and active again with it (I232)', async () => {
      for (const tokenFormat of ['jwt', 'opaque']) {
        const client = await alpha.registerClient({ tokenFormat });
        const auditor = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
        const token = await alpha.token(client, { scope: 'read' });
        await alpha.changeClient(client, { enabled: false });
        expect(await alpha.introspect(token, auditor)).toMatchObject(INACTIVE);
        await alpha.changeClient(client, { enabled: true });
        expect((await alpha.introspect(token, auditor)).json).toMatchObject({ active: true });
        await alpha.deleteClient(client);
        expect(await alpha.introspect(token, auditor)).toMatchObject(INACTIVE);
      }
    });

    it('but not because its client changed its secret (I232)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const { secret } = await world.administration.perform<{ secret: string }>(
        'POST',
        `/api/realms/alpha/clients/${client.clientId}/secrets/rotate`,
        { overlap: 0 },
      );
      const answer = await alpha.introspect(token, { ...client, secret });
      expect(answer.json).toMatchObject({ active: true });
    });

    it('of a realm that was disabled', async () => {
      const realm = await world.createRealm('to-disable');
      const client = await realm.registerClient();
      const token = await realm.token(client, { scope: 'read' });
      await world.administration.change('/api/realms/to-disable', { enabled: false });
      expect((await realm.introspect(token, client)).status).toBe(404);
      await world.administration.change('/api/realms/to-disable', { enabled: true });
      expect((await realm.introspect(token, client)).json).toMatchObject({ active: true });
    });

    it('forged, foreign, or no token at all', async () => {
      const client = await alpha.registerClient({ scopes: ['read', 'am-introspect-all-tokens'] });
      const token = await alpha.token(client, { scope: 'read' });
      const opaque = await alpha.token(await alpha.registerClient({ tokenFormat: 'opaque' }), {
        scope: 'read',
      });
      const [header = '', payload = '', signature = ''] = token.split('.');
      const claims = decodeJwt(token);
      const kid = (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
      const other = await world.createRealm(`foreign-${world.database.toLowerCase()}`);
      const foreign = await other.token(await other.registerClient(), { scope: 'read' });
      const texts = {
        'alg none': `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
        'alg none with the kid': `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`,
        'alg null': `${encode({ alg: null, typ: 'at+jwt', kid })}.${payload}.${signature}`,
        'no alg': `${encode({ typ: 'at+jwt', kid })}.${payload}.${signature}`,
        HS256: `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}.${signature}`,
        'typ JWT': `${encode({ alg: 'ES256', typ: 'JWT', kid })}.${payload}.${signature}`,
        'unknown kid': `${encode({ alg: 'ES256', typ: 'at+jwt', kid: '../../dev/null' })}.${payload}.${signature}`,
        'kid as SQL': `${encode({ alg: 'ES256', typ: 'at+jwt', kid: "' or 1=1--" })}.${payload}.${signature}`,
        'kid as object': `${encode({ alg: 'ES256', typ: 'at+jwt', kid: { $ne: 1 } })}.${payload}.${signature}`,
        'embedded key': `${encode({ alg: 'ES256', typ: 'at+jwt', jwk: { kty: 'EC' } })}.${payload}.${signature}`,
        'other claims': `${header}.${encode({ ...claims, scope: 'admin' })}.${signature}`,
        'no signature': `${header}.${payload}.`,
        'all-zero signature': `${header}.${payload}.${'A'.repeat(86)}`,
        'a longer signature': `${token}A`,
        padding: `${token}=`,
        'two parts': `${header}.${payload}`,
        'four parts': `${token}.x`,
        'a space before': ` ${token}`,
        'a space after': `${token} `,
        'another case': token.toUpperCase(),
        'another realm': foreign,
        'an opaque token cut': opaque.slice(0, -1),
        'an opaque token with another checksum': opaque.replace(/.$/, (c) =>
          c === 'A' ? 'B' : 'A',
        ),
        'an opaque token of another prefix': opaque.replace('tsa_', 'tsk_'),
        'an opaque token never issued': `tsa_${randomBytes(36).toString('base64url')}`,
        'a client secret': client.secret,
        JSON: '{"active":true}',
        'a word': 'token',
        dots: '...',
        'no ASCII': '令牌',
        'a prototype': '__proto__',
        SQL: "' or '1'='1",
        'twenty thousand characters': `eyJ${'x'.repeat(20_000)}`,
      };
      expect((await alpha.introspect(token, client)).json).toMatchObject({ active: true });
      for (const [name, text] of Object.entries(texts)) {
        const answer = await alpha.introspect(text, client);
        expect({ ...answer, name }).toMatchObject({ ...INACTIVE, name });
      }
    });

    it('is told in the same bytes and with the same headers for each reason (I238)', async () => {
      const owner = await alpha.registerClient({ tokenFormat: 'opaque' });
      const asker = await alpha.registerClient();
      const revoked = await alpha.token(asker, { scope: 'read' });
      await alpha.revoke(revoked, asker);
      const answers = [
        await alpha.introspect(revoked, asker),
        await alpha.introspect('nothing', asker),
        await alpha.introspect(await alpha.token(owner, { scope: 'read' }), asker),
      ].map(({ text, headers: { date: _date, 'x-request-id': _id, ...headers } }) => ({
        text,
        headers,
      }));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    });
  });

  describe('the address', () => {
    it('is the one that the metadata names', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      const { introspection_endpoint } = json as { introspection_endpoint: string };
      const answer = await fetch(introspection_endpoint, {
        method: 'POST',
        headers: { 'content-type': FORM_TYPE },
        body: new URLSearchParams({
          token,
          client_id: client.clientId,
          client_secret: client.secret,
        }),
      });
      expect(await answer.json()).toMatchObject({ active: true });
    });
  });
});
