import type { ClientAuthentication, ServerMetadata } from '@tessera/protocol';
import { type Answer, exchange, type Transport } from './exchange.ts';
import { OAuthError, UnexpectedAnswerError } from './oauth-error.ts';

/** Who asks whom. */
export type ClientCall = Transport & {
  /** From `discover`, or written by hand: an issuer and the endpoints that are used. */
  readonly server: ServerMetadata;
  readonly clientId: string;
  readonly authenticate: ClientAuthentication;
};

type Endpoint = 'token_endpoint' | 'introspection_endpoint' | 'revocation_endpoint';

/** Posts a form to an endpoint as an authenticated client. Any answer but 200 is thrown. */
export async function askEndpoint(
  endpoint: Endpoint,
  form: URLSearchParams,
  call: ClientCall,
): Promise<Answer> {
  const address = call.server[endpoint];
  if (address === undefined) throw new TypeError(`${call.server.issuer} has no ${endpoint}`);

  const presented = await call.authenticate({
    clientId: call.clientId,
    issuer: call.server.issuer,
    endpoint: address,
  });
  for (const [name, value] of Object.entries(presented.parameters)) form.set(name, value);
  const answer = await exchange(
    address,
    {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...presented.headers,
      },
      body: form.toString(),
    },
    call,
  );
  if (answer.status !== 200) throw describeFailure(address, answer);
  return answer;
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
