import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { type TokenSourceOptions, tokenSource } from './token-source.ts';

let listening: Listening;
let answer: (response: ServerResponse) => void;
let asked = 0;
let now = 0;

beforeAll(async () => {
  listening = await listen((_request, response) => {
    asked += 1;
    answer(response);
  });
});
afterAll(() => listening.close());
beforeEach(() => {
  asked = 0;
  now = 1_700_000_000_000;
  answer = grant(100);
});

const grant = (expiresIn?: number) => (response: ServerResponse) => {
  const token = { access_token: `token-${asked}`, token_type: 'Bearer', expires_in: expiresIn };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
};

const refuse =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end('{"error":"temporarily_unavailable"}');
  };

const open = (more: Partial<TokenSourceOptions> = {}) =>
  tokenSource({
    server: { issuer: listening.url, token_endpoint: `${listening.url}/token` },
    clientId: 'c',
    authenticate: secretBasic('s'),
    clock: () => now,
    random: () => 0.5,
    ...more,
  } as TokenSourceOptions);

const later = (seconds: number): void => {
  now += seconds * 1000;
};

/** Until a renewal in the background has been answered. */
async function settled(count: number): Promise<void> {
  for (let tries = 0; asked < count && tries < 200; tries++) await pause(5);
  await pause(30);
}

describe('a token source', () => {
  it('asks once, however many wait', async () => {
    const source = open();
    const tokens = await Promise.all([source.token(), source.token(), source.token()]);
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await source.token()).toBe('token-1');
    expect(asked).toBe(1);
  });

  it('renews in the background once 80 % of the life are over, and nobody waits', async () => {
    const source = open();
    await source.token();
    later(79);
    expect(await source.token()).toBe('token-1');
    expect(asked).toBe(1);
    later(2);
    expect(await source.token()).toBe('token-1');
    await settled(2);
    expect(await source.token()).toBe('token-2');
    expect(asked).toBe(2);
  });

  it.each([
    [0, 70],
    [1, 90],
  ])('with a chance of %d renews at %d %%', async (chance, percent) => {
    const source = open({ random: () => chance });
    await source.token();
    later(percent - 1);
    await source.token();
    await pause(30);
    expect(asked).toBe(1);
    later(1);
    await source.token();
    await settled(2);
    expect(asked).toBe(2);
  });

  it('does not give out a token in its last seconds', async () => {
    const source = open();
    await source.token();
    later(95);
    expect(await source.token()).toBe('token-2');
  });

  it('keeps a token whose end is unknown for a minute at most', async () => {
    answer = grant();
    const source = open();
    await source.token();
    later(60);
    expect(await source.token()).toBe('token-2');
  });

  it('goes on with a good token when the renewal fails, and tries again a second later', async () => {
    const source = open();
    await source.token();
    later(85);
    answer = refuse(503);
    expect(await source.token()).toBe('token-1');
    await settled(2);
    expect(await source.token()).toBe('token-1');
    await pause(30);
    expect(asked).toBe(2);

    later(1);
    answer = grant(100);
    expect(await source.token()).toBe('token-1');
    await settled(3);
    expect(await source.token()).toBe('token-3');
  });

  it('tells a failure to all who wait, and asks again for the next', async () => {
    const source = open();
    answer = refuse(400);
    const waiting = [source.token(), source.token()];
    for (const one of waiting) await expect(one).rejects.toMatchObject({ status: 400 });
    expect(asked).toBe(1);
    answer = grant(100);
    expect(await source.token()).toBe('token-2');
  });

  it('does not ask before the instant that Retry-After named', async () => {
    const source = open();
    answer = refuse(429, { 'retry-after': '10' });
    await expect(source.token()).rejects.toMatchObject({ status: 429 });
    later(9);
    answer = grant(100);
    await expect(source.token()).rejects.toMatchObject({ status: 429 });
    expect(asked).toBe(1);
    later(1);
    expect(await source.token()).toBe('token-2');
  });

  it('is not stopped for longer than a minute by a wrong Retry-After', async () => {
    const source = open();
    answer = refuse(429, { 'retry-after': '86400' });
    await expect(source.token()).rejects.toMatchObject({ retryAfter: 86400 });
    later(60);
    answer = grant(100);
    expect(await source.token()).toBe('token-2');
  });

  it('forgets the token that was discarded, and no newer one', async () => {
    const source = open();
    const first = await source.token();
    source.discard(first);
    expect(await source.token()).toBe('token-2');
    source.discard(first);
    expect(await source.token()).toBe('token-2');
  });
});
