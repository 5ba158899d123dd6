import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What of `oidc-provider`, which comes without types, is used here. */
type ProviderConstructor = new (
  issuer: string,
  configuration: Readonly<Record<string, unknown>>,
) => { callback(): RequestListener };

export type Listening = { readonly url: string; close(): Promise<void> };

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

/** An authorization server, the credentials of an API that asks it, and how to get a token. */
export type AuthorizationServerUnderTest = Listening & {
  /** What `aud` of its tokens names. */
  readonly audience: string;
  readonly api: { readonly clientId: string; readonly clientSecret: string };
  issue(clientId: string, scope?: string): Promise<string>;
  revoke(clientId: string, token: string): Promise<void>;
};

const AUDIENCE = 'https://api.example';

const SECRET = 'p:a+s %s&w=or~d';

/** An authorization server that somebody else wrote. */
export async function startAuthorizationServer(): Promise<AuthorizationServerUnderTest> {
  const library: string = 'oidc-provider';
  const { default: Provider } = (await import(library)) as { default: ProviderConstructor };
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const listening = await listen((request, response) => answer(request, response));
  const client = (id: string): Readonly<Record<string, unknown>> => ({
    client_id: id,
    client_secret: SECRET,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: 'read write',
  });
  answer = new Provider(listening.url, {
    clients: ['first', 'second', 'api'].map(client),
    scopes: ['read', 'write'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => ({ audience: AUDIENCE, scope: 'read write' }),
      },
      revocation: { enabled: true },
    },
    ttl: { ClientCredentials: () => 600 },
  }).callback();

  const post = async (path: string, clientId: string, form: Record<string, string>) => {
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(SECRET)}`;
    const response = await fetch(`${listening.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams(form),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  };
  return {
    ...listening,
    audience: AUDIENCE,
    api: { clientId: 'api', clientSecret: SECRET },
    async issue(clientId, scope) {
      const form = { grant_type: 'client_credentials', ...(scope !== undefined && { scope }) };
      const token = JSON.parse(await post('/token', clientId, form)) as { access_token: string };
      return token.access_token;
    },
    async revoke(clientId, token) {
      await post('/token/revocation', clientId, { token });
    },
  };
}
