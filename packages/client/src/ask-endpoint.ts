import type { AuthenticatedCall, ClientAuthentication, ServerMetadata } from '@tessera/protocol';
import type { Dpop } from './dpop.ts';
import { type Answer, exchange, type Transport } from './exchange.ts';
import { OAuthError, UnexpectedAnswerError } from './oauth-error.ts';
import { membersOf } from './read-token-response.ts';
import { printable, secretsOf } from './redact.ts';

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

/** What goes along with the form, made anew for each attempt. */
type Extras = {
  readonly dpop?: Dpop | undefined;
  readonly bring?: (call: AuthenticatedCall) => Promise<readonly (readonly [string, string])[]>;
};

/** An answer, and what of its request must not be told to anybody. */
type Told = { readonly answer: Answer; readonly secrets: readonly string[] };

/**
 * Posts a form to an endpoint as an authenticated client. Any answer but 200 is thrown.
 *
 * With `dpop`, a proof goes along. A server that wants a nonce in it is asked once more (RFC 9449
 * §8), with new assertions too: it may have used up those before.
 */
export async function askEndpoint(
  endpoint: Endpoint,
  form: URLSearchParams,
  call: ClientCall,
  extras: Extras = {},
): Promise<Answer> {
  const { dpop } = extras;
  const address = addressOf(endpoint, call);
  const first = await post(address, form, call, extras);
  dpop?.remember(address, first.answer.dpopNonce);
  const again = dpop !== undefined && first.answer.dpopNonce !== undefined && wantsNonce(first);
  const told = again ? await post(address, form, call, extras) : first;
  if (again) dpop.remember(address, told.answer.dpopNonce);
  if (told.answer.status !== 200) throw describeFailure(address, told);
  return told.answer;
}

function addressOf(endpoint: Endpoint, { server, mutualTls }: ClientCall): string {
  const alias = mutualTls === true ? server.mtls_endpoint_aliases?.[endpoint] : undefined;
  const address = alias ?? server[endpoint];
  if (address === undefined) throw new TypeError(`${server.issuer} has no ${endpoint}`);
  return address;
}

const wantsNonce = ({ answer: { status, json } }: Told): boolean =>
  status === 400 && membersOf(json)['error'] === 'use_dpop_nonce';

async function post(
  address: string,
  form: URLSearchParams,
  call: ClientCall,
  { dpop, bring }: Extras,
): Promise<Told> {
  const { issuer } = call.server;
  const authenticated = { clientId: call.clientId, issuer, endpoint: address };
  const body = new URLSearchParams(form);
  for (const [name, value] of (await bring?.(authenticated)) ?? []) body.append(name, value);
  const presented = await call.authenticate(authenticated);
  for (const [name, value] of Object.entries(presented.parameters)) body.set(name, value);
  const answer = await exchange(
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
  return { answer, secrets: secretsOf(body, presented.headers) };
}

/** RFC 6749 §5.2: `error` is what makes an answer a refusal; a proxy's error page has none. */
function describeFailure(
  address: string,
  { answer, secrets }: Told,
): OAuthError | UnexpectedAnswerError {
  const { error, error_description: description } = membersOf(answer.json);
  if (answer.status < 400 || typeof error !== 'string' || error === '')
    return new UnexpectedAnswerError(`${address} answered ${answer.status}`, answer);
  return new OAuthError({
    ...answer,
    error: printable(error, secrets),
    error_description:
      typeof description === 'string' ? printable(description, secrets) : undefined,
  });
}
