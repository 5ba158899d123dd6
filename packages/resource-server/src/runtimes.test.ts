import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, json, newKey, proveFor, thumbprintOf } from '../test/issuer.ts';
import { issuerOfEachTest } from '../test/open-api.ts';
import * as onTheWeb from './index.ts';
import * as onNode from './index-node.ts';

/* The package as it is built, in everything that it says it runs in. */

const run = promisify(execFile);
const { issuer } = issuerOfEachTest();

/** Bun and Deno come as a package for each platform. */
function binary(runtime: 'bun' | 'deno', own: string, ...path: readonly string[]): string {
  const beside = createRequire(createRequire(import.meta.url).resolve(`${runtime}/package.json`));
  return join(dirname(beside.resolve(`${own}/package.json`)), ...path);
}

const { platform, arch } = process;
const bun = () =>
  binary('bun', `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`, 'bin', 'bun');
const deno = () =>
  binary('deno', `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`, 'deno');
const node = () => process.execPath;

const fileOf = (path: string): string => new URL(path, import.meta.url).href;
const ANYWHERE = fileURLToPath(fileOf('../test/run-core.mjs'));
const IN_WORKER = fileURLToPath(fileOf('../test/run-core-in-worker.mjs'));
const WEB = fileOf('../dist/index.js');
const DENO = ['run', '--quiet', '--allow-all', '--no-lock', ANYWHERE];

/** Requests, and what has to become of each. */
function examples() {
  const key = newKey();
  const uri = `${issuer().url}/lists/1`;
  const at = (idx: number): string => issuer().sign({ status: { status_list: { idx, uri } } });
  const bound = issuer().sign({ cnf: { jkt: thumbprintOf(key) } });
  const proof = proveFor(key, bound);
  const good = issuer().sign();
  issuer().pages.set('/introspect', json({ active: true, aud: AUDIENCE, scope: 'read' }));
  issuer().pages.set('/lists/1', {
    type: 'application/statuslist+jwt',
    body: issuer().signList(uri, 2, Uint8Array.from([0b1001])),
  });
  return {
    good: [{ authorization: `Bearer ${good}` }, 'admitted'],
    'seen before': [{ authorization: `Bearer ${good}` }, 'admitted'],
    forged: [
      { authorization: `Bearer ${issuer().sign({}, { kid: issuer().key.kid }, newKey())}` },
      'signature_wrong',
    ],
    bound: [{ authorization: `DPoP ${bound}`, dpop: proof }, 'admitted'],
    replayed: [{ authorization: `DPoP ${bound}`, dpop: proof }, 'proof_replayed'],
    revoked: [{ authorization: `Bearer ${at(0)}` }, 'token_revoked'],
    suspended: [{ authorization: `Bearer ${at(1)}` }, 'token_suspended'],
    valid: [{ authorization: `Bearer ${at(2)}` }, 'admitted'],
    opaque: [{ authorization: 'Bearer opaque' }, 'admitted'],
  } as const;
}

describe('the core of the package', () => {
  it.each([
    ['Node', node, [ANYWHERE]],
    ['Node, by the interfaces of the web', node, [ANYWHERE, WEB]],
    ['Bun', bun, [ANYWHERE]],
    ['Bun, by the interfaces of the web', bun, [ANYWHERE, WEB]],
    ['Deno', deno, DENO],
    ['Deno, by the interfaces of the web', deno, [...DENO, WEB]],
    ['a worker, which has nothing of Node', node, ['--experimental-vm-modules', IN_WORKER, WEB]],
  ] as const)('runs in %s', async (_, runtime, words) => {
    const told = examples();
    const requests = Object.fromEntries(
      Object.entries(told).map(([name, [headers]]) => [name, headers]),
    );
    const given = JSON.stringify({ issuer: issuer().url, audience: AUDIENCE, requests });
    const at = words.indexOf(WEB);
    const args = at === -1 ? [...words, given] : [...words.slice(0, at), given, WEB];
    const { stdout } = await run(runtime(), args);
    const expected = Object.entries(told).map(([name, [, outcome]]) => [name, outcome]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
  });

  it('has one surface, however it is reached', () => {
    expect(Object.keys(onNode).sort()).toEqual(Object.keys(onTheWeb).sort());
  });
});
