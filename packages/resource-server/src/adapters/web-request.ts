import type { PresentedRequest } from '../index.ts';
import type { Answered } from './decide.ts';

/** What a request of the Fetch standard presents. Its `Headers` show a repeated header as one with a comma. */
export const presentWebRequest = (
  request: Request,
  peerCertificate: () => Uint8Array | undefined,
): PresentedRequest => ({
  method: request.method,
  url: request.url,
  headers: request.headers,
  peerCertificate,
});

export const answerResponse = ({ status, headers, body }: Answered): Response =>
  new Response(body ?? null, { status, headers });

/** What an accepted token adds to the answer: a new nonce, for one. RFC 9449 §8.2 */
export function withHeaders(
  response: Response,
  headers: Readonly<Record<string, string>>,
): Response {
  // An upgraded connection is no message that could be copied.
  if (Object.keys(headers).length === 0 || response.status === 101) return response;
  // The headers of a response that was fetched cannot be changed.
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
  return copy;
}
