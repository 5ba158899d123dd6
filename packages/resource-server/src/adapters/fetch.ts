import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import { type AdapterOptions, decider, metadataAnswer } from './decide.ts';
import { answerResponse, presentWebRequest, withHeaders } from './web-request.ts';

export type { AdapterOptions } from './decide.ts';

/** What the platform hands over beside the request (`env` and `ctx` of a worker) comes last. */
export type TokenHandler<Rest extends readonly unknown[]> = (
  request: Request,
  token: AcceptedToken,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * A handler of the Fetch standard, as Cloudflare Workers, Deno and Bun have them, that runs for
 * requests with a good token; the rest is answered here. What is returned rejects only with what
 * the handler itself throws.
 */
export function requireToken<Rest extends readonly unknown[]>(
  server: ResourceServer,
  requirement: Requirement,
  handler: TokenHandler<Rest>,
  options: AdapterOptions<Request> = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  const { peerCertificate } = options;
  const present = (request: Request) =>
    presentWebRequest(request, () => peerCertificate?.(request));
  const decide = decider(server, requirement, present, options);
  return async (request, ...rest) => {
    const decision = await decide(request);
    if (decision.kind === 'answered') return answerResponse(decision);
    const response = await handler(request, decision.token, ...rest);
    return withHeaders(response, decision.token.responseHeaders);
  };
}

/** Answers a request for what the API says of itself; undefined: it was another. RFC 9728 §3 */
export function resourceMetadata(
  server: ResourceServer,
): (request: Request) => Response | undefined {
  const answer = metadataAnswer(server);
  return ({ method, url }) => {
    const answered = answer(method, url);
    return answered === undefined ? undefined : answerResponse(answered);
  };
}
