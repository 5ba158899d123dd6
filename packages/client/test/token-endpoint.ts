import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Stopwatch } from '../src/stopwatch.ts';
import { type Listening, listen } from './authorization-server.ts';

/** One request as the endpoint saw it. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
};

export type Answer = (response: ServerResponse, seen: Seen) => void;

/** A server on a real port that answers as the test of the moment says, and counts. */
export function startEndpoint() {
  let listening: Listening;
  const endpoint = {
    seen: [] as Seen[],
    answer: grant(100),
    get url() {
      return listening.url;
    },
    get server() {
      return { issuer: listening.url, token_endpoint: `${listening.url}/token` };
    },
  };
  beforeAll(async () => {
    listening = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, headers, body, form: new URLSearchParams(body) };
        endpoint.seen.push(seen);
        endpoint.answer(response, seen);
      });
    });
    endpoint.answer = grant(100);
  });
  afterAll(() => listening.close());
  beforeEach(() => {
    endpoint.seen.length = 0;
    endpoint.answer = grant(100);
  });

  /** Tokens that tell their number: `token-1`, `token-2`. */
  function grant(expiresIn?: number): Answer {
    return (response) => {
      const token = `token-${endpoint.seen.length}`;
      json({ access_token: token, token_type: 'Bearer', expires_in: expiresIn })(response);
    };
  }
  return { endpoint, grant };
}

export const json =
  (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(value));
  };

export const refuse = (status: number, error: string, headers?: Record<string, string>) =>
  json({ error }, status, headers);

/** A clock that a test moves. */
export function movableClock() {
  let now = 0;
  const stopwatch: Stopwatch = () => {
    const started = now;
    return () => now - started;
  };
  return {
    stopwatch,
    pass(seconds: number) {
      now += seconds;
    },
  };
}
