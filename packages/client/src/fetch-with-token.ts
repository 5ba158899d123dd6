import { isProtectedAddress } from '@tessera/protocol';
import type { Transport } from './exchange.ts';
import type { TokenSource } from './token-source.ts';

/**
 * A `fetch` that shows the token of a source: as Bearer, or with a proof when the source has a
 * DPoP key. RFC 6750 §2.1, RFC 9449 §7.1.
 *
 * A request that the API answers with `use_dpop_nonce` (RFC 9449 §9) or `invalid_token` is sent
 * once more, with the nonce or with a new token, unless its body is a stream, which is gone by
 * then. Redirects are not followed: the token is meant for this address.
 */
export function fetchWithToken(
  source: TokenSource,
  { fetch: send = fetch, allowHttp }: Pick<Transport, 'fetch' | 'allowHttp'> = {},
): (address: string, init?: RequestInit) => Promise<Response> {
  return async (address, init = {}) => {
    if (!isProtectedAddress(address) && allowHttp !== true)
      throw new TypeError(`${address} is not https; allowHttp permits it`);
    const repeatable = !(init.body instanceof ReadableStream);
    const shown = { nonce: false, token: false };
    for (;;) {
      const token = await source.token();
      const response = await send(address, await present(source, token, address, init));
      const nonce = response.headers.get('dpop-nonce') ?? undefined;
      source.dpop?.remember(address, nonce);
      if (response.status !== 401 || !repeatable) return response;
      const challenge = response.headers.get('www-authenticate') ?? '';
      const known = source.dpop !== undefined && nonce !== undefined;
      if (known && !shown.nonce && /\berror="?use_dpop_nonce\b/i.test(challenge))
        shown.nonce = true;
      else if (!shown.token && /\berror="?invalid_token\b/i.test(challenge)) {
        source.discard(token);
        shown.token = true;
      } else return response;
      await response.body?.cancel();
    }
  };
}

async function present(
  { dpop }: TokenSource,
  token: string,
  address: string,
  init: RequestInit,
): Promise<RequestInit> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `${dpop === undefined ? 'Bearer' : 'DPoP'} ${token}`);
  if (dpop !== undefined) {
    const method = (init.method ?? 'GET').toUpperCase();
    headers.set('dpop', await dpop.prove({ method, address, accessToken: token }));
  }
  return { ...init, headers, redirect: init.redirect ?? 'manual' };
}
