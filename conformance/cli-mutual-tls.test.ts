/* `tessera token get --mtls` against the TLS listener of the server itself. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Issued, issueAuthority, issueLeaf } from '../packages/server/test/certificates.ts';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { onEachDatabase } from './world.ts';

const TESSERA = fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));

const servers = issueAuthority('servers');
const clients = issueAuthority('clients');
const host = issueLeaf(servers, {
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});
const tls = { certificate: host.pem, key: host.keyPem, ca: servers.pem };
const mtlsPort = await findFreePort();

onEachDatabase(
  (world) => {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-cli-mtls-'));
    const path = (name: string) => join(folder, name);
    const put = (name: string, text: string): string => {
      writeFileSync(path(name), text);
      return path(name);
    };
    const leaf = issueLeaf(clients, { subject: [['CN', 'orders']] });

    beforeAll(async () => {
      put('ca.crt', servers.pem);
      const post = (at: string, body: object) =>
        world.administration.perform('POST', `/api/realms/alpha/${at}`, body);
      await world.alpha.registerClient({ clientId: 'orders', secret: null });
      await post('trusted-authorities', { name: 'clients', certificate: clients.pem });
      await post('clients/orders/certificates', { subjectDn: 'CN=orders' });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    /** The command, as a process of its own that trusts the authority of the server. */
    const tessera = (
      command: readonly string[],
      { shown = leaf, trusted = true, input = '' }: Partial<Run> = {},
    ): Promise<{ code: number; output: string; errors: string }> =>
      new Promise((resolve) => {
        const words = [
          ...[TESSERA, 'token', ...command, '--client-id', 'orders', '--mtls'],
          ...['--cert-file', put('orders.crt', shown.pem)],
          ...['--key-file', put('orders.key', shown.keyPem)],
          ...['--server', world.publicUrl, '--realm', 'alpha'],
        ];
        const env = {
          PATH: process.env['PATH'],
          HOME: folder,
          ...(trusted && { NODE_EXTRA_CA_CERTS: path('ca.crt') }),
        };
        const child = execFile(process.execPath, words, { env }, (error, output, errors) => {
          resolve({ code: Number(error?.code ?? 0), output, errors });
        });
        child.stdin?.end(input);
      });
    type Run = { readonly shown: Issued; readonly trusted: boolean; readonly input: string };

    it('RFC 8705 §3 a certificate gets a token that is bound to it, asks about it and ends it', async () => {
      const { code, output, errors } = await tessera(['get', '--scope', 'read']);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(decodeJwt(output.trim())).toMatchObject({
        sub: 'orders',
        cnf: { 'x5t#S256': leaf.thumbprint },
      });
      const seen = await tessera(['introspect', '--output', 'json'], { input: output });
      expect(JSON.parse(seen.output)).toMatchObject({ active: true, client_id: 'orders' });
      expect(await tessera(['revoke'], { input: output })).toMatchObject({ code: 0 });
      const ended = await tessera(['introspect', '--output', 'json'], { input: output });
      expect(JSON.parse(ended.output)).toEqual({ active: false });
    }, 60_000);

    it('RFC 8705 §2.1 that of somebody else is not believed, and the command says what to check', async () => {
      for (const shown of [
        issueLeaf(clients, { subject: [['CN', 'other']] }),
        issueLeaf(issueAuthority('foreign'), { subject: [['CN', 'orders']] }),
      ])
        expect(await tessera(['get', '--scope', 'read'], { shown })).toMatchObject({
          code: 4,
          output: '',
          errors: expect.stringContaining('certificate and its expiry') as string,
        });
    }, 60_000);

    it('a server that nobody answers for is shown nothing', async () => {
      expect(await tessera(['get', '--scope', 'read'], { trusted: false })).toMatchObject({
        code: 6,
        output: '',
        errors: expect.stringContaining('certificate') as string,
      });
    }, 60_000);
  },
  { tls, environment: { TESSERA_MTLS_PORT: String(mtlsPort) } },
);
