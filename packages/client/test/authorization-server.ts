import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What of `oidc-provider`, which comes without types, is used here. */
type ProviderConstructor = new (
  issuer: string,
  configuration: Readonly<Record<string, unknown>>,
) => { callback(): RequestListener };

export type Listening = { readonly url: string; close(): Promise<void> };

/** Long enough for a key of HMAC. */
export const LONG_SECRET = 'a secret that is as long as the hash';

/** Characters that differ between a secret, its form encoding and a header. */
export const ODD_SECRET = 'p:a+s %s&w=or~d';

const PAIR = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PUBLIC_JWK = PAIR.publicKey.export({ format: 'jwk' });

/** The key of the client `signer`. */
export const SIGNER_KEY = PAIR.privateKey.export({ format: 'jwk' });

/** The certificate of a server and whose clients it believes. All in PEM. */
export type ServerTls = { readonly cert: string; readonly key: string; readonly ca: string };

/** Listens on a port of the system's choice; with TLS every connection may show a certificate. */
export async function listen(listener: RequestListener, tls?: ServerTls): Promise<Listening> {
  const server: Server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a request has of its connection. */
type Context = { readonly socket: TLSSocket };

/** Certificates, where the connection can show any. RFC 8705. */
const mutualTls = {
  enabled: true,
  certificateBoundAccessTokens: true,
  selfSignedTlsClientAuth: true,
  tlsClientAuth: true,
  getCertificate: ({ socket }: Context) => socket.getPeerX509Certificate()?.toString(),
  certificateAuthorized: ({ socket }: Context) => socket.authorized,
  certificateSubjectMatches: ({ socket }: Context, property: string, expected: string) =>
    property === 'tls_client_auth_subject_dn' &&
    socket.getPeerX509Certificate()?.subject === expected,
};

/** An authorization server that somebody else wrote, with the features that the client uses. */
export async function startAuthorizationServer(tls?: ServerTls): Promise<Listening> {
  const library: string = 'oidc-provider';
  const { default: Provider } = (await import(library)) as { default: ProviderConstructor };
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const listening = await listen((request, response) => answer(request, response), tls);
  const client = (
    id: string,
    secret: string,
    method: string,
  ): Readonly<Record<string, unknown>> => ({
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: method,
    scope: 'read write',
  });
  answer = new Provider(listening.url, {
    clients: [
      client('basic', ODD_SECRET, 'client_secret_basic'),
      client('post', ODD_SECRET, 'client_secret_post'),
      client('hasher', LONG_SECRET, 'client_secret_jwt'),
      ...(tls === undefined
        ? []
        : [
            {
              ...client('shown', ODD_SECRET, 'tls_client_auth'),
              tls_client_auth_subject_dn: 'CN=shown',
              tls_client_certificate_bound_access_tokens: true,
            },
          ]),
      {
        client_id: 'signer',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [PUBLIC_JWK] },
        scope: 'read write',
      },
    ],
    scopes: ['read', 'write', 'admin'],
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
    ],
    features: {
      mTLS: mutualTls,
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          audience: resource,
          scope: 'read write',
          accessTokenFormat: 'opaque',
        }),
      },
    },
  }).callback();
  return listening;
}
