import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What of `oidc-provider`, which comes without types, is used here. */
type ProviderConstructor = new (
  issuer: string,
  configuration: Readonly<Record<string, unknown>>,
) => { callback(): RequestListener };

export type Listening = { readonly url: string; close(): Promise<void> };

/** Characters that differ between a secret, its form encoding and a header. */
export const ODD_SECRET = 'p:a+s %s&w=or~d';

const PAIR = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PUBLIC_JWK = PAIR.publicKey.export({ format: 'jwk' });

/** The key of the client `signer`. */
export const SIGNER_KEY = PAIR.privateKey.export({ format: 'jwk' });

/** Listens on a port of the system's choice. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An authorization server that somebody else wrote, with the features that the client uses. */
export async function startAuthorizationServer(): Promise<Listening> {
  const library: string = 'oidc-provider';
  const { default: Provider } = (await import(library)) as { default: ProviderConstructor };
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const listening = await listen((request, response) => answer(request, response));
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
    features: {
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
