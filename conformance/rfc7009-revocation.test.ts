import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ClientCredentials, FORM_TYPE, type RealmClient, refusal } from './realm.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 7009 §2.2. */

onEachDatabase((world) => {
  const { alpha } = world;
  const isActive = async (token: string, as: ClientCredentials, realm: RealmClient = alpha) =>
    ((await realm.introspect(token, as)).json as { active: boolean }).active;

  describe('RFC 7009 §2 a token is revoked', () => {
    it.each(['jwt', 'opaque'])(
      'of format %s: at once, for good, over a restart (J239, J245)',
      async (tokenFormat) => {
        const client = await alpha.registerClient({ tokenFormat });
        const token = await alpha.token(client, { scope: 'read' });
        const other = await alpha.token(client, { scope: 'read' });
        expect(await isActive(token, client)).toBe(true);
        const { status, text, headers } = await alpha.revoke(token, client);
        expect({ status, text }).toEqual({ status: 200, text: '{}' });
        expect(headers['cache-control']).toBe('no-store');
        expect(await isActive(token, client)).toBe(false);
        expect(await isActive(other, client)).toBe(true);
        const info = await alpha.read('tokeninfo', { authorization: `Bearer ${token}` });
        expect(info).toMatchObject(refusal(401, 'invalid_token'));
        await world.restart();
        expect(await isActive(token, client)).toBe(false);
        expect(await isActive(other, client)).toBe(true);
      },
    );

    it('§2.2 twice, unknown, garbage, expired, cut short: all are successes (J240)', async () => {
      const client = await alpha.registerClient({ accessTokenLifetime: 1 });
      const opaque = await alpha.registerClient({ tokenFormat: 'opaque' });
      const expired = await alpha.token(client, { scope: 'read' });
      const token = await alpha.token(opaque, { scope: 'read' });
      await pause(2_000);
      await alpha.revoke(token, opaque);
      for (const text of [
        token,
        'unknown',
        '{"a":1}',
        'eyJ.eyJ.x',
        'tsa_x',
        '日本',
        expired.slice(0, -9),
      ])
        expect((await alpha.revoke(text, opaque)).text).toBe('{}');
      expect((await alpha.revoke(expired, client)).text).toBe('{}');
    });

    it.each(['access_token', 'refresh_token', 'nonsense'])(
      '§2.1 whatever the hint says: %s (J243)',
      async (token_type_hint) => {
        const as = await alpha.registerClient();
        const token = await alpha.token(as, { scope: 'read' });
        const answer = await alpha.post('token/revoke', { token, token_type_hint }, { as });
        expect(answer.status).toBe(200);
        expect(await isActive(token, as)).toBe(false);
      },
    );

    it('by a client that sends its secret in the form', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const form = { token, client_id: client.clientId, client_secret: client.secret };
      expect((await alpha.post('token/revoke', form)).status).toBe(200);
      expect(await isActive(token, client)).toBe(false);
    });

    it('many at once: every one acknowledged is void', async () => {
      const client = await alpha.registerClient();
      const tokens = await Promise.all(
        Array.from({ length: 40 }, () => alpha.token(client, { scope: 'read' })),
      );
      await Promise.all(
        tokens.map(async (token) => {
          expect((await alpha.revoke(token, client)).status).toBe(200);
          expect(await isActive(token, client)).toBe(false);
        }),
      );
    });
  });

  describe('RFC 7009 §2.1 who may revoke', () => {
    it.each(['jwt', 'opaque'])(
      'another client may not, and the token lives (J241): %s',
      async (tokenFormat) => {
        const owner = await alpha.registerClient({ tokenFormat });
        const stranger = await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] });
        const token = await alpha.token(owner, { scope: 'read' });
        expect(await alpha.revoke(token, stranger)).toMatchObject(
          refusal(400, 'unauthorized_client', 'The token was issued to another client'),
        );
        expect(await isActive(token, owner)).toBe(true);
      },
    );

    it('nobody without credentials, with wrong ones, or public (J242)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      expect(await alpha.post('token/revoke', { token })).toMatchObject(
        refusal(401, 'invalid_client'),
      );
      expect(await alpha.revoke(token, { ...client, secret: 'some-other-secret' })).toMatchObject(
        refusal(401, 'invalid_client'),
      );
      expect(await alpha.post('token/revoke', { token, client_id: client.clientId })).toMatchObject(
        refusal(400, 'invalid_client'),
      );
      expect(await isActive(token, client)).toBe(true);
    });

    it('not in another realm: a success without effect (J246, attack 20)', async () => {
      const other = await world.createRealm('revokes-nothing');
      const twin = { clientId: 'twin', secret: { secret: 'same-in-both-realms' } };
      const here = await alpha.registerClient(twin);
      const there = await other.registerClient({ ...twin, tokenFormat: 'opaque' });
      const token = await alpha.token(here, { scope: 'read' });
      const opaque = await other.token(there, { scope: 'read' });
      expect((await other.revoke(token, there)).text).toBe('{}');
      expect((await alpha.revoke(opaque, here)).text).toBe('{}');
      expect(await isActive(token, here)).toBe(true);
      expect(await isActive(opaque, there, other)).toBe(true);
    });
  });

  describe('RFC 7009 §2.1 the request', () => {
    it.each([
      ['no token (J242)', 'x=y', 'Missing parameter: token'],
      ['an empty token', 'token=', 'Missing parameter: token'],
      ['a repeated token (J244)', 'token=a&token=a', 'A parameter is included more than once'],
    ])('with %s is refused', async (_, form, description) => {
      const as = await alpha.registerClient();
      expect(await alpha.post('token/revoke', form, { as })).toMatchObject(
        refusal(400, 'invalid_request', description),
      );
    });

    it('is a form in a POST (J244)', async () => {
      const as = await alpha.registerClient();
      const token = await alpha.token(as, { scope: 'read' });
      const got = await alpha.post(`token/revoke?token=${token}`, '', { as, method: 'GET' });
      expect(got).toMatchObject(refusal(405, 'method_not_allowed'));
      expect(got.headers.allow).toBe('POST');
      const headers = { 'content-type': 'application/json' };
      expect(
        await alpha.post('token/revoke', JSON.stringify({ token }), { as, headers }),
      ).toMatchObject(refusal(400, 'invalid_request', 'Invalid Content Type'));
      const asked = { as, headers: { 'content-type': FORM_TYPE } };
      expect(await alpha.post(`token/revoke?token=${token}`, '', asked)).toMatchObject(
        refusal(400, 'invalid_request'),
      );
      expect(await isActive(token, as)).toBe(true);
    });
  });

  describe('by an administrator', () => {
    it.each(['jwt', 'opaque'])(
      'all tokens of a client end, and new ones are good (J248): %s',
      async (tokenFormat) => {
        const client = await alpha.registerClient({ tokenFormat });
        const bystander = await alpha.registerClient({ tokenFormat });
        const earlier = [
          await alpha.token(client, { scope: 'read' }),
          await alpha.token(client, { scope: 'write' }),
        ];
        const others = await alpha.token(bystander, { scope: 'read' });
        await world.administration.perform(
          'POST',
          `/api/realms/alpha/clients/${client.clientId}/revoke-tokens`,
        );
        const later = await alpha.token(client, { scope: 'read' });
        for (const token of earlier) expect(await isActive(token, client)).toBe(false);
        expect(await isActive(later, client)).toBe(true);
        expect(await isActive(others, bystander)).toBe(true);
      },
    );

    it('all tokens of a realm end, and those of another do not (J248)', async () => {
      const realm = await world.createRealm('revoked-whole');
      const client = await realm.registerClient();
      const bystander = await alpha.registerClient();
      const earlier = await realm.token(client, { scope: 'read' });
      const others = await alpha.token(bystander, { scope: 'read' });
      await world.administration.perform('POST', '/api/realms/revoked-whole/revoke-tokens');
      const later = await realm.token(client, { scope: 'read' });
      expect(await isActive(earlier, client, realm)).toBe(false);
      expect(await isActive(later, client, realm)).toBe(true);
      expect(await isActive(others, bystander)).toBe(true);
    });

    it('a narrow scope is needed for that: a token of a client has none (J248)', async () => {
      const client = await alpha.registerClient();
      const token = await alpha.token(client, { scope: 'read' });
      const { status } = await world.administration.call(
        'POST',
        `/api/realms/alpha/clients/${client.clientId}/revoke-tokens`,
        undefined,
        { cookie: '', authorization: `Bearer ${token}` },
      );
      expect([401, 403]).toContain(status);
      expect(await isActive(token, client)).toBe(true);
    });
  });
});
