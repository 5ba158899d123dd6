/* Configurations of other products, taken over by the command line into a running server. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEachDatabase } from './world.ts';

const TESSERA = fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));

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

  it('what is none of it is refused with the way to get one', async () => {
    const run = await tessera('import', 'hydra', put('nothing.json', { a: 1 }));
    expect(run.code).toBe(2);
    expect(run.errors).toContain('hydra list oauth2-clients --format json');
    expect((await tessera('import', 'auth0', join(folder, 'absent.json'))).code).not.toBe(0);
  });
});
