import { TOKEN_EXCHANGE_GRANT } from '@tessera/protocol';
import type { Grant, TokenReader } from './grant.ts';

const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

export type TokenExchange = {
  /** On whose behalf the token is to be; read for each request. */
  readonly subjectToken: TokenReader;
  /** An access token by default. RFC 8693 §3. */
  readonly subjectTokenType?: string | undefined;
  /** Who acts, where that is not the client itself. */
  readonly actorToken?: TokenReader | undefined;
  readonly actorTokenType?: string | undefined;
  /** An access token by default. */
  readonly requestedTokenType?: string | undefined;
  /** The names of the services that the token is for; their addresses are `resource`. */
  readonly audience?: string | readonly string[] | undefined;
};

/** One token for another: for another API, for less, or to act for somebody. RFC 8693 §2.1. */
export const tokenExchange = (exchange: TokenExchange): Grant => {
  const { subjectToken, actorToken, requestedTokenType } = exchange;
  return {
    grantType: TOKEN_EXCHANGE_GRANT,
    async parameters(call) {
      const form: (readonly [string, string])[] = [
        ['subject_token', await subjectToken(call)],
        ['subject_token_type', exchange.subjectTokenType ?? ACCESS_TOKEN_TYPE],
      ];
      if (actorToken !== undefined)
        form.push(
          ['actor_token', await actorToken(call)],
          ['actor_token_type', exchange.actorTokenType ?? ACCESS_TOKEN_TYPE],
        );
      if (requestedTokenType !== undefined) form.push(['requested_token_type', requestedTokenType]);
      for (const audience of [exchange.audience ?? []].flat()) form.push(['audience', audience]);
      return form;
    },
    mayBeNoAccessToken:
      requestedTokenType !== undefined && requestedTokenType !== ACCESS_TOKEN_TYPE,
  };
};
