import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AcceptedToken, Requirement, ResourceServer } from '../index.ts';
import { type AdapterOptions, type Answered, decider, metadataAnswer } from './decide.ts';
import { presentNodeRequest, sendAnswer, setHeaders } from './node-request.ts';

export type { AdapterOptions } from './decide.ts';

export type TokenHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  token: AcceptedToken,
) => void | Promise<void>;

/**
 * A `node:http` handler that runs for requests with a good token; the rest is answered here. What
 * is returned rejects only with what the handler itself throws.
 */
export function requireToken(
  server: ResourceServer,
  requirement: Requirement,
  handler: TokenHandler,
  options: AdapterOptions<IncomingMessage> = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const present = (request: IncomingMessage) => presentNodeRequest(request, {}, options);
  const decide = decider(server, requirement, present, options);
  return async (request, response) => {
    const decision = await decide(request);
    if (decision.kind === 'answered') return sendAnswer(response, decision);
    setHeaders(response, decision.token.responseHeaders);
    await handler(request, response, decision.token);
  };
}

export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  token: AcceptedToken,
) => void | Promise<void>;

/**
 * The same for `server.on('upgrade', …)`: only with a good token does a connection become something
 * else, such as a WebSocket.
 */
export function requireTokenToUpgrade(
  server: ResourceServer,
  requirement: Requirement,
  handler: UpgradeHandler,
  options: AdapterOptions<IncomingMessage> = {},
): (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void> {
  const present = (request: IncomingMessage) => presentNodeRequest(request, {}, options);
  const decide = decider(server, requirement, present, options);
  return async (request, socket, head) => {
    // Node leaves the socket to whoever takes the upgrade: who hangs up meanwhile is no fault.
    const ignore = (): void => {};
    socket.on('error', ignore);
    const decision = await decide(request);
    if (decision.kind === 'answered') socket.end(formatAnswer(decision), () => socket.destroy());
    else if (!socket.destroyed) {
      socket.off('error', ignore);
      await handler(request, socket, head, decision.token);
    }
  };
}

/** Once an upgrade was asked for, Node leaves the writing of answers to others. */
function formatAnswer({ status, headers, body = '' }: Answered): string {
  const all = {
    ...headers,
    'content-length': new TextEncoder().encode(body).length,
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Answers a request for what the API says of itself, and returns whether it was one. RFC 9728 §3
 */
export function resourceMetadata(
  server: ResourceServer,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const answer = metadataAnswer(server);
  return (request, response) => {
    const answered = answer(request.method ?? '', request.url ?? '');
    if (answered !== undefined) sendAnswer(response, answered);
    return answered !== undefined;
  };
}
