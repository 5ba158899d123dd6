import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, movableClock, startEndpoint } from '../test/token-endpoint.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { serverFinder } from './find-server.ts';
import { type TokenSourceOptions, tokenSource } from './token-source.ts';

const { endpoint } = startEndpoint();
const HOUR = 3600;

let clock = movableClock();
let version = 1;
const describeServer = () =>
  json({ issuer: endpoint.url, token_endpoint: `${endpoint.url}/token-${version}` });
beforeEach(() => {
  clock = movableClock();
  version = 1;
  endpoint.answer = (response) => describeServer()(response);
});
const open = () => serverFinder({ issuer: endpoint.url }, clock.stopwatch);
const count = () => endpoint.seen.length;

describe('RFC 8414 §3 metadata', () => {
  it('are fetched once, however many want them, and remembered', async () => {
    const finder = open();
    const found = await Promise.all(Array.from({ length: 100 }, () => finder.find({})));
    expect(found[99]?.token_endpoint).toBe(`${endpoint.url}/token-1`);
    clock.pass(HOUR - 1);
    await finder.find({});
    expect(count()).toBe(1);
  });

  it('are renewed in the background after an hour, and nobody waits', async () => {
    const finder = open();
    await finder.find({});
    clock.pass(HOUR);
    version = 2;
    expect((await finder.find({})).token_endpoint).toContain('token-1');
    await expect.poll(async () => (await finder.find({})).token_endpoint).toContain('token-2');
    expect(count()).toBe(2);
  });

  it('stay in use while newer ones can not be had, for a day, and no longer', async () => {
    const finder = open();
    await finder.find({});
    endpoint.answer = json({}, 500);
    clock.pass(23 * HOUR);
    expect((await finder.find({})).token_endpoint).toContain('token-1');
    await expect.poll(count).toBe(3);
    // Not for each token: at most once a minute.
    await finder.find({});
    await pause(20);
    expect(count()).toBe(3);
    clock.pass(HOUR);
    await expect(finder.find({})).rejects.toThrow('no metadata');
  });

  it('§3.3 of another server never take the place of those that are known', async () => {
    const finder = open();
    await finder.find({});
    clock.pass(HOUR);
    endpoint.answer = json({
      issuer: 'https://evil.example',
      token_endpoint: 'https://evil.example',
    });
    await finder.find({});
    await expect.poll(count).toBe(2);
    await pause(20);
    expect((await finder.find({})).issuer).toBe(endpoint.url);
  });

  it('in doubt are fetched anew; the old ones are better than none', async () => {
    const finder = open();
    await finder.find({});
    finder.doubt();
    version = 2;
    expect((await finder.find({})).token_endpoint).toContain('token-2');
    finder.doubt();
    endpoint.answer = json({}, 500);
    expect((await finder.find({})).token_endpoint).toContain('token-2');
  });

  it('that were told need not be fetched', async () => {
    const tokenEndpoint = `${endpoint.url}/token`;
    const told = await serverFinder({ tokenEndpoint, issuer: 'i' }, clock.stopwatch).find({});
    expect(told).toEqual({ issuer: 'i', token_endpoint: tokenEndpoint });
    const bare = await serverFinder({ tokenEndpoint }, clock.stopwatch).find({});
    expect(bare).toEqual({ issuer: '', token_endpoint: tokenEndpoint });
    const server = { issuer: 'i', token_endpoint: tokenEndpoint };
    expect(await serverFinder({ server }, clock.stopwatch).find({})).toBe(server);
    expect(count()).toBe(0);
  });
});

describe('a token source', () => {
  const source = (more: Partial<TokenSourceOptions> = {}) =>
    tokenSource({
      issuer: endpoint.url,
      clientId: 'c',
      authenticate: secretBasic('s'),
      ...more,
    } as TokenSourceOptions);
  const serve: typeof endpoint.answer = (response, { path }) => {
    if (path.includes('.well-known')) describeServer()(response);
    else if (path !== `/token-${version}`) json({}, 404)(response);
    else json({ access_token: `at-${version}`, token_type: 'Bearer', expires_in: 60 })(response);
  };

  it('looks for the endpoint anew when it is no longer there', async () => {
    endpoint.answer = serve;
    const tokens = source();
    const first = await tokens.token();
    version = 2;
    tokens.invalidate(first);
    await expect(tokens.token()).rejects.toMatchObject({ status: 404 });
    tokens.forget();
    expect(await tokens.token()).toBe('at-2');
  });

  it('tries again when the metadata could not be had', async () => {
    endpoint.answer = (response, seen) =>
      count() < 3 ? json({}, 503)(response) : serve(response, seen);
    expect(await source({ random: () => 0 }).token()).toBe('at-1');
  });
});
