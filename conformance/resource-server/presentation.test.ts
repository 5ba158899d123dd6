import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { converse, send } from '../wire.ts';
import { AUDIENCE, INVALID_TOKEN, METADATA, onEachFramework, refused } from './api.ts';
import { PREFIX, STREAM } from './frameworks.ts';

/* Shows RFC 6750 §2, §2.1, §3, §3.1, RFC 9110 §5.6.4, §11.1, RFC 9728 §2, §3, §3.1, §3.2, §5.1. */

onEachFramework((api) => {
  describe('RFC 6750 §2 where a token is', () => {
    it('without one the challenge says how to get one, and no error (O289)', async () => {
      const answer = await api.call({});
      expect(answer).toMatchObject({ status: 401 });
      expect(answer.headers['www-authenticate']).toMatch(
        new RegExp(`^Bearer (?!.*error).*resource_metadata="${METADATA}"`),
      );
      expect(answer.headers['www-authenticate']).toMatch(/DPoP (?!.*error).*algs="[^"]*ES256/);
      expect(answer.json).not.toHaveProperty('error');
    });

    it('RFC 6750 §3 without one the challenge of each scheme names the scopes it has to have', async () => {
      const challengeOf = async (path: string) =>
        (await api.call({ path })).headers['www-authenticate'];
      const scope = 'scope="orders:read orders:write"';
      expect(await challengeOf('/read-and-write')).toMatch(
        new RegExp(`^Bearer ${scope}, .*, DPoP ${scope}, `),
      );
      expect(await challengeOf('/token')).not.toContain('scope=');
    });

    it('a good one is let through, and its handler knows whose it is', async () => {
      expect(await api.present(api.issuer.token())).toMatchObject({
        status: 200,
        json: {
          clientId: 'robot',
          subject: 'robot',
          scope: ['orders:read', 'orders:write'],
          validatedBy: 'signature',
        },
      });
    });

    it.each(['bearer', 'BEARER', 'bEARER'])(
      'RFC 9110 §11.1 the scheme %s is Bearer (O290)',
      async (scheme) => {
        const authorization = `${scheme} ${api.issuer.token()}`;
        expect(await api.call({ headers: { authorization } })).toMatchObject({ status: 200 });
      },
    );

    it('two Authorization headers are refused, whichever is good (O290)', async () => {
      const good = `Bearer ${api.issuer.token()}`;
      for (const pair of [
        [good, good],
        [good, 'Bearer x'],
        ['Bearer x', good],
        [good, 'Basic eDp5'],
        [good, ''],
      ]) {
        const lines = pair.map((value) => `Authorization: ${value}\r\n`).join('');
        const { text } = await converse(
          api.port,
          [`GET ${PREFIX}/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`],
          { until: /\r\n\r\n/ },
        );
        expect(text).toMatch(/^HTTP\/1\.1 400 /);
      }
    });

    it('a token in the query is none, and beside the header a mistake (O290)', async () => {
      const token = api.issuer.token();
      const path = `/token?access_token=${token}`;
      expect(await api.call({ path })).toMatchObject({ status: 401 });
      expect(await api.present(token, path)).toMatchObject(refused(400, 'invalid_request'));
    });

    it.each([
      'Bearer',
      'Bearer ',
      'Bearer a b',
      'Bearer é',
      'Bearer {}',
      'Bearer a,b',
      `Bearer ${'a'.repeat(12_000)}\u00a0`,
    ])('%.30s is malformed (O291)', async (authorization) => {
      const { status } = await api.call({
        headers: { authorization: Buffer.from(authorization).toString('latin1') },
      });
      expect([400, 401]).toContain(status);
      expect(api.refusals.at(-1)).toMatch(/malformed/);
    });

    it.each(['Basic cm9ib3Q6eA==', 'Digest x', 'Token x', ''])(
      '%s is no token',
      async (authorization) => {
        const answer = await api.call({ headers: { authorization } });
        expect(answer.status).toBe(authorization === '' ? answer.status : 401);
        expect([400, 401]).toContain(answer.status);
        expect(answer.headers['www-authenticate']).toContain('Bearer');
      },
    );
  });

  describe('every method but the preflight of a browser (O304)', () => {
    const preflight = {
      origin: 'https://app.example.com',
      'access-control-request-method': 'GET',
    };

    it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      '%s needs a token, and gets in with one',
      async (method) => {
        expect(await api.call({ method })).toMatchObject({ status: 401 });
        expect(await api.call({ method, headers: preflight })).toMatchObject({
          status: method === 'OPTIONS' ? 204 : 401,
        });
        const authorization = `Bearer ${api.issuer.token()}`;
        expect(await api.call({ method, headers: { authorization } })).toMatchObject({
          status: 200,
        });
      },
    );

    it('a preflight is answered without a token, and never reaches the handler', async () => {
      const { text, headers } = await api.call({ method: 'OPTIONS', headers: preflight });
      expect(text).toBe('');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('HEAD answers as GET does, without a body', async () => {
      const { status, text, headers } = await api.call({ method: 'HEAD' });
      expect({ status, text }).toEqual({ status: 401, text: '' });
      expect(headers['www-authenticate']).toContain('Bearer');
    });

    it('a stream begins with a good token, and with none is refused whole', async () => {
      expect(await api.call({ path: STREAM })).toMatchObject({ status: 401 });
      expect(await api.present(api.issuer.token(), STREAM)).toMatchObject({
        status: 200,
        json: { clientId: 'robot' },
      });
    });

    it('who sends a body and is refused is answered, and may go on with the connection', async () => {
      const body = Buffer.alloc(300_000, 'x');
      for (let i = 0; i < 3; i++)
        expect(await api.call({ method: 'POST', body })).toMatchObject({ status: 401 });
      expect(await api.present(api.issuer.token())).toMatchObject({ status: 200 });
    });

    it('who hangs up while the token is judged stops nothing', async () => {
      for (let i = 0; i < 5; i++)
        await new Promise<void>((resolve) => {
          const socket = connect(api.port, '127.0.0.1', () => {
            socket.write(
              `GET ${PREFIX}/token HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\n\r\n`,
            );
            socket.destroy();
          });
          socket.on('close', () => resolve());
        });
      expect(await api.present(api.issuer.token())).toMatchObject({ status: 200 });
    });
  });

  describe('RFC 6750 §3 what a challenge says', () => {
    it('nothing that the caller wrote comes back (O302)', async () => {
      for (const token of [
        'x"y',
        'secret-looking',
        api.issuer.token({ aud: 'https://evil.example/"' }),
      ]) {
        const { headers, text } = await api.present(token);
        expect(`${headers['www-authenticate']}${text}`).not.toMatch(/secret-looking|evil|x\\?"y/);
      }
    });

    it('§3.1 tokens that are no good share their words (O302)', async () => {
      const words = new Set<string>();
      for (const token of [
        api.issuer.token({ exp: 1 }),
        api.issuer.token({ aud: 'https://other.example.com' }),
        api.issuer.token({}, { kid: 'none' }),
        'unknown',
      ]) {
        const answer = await api.present(token);
        expect(answer).toMatchObject(INVALID_TOKEN);
        words.add(`${answer.headers['www-authenticate']} ${answer.text}`);
      }
      expect([...words]).toHaveLength(1);
    });
  });

  describe('RFC 9728 §3 what the API says of itself (O303)', () => {
    const read = (method = 'GET', path = new URL(METADATA).pathname) =>
      send(api.port, { method, path });

    it('§2 whoever asks hears it, and it says what the API is called in tokens', async () => {
      const { status, json, headers } = await read();
      expect({ status, json }).toMatchObject({
        status: 200,
        json: {
          resource: AUDIENCE,
          resource_name: 'Orders',
          authorization_servers: [api.issuer.url],
          scopes_supported: ['orders:read', 'orders:write'],
          bearer_methods_supported: ['header'],
        },
      });
      expect(headers['content-type']).toMatch(/^application\/json(?:;|$)/);
      expect(headers['access-control-allow-origin']).toBe('*');
    });

    it('§3.1 HEAD too; and nothing else is there', async () => {
      expect(await read('HEAD')).toMatchObject({ status: 200, text: '' });
      expect((await read('POST')).status).toBe(404);
      expect((await read('GET', '/.well-known/oauth-protected-resource')).status).toBe(404);
    });

    it('§5.1 the challenge leads there', async () => {
      const { headers } = await api.call({});
      const told = /resource_metadata="([^"]*)"/.exec(headers['www-authenticate'] ?? '')?.[1];
      expect((await read('GET', new URL(told ?? '').pathname)).status).toBe(200);
    });
  });
});
