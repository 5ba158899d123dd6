import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import { type AdapterOptions, decider, metadataAnswer } from './decide.ts';
import { formOf, presentNodeRequest, sendAnswer, setHeaders } from './node-request.ts';

export type { AdapterOptions } from './decide.ts';

declare global {
  // biome-ignore lint/style/noNamespace: that is how Express lets its types be extended
  namespace Express {
    interface Request {
      /** Behind `requireToken`, the token of whoever calls; elsewhere there is none. */
      token: AcceptedToken;
    }
  }
}

/** What of Express's request is used. That of connect or Polka will do. */
export type ExpressRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly body?: unknown;
  token?: AcceptedToken;
};

export type Middleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (fault?: unknown) => void,
) => void | Promise<void>;

/**
 * Middleware for Express 5. It goes on for requests with a good token, which is then
 * `request.token`; the rest is answered here.
 */
export function requireToken(
  server: ResourceServer,
  requirement: Requirement = {},
  options: AdapterOptions<IncomingMessage> = {},
): Middleware {
  // A router that is mounted at a path takes it away from `url`.
  const present = (request: ExpressRequest) =>
    presentNodeRequest(
      request,
      { url: request.originalUrl ?? request.url ?? '/', form: formOf(request, request.body) },
      options,
    );
  const decide = decider(server, requirement, present, options);
  return async (request, response, next) => {
    const decision = await decide(request);
    if (decision.kind === 'answered') return sendAnswer(response, decision);
    setHeaders(response, decision.token.responseHeaders);
    request.token = decision.token;
    next();
  };
}

/** Middleware that answers requests for what the API says of itself. RFC 9728 §3 */
export function resourceMetadata(server: ResourceServer): Middleware {
  const answer = metadataAnswer(server);
  return (request, response, next) => {
    const answered = answer(request.method ?? '', request.originalUrl ?? request.url ?? '');
    if (answered === undefined) next();
    else sendAnswer(response, answered);
  };
}
