import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { basic, refusal } from './realm.ts';
import { converse } from './wire.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 9700 §4.3.2. */

const INVALID =
  'The access token provided is expired, revoked, malformed, or invalid for other reasons.';

onEachDatabase((world) => {
  const { alpha } = world;
  const ask = (token: string) => alpha.read('tokeninfo', { authorization: `Bearer ${token}` });

  describe('PingAM tokeninfo', () => {
    it.each(['jwt', 'opaque'])(
      'tells the holder what a token stands for: %s',
      async (tokenFormat) => {
        const client = await alpha.registerClient({ tokenFormat });
        const token = await alpha.token(client, { scope: 'read write' });
        const { status, headers, json } = await ask(token);
        expect(status).toBe(200);
        expect(headers['cache-control']).toBe('no-store');
        expect(json).toEqual({
          access_token: token,
          client_id: client.clientId,
          expires_in: expect.any(Number),
          grant_type: 'client_credentials',
          read: '',
          realm: '/alpha',
          scope: ['read', 'write'],
          token_type: 'Bearer',
          write: '',
        });
        const { expires_in } = json as { expires_in: number };
        expect(expires_in).toBeGreaterThan(3590);
        expect(expires_in).toBeLessThanOrEqual(3600);
      },
    );

    it('a scope that is named like a member does not replace the member', async () => {
      const client = await alpha.registerClient({ scopes: ['client_id', 'realm', '__proto__'] });
      const token = await alpha.token(client, { scope: 'client_id realm __proto__' });
      expect((await ask(token)).json).toMatchObject({
        client_id: client.clientId,
        realm: '/alpha',
      });
    });

    it('of the root realm has the path /', async () => {
      const root = world.realm('root');
      const token = await root.token(await root.registerClient(), { scope: 'read' });
      const authorization = `Bearer ${token}`;
      expect((await root.read('tokeninfo', { authorization })).json).toMatchObject({ realm: '/' });
    });
  });

  describe('RFC 6750 §3 who has no good token', () => {
    it('gets a challenge, without an error code when there was no token at all', async () => {
      const answer = await alpha.read('tokeninfo');
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="/alpha"');
    });

    it('gets a challenge when it comes with another scheme', async () => {
      const client = await alpha.registerClient();
      for (const authorization of [basic(client), 'Bearer', 'Bearer ', 'Token x']) {
        const answer = await alpha.read('tokeninfo', { authorization });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="\/alpha"/);
      }
    });

    it.each(['nonsense', 'eyJ.eyJ.eyJ', 'tsa_x', '%00', '"'])(
      '§3.1 is told the token is invalid: %s',
      async (token) => {
        const answer = await ask(token);
        expect(answer).toMatchObject(refusal(401, 'invalid_token', INVALID));
        expect(answer.headers['www-authenticate']).toBe(
          'Bearer realm="/alpha", error="invalid_token"',
        );
      },
    );

    it('expired, revoked, of another realm, of a disabled client: all are the same bytes', async () => {
      const client = await alpha.registerClient();
      const brief = await alpha.registerClient({ accessTokenLifetime: 1 });
      const disabled = await alpha.registerClient();
      const other = await world.createRealm('elsewhere');
      const revoked = await alpha.token(client, { scope: 'read' });
      const tokens = [
        revoked,
        await alpha.token(brief, { scope: 'read' }),
        await alpha.token(disabled, { scope: 'read' }),
        await other.token(await other.registerClient(), { scope: 'read' }),
      ];
      await alpha.revoke(revoked, client);
      await alpha.changeClient(disabled, { enabled: false });
      await pause(2_000);
      const answers = await Promise.all(tokens.map(ask));
      for (const answer of answers) {
        expect(answer).toMatchObject(refusal(401, 'invalid_token', INVALID));
        expect(answer.text).toBe(answers[0]?.text);
      }
    });
  });

  describe('RFC 6750 §2 where a token may be', () => {
    it('§2.1 the scheme compares without case', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      for (const scheme of ['bearer', 'BEARER', 'BeArEr'])
        expect(
          (await alpha.read('tokeninfo', { authorization: `${scheme} ${token}` })).status,
        ).toBe(200);
    });

    it('§2.3 not in the URL, alone or beside the header, and it is not logged (attack 35)', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      const query = `tokeninfo?access_token=${token}`;
      expect(await alpha.read(query)).toMatchObject(refusal(400, 'invalid_request'));
      expect(await alpha.read(query, { authorization: `Bearer ${token}` })).toMatchObject(
        refusal(400, 'invalid_request'),
      );
      expect(world.log()).not.toContain(token);
    });

    it('§2 not twice', async () => {
      const token = await alpha.token(await alpha.registerClient(), { scope: 'read' });
      const line = `Authorization: Bearer ${token}\r\n`;
      const request = `GET ${alpha.path}/tokeninfo HTTP/1.1\r\nHost: x\r\n${line}${line}\r\n`;
      const { text } = await converse(world.port, [request], { until: /\}$/ });
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
    });

    it('is asked by GET', async () => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await alpha.post('tokeninfo', '', { method });
        expect(answer).toMatchObject(refusal(405, 'method_not_allowed'));
        expect(answer.headers.allow).toBe('GET, HEAD');
      }
    });
  });
});
