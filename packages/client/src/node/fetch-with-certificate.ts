import { type IncomingMessage, request as requestPlain } from 'node:http';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Fetch } from '../exchange.ts';
import type { ShownCertificate } from './certificate-from-files.ts';

/** Milliseconds that a connection is kept for the next request. */
const IDLE_MILLISECONDS = 10_000;

/** Connections to one host, so that a burst does not become a handshake for each request. */
const CONNECTIONS_MAX = 50;

/** Statuses whose answers have no body, and of which a `Response` takes none. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `fetch` whose connections show a certificate, which the platform's own can not. RFC 8705 §2.
 * Servers are believed as everywhere in Node: by its authorities and NODE_EXTRA_CA_CERTS, or by `ca`.
 *
 * With a function, such as that of `certificateFromFiles`, a certificate that has changed is shown
 * by new connections. Redirects are not followed, whatever is asked.
 */
export function fetchWithCertificate(
  shown: ShownCertificate | (() => ShownCertificate | Promise<ShownCertificate>),
): Fetch {
  let current: { readonly shown: ShownCertificate; readonly agent: Agent } | undefined;
  return async (address, init) => {
    if (!address.startsWith('https:')) return send(requestPlain(address, optionsOf(init)), init);
    const now = typeof shown === 'function' ? await shown() : shown;
    if (current === undefined || !isSame(current.shown, now))
      current = { shown: now, agent: agentFor(now) };
    return send(request(address, { ...optionsOf(init), agent: current.agent }), init);
  };
}

/** Connections that show an earlier certificate end by themselves, when what they carry has. */
const agentFor = (shown: ShownCertificate): Agent =>
  new Agent({
    ...shown,
    keepAlive: true,
    maxSockets: CONNECTIONS_MAX,
    timeout: IDLE_MILLISECONDS,
  });

const isSame = (a: ShownCertificate, b: ShownCertificate): boolean =>
  a.cert === b.cert && a.key === b.key && a.ca === b.ca;

const optionsOf = (init: RequestInit) => ({
  method: init.method ?? 'GET',
  headers: Object.fromEntries(new Headers(init.headers)),
  ...(init.signal != null && { signal: init.signal }),
});

function send(sent: ReturnType<typeof request>, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      // A status that no `Response` takes would otherwise be thrown at nobody, and end the process.
      try {
        resolve(describe(response));
      } catch (error) {
        response.destroy();
        reject(error);
      }
    });
    const { body } = init;
    if (body == null || typeof body === 'string' || body instanceof Uint8Array)
      sent.end(body ?? undefined);
    else {
      // Forms, blobs and streams: the platform knows how each is written, and of which type it is.
      const written = new Response(body);
      const type = written.headers.get('content-type');
      if (type !== null && !sent.hasHeader('content-type')) sent.setHeader('content-type', type);
      const stream = written.body as NodeStream<Uint8Array>;
      pipeline(Readable.fromWeb(stream), sent).catch(reject);
    }
  });
}

function describe(response: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  const status = response.statusCode ?? 0;
  if (WITHOUT_BODY.has(status)) {
    response.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(response) as ReadableStream<Uint8Array>, { status, headers });
}
