import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { json, type Members, newKey, nowSeconds } from '../../test/issuer.ts';
import { issuerOfEachTest, present } from '../../test/open-api.ts';
import { resourceServer as onNode } from '../node.ts';
import { resourceServer as onTheWeb } from '../web.ts';

/* Token Status List §4.1, §5.1, §7.1, §8.3, §9.3. */

const { issuer, openApi } = issuerOfEachTest();

const LIST = 'application/statuslist+jwt';
const listUri = (name = 'c1.api/0'): string => `${issuer().url}/lists/${name}`;
const tokenAt = (idx: number, uri = listUri(), more: Members = {}): string =>
  issuer().sign({ status: { status_list: { idx, uri } }, ...more });

const publish = (bits: number, bytes: readonly number[], more: Members = {}, uri = listUri()) =>
  issuer().pages.set(new URL(uri).pathname, {
    type: LIST,
    body: issuer().signList(uri, bits, Uint8Array.from(bytes), more),
  });

const fetched = (): readonly string[] =>
  issuer().asked.filter((path) => path.startsWith('/lists/'));

/** A page that answers with these in turn, and with the last again and again. */
const inTurn = (bodies: readonly string[]) => {
  let turn = 0;
  return () => ({ type: LIST, body: bodies[Math.min(turn++, bodies.length - 1)] ?? '' });
};

describe.each([
  ['node', onNode],
  ['web', onTheWeb],
] as const)('a token in a list, on %s', (_platform, resourceServer) => {
  // The published examples of one and two bits, and the same idea in four and eight.
  const lists: readonly (readonly [number, readonly number[], number, string])[] = [
    [1, [0xb9, 0xa3], 0, '401 token_revoked'],
    [1, [0xb9, 0xa3], 1, 'admitted'],
    [1, [0xb9, 0xa3], 15, '401 token_revoked'],
    [1, [0xb9, 0xa3], 16, '401 token_not_in_status_list'],
    [2, [0xc9, 0x44, 0xf9], 0, '401 token_revoked'],
    [2, [0xc9, 0x44, 0xf9], 1, '401 token_suspended'],
    [2, [0xc9, 0x44, 0xf9], 2, 'admitted'],
    [2, [0xc9, 0x44, 0xf9], 3, '401 token_status_unknown'],
    [2, [0xc9, 0x44, 0xf9], 12, '401 token_not_in_status_list'],
    [4, [0x20, 0x01], 1, '401 token_suspended'],
    [4, [0x20, 0x01], 2, '401 token_revoked'],
    [4, [0x20, 0x01], 3, 'admitted'],
    [8, [0, 1, 2, 12], 3, '401 token_status_unknown'],
    [8, [0, 1, 2, 12], 4, '401 token_not_in_status_list'],
  ];
  it.each(lists)('of %d bits, %j, at %d: %s', async (bits, bytes, index, expected) => {
    publish(bits, bytes);
    const api = openApi({}, resourceServer);
    expect(await present(api, tokenAt(index))).toBe(expected);
    expect(await present(api, tokenAt(index))).toBe(expected);
    expect(fetched()).toHaveLength(1);
  });

  it('a list that is too much when it is decompressed says nothing', async () => {
    publish(
      1,
      Array.from({ length: 2 * 1024 * 1024 + 1 }, () => 0),
    );
    expect(await present(openApi({}, resourceServer), tokenAt(0))).toBe('503 status_unavailable');
  });

  it('a list that is no ZLIB data says nothing', async () => {
    publish(1, [0], { status_list: { bits: 1, lst: 'AAAA' } });
    expect(await present(openApi({}, resourceServer), tokenAt(0))).toBe('503 status_unavailable');
  });
});

describe('§8.3 a list is believed', () => {
  const doubtful: readonly (readonly [string, () => void])[] = [
    ['of another address', () => publish(1, [0], { sub: `${listUri()}x` })],
    ['without iat', () => publish(1, [0], { iat: undefined })],
    ['that has expired', () => publish(1, [0], { exp: nowSeconds() - 1 })],
    ['of another issuer', () => publish(1, [0], { iss: 'https://x.example' })],
    ['of three bits', () => publish(1, [0], { status_list: { bits: 3, lst: 'eNpjAAAAAQAB' } })],
    [
      'that is an access token',
      () => issuer().pages.set('/lists/c1.api/0', { type: LIST, body: issuer().sign() }),
    ],
    [
      'that another key signed',
      () => {
        const { key } = issuer();
        issuer().key = { ...newKey(), kid: key.kid };
        publish(1, [0]);
        issuer().key = key;
      },
    ],
    ['that is not there', () => {}],
    [
      'that is somewhere else',
      () => issuer().pages.set('/lists/c1.api/0', { status: 302, body: '' }),
    ],
  ];
  it.each(doubtful)('and one %s is none', async (_what, prepare) => {
    prepare();
    const told: string[] = [];
    const api = openApi({ onUnavailable: ({ what, message }) => told.push(`${what} ${message}`) });
    expect(await present(api, tokenAt(0))).toBe('503 status_unavailable');
    expect(told[0]).toContain(`status the status list ${listUri()} `);
  });

  it('only from the origin of the issuer', async () => {
    const asked: string[] = [];
    const api = openApi({
      fetch: (address, init) => {
        asked.push(address);
        return fetch(address, init);
      },
    });
    const elsewhere = [
      'http://127.0.0.1:9/lists/1',
      'https://x.example/1',
      'urn:list',
      'file:///a',
    ];
    for (const uri of elsewhere)
      expect(await present(api, tokenAt(0, uri))).toBe('503 status_unavailable');
    expect(asked.filter((address) => !address.startsWith(issuer().url))).toEqual([]);
  });

  it.each<Members>([
    { status: 7 },
    { status: { status_list: {} } },
    { status: { status_list: { idx: -1, uri: 'https://a/b' } } },
    { status: { status_list: { idx: '1', uri: 'https://a/b' } } },
    { status: { status_list: { idx: 1 } } },
  ])('and %j is no place in any', async (claims) => {
    expect(await present(openApi(), issuer().sign(claims))).toBe('401 token_status_malformed');
  });

  it('a token without a place has no list, and an API may follow none', async () => {
    expect(await present(openApi(), issuer().sign({ status: { other: 1 } }))).toBe('admitted');
    expect(await present(openApi({ status: false }), tokenAt(0))).toBe('admitted');
    expect(fetched()).toEqual([]);
  });
});

describe('§8.3 a list by itself', () => {
  it('is fetched again after its ttl, and by one of many', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now });
    publish(1, [0], { ttl: 60, exp: undefined });
    const token = tokenAt(0);
    const all = await Promise.all(Array.from({ length: 20 }, () => present(api, token)));
    expect(new Set(all)).toEqual(new Set(['admitted']));
    expect(fetched()).toHaveLength(1);
    publish(1, [1], { ttl: 60, exp: undefined });
    now += 59_000;
    expect(await present(api, token)).toBe('admitted');
    now += 2_000;
    expect(await present(api, token)).toBe('401 token_revoked');
    expect(fetched()).toHaveLength(2);
  });

  it('is not taken back to before what was seen, until a list as old can only be the truth', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now });
    const at = (version: number, bytes: readonly number[]) =>
      publish(1, bytes, { version, ttl: 60, exp: undefined });
    at(5, [1]);
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    at(4, [0]);
    now += 61_000;
    expect(await present(api, tokenAt(0))).toBe('503 status_unavailable');
    now += 60_000;
    expect(await present(api, tokenAt(0))).toBe('admitted');
  });

  it('serves no longer than its ttl while there is no other, unless the operator says so', async () => {
    let now = Date.now();
    publish(1, [0], { ttl: 60, exp: nowSeconds() + 400 });
    const strict = openApi({ clock: () => now });
    const lenient = openApi({ clock: () => now, status: { whenUnavailable: { staleFor: 100 } } });
    const token = tokenAt(0);
    for (const api of [strict, lenient]) expect(await present(api, token)).toBe('admitted');
    issuer().up = false;
    now += 61_000;
    expect(await present(strict, token)).toBe('503 status_unavailable');
    expect(await present(lenient, token)).toBe('admitted');
    now += 100_000;
    expect(await present(lenient, token)).toBe('503 status_unavailable');
    issuer().up = true;
    now += 1_500;
    for (const api of [strict, lenient]) expect(await present(api, token)).toBe('admitted');
  });
});

describe('§9.3 an aggregation that says what has changed', () => {
  let document: Members;

  /** The issuer of this test, with an aggregation whose every state has its own entity tag. */
  const aggregate = (more: Members = {}): void => {
    document = {
      status_lists: [],
      versions: [],
      status_lists_base: `${issuer().url}/lists/`,
      revoked_before: {},
      revoked_tokens: [],
      version: 0,
      ttl: 10,
      ...more,
    };
    issuer().pages.set('/status', ({ headers }) => {
      const { body } = json(document);
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      return headers['if-none-match'] === etag
        ? { status: 304, body: '', etag }
        : { type: 'application/json', body, etag };
    });
    const { url } = issuer();
    issuer().pages.set(
      '/.well-known/oauth-authorization-server',
      json({
        issuer: url,
        jwks_uri: `${url}/jwks`,
        status_list_aggregation_endpoint: `${url}/status`,
      }),
    );
  };
  const polls = (): number => issuer().asked.filter((path) => path === '/status').length;
  const fast = { status: { pollSeconds: 0.05 } };

  it('a list that it does not name has nothing set and is not fetched', async () => {
    aggregate();
    const api = openApi(fast);
    expect(await present(api, tokenAt(0))).toBe('admitted');
    expect(await present(api, tokenAt(1 << 30))).toBe('admitted');
    expect(fetched()).toEqual([]);
  });

  it('a list that it names is fetched once for each version', async () => {
    aggregate({ status_lists: [listUri()], versions: [1] });
    publish(1, [0b10], { version: 1 });
    const api = openApi(fast);
    expect(await present(api, tokenAt(0))).toBe('admitted');
    expect(await present(api, tokenAt(1))).toBe('401 token_revoked');
    expect(fetched()).toHaveLength(1);
    publish(1, [0b11], { version: 2 });
    document = { ...document, versions: [2] };
    await expect.poll(() => present(api, tokenAt(0))).toBe('401 token_revoked');
    expect(await present(api, tokenAt(1))).toBe('401 token_revoked');
    expect(fetched()).toHaveLength(2);
  });

  it.each([
    ['realm', true],
    ['c1', true],
    ['api', true],
    ['c2', false],
    ['c1.api', false],
  ])('a token from before the instant of %s is revoked: %s', async (holder, revoked) => {
    aggregate();
    const api = openApi(fast);
    const token = tokenAt(0, listUri(), { iat: nowSeconds() - 10 });
    expect(await present(api, token)).toBe('admitted');
    document = { ...document, revoked_before: { [holder]: nowSeconds() - 5 } };
    const before = polls();
    await expect.poll(polls).toBeGreaterThan(before + 1);
    expect(await present(api, token)).toBe(revoked ? '401 token_revoked' : 'admitted');
    expect(await present(api, tokenAt(0))).toBe('admitted');
    expect(fetched()).toEqual([]);
  });

  it('RFC 9111 §5.2.1.4 caches on the way have to ask, and have none of the version', async () => {
    aggregate({ status_lists: [listUri()], versions: [7] });
    publish(1, [0], { version: 7 });
    const sent: unknown[] = [];
    const api = openApi({
      ...fast,
      fetch: (address, init) => {
        if (address.startsWith(listUri()))
          sent.push([address, new Headers(init.headers).get('cache-control')]);
        return fetch(address, init);
      },
    });
    expect(await present(api, tokenAt(0))).toBe('admitted');
    expect(sent).toEqual([[`${listUri()}?version=7`, 'no-cache']]);
  });

  const list = (bytes: readonly number[], version: number): string =>
    issuer().signList(listUri(), 1, Uint8Array.from(bytes), { version });

  it('a list of a node that is behind is not taken, and asked for again', async () => {
    aggregate({ status_lists: [listUri()], versions: [2] });
    issuer().pages.set('/lists/c1.api/0', inTurn([list([0], 1), list([0], 1), list([1], 2)]));
    expect(await present(openApi(fast), tokenAt(0))).toBe('401 token_revoked');
    expect(fetched()).toHaveLength(3);
  });

  it('a list that stays behind says nothing, after a few questions', async () => {
    aggregate({ status_lists: [listUri()], versions: [2] });
    issuer().pages.set('/lists/c1.api/0', inTurn([list([0], 1)]));
    const told: string[] = [];
    const api = openApi({ ...fast, onUnavailable: ({ message }) => told.push(message) });
    expect(await present(api, tokenAt(0))).toBe('503 status_unavailable');
    expect(fetched()).toHaveLength(4);
    expect(told).toEqual([`the status list ${listUri()} is behind: 1 instead of 2`]);
  });

  it('a copy that is later than the aggregation asks for serves', async () => {
    aggregate({ status_lists: [listUri()], versions: [2] });
    issuer().pages.set('/lists/c1.api/0', inTurn([list([1], 5)]));
    const api = openApi(fast);
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    document = { ...document, versions: [4], version: 4 };
    const before = polls();
    await expect.poll(polls).toBeGreaterThan(before + 2);
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    expect(fetched()).toHaveLength(1);
  });

  it('an aggregation of a node that is behind takes nothing back', async () => {
    aggregate({ version: 5, revoked_before: { c1: nowSeconds() + 60 } });
    const told: string[] = [];
    const api = openApi({ ...fast, onUnavailable: ({ message }) => told.push(message) });
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    document = { ...document, version: 4, revoked_before: {} };
    for (let count = 0; count < 30; count++) {
      expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(told).toEqual([`${issuer().url}/status is behind what it has said before`]);
    document = { ...document, version: 6 };
    await expect.poll(() => present(api, tokenAt(0)), { timeout: 3_000 }).toBe('admitted');
  });

  it('an issuer that was put back to an earlier state is believed after the ttl', async () => {
    let now = Date.now();
    aggregate({ version: 5, ttl: 10, revoked_before: { c1: nowSeconds() + 60 } });
    const api = openApi({ ...fast, clock: () => now });
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    document = { ...document, version: 4, revoked_before: {} };
    now += 9_000;
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    now += 2_000;
    await expect.poll(() => present(api, tokenAt(0)), { timeout: 3_000 }).toBe('admitted');
  });

  it('of a client that has too much to say the lists are looked into, of others none', async () => {
    aggregate({ version: 9, truncated: { c1: 8 } });
    publish(1, [1], { version: 8 });
    const other = `${issuer().url}/lists/c2/0`;
    const api = openApi(fast);
    expect(await present(api, tokenAt(0))).toBe('401 token_revoked');
    expect(await present(api, tokenAt(1))).toBe('admitted');
    expect(await present(api, tokenAt(0, other))).toBe('admitted');
    expect(fetched()).toHaveLength(1);
  });

  it('nobody can tell of a token where more were revoked by their jti alone than are named', async () => {
    aggregate({ status_lists: [listUri()], versions: [1], revoked_tokens_truncated: true });
    publish(1, [0b10], { version: 1 });
    expect(await present(openApi(fast), tokenAt(0))).toBe('503 status_unavailable');
    const lenient = openApi({ status: { pollSeconds: 0.05, whenUnavailable: { staleFor: 60 } } });
    expect(await present(lenient, tokenAt(0))).toBe('admitted');
    expect(await present(lenient, tokenAt(1))).toBe('401 token_revoked');
  });

  it('a list elsewhere than below its base is asked by itself', async () => {
    aggregate();
    const uri = `${issuer().url}/lists2/x`;
    publish(1, [1], {}, uri);
    expect(await present(openApi(fast), tokenAt(0, uri))).toBe('401 token_revoked');
  });

  it('an unchanged document is not sent again', async () => {
    aggregate();
    const statuses: number[] = [];
    const api = openApi({
      ...fast,
      fetch: async (address, init) => {
        const response = await fetch(address, init);
        if (address.endsWith('/status')) statuses.push(response.status);
        return response;
      },
    });
    expect(await present(api, tokenAt(0))).toBe('admitted');
    await expect.poll(() => statuses.length).toBeGreaterThan(3);
    expect(statuses.slice(0, 4)).toEqual([200, 304, 304, 304]);
  });

  it('one of another origin is not followed', async () => {
    aggregate();
    const { url } = issuer();
    const other = url.replace('127.0.0.1', 'localhost');
    issuer().pages.set(
      '/.well-known/oauth-authorization-server',
      json({
        issuer: url,
        jwks_uri: `${url}/jwks`,
        status_list_aggregation_endpoint: `${other}/status`,
      }),
    );
    publish(1, [1]);
    expect(await present(openApi(fast), tokenAt(0))).toBe('401 token_revoked');
    expect(polls()).toBe(0);
  });

  it('serves for its ttl while the issuer is away, then tokens are 503 until it is back', async () => {
    let now = Date.now();
    aggregate({ ttl: 10 });
    const api = openApi({ status: { pollSeconds: 0.05 }, clock: () => now });
    const lenient = openApi({
      status: { pollSeconds: 0.05, whenUnavailable: { staleFor: 30 } },
      clock: () => now,
    });
    const token = tokenAt(0);
    for (const one of [api, lenient]) expect(await present(one, token)).toBe('admitted');
    issuer().up = false;
    now += 9_000;
    for (const one of [api, lenient]) expect(await present(one, token)).toBe('admitted');
    now += 2_000;
    const refused = await api.admit({
      method: 'GET',
      url: '/',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused).toMatchObject({
      refusal: {
        status: 503,
        cause: { reason: 'status_unavailable' },
        headers: { 'retry-after': '1' },
      },
    });
    expect(await present(lenient, token)).toBe('admitted');
    now += 31_000;
    expect(await present(lenient, token)).toBe('503 status_unavailable');
    issuer().up = true;
    now += 1_000;
    // A poll may be under way that began before.
    for (const one of [api, lenient]) await expect.poll(() => present(one, token)).toBe('admitted');
  });

  it('a list that changed and can not be had is 503, unless the operator says otherwise', async () => {
    aggregate({ status_lists: [listUri()], versions: [1] });
    publish(1, [0], { ttl: 60, version: 1 });
    const strict = openApi(fast);
    const lenient = openApi({ status: { pollSeconds: 0.05, whenUnavailable: { staleFor: 60 } } });
    for (const api of [strict, lenient]) expect(await present(api, tokenAt(0))).toBe('admitted');
    issuer().pages.delete('/lists/c1.api/0');
    document = { ...document, versions: [2] };
    await expect.poll(() => present(strict, tokenAt(0))).toBe('503 status_unavailable');
    const before = polls();
    await expect.poll(polls).toBeGreaterThan(before + 2);
    expect(await present(lenient, tokenAt(0))).toBe('admitted');
  });

  it('is polled only while tokens come, and no longer when the API is closed', async () => {
    let now = Date.now();
    aggregate();
    const api = openApi({ ...fast, clock: () => now });
    await present(api, tokenAt(0));
    await expect.poll(polls).toBeGreaterThan(2);
    now += 61_000;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const idle = polls();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(polls()).toBe(idle);
    now += 1_000;
    expect(await present(api, tokenAt(0, listUri(), { iat: nowSeconds() + 50 }))).toBe('admitted');
    expect(polls()).toBeGreaterThan(idle);
    api.close();
    await new Promise((resolve) => setTimeout(resolve, 150));
    const closed = polls();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(polls()).toBe(closed);
  });
});
