import { isProtectedAddress } from '@tessera/protocol';
import { authorizeRequest } from './authorize-request.ts';
import type { Transport } from './exchange.ts';
import { followRedirect, type RepeatableRequest, readRequest } from './repeatable-request.ts';
import type { WantedToken } from './request-token.ts';
import type { TokenSource } from './token-source.ts';

export type FetchWithTokenOptions = WantedToken &
  Pick<Transport, 'fetch' | 'allowHttp'> & {
    /** Who may see the tokens: `https://api.example.com`. A request to anybody else rejects. */
    readonly origins: readonly string[];
  };

/** As many as anybody needs between two addresses of one API. */
const REDIRECTS_MAX = 5;

/**
 * A `fetch` that shows a token of a source to the APIs that are named: as Bearer, or with a proof
 * when the source has a DPoP key. RFC 6750 §2.1, RFC 9449 §7.1.
 *
 * A request that the API answers with `use_dpop_nonce` (RFC 9449 §9) or `invalid_token` is sent
 * once more, with the nonce or with a new token, unless its body is a stream, which is gone by
 * then. Redirects within the origin are followed with headers of their own; one to another origin
 * is returned as it is.
 */
export function fetchWithToken(
  source: TokenSource,
  { origins, fetch: send = fetch, allowHttp, ...wanted }: FetchWithTokenOptions,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const allowed = new Set(origins.map((origin) => readOrigin(origin, allowHttp === true)));
  if (allowed.size === 0) throw new TypeError('origins names nobody who may see the token');

  async function present(request: RepeatableRequest) {
    const { address, method, init } = request;
    const { signal } = init;
    const authorized = await authorizeRequest(source, { ...wanted, method, address, signal });
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(authorized.headers)) headers.set(name, value);
    const redirect = init.redirect === 'error' ? 'error' : 'manual';
    const response = await send(address, { ...init, method, headers, redirect });
    return { response, reason: authorized.learn(response) };
  }

  return async (input, init = {}) => {
    // Who may see it is decided before anything is read or asked for.
    const first = new URL(input instanceof Request ? input.url : input);
    if (!allowed.has(first.origin))
      throw new TypeError(`${first.origin} is not among the origins that may see the token`);

    let request = await readRequest(input, init);
    let redirects = 0;
    for (const repeated = new Set<string>(); ; ) {
      const { response, reason } = await present(request);
      const again = reason !== undefined && request.repeatable && !repeated.has(reason);
      if (again) repeated.add(reason);
      else {
        const follow = (request.init.redirect ?? 'follow') === 'follow';
        const next =
          follow && redirects++ < REDIRECTS_MAX ? followRedirect(request, response) : undefined;
        if (next === undefined) return response;
        request = next;
      }
      await response.body?.cancel();
    }
  };
}

function readOrigin(text: string, allowHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.href !== `${url.origin}/` && url.href !== url.origin))
    throw new TypeError(`${text} is no origin, such as https://api.example.com`);
  if (!isProtectedAddress(url.href) && !allowHttp)
    throw new TypeError(`${text} is not https; allowHttp permits it`);
  return url.origin;
}
