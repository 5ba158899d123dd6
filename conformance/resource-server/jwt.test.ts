import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encode, newKey, now, signJws, thumbprintOf } from '../signed.ts';
import { AUDIENCE, INVALID_TOKEN, onEachFramework, refused } from './api.ts';
import { json } from './issuer.ts';

/* Shows RFC 9068 §2.1, §2.2, §4, RFC 8725 §3.1, §3.11, RFC 9700 §4.15, RFC 8414 §3.3. */

onEachFramework(
  (api) => {
    const { present } = api;

    beforeEach(async () => {
      // The keys are there, whatever a test does to them then.
      await present(api.issuer.token());
    });
    afterEach(() => {
      api.issuer.answers.clear();
    });

    describe('RFC 9068 §4 who signed it', () => {
      it('a changed signature, and none, are refused (O292)', async () => {
        const token = api.issuer.token();
        const [header = '', payload = '', signature = ''] = token.split('.');
        const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
        for (const forged of [
          `${header}.${payload}.${flipped}`,
          `${header}.${payload}.`,
          `${header}.${payload}.${'A'.repeat(86)}`,
          `${header}.${encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'admin' })}.${signature}`,
        ])
          expect(await present(forged)).toMatchObject({ status: 401 });
      });

      it.each(['none', 'None', 'NONE', 'nOnE'])('alg %s is no signature (O292)', async (alg) => {
        const [, payload = ''] = api.issuer.token().split('.');
        for (const signature of ['', 'AAAA'])
          expect(
            await present(`${encode({ typ: 'at+jwt', alg })}.${payload}.${signature}`),
          ).toMatchObject({ status: signature === '' ? expect.any(Number) : 401 });
        expect(api.refusals.at(-1)).toBe('token_algorithm_not_allowed');
      });

      it('RFC 8725 §3.1 HS256 under the public key is refused (O292)', async () => {
        const [, payload = ''] = api.issuer.token().split('.');
        const { key } = api.issuer;
        const secrets = [
          key.publicKey.export({ format: 'pem', type: 'spki' }),
          key.publicKey.export({ format: 'der', type: 'spki' }),
          JSON.stringify(key.publicJwk),
        ];
        for (const secret of secrets) {
          const input = `${encode({ typ: 'at+jwt', alg: 'HS256', kid: key.kid })}.${payload}`;
          const mac = createHmac('sha256', secret).update(input).digest('base64url');
          expect(await present(`${input}.${mac}`)).toMatchObject(INVALID_TOKEN);
        }
      });

      it('an algorithm that this API does not take is refused, though its key is known (O292)', async () => {
        const rsa = newKey('RS256');
        api.issuer.keys = [api.issuer.key, rsa];
        expect(await present(api.issuer.token({}, {}, rsa))).toMatchObject(INVALID_TOKEN);
        expect(api.refusals.at(-1)).toBe('token_algorithm_not_allowed');
        api.issuer.keys = [api.issuer.key];
      });

      it('a key that the token brings along is not looked at (O292)', async () => {
        const own = newKey();
        const { kid, ...jwk } = own.publicJwk;
        for (const header of [
          { jwk, kid: api.issuer.key.kid },
          { jwk },
          { jku: `${api.issuer.url}/jwks`, kid },
          { x5c: ['AAAA'], x5u: api.issuer.url },
        ])
          expect(await present(api.issuer.token({}, header, own))).toMatchObject(INVALID_TOKEN);
      });

      it.each(['../../dev/null', "' OR 1=1 --", '__proto__', 'x'.repeat(4_000), ''])(
        'a kid of %.20s is the name of no key (O292)',
        async (kid) => {
          expect(await present(api.issuer.token({}, { kid }, newKey()))).toMatchObject(
            INVALID_TOKEN,
          );
        },
      );

      it('an extension that it says is critical is one that nobody knows', async () => {
        const token = api.issuer.token({}, { crit: ['b64'], b64: false });
        expect(await present(token)).toMatchObject(INVALID_TOKEN);
      });
    });

    describe('RFC 9068 §2.1 what it is', () => {
      it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
        'typ %s is an access token (O292)',
        async (typ) => {
          expect(await present(api.issuer.token({}, { typ }))).toMatchObject({ status: 200 });
        },
      );

      it.each([
        'JWT',
        undefined,
        'id',
        'id+jwt',
        'token-introspection+jwt',
        'dpop+jwt',
        'client-authentication+jwt',
        'logout+jwt',
        'statuslist+jwt',
        'at+jwt ',
        'xat+jwt',
        null,
        1,
        ['at+jwt'],
      ])('typ %j is not (O292)', async (typ) => {
        expect(await present(api.issuer.token({}, { typ }))).toMatchObject(INVALID_TOKEN);
      });
    });

    describe('RFC 9068 §4 whose and for whom it is', () => {
      it.each<[string, (url: string) => unknown]>([
        ['another', () => 'https://other.example.com'],
        ['one with a slash more', (url) => `${url}/`],
        ['one in capitals', (url) => url.toUpperCase()],
        ['another realm', (url) => `${url}/bravo`],
        ['none', () => undefined],
        ['a list', (url) => [url]],
        ['an empty', () => ''],
      ])('%s issuer (O293)', async (_, iss) => {
        expect(await present(api.issuer.token({ iss: iss(api.issuer.url) }))).toMatchObject(
          INVALID_TOKEN,
        );
      });

      it.each<[unknown, number]>([
        [AUDIENCE, 200],
        [[AUDIENCE], 200],
        [['https://other.example.com', AUDIENCE], 200],
        ['https://other.example.com', 401],
        [`${AUDIENCE}/`, 401],
        [AUDIENCE.slice(0, -1), 401],
        [AUDIENCE.toUpperCase(), 401],
        [[], 401],
        [[[AUDIENCE]], 401],
        [{ [AUDIENCE]: true }, 401],
        [undefined, 401],
        [null, 401],
        ['*', 401],
      ])('audience %j is %d (O293)', async (aud, status) => {
        expect(await present(api.issuer.token({ aud }))).toMatchObject({ status });
      });

      it.each<[string, () => Record<string, unknown>, number]>([
        ['ended a minute ago', () => ({ exp: now() - 61 }), 401],
        ['ended within the tolerance', () => ({ exp: now() - 5 }), 200],
        ['never ends', () => ({ exp: undefined }), 401],
        ['ends at a text', () => ({ exp: '9999999999' }), 401],
        ['ends at null', () => ({ exp: null }), 401],
        ['begins in two minutes', () => ({ nbf: now() + 120 }), 401],
        ['begins within the tolerance', () => ({ nbf: now() + 5 }), 200],
        ['was issued in two minutes', () => ({ iat: now() + 120 }), 401],
        ['was issued at no time', () => ({ iat: undefined }), 401],
      ])('one that %s (O293)', async (_, claims, status) => {
        expect(await present(api.issuer.token(claims()))).toMatchObject({ status });
      });

      it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
        'RFC 9068 §2.2 without %s it is no access token (O293)',
        async (claim) => {
          expect(await present(api.issuer.token({ [claim]: undefined }))).toMatchObject(
            INVALID_TOKEN,
          );
        },
      );
    });

    describe('what it permits', () => {
      it.each([
        ['/read', 'orders:read', 200],
        ['/read', 'a orders:read z', 200],
        ['/read', 'orders:reader', 403],
        ['/read', 'orders:read:all', 403],
        ['/read', 'orders', 403],
        ['/read', 'ORDERS:READ', 403],
        ['/read', 'orders:read,orders:write', 403],
        ['/read-and-write', 'orders:write orders:read', 200],
        ['/read-and-write', 'orders:read', 403],
        ['/read-or-admin', 'orders:admin', 200],
        ['/read-or-admin', 'orders:read', 200],
        ['/read-or-admin', 'orders:write', 403],
      ])('%s with the scope %j is %d (O294)', async (path, scope, status) => {
        const answer = await present(api.issuer.token({ scope }), path);
        expect(answer.status).toBe(status);
        if (status === 403) {
          expect(answer).toMatchObject(refused(403, 'insufficient_scope'));
          expect(answer.headers['www-authenticate']).toMatch(/scope="orders:[a-z: ]+"/);
        }
      });

      it('without a scope it permits what asks for none (O294)', async () => {
        const token = api.issuer.token({ scope: undefined });
        expect(await present(token)).toMatchObject({ status: 200 });
        expect(await present(token, '/read')).toMatchObject({ status: 403 });
      });

      it('RFC 9700 §4.15 a client for itself is told from one for somebody else (O295)', async () => {
        const machine = api.issuer.token();
        const person = api.issuer.token({ sub: 'alice' });
        expect((await present(machine, '/machine')).status).toBe(200);
        expect((await present(person, '/machine')).status).toBe(403);
        expect((await present(machine, '/person')).status).toBe(403);
        expect((await present(person, '/person')).status).toBe(200);
      });

      it('RFC 9396 §2 authorization details are compared member by member', async () => {
        const granted = (...details: unknown[]) =>
          present(api.issuer.token({ authorization_details: details }), '/refund');
        expect((await granted({ type: 'order', actions: ['read', 'refund'] })).status).toBe(200);
        expect((await granted({ type: 'order', actions: ['read'] })).status).toBe(403);
        expect((await granted({ type: 'other', actions: ['refund'] })).status).toBe(403);
        expect((await granted({ type: 'order', actions: 'refund' })).status).not.toBe(200);
        expect((await present(api.issuer.token(), '/refund')).status).toBe(403);
      });
    });

    describe('the keys of the issuer', () => {
      const asked = (): number => api.issuer.asked.get('/jwks') ?? 0;

      it('are fetched once, and once more for a kid that is not among them (O292, O300)', async () => {
        const before = asked();
        for (let i = 0; i < 5; i++) expect((await present(api.issuer.token())).status).toBe(200);
        expect(asked()).toBe(before);
        const unknown = newKey();
        for (let i = 0; i < 20; i++)
          expect(await present(api.issuer.token({}, {}, unknown))).toMatchObject(INVALID_TOKEN);
        expect(asked() - before).toBeLessThanOrEqual(1);
      });

      it('a thumbprint is no key: nobody is fooled by what is not signed', async () => {
        const stranger = newKey();
        const token = signJws(
          { typ: 'at+jwt', alg: 'ES256', kid: thumbprintOf(api.issuer.key) },
          { iss: api.issuer.url, aud: AUDIENCE, sub: 'x', client_id: 'x', exp: now() + 60 },
          stranger,
        );
        expect(await present(token)).toMatchObject(INVALID_TOKEN);
      });
    });
  },
  () => ({ allowHttp: true, algorithms: ['ES256'] }),
);

/* One framework is enough for what no framework has a part in. */
describe('RFC 8414 §3.3 what the issuer publishes', () => {
  onEachFramework(
    (api) => {
      const UNAVAILABLE = refused(503, 'temporarily_unavailable');

      it('the API starts though the issuer is away, and heals (O300)', async () => {
        await api.issuer.close();
        expect(await api.present(api.issuer.token())).toMatchObject(UNAVAILABLE);
        await api.issuer.open();
        await expect
          .poll(async () => (await api.present(api.issuer.token())).status, { timeout: 15_000 })
          .toBe(200);
      });

      it('a key that is new is found, and one that is gone is not believed for ever (O300)', async () => {
        const next = newKey();
        api.issuer.keys = [api.issuer.key, next];
        await expect
          .poll(async () => (await api.present(api.issuer.token({}, {}, next))).status, {
            timeout: 40_000,
            interval: 1_000,
          })
          .toBe(200);
      }, 45_000);
    },
    () => ({ allowHttp: true, timeoutSeconds: 2 }),
    ['node'],
  );

  it.each<[string, Record<string, unknown>]>([
    ['names another issuer', { issuer: 'https://other.example.com' }],
    ['names no keys', { jwks_uri: undefined }],
    ['has its keys in the clear', { jwks_uri: 'http://keys.example.com/jwks' }],
  ])('a document that %s is not believed: 503 (O300)', async (_, metadata) => {
    const { resourceServer } = await import('@tessera/resource-server');
    const { openIssuer } = await import('./issuer.ts');
    const issuer = await openIssuer(AUDIENCE);
    issuer.metadata = metadata;
    const server = resourceServer({ issuer: issuer.url, audience: AUDIENCE, timeoutSeconds: 2 });
    const headers = { authorization: `Bearer ${issuer.token()}` };
    expect(await server.admit({ method: 'GET', url: '/', headers })).toMatchObject({
      ok: false,
      refusal: { status: 503 },
    });
    await expect(server.ready()).rejects.toThrow();
    server.close();
    await issuer.close();
  });

  it.each<[string, ReturnType<typeof json>]>([
    ['megabytes', json({ keys: [], x: 'x'.repeat(5_000_000) })],
    ['no keys', json({ keys: 'none' })],
    ['no JSON', (_, response) => void response.end('{')],
    ['a redirect', (_, response) => void response.writeHead(302, { location: '/other' }).end()],
  ])('a key set of %s is none: 503 (O300)', async (_, answer) => {
    const { resourceServer } = await import('@tessera/resource-server');
    const { openIssuer } = await import('./issuer.ts');
    const issuer = await openIssuer(AUDIENCE);
    issuer.answers.set('/jwks', answer);
    issuer.answers.set('/other', json({ keys: [issuer.key.publicJwk] }));
    const server = resourceServer({ issuer: issuer.url, audience: AUDIENCE, timeoutSeconds: 2 });
    const headers = { authorization: `Bearer ${issuer.token()}` };
    expect(await server.admit({ method: 'GET', url: '/', headers })).toMatchObject({
      ok: false,
      refusal: { status: 503 },
    });
    server.close();
    await issuer.close();
  });
});
