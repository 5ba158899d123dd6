import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Answer } from '../contract/index.ts';
import { obtainAccess } from './authorize.ts';
import { callApi } from './call-api.ts';
import { type CommandDefinition, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type Connection, connect, issuerOf, namedContext } from './connection.ts';
import { checkContextName, keepAccess, keepContext, readContexts } from './context-file.ts';
import { ask } from './prompt.ts';
import { readSecret } from './secret-files.ts';

type LoginFlags = {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly newPasswordFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly scope?: readonly string[];
  readonly issuer?: string;
};

/** Not the realm one works on: people of the root realm administer the others. */
const ROOT_REALM = 'root';

export const SIGN_IN_COMMANDS: readonly CommandDefinition[] = [
  defineCommand<LoginFlags>({
    name: 'login',
    summary: 'Sign in, as a user with a password or as a client with a secret',
    description:
      'What is kept, in a file for you alone, is the session of a user, or for a client its id and where its secret is. --realm is the realm of the user or client, root by default.',
    options: [
      new Option('--user <name>', 'user name; asked when left out'),
      new Option('--password-file <path>', 'read the password from a file, - for standard input'),
      new Option('--new-password-file <path>', 'what to replace a one-time password by'),
      new Option('--client-id <client-id>', 'sign in as this client').conflicts('user'),
      new Option('--client-secret-file <path>', 'where its secret is; it stays there'),
      new Option('--scope <scope>', 'permissions to ask for; may be repeated').argParser(
        (text: string, earlier: unknown): readonly string[] => [
          ...(Array.isArray(earlier) ? (earlier as readonly string[]) : []),
          text,
        ],
      ),
      new Option('--issuer <url>', 'the issuer, where it does not follow from server and realm'),
    ],
    examples: [
      'tessera login --server https://id.example.com --user admin',
      'tessera login --server https://id.example.com --client-id ci --client-secret-file ./ci.secret --scope "clients:read clients:write"',
    ],
    run: login,
  }),
  defineCommand({
    name: 'logout',
    summary: 'Sign out, and forget the session or the client',
    examples: ['tessera logout', 'tessera logout --context production'],
    run: logout,
  }),
  defineCommand({
    name: 'whoami',
    summary: 'Show who is signed in and what they may do',
    examples: ['tessera whoami', 'tessera whoami --output json'],
    async run({ terminal, flags, report }) {
      const connection = connect(terminal, flags);
      const { value } = await callApi(terminal, connection, 'findSession');
      report({ server: connection.server, ...value });
    },
  }),
];

async function login(invocation: Invocation<LoginFlags>): Promise<void> {
  const { terminal, flags, note } = invocation;
  const connection = { ...connect(terminal, flags, 'new'), realm: flags.realm ?? ROOT_REALM };
  const name = contextNameFor(invocation, connection.server);
  const earlier = readContexts(terminal).contexts[name];
  // The realm to work on outlives another sign-in at the same server.
  const realm = earlier?.server === connection.server ? earlier.realm : connection.realm;

  const access =
    flags.clientId === undefined
      ? await signInAsUser(invocation, connection)
      : await signInAsClient(invocation, connection, flags.clientId);
  keepContext(terminal, name, { server: connection.server, realm, access });
  const who = access.kind === 'session' ? access.userName : access.clientId;
  note(`Signed in at ${connection.server} as ${who}. Context ${name}, realm ${realm}.`);
}

function contextNameFor({ terminal, flags }: Invocation<LoginFlags>, server: string): string {
  const { current, contexts } = readContexts(terminal);
  const named = namedContext(terminal, flags);
  if (named !== undefined) return checkContextName(named);
  if (current !== undefined && contexts[current]?.server === server) return current;
  const known = Object.entries(contexts).find(([, context]) => context.server === server);
  return known?.[0] ?? checkContextName(new URL(server).host.replace(/[^A-Za-z0-9._-]/g, '-'));
}

async function signInAsUser(
  { terminal, flags, note }: Invocation<LoginFlags>,
  connection: Connection & { readonly realm: string },
) {
  if (flags.passwordFile === '-' && flags.newPasswordFile === '-')
    throw new CommandFailure(
      'usage',
      'two passwords can not both be read from standard input',
      'Give one of them in a file.',
    );
  const userName =
    flags.user ?? (await ask(terminal, { text: 'User name', instead: '--user NAME', echo: true }));
  const password = await readSecret(terminal, {
    file: flags.passwordFile,
    question: `Password of ${userName}`,
    flag: '--password-file',
  });
  const opened = await callApi(terminal, connection, 'openSession', {
    body: { realm: connection.realm, userName, password },
  });
  const session = { kind: 'session', userName, cookie: cookieOf(opened) } as const;
  if (!opened.value.passwordOneTime) return session;

  note('The password is good for one sign-in: choose one of your own, 12 characters or more.');
  const signedIn = { ...connection, access: session };
  const body = { currentPassword: password, newPassword: await readNewPassword(terminal, flags) };
  const changed = await callApi(terminal, signedIn, 'changePassword', { body });
  note('The password is changed.');
  return { ...session, cookie: cookieOf(changed) };
}

async function readNewPassword(
  terminal: Invocation['terminal'],
  { newPasswordFile: file }: LoginFlags,
): Promise<string> {
  const flag = '--new-password-file';
  const password = await readSecret(terminal, { file, question: 'New password', flag });
  if (file !== undefined) return password;
  const again = await readSecret(terminal, { file, question: 'New password, again', flag });
  if (again === password) return password;
  throw new CommandFailure('usage', 'the two are different', 'Sign in again: tessera login.');
}

function cookieOf({
  cookie,
}: {
  readonly value: Answer<'openSession'>;
  readonly cookie: string | undefined;
}): string {
  if (cookie !== undefined) return cookie;
  throw new CommandFailure(
    'error',
    'the server answered without a session cookie',
    'A proxy between may remove Set-Cookie.',
  );
}

async function signInAsClient(
  { terminal, flags }: Invocation<LoginFlags>,
  connection: Connection,
  clientId: string,
) {
  const { clientSecretFile } = flags;
  if (clientSecretFile === undefined || clientSecretFile === '-')
    throw new CommandFailure(
      'usage',
      'the secret of a client stays in its file, which has to be named',
      'Name it with --client-secret-file PATH.',
    );
  const scope = flags.scope?.join(' ');
  return obtainAccess(terminal, {
    kind: 'client',
    issuer: flags.issuer ?? issuerOf(connection),
    clientId,
    secretFile: resolve(terminal.workingDirectory, clientSecretFile),
    ...(scope !== undefined && { scope }),
  });
}

async function logout({ terminal, flags, note }: Invocation): Promise<void> {
  const connection = connect(terminal, flags);
  const { access, contextName, server } = connection;
  if (access === undefined || access.kind === 'token' || contextName === undefined)
    throw new CommandFailure(
      'denied',
      `not signed in at ${server}`,
      access === undefined
        ? 'There is nothing to forget.'
        : 'Unset TESSERA_CLI_TOKEN; nothing else is kept.',
    );
  // Forgotten here whatever the server says: a session that it does not know any more is over.
  keepAccess(terminal, contextName, undefined);
  if (access.kind === 'session')
    await callApi(terminal, connection, 'closeSession').catch((error: unknown) => {
      if (!(error instanceof CommandFailure) || error.kind !== 'denied') throw error;
    });
  note(`Signed out of ${server}.`);
}
