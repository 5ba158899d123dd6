/* Every program in docs/client-sdk.md is compiled, and run as it stands against a real server. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../packages/server/test/certificates.ts';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { type Platform, startPlatform } from './platform.ts';
import { newKey, now } from './signed.ts';
import { onEachDatabase } from './world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ISSUER = 'https://id.example.com/am/oauth2/realms/root/realms/alpha';
const API = 'https://api.example.com';
const PROGRAMS = [
  ...readFileSync(join(ROOT, 'docs/client-sdk.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms),
];

const run = promisify(execFile);

const servers = issueAuthority('servers');
const clients = issueAuthority('clients');
const host = issueLeaf(servers, {
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});
const leaf = issueLeaf(clients, { subject: [['CN', 'orders']] });
const tls = { certificate: host.pem, key: host.keyPem, ca: servers.pem };

const mtlsPort = await findFreePort();

onEachDatabase(
  (world) => {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-docs-'));
    const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const { alpha } = world;
    let platform: Platform;
    let jobs: Server;
    let api: Server;
    let calls: string[] = [];

    const addressOf = (server: Server) =>
      `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

    /** The token that the platform gives to a workload; each program may show its own once. */
    const platformToken = () =>
      platform.sign({
        iss: platform.url,
        jti: randomUUID(),
        aud: alpha.issuer,
        sub: 'spiffe://example.org/orders',
        iat: now(),
        exp: now() + 300,
      });

    /** An API that takes the tokens of the realm. */
    async function startApi(): Promise<void> {
      const answer = await alpha.read('connect/jwk_uri');
      const keys = createLocalJWKSet(answer.json as JSONWebKeySet);
      api = createServer({ cert: host.pem, key: host.keyPem }, (request, response) => {
        const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
        jwtVerify(token, keys, { issuer: alpha.issuer }).then(
          () => {
            calls.push(scheme);
            response.writeHead(200, { 'content-type': 'application/json' }).end('{"stock":7}');
          },
          () => response.writeHead(401).end(),
        );
      });
      api.listen(0, '127.0.0.1');
      await once(api, 'listening');
    }

    async function registerOrders(): Promise<void> {
      const grantTypes = [
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'urn:ietf:params:oauth:grant-type:token-exchange',
      ];
      const at = (path: string) => `/api/realms/alpha/${path}`;
      const post = <T>(path: string, body: object) =>
        world.administration.perform<T>('POST', at(path), body);
      await alpha.changeProvider({ grantTypes });
      const { secret } = await alpha.registerClient({
        clientId: 'orders',
        scopes: [],
        grantTypes,
        secret: { recoverable: true },
      });
      put('orders.secret', `${secret}\n`);

      const key = newKey();
      await post('clients/orders/keys', { jwk: key.publicJwk });
      const privateJwk = key.privateKey.export({ format: 'jwk' });
      put('orders.key.json', JSON.stringify({ ...privateJwk, kid: key.kid }));

      await post('trusted-authorities', { name: 'clients', certificate: clients.pem });
      await post('clients/orders/certificates', { subjectDn: 'CN=orders' });
      put('orders.crt', leaf.pem);
      put('orders.key', leaf.keyPem);
      put('ca.crt', servers.pem);

      const trusted = { jwksUri: platform.jwksUri };
      const subject = { claim: 'sub', operator: 'equals', value: 'spiffe://example.org/orders' };
      for (const [preset, issuer] of [
        ['gitlab', platform.url],
        ['spiffe', 'example.org'],
      ]) {
        const { id } = await post<{ id: string }>('trusted-issuers', {
          name: preset,
          preset: preset === 'gitlab' ? 'oidc' : preset,
          issuer,
          ...trusted,
        });
        await post('clients/orders/workloads', { issuerId: id, conditions: [subject] });
      }

      const apiId = await alpha.registerApi({
        identifier: addressOf(api),
        scopes: [{ name: 'stock:read' }, { name: 'stock:write' }],
        introspectionClients: ['orders'],
      });
      await alpha.grant({ clientId: 'orders', secret: '' }, apiId, ['stock:read', 'stock:write']);
      await alpha.changeClient(
        { clientId: 'orders', secret: '' },
        { defaultScopes: ['stock:read'] },
      );
    }

    /** Where GitHub gives a job its ID token. */
    async function startJobs(): Promise<void> {
      jobs = createServer({ cert: host.pem, key: host.keyPem }, (request, response) => {
        const { searchParams } = new URL(request.url ?? '', alpha.issuer);
        const allowed = request.headers.authorization === 'Bearer of-the-job';
        const value = searchParams.get('audience') === alpha.issuer ? platformToken() : '';
        response
          .writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' })
          .end(JSON.stringify({ value }));
      });
      jobs.listen(0, '127.0.0.1');
      await once(jobs, 'listening');
    }

    const here = (text: string): string =>
      text
        .replaceAll(ISSUER, alpha.issuer)
        .replaceAll(API, addressOf(api))
        .replaceAll('/var/run/secrets/tessera/', './')
        .replaceAll('/run/spiffe/', './');

    beforeAll(async () => {
      platform = await startPlatform();
      await startApi();
      await startJobs();
      await registerOrders();
      mkdirSync(join(folder, 'src'));
      for (const [index, [, program = '']] of PROGRAMS.entries())
        put(`src/${index}.mts`, here(program));
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      put(
        'tsconfig.json',
        JSON.stringify({
          extends: join(ROOT, 'tsconfig.base.json'),
          compilerOptions: {
            rootDir: 'src',
            outDir: 'out',
            composite: false,
            incremental: false,
            declaration: false,
            noEmitOnError: true,
            types: ['node'],
          },
          include: ['src'],
        }),
      );
    }, 120_000);
    afterAll(async () => {
      await platform.close();
      for (const server of [api, jobs]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true });
    });

    describe('docs/client-sdk.md', () => {
      it('has programs, and all of them compile under the strict rules of this house', async () => {
        expect(PROGRAMS.length).toBeGreaterThan(12);
        const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
        const compiled = run(process.execPath, [tsc, '-p', folder]).catch(
          ({ stdout }: { stdout: string }) => expect(stdout).toBe(''),
        );
        await compiled;
      }, 120_000);

      it.each(PROGRAMS.map(([, program = ''], index) => [firstWords(program), index, program]))(
        'the program with %s runs (%i)',
        async (_, index, program) => {
          calls = [];
          put('token', platformToken());
          put('jwt_svid.token', platformToken());
          const { stdout, stderr } = await run(process.execPath, [`out/${index}.mjs`], {
            cwd: folder,
            env: {
              PATH: process.env['PATH'],
              NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt'),
              GITHUB_ACTIONS: 'true',
              ACTIONS_ID_TOKEN_REQUEST_URL: `${addressOf(jobs)}/token?api-version=2.0`,
              ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
            },
            timeout: 60_000,
          });
          expect(stderr.replace(/^\(node:\d+\).*\n?/gm, '')).toBe('');
          expect(stdout).not.toBe('');
          expect(stdout).not.toContain('undefined');
          const isCall = new RegExp(`[(]'${API}/`).test(program);
          if (isCall) expect(calls).not.toEqual([]);
          if (program.includes('dpop(')) expect(calls).toEqual(['DPoP']);
        },
        90_000,
      );

      it('the program for GitHub is that for GitLab, too', async () => {
        const index = PROGRAMS.findIndex(([program]) => program.includes('githubActionsToken'));
        const { stdout } = await run(process.execPath, [`out/${index}.mjs`], {
          cwd: folder,
          env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt'), TOKEN: platformToken() },
        });
        expect(Number(stdout)).toBeGreaterThan(100);
      }, 90_000);
    });
  },
  {
    databases: ['SQLite'],
    tls,
    environment: { TESSERA_MTLS_PORT: String(mtlsPort), TESSERA_OUTBOUND_ALLOW: '127.0.0.0/8' },
  },
);

/** What a program is about: the names that it takes from the package. */
function firstWords(program: string): string {
  const names = [...program.matchAll(/^import \{ (.+?) \} from '@tessera/gm)].map(
    ([, list]) => list,
  );
  return names.join(', ');
}
