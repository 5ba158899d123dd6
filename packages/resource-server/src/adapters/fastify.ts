import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import { type AdapterOptions, type Answered, decider, metadataAnswer } from './decide.ts';
import { formOf, presentNodeRequest } from './node-request.ts';

export type { AdapterOptions } from './decide.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Behind `requireToken`, the token of whoever calls; elsewhere there is none. */
    token: AcceptedToken;
  }
}

/**
 * A hook for Fastify 5, of a route (`{ onRequest: requireToken(…) }`) or of all that is registered
 * after it (`addHook('onRequest', requireToken(…))`). It goes on for requests with a good token,
 * which is then `request.token`; the rest is answered here.
 */
export function requireToken(
  server: ResourceServer,
  requirement: Requirement = {},
  options: AdapterOptions<FastifyRequest> = {},
): onRequestAsyncHookHandler {
  const { peerCertificate } = options;
  // `originalUrl` is what came in, whatever `rewriteUrl` has made of it.
  const present = (request: FastifyRequest) =>
    presentNodeRequest(
      request.raw,
      { url: request.originalUrl, form: formOf(request.raw, request.body) },
      peerCertificate === undefined ? {} : { peerCertificate: () => peerCertificate(request) },
    );
  const decide = decider(server, requirement, present, {
    onFault: (fault, request) => request.log.error(fault, 'a request could not be judged'),
    ...options,
  });
  return async (request, reply) => {
    const decision = await decide(request);
    if (decision.kind === 'answered') return send(reply, decision);
    reply.headers(decision.token.responseHeaders);
    request.token = decision.token;
  };
}

/**
 * A hook that answers requests for what the API says of itself: `addHook('onRequest', …)`, before
 * any that asks for a token. RFC 9728 §3
 */
export function resourceMetadata(server: ResourceServer): onRequestAsyncHookHandler {
  const answer = metadataAnswer(server);
  return async (request, reply) => {
    const answered = answer(request.method, request.originalUrl);
    return answered === undefined ? undefined : send(reply, answered);
  };
}

const send = (reply: FastifyReply, { status, headers, body }: Answered): FastifyReply =>
  reply.code(status).headers(headers).send(body);
