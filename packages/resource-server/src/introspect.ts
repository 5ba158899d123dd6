import {
  type ClientAuthentication,
  formatBasicText,
  type Introspection,
  metadataAddresses,
  ok,
  type Presentation,
  type Result,
  readIntrospection,
  readMetadata,
  refuse,
} from '@tessera/protocol';
import { exchange, mayBeAsked, type Transport } from './exchange.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** Whom to ask: the endpoint is discovered from the issuer unless it is given. */
export type AuthorizationServer =
  | { readonly issuer: string; readonly introspectionEndpoint?: undefined }
  | { readonly issuer?: string | undefined; readonly introspectionEndpoint: string };

/** Who asks. RFC 7662 §2.1: the endpoint must know its callers, against token scanning. */
export type Asker = { readonly clientId: string } & (
  | { readonly clientSecret: string; readonly authenticate?: undefined }
  | { readonly authenticate: ClientAuthentication; readonly clientSecret?: undefined }
);

export type Introspect = (token: string) => Promise<Result<Introspection, TokenRefusal>>;

/**
 * Asks the authorization server what a token stands for. RFC 7662 §2.
 *
 * A function that answers every token with what is known or why nothing is; it never rejects for
 * something that the network or the server did.
 */
export function introspection(
  server: AuthorizationServer,
  asker: Asker,
  transport: Transport,
): Introspect {
  const authenticate = asker.authenticate ?? basic(asker.clientSecret);
  const find = endpointFinder(server, transport);
  const { clientId } = asker;

  async function present(endpoint: string): Promise<Presentation | undefined> {
    try {
      return await authenticate({ clientId, issuer: server.issuer, endpoint });
    } catch {
      return undefined;
    }
  }

  return async (token) => {
    const endpoint = await find();
    if (!endpoint.ok) return endpoint;
    const presented = await present(endpoint.value);
    if (presented === undefined) return refuse({ reason: 'own_credentials_unavailable' });
    const form = new URLSearchParams({
      token,
      token_type_hint: 'access_token',
      ...presented.parameters,
    });
    const answer = await exchange(
      endpoint.value,
      {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...presented.headers,
        },
        body: form.toString(),
      },
      transport,
    );
    if (answer === undefined) return refuse({ reason: 'authorization_server_unreachable' });
    const { status, json, retryAfter } = answer;
    if (status !== 200)
      return refuse({ reason: 'authorization_server_refused', status, retryAfter });
    const read = readIntrospection(json);
    return read.ok ? read : refuse({ reason: 'authorization_server_answer_malformed' });
  };
}

const basic =
  (secret: string): ClientAuthentication =>
  ({ clientId }) => ({
    headers: { authorization: `Basic ${btoa(formatBasicText(clientId, secret))}` },
    parameters: {},
  });

/** Discovers the endpoint once, however many ask; what failed is tried again by the next. */
function endpointFinder(
  server: AuthorizationServer,
  transport: Transport,
): () => Promise<Result<string, TokenRefusal>> {
  if (server.introspectionEndpoint !== undefined) {
    const known = ok(server.introspectionEndpoint);
    demand(mayBeAsked(known.value, transport), known.value);
    return async () => known;
  }
  const { issuer } = server;
  const addresses = metadataAddresses(issuer);
  if (addresses === undefined) throw new TypeError(`${issuer} is no issuer`);
  demand(mayBeAsked(issuer, transport), issuer);

  let finding: Promise<Result<string, TokenRefusal>> | undefined;
  return () => {
    finding ??= discoverEndpoint(issuer, addresses, transport).then((found) => {
      if (!found.ok) finding = undefined;
      return found;
    });
    return finding;
  };
}

function demand(isProtected: boolean, address: string): void {
  if (!isProtected) throw new TypeError(`${address} is not https; allowHttp permits it`);
}

/** RFC 8414 §3. */
async function discoverEndpoint(
  issuer: string,
  addresses: readonly string[],
  transport: Transport,
): Promise<Result<string, TokenRefusal>> {
  const malformed = refuse({ reason: 'authorization_server_answer_malformed' } as const);
  for (const address of addresses) {
    const answer = await exchange(address, { headers: { accept: 'application/json' } }, transport);
    if (answer === undefined) return refuse({ reason: 'authorization_server_unreachable' });
    if (answer.status !== 200 || answer.json === undefined) continue;
    const metadata = readMetadata(answer.json, issuer);
    const endpoint = metadata.ok ? metadata.value.introspection_endpoint : undefined;
    return endpoint !== undefined && mayBeAsked(endpoint, transport) ? ok(endpoint) : malformed;
  }
  return malformed;
}
