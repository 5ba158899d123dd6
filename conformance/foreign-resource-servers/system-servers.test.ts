import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../packages/server/test/certificates.ts';
import { findFreePort } from '../../packages/server/test/free-port.ts';
import { onEachDatabase, type World } from '../world.ts';
import { type ResourceServer, startResourceServer } from './started-server.ts';
import { areThere, type SystemPackage } from './system-packages.ts';
import { ALGORITHMS, FAULTS, prepareTokens, type Tokens } from './tokens.ts';
import { apacheConfiguration, nginxConfiguration, startUpstream } from './web-servers.ts';

/* Shows RFC 7662 §2 and RFC 9068 §4 with the web servers of Debian, as docs/apis/other-libraries.md has them. */

type Case = {
  readonly packages: readonly SystemPackage[];
  readonly by: 'keys' | 'introspection';
  /** What a token for another audience, or without the scope, is answered with. */
  readonly otherAudience: number;
  readonly otherScope: number;
};
type Cases = Readonly<Record<string, Case>>;

/** What is known at once to be good no more: by its keys alone, nothing. */
const REVOCABLE = { keys: [], introspection: ['an opaque token'] } as const;

/** These want the authorization server to speak TLS, and can be told which authority to believe. */
const OVER_TLS: Cases = {
  nginx: {
    packages: ['nginx', 'libnginx-mod-http-js'],
    by: 'introspection',
    otherAudience: 401,
    otherScope: 403,
  },
  'apache-auth-openidc': {
    packages: ['apache2-bin', 'libapache2-mod-auth-openidc'],
    by: 'keys',
    otherAudience: 401,
    otherScope: 401,
  },
  'apache-auth-openidc-introspection': {
    packages: ['apache2-bin', 'libapache2-mod-auth-openidc'],
    by: 'introspection',
    otherAudience: 401,
    otherScope: 401,
  },
};

/** These believe the authorities of the machine alone. */
const IN_CLEAR: Cases = {
  'apache-oauth2': {
    packages: ['apache2-bin', 'libapache2-mod-oauth2'],
    by: 'keys',
    otherAudience: 401,
    otherScope: 403,
  },
  'apache-oauth2-introspection': {
    packages: ['apache2-bin', 'libapache2-mod-oauth2'],
    by: 'introspection',
    otherAudience: 401,
    otherScope: 403,
  },
};

const root = issueAuthority('servers');
const leaf = issueLeaf(root, {
  dnsNames: ['id.example.com'],
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});
const tls = { certificate: leaf.pem, key: leaf.keyPem, ca: root.pem };

onEachDatabase((world) => describeServers(world, OVER_TLS), { databases: ['SQLite'], tls });
onEachDatabase((world) => describeServers(world, IN_CLEAR), { databases: ['SQLite'] });

function describeServers(world: World, cases: Cases): void {
  let tokens: Tokens;
  let bad: Awaited<ReturnType<Tokens['bad']>>;
  beforeAll(async () => {
    tokens = await prepareTokens(world);
    bad = await tokens.bad();
  });

  const present = Object.entries(cases).filter(([, { packages }]) => areThere(packages));
  describe.each(present)('%s', (name, { by, otherAudience, otherScope }) => {
    const directory = mkdtempSync(join(tmpdir(), 'tessera-web-server-'));
    let server: ResourceServer;
    let upstream: Awaited<ReturnType<typeof startUpstream>>;
    beforeAll(async () => {
      // Its workers run as somebody else.
      chmodSync(directory, 0o755);
      upstream = await startUpstream();
      const port = await findFreePort();
      const given = { directory, port, upstream: upstream.port, tokens, authority: root.pem };
      const command =
        name === 'nginx' ? nginxConfiguration(given) : apacheConfiguration(given, name);
      server = await startResourceServer(command, port);
    });
    afterAll(async () => {
      await server?.stop();
      upstream.close();
      rmSync(directory, { recursive: true });
    });

    it.each(ALGORITHMS)('RFC 9068 §4 a token signed with %s is accepted', async (algorithm) => {
      const accepted = { status: 200, client: tokens.clientId };
      expect(await server.ask(await tokens.good(algorithm))).toEqual(accepted);
    });

    it.each(FAULTS)('RFC 9068 §4 a token with a fault is refused: %s', async (fault) => {
      const status = fault === 'otherAudience' ? otherAudience : 401;
      expect((await server.ask(bad[fault])).status).toBe(status);
    });

    it('a token with more scopes is accepted', async () => {
      expect((await server.ask(await tokens.powerful())).status).toBe(200);
    });

    it('no token is refused, and so is one for something else', async () => {
      expect((await server.ask(undefined)).status).toBe(401);
      expect((await server.ask('nonsense')).status).toBe(401);
      expect((await server.ask(bad.otherScope)).status).toBe(otherScope);
    });

    it('RFC 7517 §4.5 a key that is new is found, and the one before still counts', async () => {
      const before = await tokens.good();
      expect((await server.ask(before)).status).toBe(200);
      await tokens.rotate();
      const after = await tokens.good();
      await expect
        .poll(async () => (await server.ask(after)).status, { timeout: 15_000, interval: 500 })
        .toBe(200);
      expect((await server.ask(before)).status).toBe(200);
    });

    it('RFC 9068 §4 a token that was accepted is refused once it has expired', async () => {
      const token = await tokens.short();
      expect((await server.ask(token)).status).toBe(200);
      await expect
        .poll(async () => (await server.ask(token)).status, { timeout: 15_000, interval: 500 })
        .toBe(401);
    });

    it.each(REVOCABLE[by])('RFC 7662 §2.2 %s is accepted, until it is revoked', async () => {
      const token = await tokens.opaque();
      expect(await server.ask(token)).toEqual({ status: 200, client: tokens.clientId });
      await tokens.revoke(token);
      await expect
        .poll(async () => (await server.ask(token)).status, { timeout: 15_000, interval: 500 })
        .toBe(401);
    });
  });
}
