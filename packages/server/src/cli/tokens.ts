import { introspectToken, revokeToken } from '@tessera/client';
import { Option } from 'commander';
import { callApi } from './call-api.ts';
import { CLIENT_OPTIONS, type ClientFlags, clientCall } from './client-authentication.ts';
import { type CommandGroup, defineCommand, type GlobalFlags, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect, realmOf } from './connection.ts';
import { decodeToken, describeDecoded } from './decode-token.ts';
import { GET_TOKEN_COMMAND } from './get-token.ts';
import { ask } from './prompt.ts';
import { readText } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

const TOKEN_OPERAND = '[token]';
const TOKEN_WORDS =
  'Without a token on the command line, where other users of the machine can read it, it is read from standard input.';

export const TOKEN_COMMANDS: CommandGroup = {
  name: 'token',
  summary: 'Access tokens: get one, look into it, ask the server about it, revoke it',
  commands: [
    GET_TOKEN_COMMAND,
    defineCommand({
      name: 'decode',
      summary: 'Show what is in a JWT, without asking anybody',
      description: `Nothing is verified: neither the signature nor whether it was revoked. ${TOKEN_WORDS}`,
      operands: TOKEN_OPERAND,
      local: true,
      examples: ['tessera token get --client-id myClient | tessera token decode'],
      async run({ terminal, flags, operands, report, note }) {
        const token = await readToken(terminal, operands[0]);
        const decoded = decodeToken(token);
        const plain = (flags.output ?? 'table') === 'table';
        report(plain ? describeDecoded(decoded, terminal.now()) : decoded);
        note(
          'Not verified: anybody can write such a token. tessera token introspect asks the server.',
        );
      },
    }),
    defineCommand<ClientFlags & { readonly requireActive?: true }>({
      name: 'introspect',
      summary: 'Ask the server what a token stands for and whether it is active',
      description: `With --client-id as that client (RFC 7662), else as the administrator who is signed in, who also learns why it is not active. ${TOKEN_WORDS}`,
      operands: TOKEN_OPERAND,
      options: [
        ...CLIENT_OPTIONS,
        new Option('--require-active', 'end with exit code 4 when it is not active'),
      ],
      examples: [
        'tessera token introspect --realm alpha < token',
        'tessera token introspect --client-id orders-api --client-secret-file ./secret --require-active "$TOKEN"',
      ],
      run: introspect,
    }),
    defineCommand<ClientFlags & { readonly jti?: string }>({
      name: 'revoke',
      summary: 'Make a token worthless',
      description: `With --client-id as the client it was issued to (RFC 7009), else as the administrator who is signed in. ${TOKEN_WORDS}`,
      operands: TOKEN_OPERAND,
      options: [
        ...CLIENT_OPTIONS,
        new Option('--jti <jti>', 'its id, where the token is not at hand'),
      ],
      examples: [
        'tessera token revoke --realm alpha < token',
        'tessera token revoke --realm alpha --jti 0192f6c8-7c1e-7d2a-9a51-2f0f0d6f4c11',
      ],
      run: revoke,
    }),
  ],
};

async function introspect(
  invocation: Invocation<ClientFlags & { readonly requireActive?: true }>,
): Promise<void> {
  const { terminal, flags, operands, report } = invocation;
  const connection = connect(terminal, flags);
  const token = await readToken(terminal, operands[0], flags.clientSecretFile);
  const answer =
    flags.clientId === undefined
      ? (
          await callApi(terminal, connection, 'inspectToken', {
            params: { realm: realmOf(connection) },
            body: { token },
          })
        ).value
      : await introspectToken({ ...(await clientCall(terminal, connection, flags)), token });
  report('members' in answer ? answer.members : flatten(flags, answer));
  if (flags.requireActive === true && !answer.active)
    throw new CommandFailure(
      'denied',
      'the token is not active',
      'Get a new one: tessera token get.',
    );
}

/** The facts of a token as rows of their own, where a person reads them. */
function flatten({ output = 'table' }: GlobalFlags, answer: object): unknown {
  if (output !== 'table' || !('facts' in answer)) return answer;
  const { facts, ...rest } = answer;
  return { ...rest, ...(facts as object | null) };
}

async function revoke({
  terminal,
  flags,
  operands,
  note,
}: Invocation<ClientFlags & { readonly jti?: string }>): Promise<void> {
  const connection = connect(terminal, flags);
  const { jti, clientId } = flags;
  if (jti !== undefined && (clientId !== undefined || operands[0] !== ''))
    throw new CommandFailure(
      'usage',
      '--jti stands alone: without a token and without --client-id',
      'Leave the others out.',
    );
  if (jti !== undefined) {
    const realm = realmOf(connection);
    await callApi(terminal, connection, 'revokeToken', { params: { realm }, body: { jti } });
  } else {
    const token = await readToken(terminal, operands[0], flags.clientSecretFile);
    if (clientId === undefined) {
      const realm = realmOf(connection);
      await callApi(terminal, connection, 'revokeToken', { params: { realm }, body: { token } });
    } else await revokeToken({ ...(await clientCall(terminal, connection, flags)), token });
  }
  note('The token is revoked.');
}

async function readToken(
  terminal: Terminal,
  operand: string | undefined,
  secretFile?: string,
): Promise<string> {
  if (operand !== undefined && operand !== '' && operand !== '-') return operand;
  if (secretFile === '-')
    throw new CommandFailure(
      'usage',
      'token and secret can not both be read from standard input',
      'Give the secret in a file or in TESSERA_CLI_CLIENT_SECRET.',
    );
  const text =
    terminal.input.isTTY === true
      ? await ask(terminal, { text: 'Token', instead: 'the operand TOKEN', echo: false })
      : await readText(terminal, '-');
  // What token get --header prints is understood too.
  const token = text
    .trim()
    .replace(/^Authorization:\s*/i, '')
    .replace(/^(?:Bearer|DPoP)\s+/i, '');
  if (token === '')
    throw new CommandFailure(
      'usage',
      'no token was given',
      'Give it as operand or on standard input.',
    );
  return token;
}
