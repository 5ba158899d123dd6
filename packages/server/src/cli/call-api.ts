/**
 * The administration API as rows of its contract. Typed by the table: an operation that the server
 * does not have does not compile here.
 */
import {
  ADMIN_ROUTES,
  type Answer,
  type Body,
  type Route,
  type RouteName,
} from '../contract/index.ts';
import { authorize, renewAccess } from './authorize.ts';
import { CommandFailure } from './command-failure.ts';
import type { Connection } from './connection.ts';
import { describeProblem } from './describe-problem.ts';
import type { Terminal } from './terminal.ts';

type Params = Readonly<Record<string, string>>;

export type Given<Name extends RouteName> = {
  readonly params?: Params;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Body<Name>;
  /** The entity tag that the object must still have. */
  readonly ifMatch?: string | undefined;
};

export type Answered<Value> = {
  readonly value: Value;
  readonly etag: string | undefined;
  /** What `Set-Cookie` asks to send back, as one `Cookie` header. */
  readonly cookie: string | undefined;
};

const TIMEOUT_MILLISECONDS = 30_000;

/** A page has 200 items at most; this is far beyond what they need. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

export async function callApi<Name extends RouteName>(
  terminal: Terminal,
  connection: Connection,
  name: Name,
  given: Given<Name> = {},
): Promise<Answered<Answer<Name>>> {
  const route: Route = ADMIN_ROUTES[name];
  return (await callRoute(terminal, connection, route, given)) as Answered<Answer<Name>>;
}

/** As `callApi`, for whoever walks through the table and knows the row only at run time. */
export async function callRoute(
  terminal: Terminal,
  connection: Connection,
  route: Route,
  given: Omit<Given<RouteName>, 'body'> & { readonly body?: unknown },
): Promise<Answered<unknown>> {
  const { access } = connection;
  const authorized = route.permission === 'public' ? {} : await authorize(terminal, connection);
  const first = await send(connection.server, route, given, authorized);
  // A token can be revoked before it expires; the client that holds a secret gets another.
  const renewable = first.status === 401 && access?.kind === 'client';
  const last = renewable
    ? await send(connection.server, route, given, await renewAccess(terminal, connection, access))
    : first;
  return readAnswer(last, connection, given.params);
}

// ---------------------------------------------------------------------------------------------

type Received = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly empty: boolean;
};

async function send(
  server: string,
  route: Route,
  { params = {}, query = {}, body, ifMatch }: Omit<Given<RouteName>, 'body'> & { body?: unknown },
  authorized: Readonly<Record<string, string>>,
): Promise<Received> {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, value);
  const address = `${server}${path}${search.size > 0 ? `?${search.toString()}` : ''}`;
  try {
    const response = await fetch(address, {
      method: route.method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        // A session changes something only from pages of the server itself.
        origin: server,
        ...authorized,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await readBounded(response, address);
    return {
      status: response.status,
      headers: response.headers,
      json: parse(text),
      empty: text === '',
    };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      'unreachable',
      `${server} can not be reached (${causeOf(error)})`,
      'Check that the server runs and that the address is right: tessera context list.',
    );
  }
}

async function readBounded(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader === undefined) return '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    length += value.byteLength;
    if (length > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new CommandFailure(
        'error',
        `${address} answered more than can be read`,
        'Ask for less at a time: --limit.',
      );
    }
    chunks.push(value);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as { code?: unknown };
  return cause.message === '' && typeof code === 'string' ? code : cause.message;
}

// ---------------------------------------------------------------------------------------------

function readAnswer(
  received: Received,
  connection: Connection,
  params: Params = {},
): Answered<unknown> {
  const { status, headers, json, empty } = received;
  if (status >= 400) throw describeProblem(received, connection, params);
  if (status < 200 || status >= 300 || (json === undefined && !empty))
    throw new CommandFailure(
      'error',
      `${connection.server} answered ${status}, and not as an administration API does`,
      'Check that --server is the public URL of a Tessera server.',
    );
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return {
    value: json,
    etag: headers.get('etag') ?? undefined,
    cookie: cookies.length === 0 ? undefined : cookies.join('; '),
  };
}
