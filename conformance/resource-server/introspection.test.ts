import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { INVALID_TOKEN, onEachFramework, refused } from './api.ts';
import { ASKER, json } from './issuer.ts';

/* Shows RFC 7662 §2, §2.1, §2.2, §4. */

const UNAVAILABLE = refused(503, 'temporarily_unavailable');

onEachFramework(
  (api) => {
    const asked = (): number => api.issuer.asked.get('/introspect') ?? 0;

    afterEach(() => api.issuer.answers.clear());

    describe('RFC 7662 §2 the word of the authorization server', () => {
      it('lets a token in, with what it says of it (O299)', async () => {
        const token = api.issuer.opaque({ sub: 'alice', scope: 'orders:read' });
        expect(await api.present(token, '/read')).toMatchObject({
          status: 200,
          json: { clientId: 'robot', subject: 'alice', validatedBy: 'introspection' },
        });
      });

      it('a token that is not active, or not known, is refused (O299)', async () => {
        expect(await api.present(api.issuer.opaque({ active: false }))).toMatchObject(
          INVALID_TOKEN,
        );
        expect(await api.present('nobody-issued-this')).toMatchObject(INVALID_TOKEN);
        expect(api.refusals.at(-1)).toBe('token_inactive');
      });

      it.each([
        ['another', 'https://other.example.com'],
        ['a longer', 'https://orders.example.com/v1/'],
        ['a shorter', 'https://orders.example.com'],
        ['no', undefined],
        ['others', ['https://other.example.com', 'urn:x']],
      ])('a token for %s audience is refused (O299)', async (_, aud) => {
        expect(await api.present(api.issuer.opaque({ aud }))).toMatchObject(INVALID_TOKEN);
      });

      it('the scope is compared whole, one by one (O294)', async () => {
        const scope = (names: string) => api.issuer.opaque({ scope: names });
        const lacks = await api.present(scope('orders:reader'), '/read');
        expect(lacks).toMatchObject(refused(403, 'insufficient_scope'));
        expect(lacks.headers['www-authenticate']).toContain('scope="orders:read"');
        expect(await api.present(scope(''), '/read')).toMatchObject({ status: 403 });
        expect(await api.present(scope('orders:write'), '/read-and-write')).toMatchObject({
          status: 403,
        });
        expect(await api.present(scope('a orders:read b'), '/read')).toMatchObject({ status: 200 });
      });
    });

    describe('without that word nobody is let in', () => {
      it('the server is away: 503, and it heals by itself (O299)', async () => {
        const token = api.issuer.opaque();
        await api.issuer.close();
        const away = await api.present(token);
        expect(away).toMatchObject(UNAVAILABLE);
        expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
        await api.issuer.open();
        expect(await api.present(token)).toMatchObject({ status: 200 });
      });

      it.each<[string, ReturnType<typeof json>]>([
        ['500', json({ error: 'server_error' }, 500)],
        ['503', json({}, 503)],
        ['401: the credentials of the API are wrong', json({ error: 'invalid_client' }, 401)],
        ['302', (_, response) => void response.writeHead(302, { location: '/' }).end()],
        ['no JSON', (_, response) => void response.end('active')],
        ['no object', json([true])],
        ['no `active`', json({ scope: 'orders:read' })],
        ['`active` as a text', json({ active: 'true' })],
        ['a body without an end', (_, response) => void response.write('{"active":true,')],
        ['megabytes', json({ active: true, x: 'x'.repeat(5_000_000) })],
        ['a connection that breaks', (_, response) => void response.destroy()],
      ])('whatever else it answers is 503: %s (O299)', async (_, answer) => {
        const token = api.issuer.opaque();
        api.issuer.answers.set('/introspect', answer);
        expect(await api.present(token)).toMatchObject(UNAVAILABLE);
        api.issuer.answers.clear();
        expect(await api.present(token)).toMatchObject({ status: 200 });
      });
    });

    describe('RFC 7662 §4 how often it is asked', () => {
      it('each time: what is revoked now is refused now', async () => {
        const token = api.issuer.opaque();
        const before = asked();
        for (let i = 0; i < 3; i++) expect((await api.present(token)).status).toBe(200);
        expect(asked() - before).toBe(3);
      });
    });
  },
  () => ({ introspection: { ...ASKER, tokens: 'all' }, allowHttp: true, timeoutSeconds: 1 }),
);

onEachFramework(
  (api) => {
    const asked = (): number => api.issuer.asked.get('/introspect') ?? 0;

    describe('RFC 7662 §4 answers that may be used again', () => {
      it('many callers at once are one question (O299)', async () => {
        const token = api.issuer.opaque();
        const before = asked();
        const answers = await Promise.all(Array.from({ length: 50 }, () => api.present(token)));
        expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
        expect(asked() - before).toBe(1);
      });

      it('but never for longer than the token lives (O299)', async () => {
        const token = api.issuer.opaque({ exp: Math.floor(Date.now() / 1000) + 1 });
        expect(await api.present(token)).toMatchObject({ status: 200 });
        const before = asked();
        await pause(2_100);
        await api.present(token);
        expect(asked() - before).toBe(1);
      });
    });
  },
  () => ({ introspection: { ...ASKER, tokens: 'all', cacheSeconds: 60 }, allowHttp: true }),
  ['node'],
);
