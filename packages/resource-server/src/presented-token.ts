import { ok, type Result, refuse } from '@tessera/protocol';
import { headerValues, type PresentedRequest, queryOf } from './presented-request.ts';
import type { Scheme } from './refusal.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** A token as it came: nothing is known of it, not even its form. */
export type PresentedToken = { readonly scheme: Scheme; readonly token: string };

/** More than any token that a header of usual size can hold. */
const TOKEN_LENGTH_MAX = 16_384;

/** `b64token` of RFC 6750 §2.1, the `token68` of RFC 9110 §11.2. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** In small letters, and as nearly everybody writes them. */
const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['Bearer', 'Bearer'],
  ['DPoP', 'DPoP'],
  ['bearer', 'Bearer'],
  ['dpop', 'DPoP'],
]);

/**
 * Finds the one token of a request: in the Authorization header, RFC 6750 §2.1, RFC 9449 §7.1, and
 * nowhere else.
 *
 * A token in the query ends in logs and histories and "MUST NOT" be taken (RFC 9700 §4.3.2), nor
 * is one in the body (§2.2 makes it optional). Beside the header either is refused: "Clients MUST
 * NOT use more than one method to transmit the token in each request." RFC 6750 §2.
 */
export function readPresentedToken(
  request: PresentedRequest,
): Result<PresentedToken, TokenRefusal> {
  const values = headerValues(request.headers, 'authorization');
  if (values.length > 1) return refuse({ reason: 'authorization_repeated' });
  const header = values[0];
  if (header === undefined) return refuse({ reason: 'token_missing' });

  // Without white space around it: HTTP parsers have removed that. RFC 9110 §5.5.
  const space = header.indexOf(' ');
  const name = space === -1 ? header : header.slice(0, space);
  const scheme = SCHEMES.get(name) ?? SCHEMES.get(name.toLowerCase());
  // Another scheme is as good as none: the challenge then tells which one is wanted.
  if (scheme === undefined) return refuse({ reason: 'token_missing' });

  const token = space === -1 ? '' : header.slice(startOfToken(header, space));
  if (token.length > TOKEN_LENGTH_MAX) return malformedOf(token);
  if (hasAccessToken(queryOf(request.url)) || hasAccessToken(request.form))
    return refuse({ reason: 'token_repeated' });
  return ok({ scheme, token });
}

/** Scheme and token are `1*SP` apart. RFC 6750 §2.1 */
function startOfToken(header: string, space: number): number {
  let start = space;
  while (header.charCodeAt(start) === 0x20) start++;
  return start;
}

/**
 * Whether a token has the form of one; undefined: it has. Apart from the above, because a token that
 * was seen before has shown it.
 */
export const checkTokenForm = (token: string): Malformed | undefined =>
  TOKEN.test(token) ? undefined : malformedOf(token);

type Malformed = ReturnType<typeof malformedOf>;

/** Two headers that the platform joined are two headers: no token has a comma. RFC 9110 §5.3 */
const malformedOf = (token: string) =>
  refuse(
    /, *(?:bearer|dpop)(?: |$)/i.test(token)
      ? ({ reason: 'authorization_repeated' } as const)
      : ({ reason: 'token_malformed' } as const),
  );

/** The name may be encoded; most queries have neither it nor an encoding, and need no parsing. */
const hasAccessToken = (form: string | undefined): boolean =>
  form !== undefined &&
  (form.includes('access_token') || form.includes('%')) &&
  new URLSearchParams(form).has('access_token');
