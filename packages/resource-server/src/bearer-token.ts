import { ok, type Result, refuse } from '@tessera/protocol';
import type { TokenRefusal } from './token-refusal.ts';

/** Where a request can carry a token. RFC 6750 §2. */
export type PresentedRequest = {
  /** Every Authorization header of the request: a list where the transport keeps them apart. */
  readonly authorization?: string | readonly string[] | undefined;
  /** What follows the `?` of the address. */
  readonly query?: string | undefined;
  /** The body, when it is a form and has been read. */
  readonly form?: string | undefined;
};

/** More than any token that a header of usual size can hold. */
const TOKEN_LENGTH_MAX = 16_384;

/** `b64token` of RFC 6750 §2.1, the `token68` of RFC 9110 §11.2. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * Finds the one token of a request: in the Authorization header, RFC 6750 §2.1, and nowhere else.
 *
 * A token in the query ends in logs and histories and "MUST NOT" be taken (RFC 9700 §4.3.2), nor
 * is one in the body (§2.2 makes it optional). Beside the header either is refused: "Clients MUST
 * NOT use more than one method to transmit the token in each request." RFC 6750 §2.
 */
export function readBearerToken(request: PresentedRequest): Result<string, TokenRefusal> {
  const [header, ...more] = [request.authorization ?? []].flat();
  if (more.length > 0) return refuse({ reason: 'authorization_repeated' });
  if (header === undefined) return refuse({ reason: 'token_missing' });

  // Without white space around it: HTTP parsers have removed that. RFC 9110 §5.5.
  const space = header.indexOf(' ');
  const scheme = space === -1 ? header : header.slice(0, space);
  // Another scheme is as good as none: the challenge then tells which one is wanted.
  if (scheme.toLowerCase() !== 'bearer') return refuse({ reason: 'token_missing' });

  const token = space === -1 ? '' : header.slice(space).replace(/^ +/, '');
  if (token.length > TOKEN_LENGTH_MAX || !TOKEN.test(token))
    return refuse({ reason: 'token_malformed' });
  if (hasAccessToken(request.query) || hasAccessToken(request.form))
    return refuse({ reason: 'token_repeated' });
  return ok(token);
}

const hasAccessToken = (form: string | undefined): boolean =>
  form !== undefined && new URLSearchParams(form).has('access_token');
