import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../packages/server/test/certificates.ts';
import { findFreePort } from '../../packages/server/test/free-port.ts';
import { onEachDatabase } from '../world.ts';
import { type ResourceServer, startResourceServer } from './started-server.ts';
import {
  ALGORITHMS,
  type Algorithm,
  AUDIENCE,
  FAULTS,
  prepareTokens,
  type Tokens,
} from './tokens.ts';

/* Shows RFC 9068 §4 and RFC 7517 §4.5 with verifiers of others, as docs/apis/other-libraries.md has them. */

/** Their samples in this folder, and the algorithms that they know. */
const SAMPLES: Readonly<Record<string, readonly Algorithm[]>> = {
  'express-jwt': ALGORITHMS,
  'passport-jwt': ALGORITHMS,
  'fastify-jwt': ALGORITHMS,
  'fastify-jwt-jwks': ['RS256'],
  'hono-jwk': ALGORITHMS,
  'aws-jwt-verify': ALGORITHMS,
  jose: ALGORITHMS,
};

/** jose asks for a set of keys every 30 seconds at most. */
const ROTATION = { timeout: 45_000, interval: 500 };

const root = issueAuthority('servers');
const leaf = issueLeaf(root, {
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});
const tls = { certificate: leaf.pem, key: leaf.keyPem, ca: root.pem };

onEachDatabase(
  (world) => {
    const directory = mkdtempSync(join(tmpdir(), 'tessera-libraries-'));
    const authority = join(directory, 'ca.pem');
    writeFileSync(authority, root.pem);
    afterAll(() => rmSync(directory, { recursive: true }));

    let tokens: Tokens;
    let bad: Readonly<Record<Algorithm, Awaited<ReturnType<Tokens['bad']>>>>;
    let servers: Readonly<Record<string, ResourceServer>> = {};
    beforeAll(async () => {
      tokens = await prepareTokens(world);
      bad = { ES256: await tokens.bad('ES256'), RS256: await tokens.bad('RS256') };
      const started = Object.keys(SAMPLES).map(async (name) => [name, await start(name)] as const);
      servers = Object.fromEntries(await Promise.all(started));
    });
    afterAll(() => Promise.all(Object.values(servers).map((server) => server.stop())));

    async function start(name: string): Promise<ResourceServer> {
      const port = await findFreePort();
      const sample = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
      const environment = {
        ISSUER: tokens.issuer,
        AUDIENCE,
        PORT: String(port),
        NODE_EXTRA_CA_CERTS: authority,
      };
      const command = process.execPath;
      return startResourceServer({ command, parameters: [sample], environment }, port);
    }
    const statusOf = async (name: string, token: string | undefined) =>
      (await servers[name]?.ask(token))?.status;

    describe.each(Object.entries(SAMPLES))('%s', (name, algorithms) => {
      const [algorithm = 'ES256'] = algorithms;

      it.each(algorithms)('RFC 9068 §4 a token signed with %s is accepted', async (signedWith) => {
        const accepted = { status: 200, client: tokens.clientId };
        expect(await servers[name]?.ask(await tokens.good(signedWith))).toEqual(accepted);
      });

      it.each(
        algorithms.flatMap((signedWith) => FAULTS.map((fault) => [fault, signedWith] as const)),
      )('RFC 9068 §4 a token with a fault is refused: %s, %s', async (fault, signedWith) => {
        expect(await statusOf(name, bad[signedWith][fault])).toBe(401);
      });

      it('a token with more scopes is accepted', async () => {
        expect(await statusOf(name, await tokens.powerful(algorithm))).toBe(200);
      });

      it('no token is refused, and so is one for something else', async () => {
        expect(await statusOf(name, undefined)).toBe(401);
        expect(await statusOf(name, 'nonsense')).toBe(401);
        expect(await statusOf(name, bad[algorithm].otherScope)).toBe(403);
      });
    });

    // Last, because jose asks for keys every 30 seconds at most, and by now they are over.
    describe('RFC 7517 §4.5 when other keys sign', () => {
      const before = new Map<Algorithm, string>();
      const after = new Map<Algorithm, string>();
      beforeAll(async () => {
        for (const algorithm of ALGORITHMS) before.set(algorithm, await tokens.good(algorithm));
        await tokens.rotate();
        for (const algorithm of ALGORITHMS) after.set(algorithm, await tokens.good(algorithm));
      });

      it.each(Object.entries(SAMPLES))(
        '%s finds them, and those before still count',
        async (name, [algorithm = 'ES256']) => {
          expect(await statusOf(name, before.get(algorithm))).toBe(200);
          await expect.poll(() => statusOf(name, after.get(algorithm)), ROTATION).toBe(200);
          expect(await statusOf(name, before.get(algorithm))).toBe(200);
        },
        60_000,
      );
    });
  },
  { databases: ['SQLite'], tls },
);
