import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatEnv, formatJson, formatKubernetesSecret, secretFilesOf } from './secret-files.ts';

const machineOf = (secret: string) => ({
  endpoint: 'https://id.example.com/am/oauth2/realms/root/realms/alpha/access_token',
  clientId: 'invoices',
  secret,
  scope: 'orders:read orders:write',
});

/** What a person may choose: a line, whatever is in it. The server takes 8 to 128 characters. */
const anySecret = fc.oneof(
  fc.string({ unit: fc.constantFrom(...`ab1'"\\$\`#= !%{}&;|<>*?~()[]^@:,-`), maxLength: 20 }),
  fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text)),
  fc.constantFrom('forgerock', "it's", 'a b', '#1', '$HOME', '`id`', 'ä€😀', ' padded ', 'x=y'),
);

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-secret-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('.env is read by Node.js as what it was, where it can be written at all', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        const text = formatEnv(machineOf(secret));
        if (text === undefined) expect(secret).toMatch(/['\\].*["\\$`!]|["\\$`!].*['\\]|\\/u);
        else
          expect(parseEnv(text)).toEqual({
            TOKEN_ENDPOINT: machineOf('').endpoint,
            CLIENT_ID: 'invoices',
            CLIENT_SECRET: secret,
            SCOPE: 'orders:read orders:write',
          });
      }),
    );
  });

  it('.env is read by a shell as what it was, and makes it run nothing', () => {
    const file = join(folder, 'one.env');
    fc.assert(
      fc.property(anySecret, (secret) => {
        const text = formatEnv(machineOf(secret));
        if (text === undefined) return;
        writeFileSync(file, text);
        const script = 'set -a; . "$1"; printf %s "$CLIENT_SECRET"';
        expect(execFileSync('sh', ['-c', script, 'sh', file], { encoding: 'utf8' })).toBe(secret);
      }),
      { numRuns: 50 },
    );
  });

  it('.env is not offered where its readers disagree', () => {
    for (const secret of [`'"both"`, 'back\\slash', `it's $5`])
      expect(secretFilesOf(machineOf(secret))[0], secret).toMatchObject({ text: undefined });
    for (const secret of ['tsk_generated-x_Y', `it's`, '"quoted"', '$HOME `id` #1'])
      expect(formatEnv(machineOf(secret)), secret).toBeDefined();
  });

  it('JSON is', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        expect(JSON.parse(formatJson(machineOf(secret)))).toEqual({
          token_endpoint: machineOf('').endpoint,
          client_id: 'invoices',
          client_secret: secret,
          scope: 'orders:read orders:write',
        });
      }),
    );
  });

  it('a Kubernetes Secret is YAML with base64 in it, under a name that Kubernetes takes', () => {
    fc.assert(
      fc.property(anySecret, fc.string({ minLength: 1 }), (secret, clientId) => {
        const object = parse(formatKubernetesSecret({ ...machineOf(secret), clientId }));
        const read = (name: string) => Buffer.from(object.data[name], 'base64').toString('utf8');
        expect(object).toMatchObject({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' });
        expect(object.metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(object.metadata.name.length).toBeLessThanOrEqual(253);
        expect(read('CLIENT_SECRET')).toBe(secret);
        expect(read('CLIENT_ID')).toBe(Buffer.from(clientId, 'utf8').toString('utf8'));
      }),
    );
  });

  it('is named after the client, whatever that is called', () => {
    const [file] = secretFilesOf({ ...machineOf('x'), clientId: '../../etc/<b>ä' });
    expect(file?.name).toBe('.._.._etc_b_.env');
  });
});
