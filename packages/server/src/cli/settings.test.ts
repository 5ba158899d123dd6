import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTerminal, run } from '../../test/terminal.ts';
import { FILE_VARIABLES, VARIABLES } from '../variables.ts';
import { type describeSettings, readDatabaseUrl, readSettings } from './settings.ts';

const PUBLIC_URL = { TESSERA_PUBLIC_URL: 'https://id.example.com' };
const settingsOf = (environment: Record<string, string>, flags = {}) =>
  readSettings(makeTerminal({ environment }), flags);

describe('settings', () => {
  it('flags go before the environment', () => {
    const environment = { ...PUBLIC_URL, TESSERA_PORT: '9000', TESSERA_HOST: '0.0.0.0' };
    expect(settingsOf(environment, { port: '9001' })).toMatchObject({
      host: '0.0.0.0',
      port: 9001,
    });
  });

  it('a secret may be in a file, whose last line break does not count', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tessera-settings-')), 'url');
    writeFileSync(path, 'postgres://tessera:s3cret@db/tessera\n');
    expect(settingsOf({ ...PUBLIC_URL, TESSERA_DATABASE_URL_FILE: path }).databaseUrl).toBe(
      'postgres://tessera:s3cret@db/tessera',
    );
  });

  it('everything that is wrong is told at once', async () => {
    const environment = {
      TESSERA_PORT: '80800',
      TESSERA_PROT: '8080',
      TESSERA_MASTER_KEY: 'x',
      TESSERA_MASTER_KEY_FILE: '/nowhere',
      TESSERA_BOOTSTRAP_PASSWORD_FILE: '/nowhere',
    };
    const { code, errors } = await run(['config', 'check'], { environment });
    expect(code).toBe(2);
    expect(errors.split('\n').slice(0, -2)).toEqual([
      'tessera: 6 settings are wrong',
      '  TESSERA_MASTER_KEY_FILE does not go with TESSERA_MASTER_KEY: set one of them',
      '  TESSERA_BOOTSTRAP_PASSWORD_FILE names a file that can not be read (ENOENT)',
      '  TESSERA_PROT is not a setting of this server',
      expect.stringContaining('TESSERA_PUBLIC_URL is required'),
      expect.stringContaining('TESSERA_PORT a port number'),
      expect.stringContaining('TESSERA_MASTER_KEY 32 bytes'),
    ]);
  });

  it('what only needs the database does not ask for a public URL', () => {
    expect(readDatabaseUrl(makeTerminal(), { dataDir: '/var/lib/tessera' })).toBe(
      'file:/var/lib/tessera/tessera.db',
    );
  });

  it('printed, they hold no secret', async () => {
    const secrets = {
      TESSERA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      TESSERA_BOOTSTRAP_PASSWORD: 'correct horse battery',
      TESSERA_DATABASE_URL:
        'postgres://tessera:s3cret@db/tessera?password=s3cret&application_name=t',
    };
    const environment = { ...PUBLIC_URL, ...secrets };
    const { output } = await run(['config', 'print', '-o', 'json'], { environment });
    const shown = JSON.parse(output) as ReturnType<typeof describeSettings>;
    expect(shown.find(({ name }) => name === 'TESSERA_DATABASE_URL')?.value).toBe(
      'postgres://tessera:***@db/tessera?password=***&application_name=t',
    );
    for (const secret of ['s3cret', secrets.TESSERA_MASTER_KEY, 'battery'])
      expect(output).not.toContain(secret);
    expect(shown.map(({ name }) => name)).toEqual(Object.values(VARIABLES).map(({ name }) => name));
  });
});

it('docs/configuration.md describes every setting as the code does', () => {
  const text = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = Object.values(VARIABLES).map(
    ({ name, default: byDefault, description }) =>
      `| \`${name}\` | ${byDefault === '' ? '–' : `\`${byDefault}\``} | ${description} |`,
  );
  expect(
    text.split('\n').filter((line) => line.startsWith('| `TESSERA_') && !line.includes('_CLI_')),
  ).toEqual(rows);
  for (const name of FILE_VARIABLES) expect(text).toContain(`\`${name}_FILE\``);
});
