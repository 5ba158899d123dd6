import * as v2 from '@modelcontextprotocol/client';
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
  StaticPrivateKeyJwtProvider,
} from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type McpServerProcess, startMcpServer } from './mcp-server.ts';
import type { ClientCredentials, RealmClient } from './realm.ts';
import { type Algorithm, assertionClaims, type ClientKey, newKey, signJws } from './signed.ts';
import { onEachDatabase } from './world.ts';

/* Shows RFC 9728 §2, §3, §5.1. */

const v1 = {
  Client,
  StreamableHTTPClientTransport,
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
  StaticPrivateKeyJwtProvider,
};

type Provider = ClientCredentialsProvider | PrivateKeyJwtProvider | StaticPrivateKeyJwtProvider;

/** What is used of the second has the same shape in both. */
const SDKS = [
  { version: 1, name: '@modelcontextprotocol/sdk', sdk: v1 },
  { version: 2, name: '@modelcontextprotocol/client', sdk: v2 as unknown as typeof v1 },
] as const;

/** How each tells that a scope is missing: from the MCP server, or from the token endpoint. */
const BEYOND = { 1: 'Server returned 403', 2: 'Unknown/invalid scope(s)' };

const SCOPES = ['notes:read', 'notes:write'] as const;
const [READ] = SCOPES;

onEachDatabase(
  (world) => {
    const { alpha } = world;
    let notes: McpServerProcess;
    let own: ClientCredentials;
    let apiId: string;
    const opened: Client[] = [];

    beforeAll(async () => {
      own = await alpha.registerClient({ clientId: 'notes-server' });
      notes = await startMcpServer(alpha.issuer, own);
      apiId = await registerNotes(alpha, own);
    });
    afterEach(async () => {
      for (const client of opened.splice(0)) await client.close();
    });
    afterAll(() => notes.stop());

    const registerNotes = (realm: RealmClient, asker: ClientCredentials): Promise<string> =>
      realm.registerApi({
        identifier: notes.resource,
        name: 'Notes',
        scopes: SCOPES.map((name) => ({ name })),
        introspectionClients: [asker.clientId],
      });

    const registerAgent = async (
      members: object = {},
      scopes: readonly string[] = SCOPES,
    ): Promise<ClientCredentials> => {
      const client = await alpha.registerClient({ scopes: [], ...members });
      await alpha.grant(client, apiId, scopes);
      return client;
    };

    const registerKey = ({ clientId }: ClientCredentials, { publicJwk: jwk }: ClientKey) =>
      world.administration.perform('POST', `/api/realms/alpha/clients/${clientId}/keys`, { jwk });

    /** An agent that proves itself by these keys. */
    const registerSigner = async (keys: readonly ClientKey[], members: object = {}) => {
      const authenticationMethod = 'private_key_jwt';
      const client = await registerAgent({ authenticationMethod, secret: null, ...members });
      for (const key of keys) await registerKey(client, key);
      return client;
    };

    const bare = (headers: Readonly<Record<string, string>> = {}) =>
      fetch(notes.resource, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      });

    describe.each(SDKS)('$name $version', ({ version, sdk }) => {
      /** Connects as an agent does: knowing the server's address and its own credentials. */
      const connect = async (provider: Provider): Promise<Client> => {
        const client = new sdk.Client({ name: 'agent', version: '1.0.0' });
        opened.push(client);
        const authProvider = provider;
        const address = new URL(notes.resource);
        await client.connect(new sdk.StreamableHTTPClientTransport(address, { authProvider }));
        return client;
      };

      const bySecret = ({ clientId, secret: clientSecret }: ClientCredentials, scope?: string) =>
        new sdk.ClientCredentialsProvider({
          clientId,
          clientSecret,
          expectedIssuer: alpha.issuer,
          ...(scope !== undefined && { scope }),
        });

      const byAssertion = (client: ClientCredentials, jwtBearerAssertion: string) =>
        new sdk.StaticPrivateKeyJwtProvider({
          clientId: client.clientId,
          jwtBearerAssertion,
          scope: SCOPES.join(' '),
          expectedIssuer: alpha.issuer,
        });

      const call = async (client: Client, name: string, args: Record<string, unknown> = {}) => {
        const { content } = await client.callTool({ name, arguments: args });
        return content;
      };

      /** What comes of both tools, and the claims of the token that opened them. */
      const use = async (provider: Provider) => {
        const client = await connect(provider);
        const { tools } = await client.listTools();
        const added = await call(client, 'add_note', { text: 'remember me' });
        const listed = await call(client, 'list_notes');
        const { iss, aud, scope } = decodeJwt(provider.tokens()?.access_token ?? '');
        return { tools: tools.map(({ name }) => name), added, listed, iss, aud, scope };
      };
      const say = (text: string) => [{ type: 'text', text }];
      /** The token is for this server alone. */
      const used = () => ({
        tools: ['list_notes', 'add_note'],
        added: say('Added.'),
        listed: say('remember me'),
        iss: alpha.issuer,
        aud: notes.resource,
        scope: SCOPES.join(' '),
      });

      it('ClientCredentialsProvider calls tools, with a secret by client_secret_basic', async () => {
        const provider = bySecret(await registerAgent(), SCOPES.join(' '));
        expect(await use(provider)).toEqual(used());
      });

      it('without a scope it has what the client gets by default', async () => {
        const provider = bySecret(await registerAgent({ defaultScopes: SCOPES }));
        expect(await use(provider)).toEqual(used());
      });

      it.each<Algorithm>(['ES256', 'RS256', 'PS256'])(
        'PrivateKeyJwtProvider calls tools, with a key of PKCS #8 for %s',
        async (algorithm) => {
          const key = newKey(algorithm);
          const { clientId } = await registerSigner([key]);
          const provider = new sdk.PrivateKeyJwtProvider({
            clientId,
            privateKey: key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
            algorithm,
            scope: SCOPES.join(' '),
            expectedIssuer: alpha.issuer,
          });
          expect(await use(provider)).toEqual(used());
        },
      );

      it('PrivateKeyJwtProvider names no key: each that is registered is tried', async () => {
        const key = newKey('EdDSA');
        const { clientId } = await registerSigner([newKey('EdDSA'), newKey(), key]);
        const provider = new sdk.PrivateKeyJwtProvider({
          clientId,
          privateKey: { ...key.privateKey.export({ format: 'jwk' }) },
          algorithm: 'EdDSA',
          scope: SCOPES.join(' '),
          expectedIssuer: alpha.issuer,
        });
        expect(await use(provider)).toEqual(used());
      });

      it('StaticPrivateKeyJwtProvider shows one assertion again, if the client may', async () => {
        const key = newKey();
        const client = await registerSigner([key], { assertionReuse: 'until_expiry' });
        const claims = assertionClaims(client.clientId, alpha.issuer);
        const assertion = signJws({ alg: 'ES256' }, claims, key);
        expect(await use(byAssertion(client, assertion))).toEqual(used());
        const again = await connect(byAssertion(client, assertion));
        expect(await call(again, 'list_notes')).toEqual(say('remember me'));
      });

      it('and by default an assertion is good for one token', async () => {
        const key = newKey();
        const client = await registerSigner([key]);
        const claims = assertionClaims(client.clientId, alpha.issuer);
        const assertion = signJws({ alg: 'ES256' }, claims, key);
        const first = await connect(byAssertion(client, assertion));
        expect(await call(first, 'list_notes')).toEqual(say(''));
        await expect(connect(byAssertion(client, assertion))).rejects.toThrow(
          'Client authentication failed',
        );
      });

      it('a tool beyond the scope is refused, and the others go on', async () => {
        const client = await connect(bySecret(await registerAgent({}, [READ]), READ));
        await expect(call(client, 'add_note', { text: 'no' })).rejects.toThrow(BEYOND[version]);
        expect(await call(client, 'list_notes')).toEqual(say(''));
      });

      it('and the challenge is enough to get the scope, for a client that holds it', async () => {
        const provider = bySecret(await registerAgent(), READ);
        const client = await connect(provider);
        const added = call(client, 'add_note', { text: 'more' });
        // The first version does not read which scope the challenge asks for.
        if (version === 1) await expect(added).rejects.toThrow(BEYOND[version]);
        else expect(await added).toEqual(say('Added.'));
      });

      it('a client that was granted nothing here gets no token for this server', async () => {
        const stranger = await alpha.registerClient();
        await expect(connect(bySecret(stranger, READ))).rejects.toThrow(
          'The requested resource is not available',
        );
      });

      it('a wrong secret is told as such', async () => {
        const client = await registerAgent();
        const wrong = { ...client, secret: 'wrong-secret' };
        await expect(connect(bySecret(wrong, READ))).rejects.toThrow(
          'Client authentication failed',
        );
      });

      it('no note is read by another client', async () => {
        const first = await connect(bySecret(await registerAgent(), SCOPES.join(' ')));
        await call(first, 'add_note', { text: 'mine' });
        const other = await connect(bySecret(await registerAgent(), READ));
        expect(await call(other, 'list_notes')).toEqual(say(''));
      });
    });

    describe('what a client without an SDK sees', () => {
      it('RFC 9728 §5.1 the challenge leads to the metadata, and from there to the issuer', async () => {
        const { status, headers } = await bare();
        expect(status).toBe(401);
        const { origin, pathname } = new URL(notes.resource);
        const address = `${origin}/.well-known/oauth-protected-resource${pathname}`;
        const about = `realm="notes", resource_metadata="${address}"`;
        const [bearer, dpop] = (headers.get('www-authenticate') ?? '').split(', DPoP ');
        expect(bearer).toBe(`Bearer ${about}`);
        expect(dpop?.startsWith(`${about}, algs="ES256 `)).toBe(true);
        expect(await (await fetch(address)).json()).toMatchObject({
          resource: notes.resource,
          resource_name: 'Notes',
          authorization_servers: [alpha.issuer],
          scopes_supported: [READ],
          bearer_methods_supported: ['header'],
        });
      });

      it('a token of another realm is refused', async () => {
        const bravo = await world.createRealm('bravo');
        const client = await bravo.registerClient({ scopes: [] });
        await bravo.grant(client, await registerNotes(bravo, client), SCOPES);
        const token = await bravo.token(client, { scope: READ, resource: notes.resource });
        const { status, headers } = await bare({ authorization: `Bearer ${token}` });
        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
      });

      it('so is a token of this realm for another API, even its own', async () => {
        // Of its own tokens the server learns everything: only the audience is wrong.
        for (const client of [await alpha.registerClient(), own]) {
          const token = await alpha.token(client, { scope: 'read' });
          expect((await bare({ authorization: `Bearer ${token}` })).status).toBe(401);
        }
      });

      it('so is a good token that a page of another origin sends', async () => {
        const client = await registerAgent();
        const token = await alpha.token(client, { scope: READ, resource: notes.resource });
        const authorization = `Bearer ${token}`;
        expect((await bare({ authorization })).status).toBe(200);
        const origin = 'https://evil.example';
        expect((await bare({ authorization, origin })).status).toBe(403);
      });
    });
  },
  { databases: ['SQLite'] },
);
