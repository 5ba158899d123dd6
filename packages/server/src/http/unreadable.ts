import type { RawReplyDefaultExpression } from 'fastify';

const UNREADABLE_HEADERS = {
  'content-type': 'application/json;charset=UTF-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  connection: 'close',
} as const;

const describe = (description: string): string =>
  JSON.stringify({ error_description: description, error: 'invalid_request' });

/**
 * Answers bytes that are no HTTP request: headers without end, a length told twice (RFC 9112
 * §6.3), a sender too slow. There is no request to answer, so the answer is written by hand.
 */
export function answerUnreadable(
  error: Error & { readonly code?: string },
  socket: { readonly writable: boolean; destroy(): unknown; end(text: string): unknown },
): void {
  // Where TLS has failed, nothing can be written, and what waits to be written holds the socket.
  if (!socket.writable || !/^(?:HPE_|ERR_HTTP_)/.test(error.code ?? '')) {
    socket.destroy();
    return;
  }
  const [status, description] = UNREADABLE_BYTES[error.code ?? ''] ?? [
    '400 Bad Request',
    'The request can not be read',
  ];
  const body = describe(description);
  const headers = { ...UNREADABLE_HEADERS, 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
}

const UNREADABLE_BYTES: Readonly<Record<string, readonly [status: string, words: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long'],
};

/** RFC 9110 §10.1.1: an expectation that nobody here can meet. */
export function refuseExpectation(_request: unknown, response: RawReplyDefaultExpression): void {
  const body = describe('The expectation can not be met');
  response.writeHead(417, { ...UNREADABLE_HEADERS, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
