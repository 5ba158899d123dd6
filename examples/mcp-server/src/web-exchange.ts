import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request of `node:http` as the web's own type. The signal ends when the caller has left. */
export function webRequest(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
): Request {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct))
    for (const value of values) headers.append(name, value);
  const { method = 'GET' } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(origin + (request.url ?? '/'), {
    method,
    headers,
    signal: left.signal,
    ...(hasBody && {
      body: Readable.toWeb(request) as NonNullable<RequestInit['body']>,
      duplex: 'half',
    }),
  });
}

/** Sends what the web's own type holds, as it comes. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body), response);
}
