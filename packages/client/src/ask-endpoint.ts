import type { ClientAuthentication, ServerMetadata } from '@tessera/protocol';
import type { Dpop } from './dpop.ts';
import { type Answer, exchange, type Transport } from './exchange.ts';
import { OAuthError, UnexpectedAnswerError } from './oauth-error.ts';

/** Who asks whom. */
export type ClientCall = Transport & {
  /** From `discover`, or written by hand: an issuer and the endpoints that are used. */
  readonly server: ServerMetadata;
  readonly clientId: string;
  readonly authenticate: ClientAuthentication;
  /**
   * The connection shows a certificate: the server is asked at the addresses that it has for that.
   * RFC 8705 §5.
   */
  readonly mutualTls?: boolean | undefined;
};

type Endpoint = 'token_endpoint' | 'introspection_endpoint' | 'revocation_endpoint';

/**
 * Posts a form to an endpoint as an authenticated client. Any answer but 200 is thrown.
 *
 * With `dpop`, a proof goes along. A server that wants a nonce in it is asked once more (RFC 9449
 * §8), with a new assertion too: it may have used up the one before.
 */
export async function askEndpoint(
  endpoint: Endpoint,
  form: URLSearchParams,
  call: ClientCall,
  dpop?: Dpop,
): Promise<Answer> {
  const address = addressOf(endpoint, call);
  const first = await post(address, form, call, dpop);
  dpop?.remember(address, first.dpopNonce);
  const again = dpop !== undefined && first.dpopNonce !== undefined && wantsNonce(first);
  const answer = again ? await post(address, form, call, dpop) : first;
  if (again) dpop.remember(address, answer.dpopNonce);
  if (answer.status !== 200) throw describeFailure(address, answer);
  return answer;
}

function addressOf(endpoint: Endpoint, { server, mutualTls }: ClientCall): string {
  const alias = mutualTls === true ? server.mtls_endpoint_aliases?.[endpoint] : undefined;
  const address = alias ?? server[endpoint];
  if (address === undefined) throw new TypeError(`${server.issuer} has no ${endpoint}`);
  return address;
}

const wantsNonce = ({ status, json }: Answer): boolean =>
  status === 400 && membersOf(json)['error'] === 'use_dpop_nonce';

async function post(
  address: string,
  form: URLSearchParams,
  call: ClientCall,
  dpop: Dpop | undefined,
): Promise<Answer> {
  const presented = await call.authenticate({
    clientId: call.clientId,
    issuer: call.server.issuer,
    endpoint: address,
  });
  const body = new URLSearchParams(form);
  for (const [name, value] of Object.entries(presented.parameters)) body.set(name, value);
  return exchange(
    address,
    {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(dpop !== undefined && { dpop: await dpop.prove({ method: 'POST', address }) }),
        ...presented.headers,
      },
      body: body.toString(),
    },
    call,
  );
}

/** RFC 6749 §5.2: `error` is what makes an answer a refusal; a proxy's error page has none. */
function describeFailure(address: string, answer: Answer): OAuthError | UnexpectedAnswerError {
  const { error, error_description: description } = membersOf(answer.json);
  if (answer.status < 400 || typeof error !== 'string' || error === '')
    return new UnexpectedAnswerError(`${address} answered ${answer.status}`, answer);
  return new OAuthError({
    ...answer,
    error: printable(error),
    error_description: typeof description === 'string' ? printable(description) : undefined,
  });
}

export const membersOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : {};

/** These words end in logs: one line of visible ASCII, as RFC 6749 §5.2 wants them, not too long. */
const printable = (text: string): string => text.slice(0, 500).replace(/[^\x20-\x7e]/g, '?');
