import { isProtectedAddress } from '@tessera/protocol';
import { CommandFailure } from './command-failure.ts';
import { type Access, type Context, findContext, readContexts } from './context-file.ts';
import type { Terminal } from './terminal.ts';

/** Where a command goes and as whom. */
export type Connection = {
  readonly server: string;
  readonly realm: string | undefined;
  /** The context that `access` belongs to, and is renewed in. */
  readonly contextName: string | undefined;
  /** `token`: from the environment. undefined: nobody is signed in there. */
  readonly access: Access | { readonly kind: 'token'; readonly token: string } | undefined;
};

export type ConnectionFlags = {
  readonly server?: string;
  readonly realm?: string;
  readonly context?: string;
};

/**
 * Flags, else the environment, else the context in use.
 *
 * A session or a client belongs to the server it was made for: naming another server never sends
 * it there.
 */
export function connect(
  terminal: Terminal,
  flags: ConnectionFlags,
  /** `new`: signing in makes the context that is named, if there is none. */
  unknownContext: 'refused' | 'new' = 'refused',
): Connection {
  const { environment } = terminal;
  const contexts = readContexts(terminal);
  const named = namedContext(terminal, flags);
  const contextName = named ?? contexts.current;
  const known = contextName !== undefined && Object.hasOwn(contexts.contexts, contextName);
  if (named !== undefined && !known && unknownContext === 'refused') findContext(contexts, named);
  const context = known ? contexts.contexts[contextName] : undefined;

  const given = flags.server ?? (environment['TESSERA_CLI_SERVER'] || undefined);
  const server = given === undefined ? context?.server : readServer(given);
  if (server === undefined)
    throw new CommandFailure(
      'usage',
      'no server is named',
      'Sign in with tessera login --server URL, or name one with --server or TESSERA_CLI_SERVER.',
    );
  checkProtected(terminal, server);
  return {
    server,
    realm: flags.realm ?? (environment['TESSERA_CLI_REALM'] || undefined) ?? context?.realm,
    contextName,
    access: findAccess(environment['TESSERA_CLI_TOKEN'], context, server),
  };
}

export const namedContext = (
  { environment }: Terminal,
  { context }: ConnectionFlags,
): string | undefined => context ?? (environment['TESSERA_CLI_CONTEXT'] || undefined);

function findAccess(
  token: string | undefined,
  context: Context | undefined,
  server: string,
): Connection['access'] {
  if (token !== undefined && token !== '') return { kind: 'token', token };
  return context?.server === server ? context.access : undefined;
}

/** The public URL of a server: scheme and authority. */
export function readServer(text: string): string {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (URL.canParse(address)) {
    const { origin, pathname, search, hash, username } = new URL(address);
    if (pathname === '/' && search === '' && hash === '' && username === '') return origin;
  }
  throw new CommandFailure(
    'usage',
    `${JSON.stringify(text)} is not the address of a server`,
    'Give its public URL without a path, such as https://id.example.com.',
  );
}

function checkProtected(terminal: Terminal, server: string): void {
  if (isProtectedAddress(server) || allowsHttp(terminal)) return;
  throw new CommandFailure(
    'usage',
    `${server} is not https: passwords and tokens would travel in clear`,
    'Use an https address; where the network is trusted, set TESSERA_CLI_ALLOW_HTTP=true.',
  );
}

export const allowsHttp = ({ environment }: Terminal): boolean =>
  environment['TESSERA_CLI_ALLOW_HTTP'] === 'true';

export function realmOf({ realm }: Connection): string {
  if (realm !== undefined) return realm;
  throw new CommandFailure(
    'usage',
    'no realm is named',
    'Name one with --realm or TESSERA_CLI_REALM, or keep one in a context: tessera context use.',
  );
}

/** Where a server is set up to have another context path, --issuer says so. */
export function issuerOf(connection: Connection): string {
  const realm = realmOf(connection);
  const root = `${connection.server}/am/oauth2/realms/root`;
  return realm === 'root' ? root : `${root}/realms/${encodeURIComponent(realm)}`;
}
