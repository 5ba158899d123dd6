import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { VARIABLES } from './variables.ts';

const PUBLIC_URL = { TESSERA_PUBLIC_URL: 'https://id.example.com' };

const problems = (strings: Record<string, string>) => {
  const config = readConfig(strings);
  return config.ok ? [] : config.refusal.map(({ variable }) => variable);
};

it('a public URL is all that must be given', () => {
  const config = readConfig(PUBLIC_URL);
  expect(config.ok && config.value).toMatchObject({
    publicUrl: 'https://id.example.com',
    contextPath: '/am',
    host: '127.0.0.1',
    port: 8080,
    databaseUrl: 'file:./data/tessera.db',
    managementPort: undefined,
    trustedProxies: [],
  });
});

it('all mistakes are reported together', () => {
  expect(
    problems({
      TESSERA_PUBLIC_URL: 'ftp://id.example.com',
      TESSERA_PORT: '80a',
      TESSERA_MASTER_KEY: 'c2hvcnQ=',
      TESSERA_LOG_LEVEL: 'loud',
      TESSERA_DATABASE_URL: 'mysql://x',
      TESSERA_BOOTSTRAP_PASSWORD: 'short',
      TESSERA_PROT: '8080',
    }).sort(),
  ).toEqual([
    'TESSERA_BOOTSTRAP_PASSWORD',
    'TESSERA_DATABASE_URL',
    'TESSERA_LOG_LEVEL',
    'TESSERA_MASTER_KEY',
    'TESSERA_PORT',
    'TESSERA_PROT',
    'TESSERA_PUBLIC_URL',
  ]);
});

it.each([
  ['', false],
  ['id.example.com', false],
  ['http://id.example.com', false],
  ['https://id.example.com/am', false],
  ['https://id.example.com?x', false],
  ['https://user@id.example.com', false],
  ['https://id.example.com/', true],
  ['https://id.example.com:8443', true],
  ['http://localhost:8080', true],
  ['http://127.0.0.1:8080', true],
  ['http://[::1]:8080', true],
])('RFC 6749 §3.2 the public URL %j is accepted: %s', (TESSERA_PUBLIC_URL, accepted) => {
  expect(problems({ TESSERA_PUBLIC_URL })).toEqual(accepted ? [] : ['TESSERA_PUBLIC_URL']);
});

it('a problem never repeats the value, which may be a secret', () => {
  const secret = `${randomBytes(20).toString('base64')}`;
  const config = readConfig({ ...PUBLIC_URL, TESSERA_MASTER_KEY: secret, TESSERA_PORT: secret });
  expect(config.ok).toBe(false);
  expect(JSON.stringify(config)).not.toContain(secret);
});

it('whatever the environment holds, the answer is a configuration or problems', () => {
  const name = fc.constantFrom(...Object.values(VARIABLES).map((variable) => variable.name));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (strings) => {
      const config = readConfig(strings);
      if (!config.ok) expect(config.refusal.length).toBeGreaterThan(0);
    }),
  );
});

it('demo secrets are believed on loopback alone', () => {
  const TESSERA_ALLOW_DEMO_SECRETS = 'true';
  expect(problems({ ...PUBLIC_URL, TESSERA_ALLOW_DEMO_SECRETS })).toEqual([
    'TESSERA_ALLOW_DEMO_SECRETS',
  ]);
  const config = readConfig({
    TESSERA_PUBLIC_URL: 'http://localhost:8080',
    TESSERA_ALLOW_DEMO_SECRETS,
  });
  expect(config.ok && config.value.allowDemoSecrets).toBe(true);
});

it.each([
  ['10.0.0.0/8, 192.0.2.1', true],
  ['::1,fd00::/8', true],
  ['10.0.0.0/99', false],
  ['proxy.example.com', false],
  ['10.0.0.0/8/8', false],
])('the trusted proxies %j are accepted: %s', (TESSERA_TRUSTED_PROXIES, accepted) => {
  expect(problems({ ...PUBLIC_URL, TESSERA_TRUSTED_PROXIES })).toEqual(
    accepted ? [] : ['TESSERA_TRUSTED_PROXIES'],
  );
});

it('demo secrets are not believed by a server that others can reach', () => {
  const strings = {
    TESSERA_PUBLIC_URL: 'http://localhost:8080',
    TESSERA_ALLOW_DEMO_SECRETS: 'true',
    TESSERA_HOST: '0.0.0.0',
  };
  expect(problems(strings)).toEqual(['TESSERA_ALLOW_DEMO_SECRETS']);
});

describe('TLS', () => {
  const TLS = {
    ...PUBLIC_URL,
    TESSERA_TLS_CERTIFICATE_FILE: '/tls/tls.crt',
    TESSERA_TLS_KEY_FILE: '/tls/tls.key',
  };
  const HEADER = { ...PUBLIC_URL, TESSERA_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' };

  it.each([
    [
      'a certificate without its key',
      { ...PUBLIC_URL, TESSERA_TLS_CERTIFICATE_FILE: 'a' },
      'TLS_KEY_FILE',
    ],
    [
      'a key without its certificate',
      { ...PUBLIC_URL, TESSERA_TLS_KEY_FILE: 'a' },
      'TLS_CERTIFICATE_FILE',
    ],
    ['a public URL without TLS', { ...TLS, TESSERA_PUBLIC_URL: 'http://localhost' }, 'PUBLIC_URL'],
    [
      'a port for certificates without one',
      { ...PUBLIC_URL, TESSERA_MTLS_PORT: '8443' },
      'MTLS_PORT',
    ],
    ['one port for both', { ...TLS, TESSERA_MTLS_PORT: '8080' }, 'MTLS_PORT'],
    ['any port for certificates', { ...TLS, TESSERA_MTLS_PORT: '0' }, 'MTLS_PORT'],
    [
      'an address that nothing serves',
      { ...TLS, TESSERA_MTLS_URL: 'https://mtls.example.com' },
      'MTLS_URL',
    ],
    [
      'an address without TLS',
      { ...TLS, TESSERA_MTLS_PORT: '1', TESSERA_MTLS_URL: 'http://localhost' },
      'MTLS_URL',
    ],
    ['a header without trusted proxies', HEADER, 'CLIENT_CERTIFICATE_HEADER'],
    [
      'a header that another spelling could be',
      {
        ...HEADER,
        TESSERA_TRUSTED_PROXIES: '10.0.0.1',
        TESSERA_CLIENT_CERTIFICATE_HEADER: 'Client_Cert',
      },
      'CLIENT_CERTIFICATE_HEADER',
    ],
    [
      'a format of nobody',
      { ...PUBLIC_URL, TESSERA_CLIENT_CERTIFICATE_FORMAT: 'pem' },
      'CLIENT_CERTIFICATE_FORMAT',
    ],
  ])('%s is refused', (_, strings, variable) => {
    expect(problems(strings)).toEqual([`TESSERA_${variable}`]);
  });

  it.each([
    [{ ...TLS }, undefined],
    [{ ...TLS, TESSERA_MTLS_PORT: '8443' }, 'https://id.example.com:8443'],
    [{ ...TLS, TESSERA_MTLS_PORT: '443' }, 'https://id.example.com'],
    [
      { ...TLS, TESSERA_MTLS_PORT: '8443', TESSERA_MTLS_URL: 'https://m.example.com/' },
      'https://m.example.com',
    ],
    [{ ...HEADER, TESSERA_TRUSTED_PROXIES: '10.0.0.0/8' }, undefined],
    [
      {
        ...HEADER,
        TESSERA_TRUSTED_PROXIES: '10.0.0.0/8',
        TESSERA_MTLS_URL: 'https://m.example.com',
      },
      'https://m.example.com',
    ],
  ])('RFC 8705 §5 the address for clients with a certificate: %j', (strings, mtlsUrl) => {
    const config = readConfig(strings);
    expect(config.ok && config.value.mtlsUrl).toBe(mtlsUrl);
  });
});
