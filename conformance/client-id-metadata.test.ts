import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../packages/server/test/certificates.ts';
import { CLIENT_CREDENTIALS, type RealmClient, refusal } from './realm.ts';
import { assertionClaims, type ClientKey, carrying, newKey, signJws } from './signed.ts';
import { newAddress, onEachDatabase } from './world.ts';

/* Client id metadata documents: draft-ietf-oauth-client-id-metadata-document. */

const directory = mkdtempSync(join(tmpdir(), 'tessera-documents-'));
const authority = issueAuthority('documents');
const leaf = issueLeaf(authority, { usages: ['serverAuth'], dnsNames: ['localhost'] });
writeFileSync(join(directory, 'ca.pem'), authority.pem);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let base = '';
const paths = new Map<string, Handler>();
const asked = new Map<string, number>();

beforeAll(async () => {
  server = createServer({ cert: leaf.pem, key: leaf.keyPem }, (request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const handler = paths.get(path);
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const sends =
  (document: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof document === 'string' ? document : JSON.stringify(document));
  };

let documents = 0;
/** A client at an address of its own. */
function publish(members: Readonly<Record<string, unknown>> = {}, key: ClientKey = newKey()) {
  const path = `/client-${++documents}.json`;
  const clientId = base + path;
  const document = {
    client_id: clientId,
    client_name: 'Agent',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
    ...members,
  };
  paths.set(path, sends(document));
  return { clientId, path, key, document };
}

onEachDatabase(
  (world) => {
    const { alpha } = world;
    type Client = { readonly clientId: string; readonly key: ClientKey };
    const ask = (
      { clientId, key }: Client,
      { realm = alpha, from }: { realm?: RealmClient; from?: string } = {},
    ) => {
      const header = { alg: key.algorithm, kid: key.kid };
      const assertion = signJws(header, assertionClaims(clientId, realm.issuer), key);
      const form = { ...CLIENT_CREDENTIALS, scope: 'read', ...carrying(assertion) };
      return realm.post('access_token', form, from === undefined ? {} : { from });
    };
    const REFUSED = refusal(400, 'invalid_client');
    const clientPath = (clientId: string) =>
      `/api/realms/alpha/clients/${encodeURIComponent(clientId)}`;

    beforeAll(() =>
      alpha.changeProvider({ clientIdMetadataHosts: ['localhost'], registrationScopes: ['read'] }),
    );

    it('is off where no host is named: nobody is asked, and nothing is advertised (282)', async () => {
      const silent = await world.createRealm('silent');
      const client = publish();
      expect(await ask(client, { realm: silent })).toMatchObject(REFUSED);
      expect(asked.get(client.path)).toBeUndefined();
      const metadata = async (realm: RealmClient) =>
        (await realm.read('.well-known/oauth-authorization-server')).json;
      expect(await metadata(silent)).not.toHaveProperty('client_id_metadata_document_supported');
      expect(await metadata(alpha)).toMatchObject({ client_id_metadata_document_supported: true });
    });

    it('a client is the document at its id: it gets a token, and is kept as a client', async () => {
      const client = publish({ client_uri: 'https://agent.example.com/' });
      const answer = await ask(client);
      expect(answer).toMatchObject({ status: 200, json: { scope: 'read' } });
      const path = clientPath(client.clientId);
      expect(await world.administration.perform('GET', path)).toMatchObject({
        origin: 'metadata_document',
        name: 'Agent',
        scopes: ['read'],
        registeredMetadata: { client_uri: 'https://agent.example.com/' },
      });
      const events = await world.administration.perform<{ items: unknown[] }>(
        'GET',
        `/api/realms/alpha/events?type=client.registered&subjectId=${encodeURIComponent(client.clientId)}`,
      );
      expect(events.items).toMatchObject([{ actor: { kind: 'client', id: client.clientId } }]);
    });

    it('whoever only names it is nobody, and leaves nothing behind', async () => {
      const { clientId } = publish();
      expect(await ask({ clientId, key: newKey() })).toMatchObject(REFUSED);
      expect((await world.administration.call('GET', clientPath(clientId))).status).toBe(404);
      const named = { ...CLIENT_CREDENTIALS, client_id: clientId };
      expect(await alpha.post('access_token', named)).toMatchObject(REFUSED);
      const withSecret = { ...named, client_secret: 'chosen-chosen' };
      expect(await alpha.post('access_token', withSecret)).toMatchObject(REFUSED);
    });

    it('one that an administrator disabled stays refused', async () => {
      const client = publish();
      expect(await ask(client)).toMatchObject({ status: 200 });
      await alpha.changeClient({ clientId: client.clientId, secret: '' }, { enabled: false });
      expect(await ask(client)).toMatchObject(REFUSED);
      await alpha.changeClient({ clientId: client.clientId, secret: '' }, { enabled: true });
      expect(await ask(client)).toMatchObject({ status: 200 });
    });

    it('one that an administrator deleted begins anew: its earlier tokens stay void', async () => {
      const client = publish();
      const token = (await ask(client)).json as { access_token: string };
      const info = async () =>
        (await alpha.read('tokeninfo', { authorization: `Bearer ${token.access_token}` })).status;
      expect(await info()).toBe(200);
      await world.administration.remove(clientPath(client.clientId));
      expect(await info()).toBe(401);
      await pause(1_100);
      expect(await ask(client)).toMatchObject({ status: 200 });
      expect(await info()).toBe(401);
    });

    it('a realm that believes its host no more refuses it at once', async () => {
      const client = publish();
      expect(await ask(client)).toMatchObject({ status: 200 });
      await alpha.changeProvider({ clientIdMetadataHosts: ['other.example'] });
      expect(await ask(client)).toMatchObject(REFUSED);
      await alpha.changeProvider({ clientIdMetadataHosts: ['localhost'] });
    });

    describe('an id that is no such address is asked of nobody (282)', () => {
      it.each<[string, (clientId: string) => string]>([
        ['http', (id) => id.replace('https:', 'http:')],
        ['userinfo', (id) => id.replace('https://', 'https://user@')],
        ['a fragment', (id) => `${id}#a`],
        ['a query', (id) => `${id}?a`],
        ['dot segments', (id) => id.replace('/client', '/a/../client')],
        ['encoded dot segments', (id) => id.replace('/client', '/%2e%2e/client')],
        ['upper case', (id) => id.replace('localhost', 'LOCALHOST')],
        ['another host', (id) => id.replace('localhost', '127.0.0.1')],
      ])('%s', async (_, change) => {
        const { clientId, path, key } = publish();
        expect(await ask({ clientId: change(clientId), key })).toMatchObject(REFUSED);
        expect(asked.get(path)).toBeUndefined();
      });
    });

    describe('a document that is none of the client is refused (282)', () => {
      it.each<[string, Readonly<Record<string, unknown>>]>([
        ['another id', { client_id: 'https://localhost/other.json' }],
        ['no id', { client_id: undefined }],
        ['a secret', { client_secret: 'shared-with-everybody' }],
        ['a method with a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
        ['assertions with a secret', { token_endpoint_auth_method: 'client_secret_jwt' }],
        ['no method, which would be one with a secret', { token_endpoint_auth_method: undefined }],
        ['no authentication', { token_endpoint_auth_method: 'none' }],
        ['no keys', { jwks: undefined }],
        ['keys twice', { jwks_uri: 'https://localhost/jwks' }],
        ['no grant of this server', { grant_types: ['authorization_code'] }],
      ])('%s', async (_, members) => {
        expect(await ask(publish(members))).toMatchObject(REFUSED);
      });

      it('a private key', async () => {
        const key = newKey();
        const jwks = { keys: [key.privateKey.export({ format: 'jwk' })] };
        expect(await ask(publish({ jwks }, key))).toMatchObject(REFUSED);
        const { d = '-' } = key.privateKey.export({ format: 'jwk' });
        expect(world.log()).not.toContain(d);
      });

      it.each<[string, (document: unknown) => Handler]>([
        ['a redirect', (document) => sends(document, 302, { location: '/elsewhere' })],
        ['not 200', (document) => sends(document, 203)],
        ['an error', (document) => sends(document, 500)],
        ['another type', (document) => sends(document, 200, { 'content-type': 'text/html' })],
        ['no object', () => sends([])],
        ['no JSON', () => sends('{')],
        [
          'more than 5 KiB',
          (document) => sends({ ...(document as object), padding: 'x'.repeat(5_120) }),
        ],
      ])('%s', async (_, handlerOf) => {
        const client = publish();
        paths.set(client.path, handlerOf(client.document));
        expect(await ask(client)).toMatchObject(REFUSED);
      });
    });

    it('many at once fetch one document once, and are one client', async () => {
      const client = publish();
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask(client)));
      expect(answers.map(({ status }) => status)).toEqual(Array<number>(12).fill(200));
      expect(asked.get(client.path)).toBe(1);
      expect(await ask(client)).toMatchObject({ status: 200 });
      expect(asked.get(client.path)).toBe(1);
    });

    it('a failure is not remembered', async () => {
      const client = publish();
      const good = paths.get(client.path);
      paths.set(client.path, sends({}, 500));
      expect(await ask(client)).toMatchObject(REFUSED);
      if (good !== undefined) paths.set(client.path, good);
      await pause(1_100);
      expect(await ask(client)).toMatchObject({ status: 200 });
    });

    it('keys may be at an address of their own, and grants of other servers in the list', async () => {
      const key = newKey();
      const path = `/jwks-${++documents}`;
      paths.set(path, sends({ keys: [key.publicJwk] }));
      const members = {
        jwks: undefined,
        jwks_uri: base + path,
        grant_types: ['authorization_code', 'client_credentials'],
        redirect_uris: ['http://localhost/callback'],
        response_types: ['code'],
        scope: 'read everything',
      };
      expect(await ask(publish(members, key))).toMatchObject({ status: 200 });
    });

    it('the one algorithm that the document names is the one', async () => {
      const members = { token_endpoint_auth_signing_alg: 'PS256' };
      const client = publish({ ...members, jwks: { keys: [newKey('PS256').publicJwk] } });
      expect(await ask(client)).toMatchObject(REFUSED);
    });

    it("an administrator's client of that id goes before the document", async () => {
      const client = publish();
      await alpha.registerClient({ clientId: client.clientId });
      expect(await ask(client)).toMatchObject(REFUSED);
      expect(asked.get(client.path)).toBeUndefined();
    });

    it('whoever makes the server look for documents is slowed down', async () => {
      const from = newAddress();
      const client = { clientId: `${base}/nowhere.json`, key: newKey() };
      const statuses: number[] = [];
      for (let i = 0; i < 11; i++) statuses.push((await ask(client, { from })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(400), 429]);
    });
  },
  {
    environment: {
      TESSERA_OUTBOUND_ALLOW: '127.0.0.1',
      NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
    },
  },
);
