/* Configurations of other products, taken over by the command line into a running server. */
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEachDatabase } from './world.ts';

const TESSERA = fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));

const PING = {
  _id: 'outside',
  coreOAuth2ClientConfig: { scopes: ['write'] },
  advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
};

const EXPORTS = fileURLToPath(new URL('../packages/server/test/exports', import.meta.url));

type Run = { readonly code: number; readonly output: string; readonly errors: string };

onEachDatabase((world) => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-import-'));
  const put = (name: string, value: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  const tessera = (...words: readonly string[]): Promise<Run> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], HOME: folder };
      const line = [TESSERA, ...words];
      const child = execFile(process.execPath, line, { env }, (error, output, errors) => {
        resolve({ code: Number(error?.code ?? 0), output, errors });
      });
      child.stdin?.end(world.password);
    });
  beforeAll(async () => {
    const login = ['login', '--server', world.publicUrl, '--user', 'admin', '--password-file', '-'];
    const { code, errors } = await tessera(...login);
    if (code !== 0) throw new Error(errors);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('Keycloak: first tried, then done, and its clients go on with their secrets', async () => {
    const file = put('keycloak.json', {
      realm: 'shop',
      clients: [
        {
          clientId: 'billing',
          clientAuthenticatorType: 'client-secret',
          secret: 'k2Vb0QW8pLmN7xYz',
          serviceAccountsEnabled: true,
          defaultClientScopes: ['orders'],
        },
      ],
    });
    const tried = await tessera('import', 'keycloak', file, '--dry-run');
    expect(tried, tried.errors).toMatchObject({ code: 0 });
    expect(tried.output).toMatch(/client billing +secret +mapped +a secret/);
    expect((await world.administration.call('GET', '/api/realms/shop')).status).toBe(404);
    const done = await tessera('import', 'keycloak', file);
    expect(done, done.errors).toMatchObject({ code: 0 });
    const shop = world.realm('shop');
    const credentials = { clientId: 'billing', secret: 'k2Vb0QW8pLmN7xYz' };
    expect((await shop.request(credentials, { scope: 'orders' })).status).toBe(200);
  });

  it('PingAM: a client whose secret did not come along gets another, in a file for one alone', async () => {
    const file = put('ping.json', {
      application: {
        legacy: {
          _id: 'legacy',
          coreOAuth2ClientConfig: { scopes: ['write'], refreshTokenLifetime: 60 },
          advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
        },
      },
    });
    const secretFile = join(folder, 'secrets.json');
    const words = ['--realm', 'alpha', '--secret-file', secretFile];
    const done = await tessera('import', 'ping', file, ...words);
    expect(done, done.errors).toMatchObject({ code: 0 });
    expect(done.errors).toContain('legacy');
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    const [{ secret }] = JSON.parse(readFileSync(secretFile, 'utf8')) as [{ secret: string }];
    const answer = await world.alpha.request({ clientId: 'legacy', secret }, { scope: 'write' });
    expect(answer.status).toBe(200);
    const kept = await world.administration.perform('GET', '/api/realms/alpha/clients/legacy');
    expect(kept).toMatchObject({
      keptAttributes: { OAuth2Client: { coreOAuth2ClientConfig: { refreshTokenLifetime: 60 } } },
    });
  });

  it.each([
    ['keycloak', 'keycloak.json', 'client edge', ['orders-api', 'signed']],
    ['hydra', 'hydra.json', 'client public-app', ['c1d2', 'mtls']],
    ['auth0', 'auth0.yaml', 'api legacy-api', ['Billing']],
    ['ping', 'frodo', 'application Billing', ['billing']],
  ])(
    '%s: an export as it is written goes in, tried first, and again without a change',
    async (source, file, object, planned) => {
      const realm = `from-${source}`;
      await world.createRealm(realm);
      await world.realm(realm).changeProvider({ defaultScopes: ['kept'] });
      const before = await world.administration.perform('GET', `/api/realms/${realm}`);
      const words = ['import', source, join(EXPORTS, file), '--realm', realm];
      const tried = await tessera(...words, '--dry-run');
      expect(tried, tried.errors).toMatchObject({ code: 0 });
      expect(tried.output).toContain(object);
      expect(tried.errors).toContain('Rotation plan.');
      for (const clientId of planned) expect(tried.errors).toContain(`\n  ${clientId}\n`);
      const done = await tessera(...words, '--secret-file', join(folder, `${source}.secrets`));
      expect(done, done.errors).toMatchObject({ code: 0 });
      expect((await tessera(...words)).output).toBe(`${realm}: nothing differs.\n`);
      // What the other product says nothing of stays as it is.
      const after = await world.administration.perform('GET', `/api/realms/${realm}`);
      if (source !== 'keycloak') expect(after).toEqual(before);
      expect(
        await world.administration.perform('GET', `/api/realms/${realm}/provider`),
      ).toMatchObject({
        defaultScopes: ['kept'],
        ...(source === 'keycloak' && { accessTokenLifetime: 300, signingAlgorithm: 'RS256' }),
      });
    },
  );

  it('clients of two realms of frodo are not mixed', async () => {
    const root = join(folder, 'two');
    for (const realm of ['root-alpha', 'root-bravo']) {
      mkdirSync(join(root, 'realm', realm), { recursive: true });
      writeFileSync(join(root, 'realm', realm, 'a.json'), JSON.stringify(PING));
    }
    const run = await tessera('import', 'ping', root, '--realm', 'alpha');
    expect(run.code).toBe(2);
    expect(run.errors).toContain('has several realms: root-alpha, root-bravo');
  });

  it('a folder is read to its end and not beyond: no links, nothing that is no file', async () => {
    const outside = put('outside.json', PING);
    const inside = join(folder, 'export');
    mkdirSync(join(inside, 'OAuth2Clients'), { recursive: true });
    writeFileSync(
      join(inside, 'OAuth2Clients', 'mine.json'),
      JSON.stringify({ ...PING, _id: 'mine' }),
    );
    symlinkSync(outside, join(inside, 'link.json'));
    symlinkSync(folder, join(inside, 'up'));
    execFileSync('mkfifo', [join(inside, 'pipe.json')]);
    const run = await tessera('import', 'ping', inside, '--realm', 'alpha', '--dry-run');
    expect(run, run.errors).toMatchObject({ code: 0 });
    expect(run.errors).toContain('link.json (a symbolic link)');
    expect(run.errors).toContain('up (a symbolic link)');
    expect(run.errors).toContain('pipe.json (no regular file)');
    expect(run.output).toContain('client mine');
    expect(run.output).not.toContain('client outside');
  });

  it('more than 50 secrets that come along: what to do is told, and works', async () => {
    const clients = Array.from({ length: 51 }, (_, index) => ({
      clientId: `many-${index}`,
      secret: `k2Vb0QW8pLmN7xYz${index}`,
      serviceAccountsEnabled: true,
    }));
    const file = put('many.json', { realm: 'many', clients });
    const refused = await tessera('import', 'keycloak', file);
    expect(refused.code).toBe(2);
    expect(refused.errors).toContain('51 clients bring a secret along, and 50 are taken at once');
    expect(refused.errors).toContain('--new-secrets');
    const words = ['--new-secrets', '--secret-file', join(folder, 'many-secrets.json')];
    const done = await tessera('import', 'keycloak', file, ...words);
    expect(done, done.errors).toMatchObject({ code: 0 });
    const made = JSON.parse(readFileSync(join(folder, 'many-secrets.json'), 'utf8')) as unknown[];
    expect(made).toHaveLength(51);
  });

  it('tessera apply names the line of what a realm file has wrong, and takes a secret from the environment', async () => {
    const text = (scope: string) => `format: tessera-realm/1
realm: { name: by-line }
apis:
  - id: orders
    identifier: https://by-line.example.com
    scopes: [{ name: read }]
clients:
  - clientId: deploy
    secrets: [{ secret: '\${HOME}' }]
    grants:
      - { api: orders, scopes: [${scope}] }
`;
    const path = join(folder, 'by-line.yaml');
    writeFileSync(path, text('write'));
    const refused = await tessera('apply', '-f', path);
    expect(refused.code).toBe(5);
    expect(refused.errors).toContain(`${path}:11: /clients/0/grants/0/scopes/0`);
    writeFileSync(path, text('read').replace('HOME', 'UNSET'));
    expect((await tessera('apply', '-f', path)).errors).toContain(`${path}:9: the environment`);
    writeFileSync(path, text('read'));
    const done = await tessera('apply', '-f', path);
    expect(done, done.errors).toMatchObject({ code: 0 });
    const credentials = { clientId: 'deploy', secret: folder };
    const issued = await world.realm('by-line').request(credentials, { scope: 'read' });
    expect(issued.status).toBe(200);
  });

  it('what is none of it is refused with the way to get one', async () => {
    const run = await tessera('import', 'hydra', put('nothing.json', { a: 1 }));
    expect(run.code).toBe(2);
    expect(run.errors).toContain('hydra list oauth2-clients --format json');
    expect((await tessera('import', 'auth0', join(folder, 'absent.json'))).code).not.toBe(0);
  });
});
