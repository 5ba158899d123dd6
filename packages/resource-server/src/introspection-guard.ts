import type { Result } from '@tessera/protocol';
import { type AcceptedToken, acceptToken } from './accept-token.ts';
import { answerCache } from './answer-cache.ts';
import { type PresentedRequest, readBearerToken } from './bearer-token.ts';
import type { Transport } from './exchange.ts';
import { type Asker, type AuthorizationServer, introspection } from './introspect.ts';
import { readRequiredScope } from './required-scope.ts';
import type { ScopeList } from './requirement.ts';
import type { TokenRefusal } from './token-refusal.ts';

export type IntrospectionGuardOptions = AuthorizationServer &
  Asker &
  Transport & {
    /** What this API is called in `aud`; any one of several. Without, no audience is asked for. */
    readonly audience?: string | readonly string[] | undefined;
    /** Required of every request, beside what `verifyAccessToken` is told. */
    readonly requiredScope?: ScopeList | undefined;
    /** How long an answer may be used again, 0 by default. A revocation is seen that much later. */
    readonly cacheSeconds?: number | undefined;
    /** 10,000 by default. */
    readonly cacheEntries?: number | undefined;
    /** Questions to the authorization server under way at once, 1,000 by default. */
    readonly pendingMax?: number | undefined;
    /** Milliseconds since 1970. */
    readonly clock?: (() => number) | undefined;
  };

/** What one operation of the API needs. */
export type OperationRequirement = { readonly scope?: ScopeList | undefined };

export type IntrospectionGuard = {
  /**
   * The token of a request, if it is good for this operation, or why not. Takes the value of the
   * Authorization header, or all places where a request can carry a token.
   */
  verifyAccessToken(
    presented: string | undefined | PresentedRequest,
    operation?: OperationRequirement,
  ): Promise<Result<AcceptedToken, TokenRefusal>>;
};

/**
 * Guards an API by asking the authorization server about each token. RFC 7662.
 *
 * A token is let through only on the server's word: whatever keeps the word away, the request is
 * refused. Throws a TypeError at once for options that can never work.
 */
export function introspectionGuard(options: IntrospectionGuardOptions): IntrospectionGuard {
  const introspect = answerCache(introspection(options, options, options), {
    cacheSeconds: options.cacheSeconds ?? 0,
    cacheEntries: options.cacheEntries ?? 10_000,
    pendingMax: options.pendingMax ?? 1000,
    clock: options.clock ?? Date.now,
  });
  const audience = [options.audience ?? []].flat();
  const always = readRequiredScope(options.requiredScope);

  return {
    async verifyAccessToken(presented, operation = {}) {
      const scope = [...new Set([...always, ...readRequiredScope(operation.scope)])];
      const token = readBearerToken(
        typeof presented === 'object' ? presented : { authorization: presented },
      );
      if (!token.ok) return token;
      const answer = await introspect(token.value);
      if (!answer.ok) return answer;
      return acceptToken(answer.value, { issuer: options.issuer, audience, scope });
    },
  };
}
