import type { Context, MiddlewareHandler } from 'hono';
import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import { type AdapterOptions, decider, metadataAnswer } from './decide.ts';
import { peerCertificateOf } from './node-request.ts';
import { answerResponse, presentWebRequest } from './web-request.ts';

export type { AdapterOptions } from './decide.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Behind `requireToken`, the token of whoever calls; elsewhere there is none. */
    token: AcceptedToken;
  }
}

/**
 * Middleware for Hono 4. It goes on for requests with a good token, which is then
 * `c.get('token')`; the rest is answered here.
 */
export function requireToken(
  server: ResourceServer,
  requirement: Requirement = {},
  options: AdapterOptions<Context> = {},
): MiddlewareHandler {
  const { peerCertificate = nodeCertificate } = options;
  const present = (context: Context) =>
    presentWebRequest(context.req.raw, () => peerCertificate(context));
  const decide = decider(server, requirement, present, options);
  return async (context, next) => {
    const decision = await decide(context);
    if (decision.kind === 'answered') return answerResponse(decision);
    context.set('token', decision.token);
    await next();
    for (const [name, value] of Object.entries(decision.token.responseHeaders))
      context.header(name, value);
    return undefined;
  };
}

/** Middleware that answers requests for what the API says of itself. RFC 9728 §3 */
export function resourceMetadata(server: ResourceServer): MiddlewareHandler {
  const answer = metadataAnswer(server);
  return async (context, next) => {
    const answered = answer(context.req.method, context.req.url);
    if (answered !== undefined) return answerResponse(answered);
    return next();
  };
}

/** `@hono/node-server` hands over what it was called with. */
function nodeCertificate({ env }: Context): Uint8Array | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: { readonly socket: object } };
  return incoming === undefined ? undefined : peerCertificateOf(incoming);
}
