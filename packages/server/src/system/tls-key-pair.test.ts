import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../test/certificates.ts';
import { followTlsKeyPair, type KeyPair, readTlsKeyPair } from './tls-key-pair.ts';

const directory = mkdtempSync(join(tmpdir(), 'tessera-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));

const place = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const root = issueAuthority('root');
const server = issueLeaf(root);
const other = issueLeaf(root);

it('a certificate with those above it and its key are read', () => {
  const pair = readTlsKeyPair({
    certificateFile: place('chain.crt', server.pem + root.pem),
    keyFile: place('server.key', server.keyPem),
  });
  expect(pair).toMatchObject({ certificate: server.pem + root.pem, key: server.keyPem });
  expect(pair.notAfter).toBeGreaterThan(Date.now() / 1000);
});

it.each([
  ['a file that is not there', join(directory, 'none'), server.keyPem, 'can not be read (ENOENT)'],
  ['no certificate', server.keyPem, server.keyPem, 'holds no certificate in PEM'],
  ['no key', server.pem, server.pem, 'holds no private key in PEM without a password'],
  ['the key of another', server.pem, other.keyPem, 'does not belong to the first certificate'],
])('%s is told without what is in the files', (_, certificate, key, problem) => {
  const certificateFile = certificate.startsWith('/') ? certificate : place('a.crt', certificate);
  const read = () => readTlsKeyPair({ certificateFile, keyFile: place('a.key', key) });
  expect(read).toThrow(problem);
  expect(read).not.toThrow(/BEGIN/);
});

it('a pair is taken when both of its files are new, and not before', async () => {
  const certificateFile = place('followed.crt', server.pem);
  const keyFile = place('followed.key', server.keyPem);
  const renewed: KeyPair[] = [];
  const warned: string[] = [];
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((done) => setTimeout(done, 10));
  };
  const log = { info: () => {}, warn: (_: unknown, message: string) => void warned.push(message) };
  const stop = followTlsKeyPair({ certificateFile, keyFile }, log, (p) => renewed.push(p), 20);
  try {
    await new Promise((done) => setTimeout(done, 50));
    place('followed.crt', other.pem);
    await until(() => warned.length > 0);
    expect(renewed).toEqual([]);
    place('followed.key', other.keyPem);
    await until(() => renewed.length > 0);
    expect(renewed[0]?.certificate).toBe(other.pem);
  } finally {
    stop();
  }
});
