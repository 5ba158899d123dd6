import { createHash } from 'node:crypto';
import { type ResourceServer, resourceServer } from '@tessera/resource-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../packages/server/test/certificates.ts';
import { askOverTls } from '../certificate-proxy.ts';
import {
  CLIENT_CREDENTIALS,
  type ClientCredentials,
  type RealmClient,
  readToken,
} from '../realm.ts';
import { newKey, proofOf } from '../signed.ts';
import { send } from '../wire.ts';
import { onEachDatabase } from '../world.ts';
import { AUDIENCE, findBrokenRules, INVALID_TOKEN, refused } from './api.ts';
import { FRAMEWORKS, listen, PREFIX, type RunningApi } from './frameworks.ts';

/* Shows RFC 7662 §2, RFC 9449 §7.1, RFC 8705 §3, RFC 9396 §2, RFC 7009 §2. */

const SCOPES = ['orders:read', 'orders:write'] as const;
const [READ] = SCOPES;

const ORDER = {
  type: 'object',
  properties: { type: { const: 'order' }, actions: true },
  additionalProperties: false,
};

const authority = issueAuthority('everybody');
const own = issueLeaf(authority, {
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});
const certificate = issueLeaf(authority);

onEachDatabase(
  (world) => {
    const { alpha } = world;
    let asker: ClientCredentials;
    let caller: ClientCredentials;
    let apiId: string;

    const registerOrders = async (realm: RealmClient, members: object = {}): Promise<string> =>
      realm.registerApi({
        identifier: AUDIENCE,
        scopes: SCOPES.map((name) => ({ name })),
        authorizationDetailTypes: [{ type: 'order', schema: ORDER }],
        introspectionClients: [asker.clientId],
        ...members,
      });

    const registerCaller = async (realm: RealmClient, api: string) => {
      const client = await realm.registerClient({ scopes: [] });
      await realm.grant(client, api, SCOPES, ['order']);
      return client;
    };

    beforeAll(async () => {
      asker = await alpha.registerClient({ clientId: 'orders-api' });
      apiId = await registerOrders(alpha);
      caller = await registerCaller(alpha, apiId);
    });

    const setFormat = (tokenFormat: 'jwt' | 'opaque') =>
      world.administration.change(`/api/realms/alpha/apis/${apiId}`, { tokenFormat });

    const token = (scope: string = SCOPES.join(' '), form: Record<string, string> = {}) =>
      alpha.token(caller, { scope, resource: AUDIENCE, ...form });

    const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

    describe.each(FRAMEWORKS)('$name', (framework) => {
      let server: ResourceServer;
      let api: RunningApi;
      let secured: RunningApi;

      beforeAll(async () => {
        server = resourceServer({
          issuer: alpha.issuer,
          audience: AUDIENCE,
          resource: {},
          introspection: { clientId: asker.clientId, clientSecret: asker.secret },
        });
        const application = await framework.open(server);
        api = await listen(application);
        secured = await listen(await framework.open(server), {
          certificate: own.pem,
          key: own.keyPem,
        });
      });
      afterAll(async () => {
        server.close();
        await api.close();
        await secured.close();
      });

      const present = async (shown: string, path = '/token', headers: object = {}) => {
        const answer = await send(api.port, {
          path: PREFIX + path,
          headers: { authorization: `Bearer ${shown}`, ...headers },
        });
        expect(findBrokenRules('GET', answer)).toEqual([]);
        return answer;
      };

      describe.each(['jwt', 'opaque'] as const)('with tokens that are %s', (format) => {
        beforeAll(() => setFormat(format));

        it('a token is let in, for what it permits and no more', async () => {
          const shown = await token(READ);
          expect(await present(shown, '/read')).toMatchObject({
            status: 200,
            json: {
              clientId: caller.clientId,
              scope: [READ],
              validatedBy: format === 'jwt' ? 'signature' : 'introspection',
            },
          });
          expect(await present(shown, '/read-and-write')).toMatchObject(
            refused(403, 'insufficient_scope'),
          );
          expect(await present(shown, '/machine')).toMatchObject({ status: 200 });
          expect(await present(shown, '/person')).toMatchObject({ status: 403 });
        });

        it('a token of another realm for the same audience is refused', async () => {
          const bravo = await world.createRealm(`bravo-${framework.name}-${format}`);
          asker = { ...asker };
          const stranger = await bravo.registerClient({ clientId: 'orders-api', scopes: [] });
          const foreign = await registerOrders(bravo, { tokenFormat: format });
          await bravo.grant(stranger, foreign, SCOPES);
          const shown = await bravo.token(stranger, { scope: READ, resource: AUDIENCE });
          expect(await present(shown)).toMatchObject(INVALID_TOKEN);
        });

        it('so is a token of this realm for another API', async () => {
          const other = await alpha.registerClient();
          expect(await present(await alpha.token(other, { scope: 'read' }))).toMatchObject(
            INVALID_TOKEN,
          );
        });

        it('RFC 9449 §7.1 a bound token needs a proof of its key', async () => {
          const key = newKey();
          const bound = readToken(
            await alpha.post(
              'access_token',
              { ...CLIENT_CREDENTIALS, scope: READ, resource: AUDIENCE },
              { as: caller, headers: { dpop: proofOf(key, `${alpha.issuer}/access_token`) } },
            ),
          ).access_token;
          const prove = (ath: string, signer = key) =>
            proofOf(signer, `https://orders.example.com${PREFIX}/dpop`, { htm: 'GET', ath });
          const authorization = `DPoP ${bound}`;
          const dpop = prove(hashOf(bound));
          expect(await present(bound, '/dpop', { authorization, dpop })).toMatchObject({
            status: 200,
          });
          expect(await present(bound, '/dpop', { authorization, dpop })).toMatchObject({
            status: 401,
          });
          for (const wrong of [prove(hashOf('another')), prove(hashOf(bound), newKey())])
            expect(await present(bound, '/dpop', { authorization, dpop: wrong })).toMatchObject({
              status: 401,
            });
          expect(await present(bound)).toMatchObject({ status: 401 });
        });

        it('RFC 8705 §3 a token that is bound to a certificate needs that certificate', async () => {
          const told = `:${certificate.der.toString('base64')}:`;
          const client = await alpha.registerClient({
            scopes: [],
            authenticationMethod: 'self_signed_tls_client_auth',
            secret: null,
          });
          await world.administration.perform(
            'POST',
            `/api/realms/alpha/clients/${client.clientId}/certificates`,
            { certificate: certificate.pem },
          );
          await alpha.grant(client, apiId, SCOPES);
          const answer = await alpha.post(
            'access_token',
            { ...CLIENT_CREDENTIALS, scope: READ, resource: AUDIENCE, client_id: client.clientId },
            { headers: { 'client-cert': told } },
          );
          const bound = readToken(answer).access_token;
          const ask = (shown: boolean) =>
            askOverTls(
              secured.port,
              authority.pem,
              shown ? { certificate: certificate.pem, key: certificate.keyPem } : undefined,
              {
                path: `${PREFIX}/certificate`,
                method: 'GET',
                headers: { authorization: `Bearer ${bound}` },
              },
            );
          expect(await ask(true)).toMatchObject({ status: 200 });
          expect(await ask(false)).toMatchObject(INVALID_TOKEN);
          expect(await present(bound, '/token', { 'client-cert': told })).toMatchObject(
            INVALID_TOKEN,
          );
        });

        it('RFC 9396 §2 authorization details arrive as they were granted', async () => {
          const details = (actions: readonly string[]) =>
            token(READ, { authorization_details: JSON.stringify([{ type: 'order', actions }]) });
          expect(await present(await details(['refund']), '/refund')).toMatchObject({
            status: 200,
          });
          expect(await present(await details(['read']), '/refund')).toMatchObject({ status: 403 });
        });

        it('RFC 7009 §2 a token that was revoked is refused', async () => {
          const shown = await token(READ);
          expect(await present(shown)).toMatchObject({ status: 200 });
          await alpha.revoke(shown, caller);
          await expect
            .poll(async () => (await present(shown)).status, { timeout: 10_000, interval: 200 })
            .toBe(401);
        });
      });

      it('while the server is away opaque tokens are 503, and afterwards it heals', async () => {
        await setFormat('opaque');
        const shown = await token(READ);
        expect(await present(shown)).toMatchObject({ status: 200 });
        await world.whileAway(async () => {
          const away = await present(shown);
          expect(away).toMatchObject(refused(503, 'temporarily_unavailable'));
          expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
        });
        expect(await present(shown)).toMatchObject({ status: 200 });
      });
    });
  },
  {
    databases: ['SQLite'],
    environment: { TESSERA_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' },
  },
);
