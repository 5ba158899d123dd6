/*
 * What all adapters share: a request of some framework becomes a `PresentedRequest`, and the
 * decision becomes an answer of that framework. Nothing about tokens is decided in this folder.
 */
import type { AcceptedToken } from '../accepted-token.ts';
import { isPreflight, type PresentedRequest } from '../presented-request.ts';
import { type Requirement, readRequiredScopes } from '../requirement.ts';
import type { ResourceServer } from '../resource-server.ts';
import { tellConsole } from '../tell-console.ts';

/** An answer that the handler never learns of. */
export type Answered = {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** What an adapter does with a request. */
export type Decision = { readonly kind: 'admitted'; readonly token: AcceptedToken } | Answered;

/** How an adapter learns what only the place where it runs can tell. */
export type AdapterOptions<Request> = {
  /**
   * The DER of the caller's certificate, where TLS ends before this process. Whatever tells it has
   * to be a peer that can be trusted with it: a header that callers can send is worthless. By
   * default the certificate of the connection itself, where the platform knows it.
   */
  readonly peerCertificate?: ((request: Request) => Uint8Array | undefined) | undefined;
  /**
   * Told of a fault while a request was judged, such as an option that throws. The request is
   * answered with 503. By default it goes to `console.error`.
   */
  readonly onFault?: ((fault: unknown, request: Request) => void) | undefined;
};

/**
 * Admits requests, or says what to answer instead. It never rejects: whatever goes wrong on the way
 * to a decision, no token was found good, and the caller may come back. A requirement that can never
 * be met is a TypeError at once.
 *
 * A handler behind an adapter runs for a request with a good token and for nothing else. The
 * preflight of a browser carries none and is answered here, so what allows other origins has to
 * stand before the adapter.
 */
export function decider<Request>(
  server: ResourceServer,
  requirement: Requirement,
  present: (request: Request) => PresentedRequest,
  {
    onFault = (fault) => tellConsole('a request could not be judged', fault),
  }: AdapterOptions<Request>,
): (request: Request) => Promise<Decision> {
  readRequiredScopes(requirement);
  return async (request) => {
    try {
      const presented = present(request);
      if (isPreflight(presented)) return PREFLIGHT;
      const admitted = await server.admit(presented, requirement);
      if (admitted.ok) return { kind: 'admitted', token: admitted.value };
      const { status, headers, body } = admitted.refusal;
      return { kind: 'answered', status, headers, body: JSON.stringify(body) };
    } catch (fault) {
      onFault(fault, request);
      return UNDECIDED;
    }
  };
}

const PREFLIGHT: Answered = { kind: 'answered', status: 204, headers: {}, body: undefined };

const UNDECIDED: Answered = {
  kind: 'answered',
  status: 503,
  headers: { 'cache-control': 'no-store', 'content-type': 'application/json', 'retry-after': '1' },
  body: JSON.stringify({
    error: 'temporarily_unavailable',
    error_description: 'The access token can not be validated at the moment',
  }),
};

/**
 * Answers who asks what the API says of itself; undefined: that was not asked. The document is for
 * everybody, pages in browsers among them. RFC 9728 §3, §3.2
 */
export function metadataAnswer(
  server: ResourceServer,
): (method: string, url: string) => Answered | undefined {
  const { metadata } = server;
  if (metadata === undefined)
    throw new TypeError('there is nothing to serve: resourceServer() was given no `resource`');
  const answered: Answered = {
    kind: 'answered',
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    },
    body: JSON.stringify(metadata.document),
  };
  return (method, url) =>
    (method === 'GET' || method === 'HEAD') && pathOf(url) === metadata.path ? answered : undefined;
}

/** The path of a target, which may be a whole URL. */
const pathOf = (url: string): string =>
  url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split('?', 1)[0] ?? '';
