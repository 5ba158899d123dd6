import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { registerConsole } from './console-routes.ts';

const env = { random: systemRandom(systemClock) };
let directory: string;
let app: FastifyInstance;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tessera-console-'));
  const site = join(directory, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(directory, 'secret.js'), 'outside');
  writeFileSync(join(site, 'index.html'), '<meta property="csp-nonce" nonce="" />');
  writeFileSync(join(site, 'assets/main-abc.js'), 'script');
  writeFileSync(join(site, 'assets/main-abc.js.gz'), gzipSync('script'));
  app = fastify();
  registerConsole(app, env, site);
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

const get = (url: string, encoding = '') =>
  app.inject({ url, headers: { 'accept-encoding': encoding } });

describe('the console', () => {
  it('is one page, whatever the rest of its address', async () => {
    for (const url of ['/console/', '/console/realms/alpha/applications/1?tab=sign-on']) {
      const { statusCode, headers } = await get(url);
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
    }
    expect((await get('/console')).headers['location']).toBe('/console/');
  });

  it('has a policy without inline code, and a nonce for styles that is new each time', async () => {
    const [first, second] = [await get('/console/'), await get('/console/')];
    const nonceOf = ({ body }: typeof first) => /nonce="([^"]+)"/.exec(body)?.[1];
    expect(nonceOf(first)).toMatch(/^[\w+/]{24}$/);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    const policy = String(first.headers['content-security-policy']);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonceOf(first)}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe/);
  });

  it('sends its files packed to who can unpack them, and to be kept', async () => {
    const packed = await get('/console/assets/main-abc.js', 'gzip, deflate');
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const plain = await get('/console/assets/main-abc.js');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toBe('script');
  });

  it.each([
    '/console/assets/gone-def.js',
    '/console/assets/../../secret.js',
    '/console/assets/%2e%2e/%2e%2e/secret.js',
    '/console/assets/..%2f..%2fsecret.js',
  ])('has no file but those of its build: %s', async (url) => {
    const { statusCode, body } = await get(url);
    expect(body).not.toContain('outside');
    expect([200, 404]).toContain(statusCode);
  });

  it('says how to build it where it was not built', async () => {
    const bare = fastify();
    registerConsole(bare, env, join(directory, 'nowhere'));
    const { statusCode, body } = await bare.inject('/console/');
    expect(statusCode).toBe(404);
    expect(body).toContain('npm run build');
    await bare.close();
  });
});
