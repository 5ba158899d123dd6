import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../../server/test/certificates.ts';
import { UnusableCredentialError } from '../oauth-error.ts';
import { certificateFromFiles } from './certificate-from-files.ts';
import { fromEnvironment } from './from-environment.ts';
import { fromFile } from './from-file.ts';
import { keyFromFile } from './key-from-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-client-'));
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a file', () => {
  it('is read whenever it is needed, also when a symbolic link is turned to another', async () => {
    const link = join(folder, 'token');
    const turnTo = (target: string): void => {
      symlinkSync(target, `${link}-new`);
      renameSync(`${link}-new`, link);
    };
    turnTo(put('..1', 'first\n'));
    const read = fromFile(link);
    expect(await read()).toBe('first');
    turnTo(put('..2', '  second  '));
    expect(await read()).toBe('second');
  });

  it.each([
    ['is missing', () => join(folder, 'missing'), 'ENOENT'],
    ['is a folder', () => folder, 'EISDIR'],
    ['is empty', () => put('empty', ' \n'), 'is empty'],
    ['is too long', () => put('long', 'x'.repeat(65 * 1024)), 'longer than any credential'],
  ])('that %s is an error that names it', async (_, path, words) => {
    const outcome = fromFile(path())();
    await expect(outcome).rejects.toThrow(UnusableCredentialError);
    await expect(outcome).rejects.toThrow(path());
    await expect(outcome).rejects.toThrow(words);
  });

  it('of 64 KiB is read to its end', async () => {
    expect(await fromFile(put('whole', 'x'.repeat(64 * 1024)))()).toHaveLength(64 * 1024);
  });
});

it('an environment variable is read when it is needed', () => {
  const read = fromEnvironment('TESSERA_CLIENT_TEST');
  expect(read).toThrow('TESSERA_CLIENT_TEST is not set');
  process.env['TESSERA_CLIENT_TEST'] = 'a.b.c\n';
  expect(read()).toBe('a.b.c');
  delete process.env['TESSERA_CLIENT_TEST'];
});

describe('a key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });

  it('is a JWK or PEM', async () => {
    expect(await keyFromFile(put('key.json', JSON.stringify(jwk)))()).toEqual(jwk);
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(await keyFromFile(put('key.pem', pem))()).toEqual(jwk);
  });

  it.each([
    ['public', () => publicKey.export({ type: 'spki', format: 'pem' }) as string],
    ['half', () => `{"d":"${jwk.d}`],
    ['no key', () => 'hunter2'],
  ])('that is %s is an error without its content', async (name, text) => {
    const content = text();
    const error = await keyFromFile(put(name, content))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnusableCredentialError);
    expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain(content.trim());
  });
});

describe('a certificate and its key', () => {
  const authority = issueAuthority('A');
  const paths = (one: { pem: string; keyPem: string }) => ({
    cert: put('tls.crt', one.pem),
    key: put('tls.key', one.keyPem),
  });

  it('are the newest that belong together: files are not replaced at one instant', async () => {
    const [first, second] = [issueLeaf(authority), issueLeaf(authority)];
    const ca = put('ca.crt', authority.pem);
    const read = certificateFromFiles({ ...paths(first), ca });
    const shown = { cert: first.pem.trim(), key: first.keyPem.trim(), ca: authority.pem.trim() };
    expect(await read()).toEqual(shown);
    put('tls.crt', second.pem);
    expect(await read()).toEqual(shown);
    put('tls.key', second.keyPem);
    expect(await read()).toEqual({ ...shown, cert: second.pem.trim(), key: second.keyPem.trim() });
  });

  it('that never belonged together are an error', async () => {
    const mixed = { pem: issueLeaf(authority).pem, keyPem: issueLeaf(authority).keyPem };
    await expect(certificateFromFiles(paths(mixed))()).rejects.toThrow('no certificate and its');
  });
});
