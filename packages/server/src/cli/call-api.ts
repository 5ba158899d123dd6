/**
 * The administration API as rows of its contract. Typed by the table: an operation that the server
 * does not have does not compile here.
 */
import {
  ADMIN_ROUTES,
  type Answer,
  type Body,
  type Problem,
  type Route,
  type RouteName,
} from '../contract/index.ts';
import { authorize, renewAccess } from './authorize.ts';
import { CommandFailure, type FailureKind } from './command-failure.ts';
import type { Connection } from './connection.ts';
import { isRecord } from './output.ts';
import type { Terminal } from './terminal.ts';

export type Given<Name extends RouteName> = {
  readonly params?: Readonly<Record<string, string>>;
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
  if (first.status !== 401 || access?.kind !== 'client') return readAnswer(first, connection);
  return readAnswer(
    await send(connection.server, route, given, await renewAccess(terminal, connection, access)),
    connection,
  );
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
      `${server} can not be reached (${reasonOf(error)})`,
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
      throw new CommandFailure('error', `${address} answered more than can be read`);
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

function reasonOf(error: unknown): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as { code?: unknown };
  return cause.message === '' && typeof code === 'string' ? code : cause.message;
}

// ---------------------------------------------------------------------------------------------

function readAnswer(received: Received, connection: Connection): Answered<unknown> {
  const { status, headers, json, empty } = received;
  if (status >= 400) throw describeProblem(received, connection);
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

/** An RFC 9457 problem in the words of the command line. */
function describeProblem(received: Received, connection: Connection): CommandFailure {
  const { status, headers, json } = received;
  const kind = kindOf(status);
  if (!isProblem(json))
    return new CommandFailure(
      kind,
      `${connection.server} answered ${status}`,
      'Check that --server is the public URL of a Tessera server.',
    );
  const message = json.detail === json.title ? json.title : `${json.title}: ${json.detail}`;
  const parts = (json.errors ?? []).map(
    ({ pointer, parameter, detail }) => `${pointer ?? parameter ?? ''}: ${detail}`,
  );
  return new CommandFailure(kind, message, remedyFor(json, headers, connection), parts);
}

/** The remedies of the problem speak of HTTP. Where a command does the same, it is named. */
const REMEDIES: Readonly<Record<string, string>> = {
  credentials_missing: 'Sign in: tessera login.',
  credentials_invalid: 'Sign in again: tessera login.',
  password_change_required: 'Sign in again and choose a password of your own: tessera login.',
  revision_stale: 'See what it is now, then repeat the command.',
  precondition_missing: 'Repeat the command; it reads the object first.',
  realm_unknown: 'See which realms there are: tessera realm list.',
  realm_out_of_reach: 'See which realms there are: tessera realm list.',
  user_unknown: 'See which users there are: tessera user list.',
  application_unknown: 'See which applications there are: tessera app list.',
  client_unknown: 'See which clients there are: tessera client list.',
  secret_unknown: 'See which secrets there are: tessera client secret list CLIENT_ID.',
  api_unknown: 'See which APIs there are: tessera api list.',
  client_grant_unknown: 'See which there are: tessera grant list --client CLIENT_ID.',
  signing_key_unknown: 'See which keys there are: tessera key list.',
  api_has_grants: 'Remove the client grants first, or delete them too with --cascade.',
  client_has_application:
    'Delete the application and its client: tessera app delete --with-client.',
  secrets_too_many: 'Revoke one that is not used any more: tessera client secret revoke.',
  address_unknown: 'The server is of another version: compare tessera version with its own.',
};

function remedyFor(problem: Problem, headers: Headers, connection: Connection): string {
  const wait = headers.get('retry-after');
  if (wait !== null) return `Try again in ${wait} seconds.`;
  const reason = problem.type.replace('urn:tessera:problem:', '');
  if (reason === 'credentials_invalid' && connection.access?.kind === 'token')
    return 'Set TESSERA_CLI_TOKEN to a new access token for urn:tessera:admin.';
  if (problem.status >= 500) return `Look for request ${problem.requestId} in the server's log.`;
  return REMEDIES[reason] ?? problem.remedy ?? 'See tessera help for what the command takes.';
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'usage',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  422: 'usage',
  428: 'conflict',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
};

const kindOf = (status: number): FailureKind => KINDS[status] ?? 'error';

const isProblem = (json: unknown): json is Problem =>
  isRecord(json) && ['type', 'title', 'detail'].every((name) => typeof json[name] === 'string');
