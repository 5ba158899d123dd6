import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../test/admin-world.ts';
import { describeAdminApi } from '../contract/openapi.ts';
import { ADMIN_ROUTES, adminRoutes } from '../contract/routes.ts';

/* Shows RFC 8259 §9, RFC 9110 §13.1.2. */

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

const send = (
  method: Method,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  payload?: string | Buffer,
) =>
  world.app.inject({
    method,
    url,
    headers: { ...world.root, ...headers },
    ...(payload !== undefined && { payload }),
  });

const JSON_TYPE = { 'content-type': 'application/json' };
const CLIENTS = '/api/realms/alpha/clients';

describe('RFC 9110', () => {
  test('§8.8.3 the entity tag is the revision, and §13.1.2 an unchanged object is not sent again', async () => {
    const first = await send('GET', '/api/realms/alpha');
    expect(first.headers.etag).toBe('"1"');
    for (const tag of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const again = await send('GET', '/api/realms/alpha', { 'if-none-match': tag });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', '"1"']);
    }
    const changed = await send('GET', '/api/realms/alpha', { 'if-none-match': '"2"' });
    expect(changed.statusCode).toBe(200);
  });

  test.each([
    ['"1"', 200],
    ['"9", "1"', 200],
    ['*', 200],
    ['"9"', 412],
    ['W/"1"', 412],
    ['1', 400],
    ['"1', 400],
    ['', 400],
    [Array.from({ length: 30 }, (_, i) => `"${i}"`).join(), 400],
  ])('§13.1.1 If-Match: %s', async (tag, status) => {
    const patched = await send(
      'PATCH',
      '/api/realms/alpha',
      { ...JSON_TYPE, 'if-match': tag },
      '{}',
    );
    expect(patched.statusCode).toBe(status);
  });

  test('§15.5.6 an address tells which methods it answers to', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const) {
      const { statusCode, headers } = await send(method, CLIENTS, JSON_TYPE, '{not json');
      expect([statusCode, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    }
    for (const [method, url, allow] of [
      ['HEAD', '/api/session/password', 'POST'],
      ['POST', '/api/openapi.json', 'GET, HEAD'],
    ] as const) {
      const { statusCode, headers } = await send(method, url);
      expect([statusCode, headers.allow]).toEqual([405, allow]);
    }
  });

  test('§9.3.2 HEAD answers as GET does, without the body', async () => {
    const { statusCode, body, headers } = await send('HEAD', '/api/realms/alpha');
    expect([statusCode, body, headers.etag]).toEqual([200, '', '"1"']);
  });
});

test('no answer is for a cache, a frame or another origin', async () => {
  for (const url of ['/api/realms', '/api/realms/absent', '/api/nothing', '/api/realms/%zz']) {
    const { headers } = await send('GET', url);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/./),
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('the OpenAPI document is there for everybody', async () => {
  const { headers, body } = await world.app.inject('/api/openapi.json');
  expect(headers['content-type']).toContain('application/json');
  expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(describeAdminApi())));
});

describe('a body', () => {
  const post = (payload: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
    send('POST', CLIENTS, headers, payload);

  test.each([
    ['application/json', 201],
    ['application/json; charset=utf-8', 201],
    ['Application/JSON;charset="UTF-8"', 201],
    ['application/json; charset=utf-16', 415],
    ['application/merge-patch+json', 415],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['nonsense', 415],
  ])('of type %s', async (type, status) => {
    expect((await post('{}', { 'content-type': type })).statusCode).toBe(status);
  });

  test('that is compressed is not unpacked', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await post('{}', headers)).statusCode).toBe(415);
  });

  test.each([
    ['cut off', '{"name":"a'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nested without end', '['.repeat(60_000)],
    ['nested in a member', `{"name":${'{"a":'.repeat(20)}1${'}'.repeat(20)}}`],
    ['two values', '{}{}'],
  ])('that is %s is told so', async (_what, payload) => {
    const { statusCode, json } = await post(payload).then((response) => ({
      statusCode: response.statusCode,
      json: response.json(),
    }));
    expect([statusCode, json.type]).toEqual([400, 'urn:tessera:problem:body_malformed']);
  });

  test.each(['[]', '"text"', '1', 'null', 'true'])('that is %s and no object', async (payload) => {
    const { statusCode } = await post(payload);
    expect(statusCode).toBe(400);
  });

  test('brackets in a text are no nesting', async () => {
    const { statusCode } = await post(JSON.stringify({ description: '[{"\\'.repeat(200) }));
    expect(statusCode).toBe(201);
  });

  test('cannot reach a prototype', async () => {
    for (const payload of [
      '{"__proto__":{"enabled":false}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
    ])
      expect((await post(payload)).statusCode).toBe(400);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of thousands of mistakes is answered quickly, with the first of them', async () => {
    const members = Array.from({ length: 7_000 }, (_, index) => `"${index}":1`);
    const started = performance.now();
    for (const payload of [`{${members.join(',')}}`, `{"scopes":[${'1,'.repeat(30_000)}1]}`]) {
      const { errors } = (await post(payload)).json();
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.length).toBeLessThanOrEqual(50);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('lists', () => {
  test('come in pages that neither repeat nor leave out', async () => {
    await world.call(world.root, 'createRealm', { body: { name: 'paged' } });
    const ids = Array.from({ length: 25 }, (_, i) => `client-${String(i).padStart(2, '0')}`);
    for (const clientId of ids) await world.register({ clientId }, 'paged');
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const query: Record<string, string> = { limit: '10', ...(after !== '' && { after }) };
      const page = await world.call(world.root, 'listClients', {
        params: { realm: 'paged' },
        query,
      });
      seen.push(...page.answer.items.map(({ clientId }) => clientId));
      after = page.answer.next;
      if (after !== null) expect(after).toMatch(/^[A-Za-z0-9_-]+$/);
    }
    expect(seen).toEqual(ids);
    const found = await world.call(world.root, 'listClients', {
      params: { realm: 'paged' },
      query: { search: 'CLIENT-1', limit: '3' },
    });
    expect(found.answer.items.map(({ clientId }) => clientId)).toEqual([
      'client-10',
      'client-11',
      'client-12',
    ]);
    expect(found.answer.next).not.toBeNull();
  });

  test.each([
    ['limit=0', 'limit', 'must be at least 1'],
    ['limit=201', 'limit', 'must be at most 200'],
    ['limit=many', 'limit', 'must be a number'],
    ['limit=1&limit=2', 'limit', 'must be a number'],
    ['after=%00', 'after', 'must be the `next` of an earlier answer'],
    ['after=AA', 'after', 'must be the `next` of an earlier answer'],
    ['after=_w', 'after', 'must be the `next` of an earlier answer'],
    ['serach=x', 'serach', 'is unknown here'],
    ['search=a%00b', 'search', 'must not contain control characters'],
  ])('refuse ?%s', async (query, parameter, detail) => {
    const response = await send('GET', `${CLIENTS}?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toEqual([{ parameter, detail }]);
  });
});

/** Whatever comes, the fault is never ours. */
describe('no request causes a 5xx', () => {
  // Signing out would leave only requests that are refused at once.
  const ROUTES = adminRoutes()
    .filter(([name]) => name !== 'closeSession')
    .map(([, { method, path }]) => ({ method, path }));
  const route = fc.constantFrom(...ROUTES);
  const segment = fc.oneof(
    fc.constantFrom('alpha', 'root', 'tessera-admin', '..', '.', '%00', '%', '%ff', '__proto__'),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encode(text)),
    fc.base64String({ maxLength: 40 }),
  );
  const address = fc
    .tuple(route, fc.array(segment, { minLength: 3, maxLength: 3 }))
    .map(([{ method, path }, parts]) => {
      let next = 0;
      const fill = (part: string) =>
        part === 'realm' && next % 2 === 0 ? 'alpha' : (parts[next++] ?? '');
      return { method, url: path.replaceAll(/\{(\w+)\}/g, (_, part: string) => fill(part)) };
    });
  const names = [
    ...new Set(
      Object.values(ADMIN_ROUTES).flatMap((row) =>
        'body' in row ? Object.keys(row.body.shape) : [],
      ),
    ),
  ];
  const body = fc.oneof(
    fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), fc.jsonValue(), {
      maxKeys: 6,
    }),
    fc.jsonValue(),
  );
  const query = fc
    .dictionary(
      fc.constantFrom('limit', 'after', 'search', 'owner', 'clientId', 'type', 'since', 'confirm'),
      fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.integer().map(String)),
    )
    .map((given) => new URLSearchParams(given).toString());
  const header = fc
    .string({ unit: 'binary-ascii', maxLength: 60 })
    .map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim());

  const isOurs = (statusCode: number) => statusCode >= 500;

  test('by its address, its query or its body', async () => {
    await fc.assert(
      fc.asyncProperty(address, query, body, async ({ method, url }, asked, value) => {
        const payload = JSON.stringify(value);
        const headers = { ...JSON_TYPE, 'if-match': '"7"' };
        const response = await send(method, `${url}?${asked}`, headers, payload);
        expect(isOurs(response.statusCode), response.body).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('by its cookies, its token or its precondition', async () => {
    await fc.assert(
      fc.asyncProperty(route, header, header, header, async ({ method, path }, a, b, c) => {
        const headers = { cookie: `tessera_session=${a}`, authorization: b, 'if-match': c };
        for (const [name, value] of Object.entries(headers)) {
          const response = await send(method, path, { [name]: value });
          expect(isOurs(response.statusCode), response.body).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('by bytes that are no JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        address,
        fc.uint8Array({ maxLength: 200 }),
        async ({ method, url }, bytes) => {
          const response = await send(method, url, JSON_TYPE, Buffer.from(bytes));
          expect(isOurs(response.statusCode), response.body).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('by a client of any name, description and id that is accepted: it is read back as given', async () => {
    const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
    const client = fc.record(
      {
        clientId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        name: text(40),
        description: text(300),
        scopes: fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), {
          maxLength: 5,
        }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(client, async (given) => {
        const body = { ...given, secret: null };
        const created = await world.call(world.root, 'registerClient', { body });
        expect([201, 400, 409]).toContain(created.status);
        if (created.status !== 201) return;
        const params = { clientId: created.answer.clientId };
        const found = await world.call(world.root, 'findClient', { params });
        expect(found.answer).toMatchObject(given);
      }),
      { numRuns: 150 },
    );
  });

  test('and whoever asked is still signed in, so that all of it was looked at', async () => {
    expect((await world.call(world.root, 'findSession')).status).toBe(200);
  });

  function encode(text: string): string {
    try {
      return encodeURIComponent(text);
    } catch {
      return '%ed%a0%80';
    }
  }
});
