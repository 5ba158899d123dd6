import { tokenErrorsOf } from './read-challenges.ts';
import type { WantedToken } from './request-token.ts';
import type { TokenSource } from './token-source.ts';

/** A request to an API that is about to be sent. */
export type ApiRequest = WantedToken & {
  readonly method: string;
  /** All of it; the proof names it without query and fragment. */
  readonly address: string;
  readonly signal?: AbortSignal | null | undefined;
};

/** Headers as `fetch`, `node:http`, axios and gRPC libraries have them. */
export type AnswerHeaders =
  | Headers
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export type AuthorizedRequest = {
  /** `authorization`, and `dpop` when the token is bound to a key. For this one request. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Learns from the answer: the nonce of the API, or that the token is of no use. Returns why the
   * request is worth sending once more, with headers of its own, or undefined when it is not.
   */
  learn(answer: {
    readonly status: number;
    readonly headers: AnswerHeaders;
  }): 'use_dpop_nonce' | 'invalid_token' | undefined;
};

/**
 * The headers that show a token of a source: as Bearer (RFC 6750 §2.1), or with a proof when the
 * source has a DPoP key (RFC 9449 §7.1). For clients that are not `fetch`; `fetchWithToken` does
 * the rest for those that are. Whether that address may see the token is for the caller to decide.
 */
export async function authorizeRequest(
  source: TokenSource,
  { method, address, ...wanted }: ApiRequest,
): Promise<AuthorizedRequest> {
  const { dpop } = source;
  const token = await source.token(wanted);
  return {
    headers:
      dpop === undefined
        ? { authorization: `Bearer ${token}` }
        : {
            authorization: `DPoP ${token}`,
            dpop: await dpop.prove({ method: method.toUpperCase(), address, accessToken: token }),
          },
    learn({ status, headers }) {
      const nonce = headerOf(headers, 'dpop-nonce');
      dpop?.remember(address, nonce);
      if (status !== 401) return undefined;
      const errors = tokenErrorsOf(headerOf(headers, 'www-authenticate') ?? '');
      if (dpop !== undefined && nonce !== undefined && errors.includes('use_dpop_nonce'))
        return 'use_dpop_nonce';
      return errors.includes('invalid_token') && source.invalidate(token)
        ? 'invalid_token'
        : undefined;
    },
  };
}

function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'object' ? found.join(', ') : found;
}
