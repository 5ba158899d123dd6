import { gunzipSync } from 'node:zlib';
import { seconds } from '@tessera/protocol';
import fastify from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import type { PublicText } from '../environment.ts';
import { sendPublicText } from './send-public-text.ts';

/* Shows RFC 9110 §8.8.3, §8.8.3.3, §12.5.3, §13.1.2. */

const LONG: PublicText = { text: 'what was revoked '.repeat(200), maxAge: seconds(60) };
const SHORT: PublicText = { text: 'nothing', maxAge: seconds(0) };

const app = fastify();
for (const [url, content] of [
  ['/long', LONG],
  ['/short', SHORT],
] as const)
  app.get(url, async (request, reply) => {
    await sendPublicText(request, reply, content, 'application/example');
    return reply;
  });
afterAll(() => app.close());

const read = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ url, headers });

describe('RFC 9110 §12.5.3 compression', () => {
  test.each(['gzip', 'GZIP', 'br, gzip', 'gzip;q=0.5', 'deflate;q=1, gzip ; q=0.1'])(
    '§12.5.3 is for those who take it: %s',
    async (accepted) => {
      const answer = await read('/long', { 'accept-encoding': accepted });
      expect(answer.headers).toMatchObject({
        'content-encoding': 'gzip',
        vary: 'Accept-Encoding',
        'content-type': 'application/example',
        'access-control-allow-origin': '*',
      });
      expect(gunzipSync(answer.rawPayload).toString()).toBe(LONG.text);
    },
  );

  test.each(['', 'br', 'gzip;q=0', 'gzip;q=0.000', 'x-gzip-no', 'deflate, gzip;q=0'])(
    '§12.5.3 is for nobody else: %s',
    async (accepted) => {
      const answer = await read('/long', { 'accept-encoding': accepted });
      expect(answer.headers).not.toHaveProperty('content-encoding');
      expect(answer.body).toBe(LONG.text);
    },
  );

  test('a short text is sent as it is', async () => {
    const answer = await read('/short', { 'accept-encoding': 'gzip' });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.body).toBe(SHORT.text);
  });
});

describe('RFC 9110 §8.8.3 entity tags', () => {
  const tagOf = async (headers = {}) => String((await read('/long', headers)).headers.etag);

  test('§8.8.3.3 another encoding has another, and §13.1.2 either is known again', async () => {
    const [plain, zipped] = [await tagOf(), await tagOf({ 'accept-encoding': 'gzip' })];
    expect(plain).toMatch(/^"[\w-]{22}"$/);
    expect(zipped).not.toBe(plain);
    for (const tag of [plain, zipped, `W/${plain}`, `"other", ${zipped}`, '*']) {
      const answer = await read('/long', { 'if-none-match': tag });
      expect([answer.statusCode, answer.body]).toEqual([304, '']);
    }
    for (const tag of ['"other"', plain.slice(1, -1), ''])
      expect((await read('/long', { 'if-none-match': tag })).statusCode).toBe(200);
  });

  test('what has an age may be kept for as long; what has none is asked after', async () => {
    expect((await read('/long')).headers['cache-control']).toBe('public, max-age=60');
    expect((await read('/short')).headers['cache-control']).toBe('no-cache');
  });
});
