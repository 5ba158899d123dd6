import { OAuthError, UnexpectedAnswerError, UnreachableError } from '@tessera/client';
import { CommandFailure, type FailureKind } from './command-failure.ts';

const DEBUG = 'Set TESSERA_CLI_DEBUG=true to see where in the program it came from.';

/** Any exception in the words of the command line. */
export function describeFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof OAuthError) return describeOAuthError(error);
  if (error instanceof UnreachableError)
    return new CommandFailure(
      'unreachable',
      error.message,
      `Check that the server runs and that the address is right${reasonOf(error)}.`,
    );
  if (error instanceof UnexpectedAnswerError)
    return new CommandFailure(
      error.status === 502 || error.status === 503 || error.status === 504
        ? 'unreachable'
        : 'error',
      error.message,
      'Check that --server is the public URL of a Tessera server and that the realm exists.',
    );
  if (error instanceof Error) return describeSystemError(error);
  return new CommandFailure('error', String(error), DEBUG);
}

/** RFC 6749 §5.2 and RFC 8707 §2: whose fault an error is, and what helps. */
const OAUTH_ERRORS: Readonly<Record<string, readonly [FailureKind, string]>> = {
  invalid_client: [
    'denied',
    'Check the client id, the secret, key or certificate and its expiry, and the realm.',
  ],
  unauthorized_client: ['denied', 'Enable the grant type on the client and on the realm.'],
  access_denied: ['denied', 'See what the client may do: tessera client access CLIENT_ID.'],
  invalid_scope: ['denied', 'See what the client may ask for: tessera client access CLIENT_ID.'],
  invalid_authorization_details: [
    'denied',
    'See which types the API has: tessera detail-type list; which the client may use: tessera grant list.',
  ],
  invalid_target: ['denied', 'See at which APIs the client holds scopes: tessera grant list.'],
  invalid_dpop_proof: ['denied', 'The token has to be bound to a key: add --dpop.'],
  invalid_grant: ['denied', 'Check the assertion or token, its audience and its end.'],
  invalid_token: ['denied', 'Get a new token: tessera token get.'],
  invalid_request: ['usage', 'Correct what the message names.'],
  unsupported_grant_type: ['denied', 'Enable client_credentials: tessera provider update.'],
  temporarily_unavailable: ['unreachable', 'Try again in a few seconds.'],
};

function describeOAuthError(error: OAuthError): CommandFailure {
  const known = OAUTH_ERRORS[error.error];
  const [kind, remedy] = known ?? ['error', 'Ask whoever runs the server.'];
  const wait =
    error.retryAfter === undefined ? remedy : `Try again in ${error.retryAfter} seconds. ${remedy}`;
  return new CommandFailure(error.status === 503 ? 'unreachable' : kind, error.message, wait);
}

/** Error codes of Node and of PostgreSQL's driver that people meet, and what helps. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [FailureKind, string]>> = {
  EADDRINUSE: ['error', 'Stop what listens there, or choose another port with --port.'],
  EADDRNOTAVAIL: ['usage', 'Listen on an address of this machine: --host 127.0.0.1, or 0.0.0.0.'],
  EACCES: ['error', 'Give this user the right to it, or choose another path or port.'],
  EPERM: ['error', 'Give this user the right to it, or choose another path.'],
  ENOENT: ['not-found', 'Check the path.'],
  EISDIR: ['usage', 'Name a file, not a directory.'],
  EEXIST: ['conflict', 'Choose another path, or remove what is there.'],
  ENOSPC: ['error', 'Make room on the disk.'],
  EROFS: ['error', 'Choose a path that can be written.'],
  ECONNREFUSED: ['unreachable', 'Check that it runs and that the address is right.'],
};

/** What the server itself says no to. The messages say what is wrong with what. */
const TOLD: Readonly<Record<string, readonly [FailureKind, string]>> = {
  UnusableDatabase: ['conflict', 'Look at the database: tessera db status.'],
  UnreadableBackup: ['usage', 'Check that it is the whole file that tessera db backup wrote.'],
  UnusableTlsFiles: ['usage', 'Name a certificate in PEM and its key: tessera doctor.'],
  WrongMasterKey: ['error', 'Look at the key and the database: tessera doctor.'],
};

function describeSystemError(error: Error & { code?: unknown }): CommandFailure {
  if (error.name === 'StoreUnavailable')
    return new CommandFailure(
      'unreachable',
      `the database does not answer${reasonOf(error)}`,
      'Check TESSERA_DATABASE_URL and that the database runs: tessera doctor.',
    );
  const told = TOLD[error.name];
  if (told !== undefined) return new CommandFailure(told[0], error.message, told[1]);
  const known = typeof error.code === 'string' ? SYSTEM_ERRORS[error.code] : undefined;
  if (known !== undefined) return new CommandFailure(known[0], plain(error.message), known[1]);
  if (error instanceof TypeError && error.message.includes('is not https'))
    return new CommandFailure(
      'usage',
      error.message.replace(/;.*/, ': secrets and tokens travel over it'),
      'Use an https address; where the network is trusted, set TESSERA_CLI_ALLOW_HTTP=true.',
    );
  return new CommandFailure('error', error.message, DEBUG);
}

/** "ENOENT: no such file or directory, open '/x'" as people say it. */
const plain = (message: string): string =>
  message.replace(/^E[A-Z]+: (.+?), \w+ '(.+)'$/, '$2: $1').replace(/^listen E[A-Z]+: (.+)$/, '$1');

/** The innermost cause: "fetch failed" alone tells nobody anything. */
function reasonOf(error: Error): string {
  let cause: unknown = error.cause;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return '';
  const { code } = cause as { code?: unknown };
  return ` (${cause.message === '' && typeof code === 'string' ? code : cause.message})`;
}
