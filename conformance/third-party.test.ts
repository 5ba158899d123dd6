import { OAuth2Client } from '@badgateway/oauth2-client';
import axios from 'axios';
import { clientCredentials as axiosClientCredentials } from 'axios-oauth-client';
import * as oauth4webapi from 'oauth4webapi';
import * as openidClient from 'openid-client';
import { ClientCredentials as SimpleOAuth2 } from 'simple-oauth2';
import { describe, expect, it } from 'vitest';
import type { ClientCredentials, RealmClient } from './realm.ts';
import { onEachDatabase } from './world.ts';

/** One way in which somebody else's library gets a token, and what else it can do. */
type Library = {
  token(realm: RealmClient, client: ClientCredentials): Promise<string>;
  introspect?(realm: RealmClient, client: ClientCredentials, token: string): Promise<unknown>;
  revoke?(realm: RealmClient, client: ClientCredentials, token: string): Promise<void>;
  /** The most that it can encode; the others can encode anything. */
  readonly reach?: Reach;
};

/**
 * Characters of ids and secrets. `colon`: one encoding of the colon beside others as they are can
 * not be told from either reading. `ascii`: RFC 6749 App. A.1.
 */
const REACHES = ['colon', 'ascii', 'any'] as const;
type Reach = (typeof REACHES)[number];

/** Plays the proxy that ends TLS: the server is known as https and listens without. */
const behindProxy = (url: string): string => url.replace(/^https:/, 'http:');

/** For the libraries that let somebody else fetch. */
const fetchThroughProxy = (
  url: string | URL | Request,
  options?: RequestInit | openidClient.CustomFetchOptions,
): Promise<Response> =>
  url instanceof Request
    ? fetch(new Request(behindProxy(url.url), url))
    : fetch(behindProxy(String(url)), options as RequestInit);

const openid = (
  authentication: (secret: string) => openidClient.ClientAuth,
): Required<Omit<Library, 'reach'>> => {
  const discover = (realm: RealmClient, { clientId, secret }: ClientCredentials) =>
    openidClient.discovery(new URL(realm.issuer), clientId, undefined, authentication(secret), {
      algorithm: 'oauth2',
      [openidClient.customFetch]: fetchThroughProxy,
    });
  return {
    async token(realm, client) {
      const config = await discover(realm, client);
      const answer = await openidClient.clientCredentialsGrant(config, { scope: 'write' });
      // It counts down by its own clock, which may have reached the next second.
      expect([3599, 3598]).toContain(answer.expiresIn());
      return answer.access_token;
    },
    introspect: async (realm, client, token) =>
      openidClient.tokenIntrospection(await discover(realm, client), token),
    revoke: async (realm, client, token) =>
      openidClient.tokenRevocation(await discover(realm, client), token),
  };
};

const webapi = (
  authentication: (secret: string) => oauth4webapi.ClientAuth,
): Required<Omit<Library, 'reach'>> => {
  const through = { [oauth4webapi.customFetch]: fetchThroughProxy };
  const prepare = async (realm: RealmClient, { clientId, secret }: ClientCredentials) => {
    const issuer = new URL(realm.issuer);
    const found = await oauth4webapi.discoveryRequest(issuer, { algorithm: 'oauth2', ...through });
    const server = await oauth4webapi.processDiscoveryResponse(issuer, found);
    return [server, { client_id: clientId }, authentication(secret)] as const;
  };
  return {
    async token(realm, credentials) {
      const [server, client, proof] = await prepare(realm, credentials);
      const parameters = { scope: 'write' };
      const response = await oauth4webapi.clientCredentialsGrantRequest(
        server,
        client,
        proof,
        parameters,
        through,
      );
      const { access_token } = await oauth4webapi.processClientCredentialsResponse(
        server,
        client,
        response,
      );
      // The library is a strict resource server too. RFC 9068 §4.
      const request = new Request('https://api.example.com/', {
        headers: { authorization: `Bearer ${access_token}` },
      });
      const claims = await oauth4webapi.validateJwtAccessToken(
        server,
        request,
        realm.issuer,
        through,
      );
      expect(claims.client_id).toBe(client.client_id);
      return access_token;
    },
    async introspect(realm, credentials, token) {
      const [server, client, proof] = await prepare(realm, credentials);
      const response = await oauth4webapi.introspectionRequest(
        server,
        client,
        proof,
        token,
        through,
      );
      return oauth4webapi.processIntrospectionResponse(server, client, response);
    },
    async revoke(realm, credentials, token) {
      const [server, client, proof] = await prepare(realm, credentials);
      const response = await oauth4webapi.revocationRequest(server, client, proof, token, through);
      await oauth4webapi.processRevocationResponse(response);
    },
  };
};

const simple = (options: {
  authorizationMethod: 'header' | 'body';
  credentialsEncodingMode?: 'strict' | 'loose';
}): Library => {
  const create = (realm: RealmClient, { clientId, secret }: ClientCredentials) =>
    new SimpleOAuth2({
      client: { id: clientId, secret },
      auth: {
        tokenHost: behindProxy(new URL(realm.issuer).origin),
        tokenPath: `${realm.path}/access_token`,
        revokePath: `${realm.path}/token/revoke`,
      },
      options,
    });
  return {
    reach: 'ascii',
    async token(realm, client) {
      const answer = await create(realm, client).getToken({ scope: ['write'] });
      expect(answer.expired()).toBe(false);
      return String(answer.token['access_token']);
    },
    async revoke(realm, client) {
      const answer = await create(realm, client).getToken({ scope: 'write' });
      await answer.revoke('access_token');
      const { text } = await realm.introspect(String(answer.token['access_token']), client);
      expect(text).toBe('{"active":false}');
    },
  };
};

const badgateway = (
  authenticationMethod:
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'client_secret_basic_interop',
): Library => {
  const create = (realm: RealmClient, { clientId, secret }: ClientCredentials) =>
    new OAuth2Client({
      server: `${realm.issuer}/`,
      discoveryEndpoint: `${realm.issuer}/.well-known/oauth-authorization-server`,
      clientId,
      clientSecret: secret,
      authenticationMethod,
      fetch: fetchThroughProxy,
    });
  const asToken = (accessToken: string) => ({ accessToken, expiresAt: null, refreshToken: null });
  return {
    ...(authenticationMethod === 'client_secret_basic_interop' && { reach: 'colon' }),
    token: async (realm, client) =>
      (await create(realm, client).clientCredentials({ scope: ['write'] })).accessToken,
    introspect: (realm, client, token) => create(realm, client).introspect(asToken(token)),
    revoke: (realm, client, token) => create(realm, client).revoke(asToken(token)),
  };
};

const LIBRARIES: Readonly<Record<string, Library>> = {
  'openid-client, client_secret_basic': openid(openidClient.ClientSecretBasic),
  'openid-client, client_secret_post': openid(openidClient.ClientSecretPost),
  'oauth4webapi, client_secret_basic': webapi(oauth4webapi.ClientSecretBasic),
  'oauth4webapi, client_secret_post': webapi(oauth4webapi.ClientSecretPost),
  'simple-oauth2, encoded in the header': simple({
    authorizationMethod: 'header',
    credentialsEncodingMode: 'strict',
  }),
  'simple-oauth2, as it is in the header': simple({
    authorizationMethod: 'header',
    credentialsEncodingMode: 'loose',
  }),
  'simple-oauth2, in the body': simple({ authorizationMethod: 'body' }),
  'axios-oauth-client': {
    token: async (realm, { clientId, secret }) => {
      const request = axiosClientCredentials(
        axios.create(),
        behindProxy(`${realm.issuer}/access_token`),
        clientId,
        secret,
      );
      return ((await request('write')) as { access_token: string }).access_token;
    },
  },
  '@badgateway/oauth2-client, client_secret_basic': badgateway('client_secret_basic'),
  '@badgateway/oauth2-client, client_secret_basic_interop': badgateway(
    'client_secret_basic_interop',
  ),
  '@badgateway/oauth2-client, client_secret_post': badgateway('client_secret_post'),
};

/** Ids and secrets that each of the libraries encodes in its own way. */
const CREDENTIALS: readonly {
  readonly name: string;
  readonly clientId: string;
  readonly chosen: string | undefined;
  readonly reach: Reach;
}[] = [
  { name: 'a generated secret', clientId: 'plain', chosen: undefined, reach: 'colon' },
  { name: 'a plain chosen secret', clientId: 'myClient', chosen: 'forgerock', reach: 'colon' },
  { name: 'colons in the secret', clientId: 'app', chosen: 'a:b:c:d-e', reach: 'colon' },
  {
    name: 'an id and a secret with special characters',
    clientId: 'an app+svc/1@example.com',
    chosen: 'p:w+d %41&=/?#~!*()\'"',
    reach: 'ascii',
  },
  {
    name: 'an id and a secret beyond ASCII',
    clientId: 'größe £€',
    chosen: 'пароль—パス',
    reach: 'any',
  },
];

onEachDatabase(
  (world) => {
    const { alpha } = world;

    describe.each(Object.entries(LIBRARIES))('%s', (name, library) => {
      const fitting = CREDENTIALS.filter(
        ({ reach }) => REACHES.indexOf(reach) <= REACHES.indexOf(library.reach ?? 'any'),
      );

      it.each(fitting)(
        'gets a token with $name, uses it and gives it back',
        async ({ clientId, chosen }) => {
          const registered = await alpha.registerClient({
            clientId: `${clientId} ${Object.keys(LIBRARIES).indexOf(name)}`,
            ...(chosen !== undefined && { secret: { secret: chosen } }),
          });
          const client = { ...registered, secret: chosen ?? registered.secret };
          const token = await library.token(alpha, client);
          expect((await alpha.introspect(token, client)).json).toMatchObject({
            active: true,
            scope: 'write',
          });
          expect(await library.introspect?.(alpha, client, token)).toEqual(
            library.introspect &&
              expect.objectContaining({ active: true, client_id: client.clientId }),
          );
          await library.revoke?.(alpha, client, token);
        },
      );

      it('is told what is wrong in a form that it understands', async () => {
        const client = await alpha.registerClient();
        await expect(library.token(alpha, { ...client, secret: 'wrong-secret' })).rejects.toThrow();
      });
    });

    it.each(
      Object.entries({
        openid: openid(openidClient.ClientSecretBasic),
        webapi: webapi(oauth4webapi.ClientSecretBasic),
      }),
    )('a token that %s revoked is not active to it', async (_, library) => {
      const client = await alpha.registerClient();
      const token = await library.token(alpha, client);
      await library.revoke(alpha, client, token);
      expect(await library.introspect(alpha, client, token)).toMatchObject({ active: false });
    });

    it('openid-client reads the error code of a refusal', async () => {
      const client = await alpha.registerClient({ scopes: ['other'] });
      await expect(
        openid(openidClient.ClientSecretBasic).token(alpha, client),
      ).rejects.toMatchObject({
        error: 'invalid_scope',
        status: 400,
      });
    });

    it('oauth4webapi reads the challenge of a 401', async () => {
      const client = await alpha.registerClient();
      await expect(
        webapi(oauth4webapi.ClientSecretBasic).token(alpha, { ...client, secret: 'wrong-secret' }),
      ).rejects.toMatchObject({
        cause: [{ scheme: 'basic', parameters: { realm: '/alpha' } }],
      });
    });
  },
  { scheme: 'https' },
);
