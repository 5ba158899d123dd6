import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AcceptedToken } from './accept-token.ts';
import type { IntrospectionGuard, OperationRequirement } from './introspection-guard.ts';
import { readRequiredScope } from './required-scope.ts';
import { type ChallengeDetails, describeTokenRefusal, type TokenRefusal } from './token-refusal.ts';

export type GuardedHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  token: AcceptedToken,
) => void | Promise<void>;

export type HandlerRequirement = OperationRequirement &
  ChallengeDetails & {
    /** Told of each refusal, for a log. */
    readonly onRefusal?: ((refusal: TokenRefusal) => void) | undefined;
  };

/**
 * Puts a guard before a `node:http` handler, which runs only for requests with a good token. The
 * rest is answered here. What is returned rejects only with what the handler itself throws.
 */
export function guarded(
  guard: IntrospectionGuard,
  handler: GuardedHandler,
  requirement: HandlerRequirement = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const operation = { scope: readRequiredScope(requirement.scope) };
  return async (request, response) => {
    const verified = await guard.verifyAccessToken(
      {
        // Of two such headers, `request.headers` would silently keep the first.
        authorization: request.headersDistinct['authorization'],
        query: queryOf(request.url ?? ''),
      },
      operation,
    );
    if (verified.ok) return handler(request, response, verified.value);

    requirement.onRefusal?.(verified.refusal);
    const { status, headers, body } = describeTokenRefusal(verified.refusal, requirement);
    response
      .writeHead(status, { ...headers, 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  };
}

function queryOf(target: string): string | undefined {
  const mark = target.indexOf('?');
  return mark === -1 ? undefined : target.slice(mark + 1);
}
