import type { IncomingMessage } from 'node:http';
import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import type { AdapterOptions } from './decide.ts';
import { type Middleware, requireToken as requireTokenInExpress } from './express.ts';
import { requireToken as requireTokenInFetch } from './fetch.ts';

export type { AdapterOptions } from './decide.ts';
export { resourceMetadata } from './fetch.ts';

/** `AuthInfo` of the MCP SDKs, versions 1 and 2: what a tool learns about its caller. */
export type AuthInfo = {
  /** Empty: a token for this server is for no other, so no tool has a use for it. */
  token: string;
  /** Whom the token was issued to; where it does not say, its subject. */
  clientId: string;
  scopes: string[];
  /** Seconds since 1970. */
  expiresAt?: number;
  /** Named by the challenge of a tool that asks for more scopes. RFC 9728 §5.1 */
  resourceMetadataUrl?: string;
  extra: { readonly accepted: AcceptedToken };
};

/** What the MCP SDKs call a token that was accepted. */
export function authInfoOf(server: ResourceServer, accepted: AcceptedToken): AuthInfo {
  const { clientId, subject, scope, expiresAt } = accepted;
  return {
    token: '',
    clientId: clientId ?? subject ?? '',
    scopes: [...scope],
    ...(expiresAt !== undefined && { expiresAt }),
    ...(server.metadata !== undefined && { resourceMetadataUrl: server.metadata.url }),
    extra: { accepted },
  };
}

/** `fetch` of what `createMcpHandler` of `@modelcontextprotocol/server` makes. */
export type McpFetch = (
  request: Request,
  options: { readonly authInfo: AuthInfo },
) => Response | Promise<Response>;

/** Puts an MCP handler behind a token: `requireToken(server, {}, mcp.fetch)`. */
export const requireToken = (
  server: ResourceServer,
  requirement: Requirement,
  handler: McpFetch,
  options: AdapterOptions<Request> = {},
): ((request: Request) => Promise<Response>) =>
  requireTokenInFetch(
    server,
    requirement,
    (request, token) => handler(request, { authInfo: authInfoOf(server, token) }),
    options,
  );

/**
 * The same as middleware of Express or connect. It leaves `request.auth` for transports that take
 * requests of `node:http`: `StreamableHTTPServerTransport` of version 1 and its successors.
 */
export function requireAuth(
  server: ResourceServer,
  requirement: Requirement = {},
  options: AdapterOptions<IncomingMessage> = {},
): Middleware {
  const admit = requireTokenInExpress(server, requirement, options);
  return (request, response, next) =>
    admit(request, response, () => {
      const { token } = request;
      if (token !== undefined) (request as { auth?: AuthInfo }).auth = authInfoOf(server, token);
      next();
    });
}
