import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Listening,
  listen,
  SIGNER_KEY,
  startAuthorizationServer,
} from '../test/authorization-server.ts';
import { json } from '../test/token-endpoint.ts';

/* The package as it is built, in everything that it says it runs in. */

const run = promisify(execFile);

let server: Listening;
let api: Listening;
beforeAll(async () => {
  server = await startAuthorizationServer();
  api = await listen((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { nonce, htu } = decodeJwt<{ nonce?: string; htu: string }>(
        String(request.headers['dpop']),
      );
      const [scheme] = (request.headers.authorization ?? '').split(' ');
      if (nonce === 'api') json({ scheme, htu: htu === `${api.url}/orders`, body })(response);
      else
        json({}, 401, {
          'www-authenticate': 'DPoP error="use_dpop_nonce"',
          'dpop-nonce': 'api',
        })(response);
    });
  });
});
afterAll(() => Promise.all([server.close(), api.close()]));

/** Bun comes as a package for each platform. */
function bun(): string {
  const { platform, arch } = process;
  const own = `bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
  const beside = createRequire(createRequire(import.meta.url).resolve('bun/package.json'));
  return join(dirname(beside.resolve(`@oven/${own}/package.json`)), 'bin', 'bun');
}

const ANYWHERE = fileURLToPath(new URL('../test/run-core.mjs', import.meta.url));
const IN_WORKER = fileURLToPath(new URL('../test/run-core-in-worker.mjs', import.meta.url));

describe('the core of the package', () => {
  it.each([
    ['Node', () => process.execPath, [ANYWHERE]],
    ['Bun', bun, [ANYWHERE]],
    [
      'a worker, which has nothing of Node',
      () => process.execPath,
      ['--experimental-vm-modules', IN_WORKER],
    ],
  ])('runs in %s', async (_, runtime, words) => {
    const given = JSON.stringify({ issuer: server.url, api: api.url, key: SIGNER_KEY });
    const { stdout } = await run(runtime(), [...words, given]);
    expect(JSON.parse(stdout)).toEqual({
      tokens: 1,
      status: 200,
      heard: { scheme: 'DPoP', htu: true, body: 'x' },
      refusal: 'invalid_client',
    });
  });
});
