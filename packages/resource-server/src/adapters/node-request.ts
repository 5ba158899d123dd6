import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { PresentedRequest } from '../index.ts';
import type { AdapterOptions, Answered } from './decide.ts';

/** What of a request of `node:http`, `node:https` or `node:http2` is looked at. */
export type NodeRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly socket: object;
};

/**
 * What a request presents.
 *
 * Headers are read as they came: `request.headers` silently keeps the first of two, and in earlier
 * releases of Node `request.headersDistinct` throws at one that is called `__proto__`.
 */
export function presentNodeRequest<Request extends NodeRequest>(
  request: Request,
  { url = request.url ?? '/', form }: { readonly url?: string; readonly form?: string | undefined },
  { peerCertificate = peerCertificateOf }: AdapterOptions<Request>,
): PresentedRequest {
  const headers = Object.create(null) as Record<string, string[]>;
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? '').toLowerCase();
    const value = request.rawHeaders[at + 1] ?? '';
    const values = headers[name];
    if (values === undefined) headers[name] = [value];
    else values.push(value);
  }
  return {
    method: request.method ?? '',
    url,
    headers,
    form,
    peerCertificate: () => peerCertificate(request),
  };
}

/**
 * The certificate of the connection. Whether an authority vouches for it does not matter: the
 * handshake has shown that the caller holds its key, which is what a token is bound to. RFC 8705 §3
 */
export function peerCertificateOf({ socket }: Pick<NodeRequest, 'socket'>): Uint8Array | undefined {
  const { getPeerCertificate } = socket as {
    getPeerCertificate?: () => { readonly raw?: Uint8Array } | null;
  };
  return getPeerCertificate?.call(socket)?.raw;
}

const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** A body that was read already, where it is a form: a token in it is refused. RFC 6750 §2 */
export function formOf({ headers }: NodeRequest, body: unknown): string | undefined {
  if (!FORM.test(headers['content-type'] ?? '')) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  if (typeof body !== 'object' || body === null) return undefined;
  return 'access_token' in body ? 'access_token=' : undefined;
}

/** Nobody is there to be answered once somebody else has, or the caller has hung up. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answered): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, headers).end(body);
}

/** What an accepted token adds to the answer: a new nonce, for one. RFC 9449 §8.2 */
export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
