import { createServer } from 'node:http';
import { resourceServer } from '@tessera/resource-server';
import { routes } from './routes.ts';
import { SCOPES } from './tools.ts';

export type McpServerOptions = {
  /** 0: one that is free. */
  readonly port: number;
  /** 127.0.0.1 by default: this machine alone. */
  readonly host?: string | undefined;
  /**
   * The address of the MCP endpoint as clients see it, which is also what `aud` of a token must
   * name. By default that of the port, with the path `/mcp`.
   */
  readonly resource?: string | undefined;
  readonly issuer: string;
  /** This server's own credentials at the authorization server. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Takes one line for each fault. Nothing by default. */
  readonly log?: ((line: string) => void) | undefined;
};

export type RunningMcpServer = {
  /** The address of the MCP endpoint. */
  readonly resource: string;
  /** Resolves when nobody is connected any more. */
  close(): Promise<void>;
};

/** Starts an MCP server whose tools take access tokens for this server, and no others. */
export async function startMcpServer(options: McpServerOptions): Promise<RunningMcpServer> {
  const { host = '127.0.0.1', issuer, clientId, clientSecret, log = () => {} } = options;
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
  const shown = host.includes(':') ? `[${host}]` : host;
  const resource = options.resource ?? `http://${shown}:${port}/mcp`;

  const api = resourceServer({
    issuer,
    audience: resource,
    introspection: { clientId, clientSecret, tokens: 'all' },
    resource: {
      name: 'Notes',
      // What every caller needs: clients ask for all that is named here, whether or not they use
      // it. Which scope a tool needs beyond that is told when it is called.
      scopes: [SCOPES.read],
    },
    realm: 'notes',
  });
  server.on('request', routes(api, resource, log));
  return {
    resource,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Streams of events would stay open for as long as their clients live.
        server.closeAllConnections();
      }),
  };
}
