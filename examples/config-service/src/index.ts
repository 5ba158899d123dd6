import { createServer } from 'node:http';
import { resourceServer } from '@tessera/resource-server';
import { openConfigurationStore } from './configuration-store.ts';
import { routes } from './routes.ts';

export type ConfigServiceOptions = {
  /** Of the authorization server whose tokens are taken. */
  readonly issuer: string;
  /** By default what the metadata of the issuer says. */
  readonly introspectionEndpoint?: string | undefined;
  /** 0: one that is free. */
  readonly port: number;
  /** 127.0.0.1 by default: this machine alone. */
  readonly host?: string | undefined;
  /** This service's own credentials at the authorization server. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** What `aud` of a token must name, so that no token for another API is taken. */
  readonly audience: string;
  /** Where callers find it, for the proofs of bound tokens; by default where it listens. */
  readonly publicUrl?: string | undefined;
  readonly dataDir: string;
  /** Takes one line for each fault. Nothing by default. */
  readonly log?: ((line: string) => void) | undefined;
};

export type ConfigService = {
  readonly url: string;
  /** Resolves when the requests under way are answered. */
  close(): Promise<void>;
};

const CLOSE_MILLISECONDS = 5000;

/**
 * Starts a resource server that keeps each client's own configuration, and validates every token
 * by asking the authorization server.
 */
export async function startConfigService(options: ConfigServiceOptions): Promise<ConfigService> {
  const { host = '127.0.0.1', log = () => {}, clientId, clientSecret } = options;
  const store = await openConfigurationStore(options.dataDir);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const api = resourceServer({
    issuer: options.issuer,
    audience: options.audience,
    // Asked about each time: who takes a client's access away sees it here at once.
    introspection: { clientId, clientSecret, tokens: 'all' },
    endpoints: { introspectionEndpoint: options.introspectionEndpoint },
    publicUrl: options.publicUrl ?? url,
    realm: 'config-service',
  });
  server.on('request', routes(api, store, log));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS);
        server.close(() => {
          clearTimeout(impatience);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
