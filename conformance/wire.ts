/*
 * The wire: requests sent exactly as written, answers read exactly as they came. Nothing here
 * normalises a path, joins a header or hides a byte, for that is what the tests are about.
 */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect } from 'node:net';

export type WireRequest = {
  readonly method?: string;
  /** Goes into the request line as it is. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
  readonly milliseconds: number;
};

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Ports that are served with TLS, and how their server is believed. */
const secured = new Map<number, TlsAgent>();

/** From now on that port is spoken to with TLS, below this authority, in PEM. */
export const speakTls = (port: number, ca: string): void => {
  secured.set(port, new TlsAgent({ keepAlive: true, maxSockets: 64, ca }));
};

/** Connections to a server that has ended are of no use to its successor. */
export const closeConnections = (): void => {
  for (const one of [agent, ...secured.values()]) one.destroy();
};

/** One request to a server on the loopback interface. */
export function send(port: number, { method, path, headers, body }: WireRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const tls = secured.get(port);
    const sent = (tls === undefined ? request : tlsRequest)(
      {
        host: '127.0.0.1',
        port,
        agent: tls ?? agent,
        path,
        method: method ?? 'GET',
        headers: headers ?? {},
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const milliseconds = performance.now() - started;
          resolve({
            ...readBody(bytes),
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            milliseconds,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function readBody(bytes: Buffer): Pick<Answer, 'bytes' | 'text' | 'json'> {
  const text = bytes.toString('utf8');
  try {
    return { bytes, text, json: JSON.parse(text) as unknown };
  } catch {
    return { bytes, text, json: undefined };
  }
}

export type Conversation = {
  /** Whatever the server sent, one byte a character. */
  readonly text: string;
  /** Whether the server ended the connection. */
  readonly closed: boolean;
  readonly milliseconds: number;
};

/** One step of a raw conversation: bytes to write, or a text to wait for in what came back. */
export type Step = string | Buffer | { readonly awaited: string };

/**
 * Writes bytes to a socket and gathers what comes back, until the server closes, `until` was
 * heard, or the patience ends.
 */
export function converse(
  port: number,
  steps: readonly Step[],
  { until, patience = 2_000 }: { readonly until?: RegExp; readonly patience?: number } = {},
): Promise<Conversation> {
  return new Promise((resolve) => {
    const started = performance.now();
    const left = [...steps];
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, milliseconds: performance.now() - started });
    };
    const timer = setTimeout(() => finish(false), patience);
    const advance = (): void => {
      for (let step = left[0]; step !== undefined; step = left[0]) {
        if (typeof step === 'object' && 'awaited' in step) {
          if (!text.includes(step.awaited)) return;
        } else {
          socket.write(step);
        }
        left.shift();
      }
      if (until?.test(text) === true) finish(false);
    };
    socket.on('connect', advance);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      advance();
    });
    socket.on('error', () => finish(true));
    socket.on('close', () => finish(true));
  });
}

/** The responses in what a server sent on one connection; each has a `Content-Length`. */
export function readResponses(text: string): { status: number; head: string; body: string }[] {
  const responses: { status: number; head: string; body: string }[] = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const status = /^HTTP\/1\.1 (\d{3})/.exec(rest)?.[1];
    if (end === -1 || status === undefined) return responses;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    responses.push({ status: Number(status), head, body: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
}

/** RFC 6749 App. A.8: what an `error_description` may be made of. */
const DESCRIPTION = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * What holds for every answer outside of the administration API, whatever was asked. Returns
 * what is wrong, so that one broken rule fails the test that met it.
 */
export function findBrokenRules(asked: WireRequest, answer: Answer): readonly string[] {
  const { status, headers, json } = answer;
  const broken: string[] = [];
  const rule = (holds: boolean, words: string): void => {
    if (!holds) broken.push(words);
  };
  rule(
    // 501 is no fault: what was asked for is known, and not offered.
    status < 500 ||
      status === 501 ||
      (status === 503 && /^\d+$/.test(headers['retry-after'] ?? '')),
    'no request causes a fault; who is too busy says when to come back',
  );
  rule(headers.location === undefined, 'no answer is a redirect');
  rule(
    (status === 401) === (headers['www-authenticate'] !== undefined),
    '401 iff WWW-Authenticate',
  );
  rule(headers['x-content-type-options'] === 'nosniff', 'every answer says nosniff');
  rule(headers['server'] === undefined && headers['x-powered-by'] === undefined, 'nobody says who');
  if (status >= 400 && asked.method !== 'HEAD') {
    rule(
      /^application\/json(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? ''),
      'an error is JSON',
    );
    rule(isError(json), 'an error has an error code and a printable description');
    rule(headers['cache-control'] === 'no-store', 'an error is not cached');
  }
  return broken;
}

const isError = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'error' in json &&
  typeof json.error === 'string' &&
  /^[a-z_]+$/.test(json.error) &&
  'error_description' in json &&
  typeof json.error_description === 'string' &&
  DESCRIPTION.test(json.error_description);
