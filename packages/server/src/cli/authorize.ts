import { discover, requestToken, secretBasic } from '@tessera/client';
import { CommandFailure } from './command-failure.ts';
import { allowsHttp, type Connection } from './connection.ts';
import { type Access, keepAccess, readContexts } from './context-file.ts';
import { readSecret } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

/** The resource indicator of the administration API. RFC 8707 §2. */
const ADMIN_AUDIENCE = 'urn:tessera:admin';

type ClientAccess = Extract<Access, { kind: 'client' }>;

/** Seconds before its end at which a token is not used any more: the way there takes some. */
const MARGIN = 30;

/** The header that says who is calling. */
export async function authorize(
  terminal: Terminal,
  connection: Connection,
): Promise<Readonly<Record<string, string>>> {
  const { access, server } = connection;
  if (access === undefined)
    throw new CommandFailure(
      'denied',
      `not signed in at ${server}`,
      `Sign in: tessera login --server ${server}; scripts set TESSERA_CLI_TOKEN.`,
    );
  if (access.kind === 'session') return { cookie: access.cookie };
  if (access.kind === 'token') return bearer(access.token);
  const { token, expiresAt = 0 } = access;
  return token !== undefined && terminal.now() < expiresAt - MARGIN
    ? bearer(token)
    : renewAccess(terminal, connection, access);
}

/** Gets a new token for the client of a context, and keeps it there. */
export async function renewAccess(
  terminal: Terminal,
  connection: Connection,
  access: ClientAccess,
): Promise<Readonly<Record<string, string>>> {
  const renewed = await obtainAccess(terminal, access);
  const name = connection.contextName;
  if (name !== undefined && Object.hasOwn(readContexts(terminal).contexts, name))
    keepAccess(terminal, name, renewed);
  return bearer(renewed.token);
}

/** An access token for the administration API, with the client credentials grant. */
export async function obtainAccess(
  terminal: Terminal,
  access: ClientAccess,
): Promise<ClientAccess & { readonly token: string }> {
  const secret = await readSecret(terminal, {
    file: access.secretFile,
    question: 'Client secret',
    flag: '--client-secret-file',
  });
  const transport = { allowHttp: allowsHttp(terminal) };
  const issued = await requestToken({
    ...transport,
    server: await discover(access.issuer, transport),
    clientId: access.clientId,
    authenticate: secretBasic(secret),
    resource: ADMIN_AUDIENCE,
    scope: access.scope,
  });
  return {
    ...access,
    token: issued.accessToken,
    expiresAt: terminal.now() + (issued.expiresIn ?? 0),
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
