import { execFile } from 'node:child_process';
import { randomUUID, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import * as oauth4webapi from 'oauth4webapi';
import * as openidClient from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Issued,
  issueAuthority,
  issueCertificate,
  issueLeaf,
} from '../packages/server/test/certificates.ts';
import { findFreePort } from '../packages/server/test/free-port.ts';
import type { Identity } from './certificate-proxy.ts';
import { fetchOverTls } from './fetch-over-tls.ts';
import type { ClientCredentials, RealmClient } from './realm.ts';
import { type Algorithm, type ClientKey, newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

const LOOPBACK = Uint8Array.of(127, 0, 0, 1);
const clientRoot = issueAuthority('clients');
const serverRoot = issueAuthority('servers');
const server = issueLeaf(serverRoot, { ipAddresses: [LOOPBACK], usages: ['serverAuth'] });
const tls = { certificate: server.pem, key: server.keyPem, ca: serverRoot.pem };
const mtlsPort = await findFreePort();

const identityOf = ({ pem, keyPem }: Issued): Identity => ({ certificate: pem, key: keyPem });

type Token = { readonly access_token: string; readonly token_type: string };
type Binding = { readonly algorithm: string };

/** What somebody's library can do, once it knows the server and how the client proves itself. */
type Session = {
  /** With a binding, the token is bound to a new key of that algorithm. RFC 9449 */
  token(binding?: Binding): Promise<Token>;
  introspect(token: string): Promise<unknown>;
  /** The same, signed by the server: the library verifies it. RFC 9701 */
  introspectSigned(token: string): Promise<unknown>;
  revoke(token: string): Promise<void>;
  /** Calls an API with the token it got last, and the proof that goes with it. */
  call(token: Token, address: string): Promise<Response>;
};

/** Both libraries have the same words for the methods. */
type Methods<Proof> = {
  ClientSecretBasic(secret: string): Proof;
  ClientSecretPost(secret: string): Proof;
  ClientSecretJwt(secret: string): Proof;
  PrivateKeyJwt(key: oauth4webapi.CryptoKey | oauth4webapi.PrivateKey): Proof;
  TlsClientAuth(): Proof;
};
type Prove = <Proof>(methods: Methods<Proof>) => Proof;

type Library = (
  realm: RealmClient,
  clientId: string,
  prove: Prove,
  identity?: Identity,
) => Promise<Session>;

const withOauth4webapi: Library = async (realm, clientId, prove, identity) => {
  const through = { [oauth4webapi.customFetch]: fetchOverTls(tls.ca, identity) };
  const issuer = new URL(realm.issuer);
  const found = await oauth4webapi.discoveryRequest(issuer, { algorithm: 'oauth2', ...through });
  const as = await oauth4webapi.processDiscoveryResponse(issuer, found);
  const client: oauth4webapi.Client = {
    client_id: clientId,
    use_mtls_endpoint_aliases: identity !== undefined,
  };
  const proof = prove(oauth4webapi);
  let dpop: oauth4webapi.DPoPHandle | undefined;

  const ask = async (): Promise<Token> => {
    const options = { ...through, ...(dpop !== undefined && { DPoP: dpop }) };
    const scope = { scope: 'write' };
    const response = await oauth4webapi.clientCredentialsGrantRequest(
      as,
      client,
      proof,
      scope,
      options,
    );
    return oauth4webapi.processClientCredentialsResponse(as, client, response);
  };
  return {
    async token(binding) {
      const keys = binding && (await oauth4webapi.generateKeyPair(binding.algorithm));
      dpop = keys && oauth4webapi.DPoP(client, keys);
      try {
        return await ask();
      } catch (error) {
        // The library remembers the nonce, whoever uses it asks again. RFC 9449 §8
        if (!oauth4webapi.isDPoPNonceError(error)) throw error;
        return ask();
      }
    },
    async introspect(token) {
      const response = await oauth4webapi.introspectionRequest(as, client, proof, token, through);
      return oauth4webapi.processIntrospectionResponse(as, client, response);
    },
    async introspectSigned(token) {
      const options = { ...through, requestJwtResponse: true };
      const response = await oauth4webapi.introspectionRequest(as, client, proof, token, options);
      expect(response.headers.get('content-type')).toBe('application/token-introspection+jwt');
      const answer = await oauth4webapi.processIntrospectionResponse(as, client, response);
      await oauth4webapi.validateApplicationLevelSignature(as, response, through);
      return answer;
    },
    async revoke(token) {
      const response = await oauth4webapi.revocationRequest(as, client, proof, token, through);
      await oauth4webapi.processRevocationResponse(response);
    },
    call: ({ access_token }, address) =>
      oauth4webapi.protectedResourceRequest(
        access_token,
        'GET',
        new URL(address),
        undefined,
        undefined,
        { ...through, ...(dpop !== undefined && { DPoP: dpop }) },
      ),
  };
};

const withOpenidClient: Library = async (realm, clientId, prove, identity) => {
  const metadata = { use_mtls_endpoint_aliases: identity !== undefined };
  const proof = prove(openidClient);
  const discover = (client: Partial<openidClient.ClientMetadata>) =>
    openidClient.discovery(new URL(realm.issuer), clientId, client, proof, {
      algorithm: 'oauth2',
      [openidClient.customFetch]: fetchOverTls(tls.ca, identity),
    });
  const config = await discover(metadata);
  let dpop: openidClient.DPoPOptions = {};
  return {
    async token(binding) {
      const keys = binding && (await openidClient.randomDPoPKeyPair(binding.algorithm));
      dpop = keys === undefined ? {} : { DPoP: openidClient.getDPoPHandle(config, keys) };
      return openidClient.clientCredentialsGrant(config, { scope: 'write' }, dpop);
    },
    introspect: (token) => openidClient.tokenIntrospection(config, token),
    async introspectSigned(token) {
      const signed = { ...metadata, introspection_signed_response_alg: 'ES256' };
      const strict = await discover(signed);
      openidClient.enableNonRepudiationChecks(strict);
      return openidClient.tokenIntrospection(strict, token);
    },
    revoke: (token) => openidClient.tokenRevocation(config, token),
    call: ({ access_token }, address) =>
      openidClient.fetchProtectedResource(
        config,
        access_token,
        new URL(address),
        'GET',
        undefined,
        undefined,
        dpop,
      ),
  };
};

const LIBRARIES = { oauth4webapi: withOauth4webapi, 'openid-client': withOpenidClient };

const WEB_ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const;

const importKey = ({ privateKey }: ClientKey, algorithm: keyof typeof WEB_ALGORITHMS) =>
  webcrypto.subtle.importKey(
    'pkcs8',
    privateKey.export({ format: 'der', type: 'pkcs8' }),
    WEB_ALGORITHMS[algorithm],
    false,
    ['sign'],
  );

onEachDatabase(
  (world) => {
    const { alpha } = world;
    const tokenInfo = (): string => `${alpha.issuer}/tokeninfo`;

    const addTo = ({ clientId }: ClientCredentials, what: string, body: object) =>
      world.administration.perform('POST', `/api/realms/alpha/clients/${clientId}/${what}`, body);

    beforeAll(() =>
      world.administration.perform('POST', '/api/realms/alpha/trusted-authorities', {
        name: 'clients',
        certificate: clientRoot.pem,
      }),
    );

    type Registered = {
      readonly clientId: string;
      readonly prove: Prove;
      readonly identity?: Identity;
    };

    const bySecret =
      (authenticationMethod: string, prove: (secret: string) => Prove) =>
      async (): Promise<Registered> => {
        const { clientId, secret } = await alpha.registerClient({
          authenticationMethod,
          strictAuthenticationMethod: true,
          secret: { recoverable: true },
        });
        return { clientId, prove: prove(secret) };
      };

    const byKey =
      (algorithm: keyof typeof WEB_ALGORITHMS, isNamed: boolean) =>
      async (): Promise<Registered> => {
        const key = newKey(algorithm satisfies Algorithm);
        const authenticationMethod = 'private_key_jwt';
        const client = await alpha.registerClient({ authenticationMethod, secret: null });
        await addTo(client, 'keys', { jwk: key.publicJwk });
        const imported = await importKey(key, algorithm);
        const shown = isNamed ? { key: imported, kid: key.kid } : imported;
        return { clientId: client.clientId, prove: ({ PrivateKeyJwt }) => PrivateKeyJwt(shown) };
      };

    const byCertificate = async (
      authenticationMethod: string,
      certificate: object,
      issued: Issued,
    ): Promise<Registered> => {
      const client = await alpha.registerClient({ authenticationMethod, secret: null });
      await addTo(client, 'certificates', certificate);
      const identity = identityOf(issued);
      return { clientId: client.clientId, prove: (m) => m.TlsClientAuth(), identity };
    };

    const REGISTRATIONS: Readonly<Record<string, () => Promise<Registered>>> = {
      client_secret_basic: bySecret(
        'client_secret_basic',
        (secret) => (methods) => methods.ClientSecretBasic(secret),
      ),
      client_secret_post: bySecret(
        'client_secret_post',
        (secret) => (methods) => methods.ClientSecretPost(secret),
      ),
      client_secret_jwt: bySecret(
        'client_secret_jwt',
        (secret) => (methods) => methods.ClientSecretJwt(secret),
      ),
      'private_key_jwt, ES256': byKey('ES256', true),
      'private_key_jwt, PS256': byKey('PS256', true),
      'private_key_jwt, RS256': byKey('RS256', true),
      'private_key_jwt, Ed25519': byKey('EdDSA', true),
      'private_key_jwt, a key without a name': byKey('ES256', false),
      tls_client_auth() {
        const name = randomUUID();
        const leaf = issueLeaf(clientRoot, { subject: [['CN', name]] });
        return byCertificate('tls_client_auth', { subjectDn: `CN=${name}` }, leaf);
      },
      self_signed_tls_client_auth() {
        const own = issueCertificate({ subject: [['CN', randomUUID()]] });
        return byCertificate('self_signed_tls_client_auth', { certificate: own.pem }, own);
      },
    };

    describe.each(Object.entries(LIBRARIES))('%s', (_, library) => {
      const open = ({ clientId, prove, identity }: Registered): Promise<Session> =>
        library(alpha, clientId, prove, identity);

      it.each(Object.entries(REGISTRATIONS))(
        'by %s it gets a token, looks at it, uses it and gives it back',
        async (method, register) => {
          const registered = await register();
          const session = await open(registered);
          const token = await session.token();
          const bound = method.includes('tls_client_auth');
          const cnf = { 'x5t#S256': expect.any(String) as unknown };
          expect(decodeJwt(token.access_token)).toMatchObject({
            client_id: registered.clientId,
            ...(bound && { cnf }),
          });
          expect(await session.introspect(token.access_token)).toMatchObject({
            active: true,
            scope: 'write',
            client_id: registered.clientId,
            ...(bound && { cnf }),
          });
          const asking = `https://127.0.0.1:${mtlsPort}${alpha.path}/tokeninfo`;
          expect((await session.call(token, bound ? asking : tokenInfo())).status).toBe(200);
          // What is bound to a certificate opens nothing where nobody asks for one.
          if (bound)
            await expect(session.call(token, tokenInfo())).rejects.toMatchObject({
              cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
            });
          await session.revoke(token.access_token);
          expect(await session.introspect(token.access_token)).toMatchObject({ active: false });
        },
      );

      it.each(['ES256', 'PS256', 'RS256', 'Ed25519'])(
        'its %s key binds the token, which opens an API with a proof and not without',
        async (algorithm) => {
          const session = await open(await byKey('ES256', true)());
          const token = await session.token({ algorithm });
          expect(token.token_type).toBe('dpop');
          expect(await session.introspect(token.access_token)).toMatchObject({
            active: true,
            token_type: 'DPoP',
            cnf: { jkt: expect.any(String) as unknown },
          });
          expect((await session.call(token, tokenInfo())).status).toBe(200);
          const headers = { authorization: `Bearer ${token.access_token}` };
          expect((await alpha.read('tokeninfo', headers)).status).toBe(401);
        },
      );

      it('verifies what the server signed of a token', async () => {
        const registered = await byKey('ES256', true)();
        const session = await open(registered);
        const { access_token } = await session.token();
        expect(await session.introspectSigned(access_token)).toMatchObject({
          active: true,
          client_id: registered.clientId,
        });
        await session.revoke(access_token);
        expect(await session.introspectSigned(access_token)).toEqual({ active: false });
      });

      it('and it is led through the nonces of a realm that wants them', async () => {
        const realm = await world.createRealm(`nonces-${randomUUID().slice(0, 8)}`);
        await realm.changeProvider({ dpopNonces: true });
        const { clientId, secret } = await realm.registerClient();
        const session = await library(realm, clientId, (m) => m.ClientSecretBasic(secret));
        const token = await session.token({ algorithm: 'ES256' });
        const { status } = await session.call(token, `${realm.issuer}/tokeninfo`);
        expect(status).toBe(200);
      });

      it('an assertion of a key that is not registered is told as what it is', async () => {
        const { clientId } = await byKey('ES256', true)();
        const { prove } = await byKey('ES256', true)();
        const session = await library(alpha, clientId, prove);
        await expect(session.token()).rejects.toMatchObject({ error: 'invalid_client' });
      });

      it('a certificate of somebody else is told as what it is', async () => {
        const registered = await REGISTRATIONS['tls_client_auth']?.();
        const other = identityOf(issueLeaf(clientRoot, { subject: [['CN', 'other']] }));
        const session = await library(
          alpha,
          registered?.clientId ?? '',
          (m) => m.TlsClientAuth(),
          other,
        );
        await expect(session.token()).rejects.toMatchObject({ error: 'invalid_client' });
      });
    });

    describe('curl', () => {
      const folder = mkdtempSync(join(tmpdir(), 'tessera-curl-'));
      const keep = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text, { mode: 0o600 });
        return join(folder, name);
      };
      const ca = keep('ca.pem', serverRoot.pem);
      afterAll(() => rmSync(folder, { recursive: true }));

      const curl = async (...parameters: readonly string[]) => {
        const always = [
          '--silent',
          '--show-error',
          '--cacert',
          ca,
          '--write-out',
          '\n%{http_code}',
        ];
        const { stdout } = await promisify(execFile)('curl', [...always, ...parameters]);
        const [, body = '', status = ''] = /^(.*)\n(\d+)$/s.exec(stdout) ?? [];
        return { status: Number(status), json: JSON.parse(body) as Record<string, unknown> };
      };

      it('--cert and --key get a token that is bound to the certificate', async () => {
        const leaf = issueLeaf(clientRoot, { subject: [['CN', 'curl']] });
        const { clientId } = await byCertificate('tls_client_auth', { subjectDn: 'CN=curl' }, leaf);
        const { json: metadata } = await curl(
          `${alpha.issuer}/.well-known/oauth-authorization-server`,
        );
        const { token_endpoint } = metadata['mtls_endpoint_aliases'] as Record<string, string>;
        const shown = ['--cert', keep('cert.pem', leaf.pem), '--key', keep('key.pem', leaf.keyPem)];
        const form = ['--data', 'grant_type=client_credentials', '--data', 'scope=write'];
        const who = ['--data', `client_id=${clientId}`];

        const answer = await curl(...shown, ...form, ...who, token_endpoint ?? '');
        expect(answer).toMatchObject({ status: 200, json: { scope: 'write' } });
        expect(decodeJwt(String(answer.json['access_token']))['cnf']).toEqual({
          'x5t#S256': leaf.thumbprint,
        });
        expect(await curl(...form, ...who, token_endpoint ?? '')).toMatchObject({
          status: 400,
          json: { error: 'invalid_client' },
        });
      });

      it('--user and --oauth2-bearer do what they are for', async () => {
        const { clientId, secret } = await alpha.registerClient();
        const form = ['--data', 'grant_type=client_credentials', '--data', 'scope=write'];
        const endpoint = `${alpha.issuer}/access_token`;
        const { json } = await curl('--user', `${clientId}:${secret}`, ...form, endpoint);
        const token = String(json['access_token']);
        expect(await curl('--oauth2-bearer', token, tokenInfo())).toMatchObject({
          status: 200,
          json: { client_id: clientId },
        });
      });
    });
  },
  { databases: ['SQLite'], tls, environment: { TESSERA_MTLS_PORT: String(mtlsPort) } },
);
