import {
  type ClientAuthentication,
  formatBasicText,
  type Presentation,
  type Result,
  readIntrospection,
  refuse,
  SIGNED_INTROSPECTION_TYPE,
} from '@tessera/protocol';
import type { Introspect } from './answer-cache.ts';
import { exchange, jsonOf, type Transport } from './exchange.ts';
import type { RemoteProblem } from './remote-metadata.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** Who asks. RFC 7662 §2.1: the endpoint must know its callers, against token scanning. */
export type Asker = {
  readonly clientId: string;
  readonly authenticate: ClientAuthentication;
};

/** Reads a signed answer: the members of the introspection response that it vouches for. */
export type OpenSignedAnswer = (text: string) => Promise<Result<unknown, TokenRefusal>>;

export type IntrospectionRoute = Asker & {
  readonly issuer: string;
  readonly findEndpoint: () => Promise<Result<string, RemoteProblem>>;
  /** Asked for, and nothing else taken, where it is there. RFC 9701 §4 */
  readonly openSignedAnswer: OpenSignedAnswer | undefined;
  readonly onProblem: (message: string) => void;
};

/**
 * Asks the authorization server what a token stands for. RFC 7662 §2.
 *
 * A function that answers every token with what is known or why nothing is; it never rejects for
 * something that the network or the server did.
 */
export function introspector(route: IntrospectionRoute, transport: Transport): Introspect {
  const { clientId, issuer, authenticate, findEndpoint, openSignedAnswer, onProblem } = route;

  async function present(endpoint: string): Promise<Presentation | undefined> {
    try {
      return await authenticate({ clientId, issuer, endpoint });
    } catch {
      return undefined;
    }
  }

  return async (token) => {
    const endpoint = await findEndpoint();
    if (!endpoint.ok) return refuse({ reason: endpoint.refusal.reason });
    const presented = await present(endpoint.value);
    if (presented === undefined) {
      onProblem('the credentials of this API are not available');
      return refuse({ reason: 'own_credentials_unavailable' });
    }
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
          accept: openSignedAnswer === undefined ? 'application/json' : SIGNED_INTROSPECTION_TYPE,
          'content-type': 'application/x-www-form-urlencoded',
          ...presented.headers,
        },
        body: form.toString(),
      },
      transport,
    );
    if (answer === undefined) {
      onProblem(`${endpoint.value} can not be reached`);
      return refuse({ reason: 'authorization_server_unreachable' });
    }
    const { status, type, text, retryAfter } = answer;
    if (status !== 200) {
      onProblem(`${endpoint.value} answered ${status}`);
      return refuse({ reason: 'authorization_server_refused', status, retryAfter });
    }
    if (openSignedAnswer === undefined) return readAnswer(jsonOf(answer));
    // An answer without a signature is one that anybody could have written.
    if (type !== SIGNED_INTROSPECTION_TYPE) return MALFORMED;
    const opened = await openSignedAnswer(text);
    return opened.ok ? readAnswer(opened.value) : opened;
  };
}

const MALFORMED = refuse({ reason: 'authorization_server_answer_malformed' } as const);

function readAnswer(document: unknown): Awaited<ReturnType<Introspect>> {
  const read = readIntrospection(document);
  return read.ok ? read : MALFORMED;
}

/** HTTP Basic. RFC 6749 §2.3.1 */
export const secretBasic =
  (secret: string): ClientAuthentication =>
  ({ clientId }) => ({
    headers: { authorization: `Basic ${btoa(formatBasicText(clientId, secret))}` },
    parameters: {},
  });
