import { connect } from 'node:net';

/** Bytes as they went over the wire, as text. */
export type Exchange = { readonly request: string; readonly response: string };

const PATIENCE_MILLISECONDS = 10_000;

/** Sends an HTTP/1.1 request as it stands and reads the answer to its end. */
export function exchangeRaw(url: URL, request: string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname.replace(/^\[|\]$/g, ''));
    const chunks: Buffer[] = [];
    socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', reject);
    socket.on('close', (failed) => {
      if (!failed) resolve({ request, response: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** A request that closes its connection, so that its answer has an end. */
export function formatRequest(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const lines = Object.entries({
    Host: url.host,
    ...headers,
    ...(body !== '' && { 'Content-Length': String(Buffer.byteLength(body)) }),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** The body of a response that was not sent in chunks. */
export const bodyOf = ({ response }: Exchange): string =>
  response.slice(response.indexOf('\r\n\r\n') + 4);
