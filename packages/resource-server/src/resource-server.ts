import { ok, type Result, refuse } from '@tessera/protocol';
import type { AcceptedToken } from './accepted-token.ts';
import { type IntrospectionGuard, introspectionGuard } from './introspection-guard.ts';
import type { ResourceServerOptions } from './options.ts';
import { headerValues, type PresentedRequest, queryOf } from './presented-request.ts';
import type { Refusal } from './refusal.ts';
import type { Requirement } from './requirement.ts';
import { describeTokenRefusal, type TokenRefusal } from './token-refusal.ts';

/** Accepts or refuses the tokens of an API's callers. */
export type ResourceServer = {
  /**
   * The token of a request if it is good for this operation, or what to answer instead. Rejects
   * only for a requirement that can never be met (`TypeError`), whatever the network does.
   */
  admit(
    request: PresentedRequest,
    requirement?: Requirement,
  ): Promise<Result<AcceptedToken, Refusal>>;
  /**
   * Resolves when metadata and keys are there, and rejects with the reason when they can not be
   * had: for a start that should fail early. Without it the first request fetches them.
   */
  ready(): Promise<void>;
  /** What is to be served, without a token, where `resource` is configured. RFC 9728 §3 */
  readonly metadata: ResourceMetadata | undefined;
  /** Ends what runs in the background. */
  close(): void;
};

/** The document that says what the API is, for callers that want a token for it. RFC 9728 §2 */
export type ResourceMetadata = {
  /** Where challenges say it is. */
  readonly url: string;
  /** The path of `url`: `/.well-known/oauth-protected-resource/…`. */
  readonly path: string;
  /** To be served to `GET` as `application/json`. */
  readonly document: Readonly<Record<string, unknown>>;
};

/** Guards an API. Throws a TypeError at once for options that can never work. */
export function resourceServer(options: ResourceServerOptions): ResourceServer {
  const guard = guardOf(options);
  const refused = (request: PresentedRequest, cause: TokenRefusal): Refusal => {
    const { status, headers, body } = describeTokenRefusal(cause, options);
    const refusal = {
      cause,
      status,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    };
    options.onRefused?.(refusal, request);
    return refusal;
  };
  return {
    async admit(request, requirement = {}) {
      const verified = await guard.verifyAccessToken(
        {
          authorization: headerValues(request.headers, 'authorization'),
          query: queryOf(request.url),
          form: request.form,
        },
        { scope: requirement.scope },
      );
      if (!verified.ok) return refuse(refused(request, verified.refusal));
      const { members, tokenType: _, ...token } = verified.value;
      return ok({
        ...token,
        validatedBy: 'introspection',
        subjectIsClient: token.subject !== undefined && token.subject === token.clientId,
        authorizationDetails: [],
        actors: [],
        confirmation: undefined,
        claims: members,
        responseHeaders: {},
      });
    },
    ready: async () => {},
    metadata: undefined,
    close: () => {},
  };
}

function guardOf({ introspection, ...options }: ResourceServerOptions): IntrospectionGuard {
  if (introspection?.clientSecret === undefined)
    throw new TypeError('introspection with a clientSecret is all that is understood so far');
  const { clientId, clientSecret, cacheSeconds, pendingMax } = introspection;
  return introspectionGuard({
    ...options,
    clientId,
    clientSecret,
    cacheSeconds,
    pendingMax,
    requiredScope: options.require?.scope,
  });
}
