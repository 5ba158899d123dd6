import { createServer } from 'node:http';
import { introspectionGuard } from '@tessera/resource-server';
import { openConfigurationStore } from './configuration-store.ts';
import { routes } from './routes.ts';

export type ConfigServiceOptions = {
  /** 0: one that is free. */
  readonly port: number;
  /** 127.0.0.1 by default: this machine alone. */
  readonly host?: string | undefined;
  /** This service's own credentials at the authorization server. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** What `aud` of a token must name, so that no token for another API is taken. */
  readonly audience?: string | undefined;
  readonly dataDir: string;
  /** Takes one line for each fault. Nothing by default. */
  readonly log?: ((line: string) => void) | undefined;
} & (
  | { readonly issuer: string; readonly introspectionEndpoint?: undefined }
  | { readonly issuer?: string | undefined; readonly introspectionEndpoint: string }
);

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
  const { host = '127.0.0.1', log = () => {} } = options;
  const own = {
    ...credentialsOf(options),
    ...(options.audience !== undefined && { audience: options.audience }),
  };
  const guard = introspectionGuard(
    options.introspectionEndpoint === undefined
      ? { issuer: options.issuer, ...own }
      : {
          issuer: options.issuer,
          introspectionEndpoint: options.introspectionEndpoint,
          ...own,
        },
  );
  const store = await openConfigurationStore(options.dataDir);
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 20_000 },
    routes(guard, store, log),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
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

const credentialsOf = (options: ConfigServiceOptions) => ({
  clientId: options.clientId,
  clientSecret: options.clientSecret,
});
