/* A client that proves itself by keys and certificates, told on the command line. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../test/certificates.ts';
import { startRunningServer } from '../../test/running-server.ts';

let world: Awaited<ReturnType<typeof startRunningServer>>;
beforeAll(async () => {
  world = await startRunningServer();
  await world.result([
    ...['client', 'create', 'signer', '--no-secret', '--scope', 'write'],
    ...['--authentication-method', 'private_key_jwt'],
  ]);
});
afterAll(() => world.close());

const put = (name: string, text: string): string => {
  const path = world.inFolder(name);
  writeFileSync(path, text);
  return path;
};

const keyFile = () => world.inFolder('signer.key.json');
const signs = () => ['--client-id', 'signer', '--private-key-jwt', '--key-file', keyFile()];

describe('keys', () => {
  it('are made here: the private half stays in a file for its owner alone', async () => {
    const made = await world.result<{ kid: string }>([
      ...['client', 'key', 'generate', 'signer', '--out', keyFile(), '--label', 'first'],
    ]);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(readFileSync(keyFile(), 'utf8')) as Record<string, string>;
    expect(kept).toMatchObject({ kid: made.kid, alg: 'ES256', d: expect.any(String) as string });
    const { items } = await world.result<{ items: object[] }>(['client', 'key', 'list', 'signer']);
    expect(items).toMatchObject([{ label: 'first', kid: made.kid, thumbprint: made.kid }]);
    expect(JSON.stringify(items)).not.toContain(kept['d']);
  });

  it('get tokens', async () => {
    const { code, output } = await world.tessera(['token', 'get', '--scope', 'write', ...signs()]);
    expect(code).toBe(0);
    expect(decodeJwt(output.trim()).sub).toBe('signer');
    const seen = await world.result(['token', 'introspect', ...signs()], output);
    expect(seen).toMatchObject({ active: true, client_id: 'signer' });
    expect(await world.tessera(['token', 'revoke', ...signs()], output)).toMatchObject({ code: 0 });
  });

  it('are never replaced unasked', async () => {
    const before = readFileSync(keyFile(), 'utf8');
    const line = ['client', 'key', 'generate', 'signer', '--out', keyFile()];
    expect(await world.tessera(line)).toMatchObject({
      code: 5,
      errors: expect.stringContaining('--yes') as string,
    });
    expect(readFileSync(keyFile(), 'utf8')).toBe(before);
    const { items } = await world.result<{ items: object[] }>(['client', 'key', 'list', 'signer']);
    expect(items).toHaveLength(1);
  });

  it('that cannot be kept are not registered', async () => {
    const out = world.inFolder('nowhere/key.json');
    expect(
      await world.tessera(['client', 'key', 'generate', 'signer', '--out', out]),
    ).toMatchObject({ code: 3 });
    const { items } = await world.result<{ items: object[] }>(['client', 'key', 'list', 'signer']);
    expect(items).toHaveLength(1);
  });

  it('come from PEM, from a certificate and from a JWK too, and private ones do not leave', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const spki = put(
      'public.pem',
      pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    );
    const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const secret = put('private.pem', pkcs8);
    const leaf = issueLeaf(issueAuthority('A'));
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const add = ['client', 'key', 'add', 'signer'];
    expect(await world.result([...add, '--key-file', spki, '--label', 'rsa'])).toMatchObject({
      keyType: 'RSA',
    });
    expect(await world.result([...add, '--key-file', put('c.pem', leaf.pem)])).toMatchObject({
      keyType: 'EC P-256',
    });
    expect(await world.result([...add, '--jwk-file', '-'], JSON.stringify(jwk))).toMatchObject({
      keyType: 'OKP Ed25519',
    });
    const refused = await world.tessera([...add, '--key-file', secret]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.errors).toContain('openssl pkey');
    expect(await world.tessera(add)).toMatchObject({ code: 2 });
    expect(await world.tessera([...add, '--jwk-file', spki])).toMatchObject({ code: 2 });

    const line = [
      'token',
      'get',
      '--scope',
      'write',
      '--client-id',
      'signer',
      '--private-key-jwt',
      '--key-file',
      secret,
    ];
    expect(await world.tessera(line)).toMatchObject({ code: 0 });
  });

  it('are renamed, ended and revoked by their names', async () => {
    await world.result(['client', 'key', 'update', 'signer', 'rsa', '--label', 'old']);
    const revoke = ['client', 'key', 'revoke', 'signer', 'old'];
    expect(await world.tessera(revoke)).toMatchObject({ code: 2 });
    expect(await world.tessera([...revoke, '--yes'])).toMatchObject({ code: 0 });
    expect(await world.tessera([...revoke, '--yes'])).toMatchObject({ code: 3 });
  });
});

describe('tokens', () => {
  it('RFC 9449 §7.1 are bound to a key that is kept, with headers for one call', async () => {
    const kept = world.inFolder('dpop.json');
    const line = [
      'token',
      'get',
      '--scope',
      'write',
      ...signs(),
      '--dpop',
      '--dpop-key-file',
      kept,
    ];
    const target = 'https://orders.example.com/x?y';
    const { code, output } = await world.tessera([...line, '--proof-for', 'GET', target]);
    expect(code).toBe(0);
    const [, token = '', proof = ''] =
      /^Authorization: DPoP (\S+)\nDPoP: (\S+)\n$/.exec(output) ?? [];
    expect(decodeJwt(proof)).toMatchObject({ htm: 'GET', htu: 'https://orders.example.com/x' });
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const { cnf } = decodeJwt<{ cnf: { jkt: string } }>(token);
    const again = await world.result<{ accessToken: string; dpopKeyFile: string }>(line);
    expect(decodeJwt(again.accessToken)['cnf']).toEqual(cnf);
    expect(again).toMatchObject({ tokenType: 'DPoP', dpopKeyFile: kept });
    expect(decodeProtectedHeader(proof).jwk).not.toHaveProperty('d');
  });

  it('RFC 9449 §8 are given with the nonce that the realm wants', async () => {
    await world.result(['provider', 'update', '--dpop-nonces']);
    const line = ['token', 'get', '--scope', 'write', ...signs(), '--dpop'];
    expect(await world.result(line)).toMatchObject({ tokenType: 'DPoP' });
    await world.result(['provider', 'update', '--no-dpop-nonces']);
  });

  it('whose key ends with the command say so', async () => {
    const { code, errors } = await world.tessera([
      'token',
      'get',
      '--scope',
      'write',
      ...signs(),
      '--dpop',
    ]);
    expect(code).toBe(0);
    expect(errors).toContain('--dpop-key-file');
  });

  it('an assertion that somebody else made is shown as it is', async () => {
    const { code, errors } = await world.tessera(
      ['token', 'get', '--client-id', 'signer', '--assertion-file', '-'],
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJzaWduZXIiLCJzdWIiOiJzaWduZXIifQ.c2ln',
    );
    expect(code).toBe(4);
    expect(errors).toContain('Check the client id');
  });

  it.each([
    ['two methods', ['--private-key-jwt', '--mtls'], 'do not go together'],
    ['no key', ['--private-key-jwt'], '--private-key-jwt needs --key-file'],
    ['no certificate', ['--mtls', '--key-file', 'x'], '--mtls needs --cert-file'],
    ['a key for nothing', ['--key-file', 'x'], '--key-file has no meaning here'],
    ['a name for nothing', ['--kid', 'x'], '--kid has no meaning here'],
    ['a proof of nothing', ['--proof-for', 'GET', 'https://a.example'], 'without --dpop'],
    ['half a proof', ['--dpop', '--proof-for', 'GET'], 'a method and an address'],
    ['a key that is none', ['--private-key-jwt', '--key-file', '/dev/null'], 'no private key'],
    ['details that are none', ['--authorization-details', '/dev/null'], 'no authorization details'],
  ])('%s is a usage error', async (_, flags, words) => {
    const line = ['token', 'get', '--client-id', 'signer', ...flags];
    const { code, errors } = await world.tessera(line);
    expect({ code, errors }).toMatchObject({ code: 2 });
    expect(errors).toContain(words);
  });
});

describe('certificates', () => {
  it('and their subjects are added, listed and revoked', async () => {
    const leaf = issueLeaf(issueAuthority('A'), { subject: [['CN', 'billing']] });
    const add = ['client', 'cert', 'add', 'signer'];
    const file = put('leaf.pem', leaf.pem);
    expect(await world.result([...add, '--cert-file', file, '--label', 'one'])).toMatchObject({
      subject: 'CN=billing',
      thumbprint: leaf.thumbprint,
      status: 'active',
    });
    await world.result([...add, '--subject-dn', 'CN=billing,O=Example']);
    const { output } = await world.tessera(['client', 'cert', 'list', 'signer']);
    expect(output).toContain('CN=billing,O=Example');
    const secret = put('leaf-and-key.pem', leaf.pem + leaf.keyPem);
    expect(await world.tessera([...add, '--cert-file', secret])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('openssl x509') as string,
    });
    expect(await world.tessera([...add, '--subject-dn', '/CN=billing'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('RFC 4514') as string,
    });
    await world.result(['client', 'cert', 'update', 'signer', 'one', '--label', 'two']);
    const revoke = ['client', 'cert', 'revoke', 'signer', 'two', '--yes'];
    expect(await world.tessera(revoke)).toMatchObject({ code: 0 });
    expect(await world.tessera(revoke)).toMatchObject({ code: 3 });
  });

  it('that do not belong to their key are a usage error', async () => {
    const [one, other] = [issueLeaf(issueAuthority('A')), issueLeaf(issueAuthority('A'))];
    const files = ['--cert-file', put('one.pem', one.pem), '--key-file'];
    const line = ['token', 'get', '--client-id', 'signer', '--mtls', ...files];
    for (const key of [put('other.key', other.keyPem), put('no.key', 'nonsense')])
      expect(await world.tessera([...line, key])).toMatchObject({
        code: 2,
        errors: expect.stringContaining('no certificate and its private key') as string,
      });
  });

  it('authorities are believed, and believed no more', async () => {
    const file = put('ca.pem', issueAuthority('Workloads').pem);
    const added = await world.result(['trust', 'ca', 'add', 'workloads', '--cert-file', file]);
    expect(await world.result(['trust', 'ca', 'get', 'workloads'])).toEqual(added);
    expect(await world.result(['trust', 'ca', 'list'])).toEqual({ items: [added] });
    expect(await world.tessera(['trust', 'ca', 'add', 'twin', '--cert-file', file])).toMatchObject({
      code: 5,
    });
    expect(await world.tessera(['trust', 'ca', 'add', 'empty'])).toMatchObject({ code: 2 });
    expect(await world.tessera(['trust', 'ca', 'remove', 'workloads', '--yes'])).toMatchObject({
      code: 0,
    });
    expect(await world.result(['trust', 'ca', 'list'])).toEqual({ items: [] });
  });
});
