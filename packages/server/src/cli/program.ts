import { Command, CommanderError, Option } from 'commander';
import { API_COMMANDS, SCOPE_COMMANDS } from './apis.ts';
import { APPLICATION_COMMANDS } from './applications.ts';
import { CLIENT_GRANT_COMMANDS } from './client-grants.ts';
import { CLIENT_COMMANDS } from './clients.ts';
import {
  addCommand,
  CONNECTION_OPTIONS,
  type CommandDefinition,
  type CommandGroup,
  isGroup,
  outputOption,
  type Performed,
} from './command.ts';
import { type CommandFailure, EXIT_CODES } from './command-failure.ts';
import { completionCommand } from './completion.ts';
import { CONTEXT_COMMANDS } from './contexts.ts';
import { DATABASE_COMMANDS } from './database.ts';
import { DEMO_COMMAND } from './demo-command.ts';
import { describeFailure } from './describe-failure.ts';
import { DETAIL_TYPE_COMMANDS } from './detail-types.ts';
import { DOCTOR_COMMAND } from './doctor.ts';
import { ERRORS_COMMAND } from './errors.ts';
import { EVENT_COMMANDS } from './events.ts';
import { EXPIRING_COMMANDS } from './expiring.ts';
import { IMPORT_COMMANDS } from './import-configuration.ts';
import { OPENAPI_COMMAND } from './openapi.ts';
import { printable } from './output.ts';
import { PROVIDER_COMMANDS } from './providers.ts';
import { FILE_COMMANDS } from './realm-files.ts';
import { REALM_COMMANDS } from './realms.ts';
import { REGISTRATION_COMMANDS } from './registration.ts';
import { SERVE_COMMAND } from './serve.ts';
import { SESSION_COMMANDS } from './sessions.ts';
import { CONFIG_COMMANDS } from './settings-commands.ts';
import { SIGN_IN_COMMANDS } from './sign-in.ts';
import { SIGNING_KEY_COMMANDS } from './signing-keys.ts';
import { NODE_COMMANDS } from './system.ts';
import type { Terminal } from './terminal.ts';
import { TOKEN_COMMANDS } from './tokens.ts';
import { TRUST_COMMANDS } from './trust.ts';
import { USAGE_COMMAND } from './usage.ts';
import { USER_COMMANDS } from './users.ts';
import { VERSION_COMMAND } from './version.ts';

type Section = {
  readonly heading: string;
  readonly commands: readonly (CommandDefinition | CommandGroup)[];
};

/** Every command, in the order in which help shows them. */
const SECTIONS: readonly Section[] = [
  { heading: 'Signing in:', commands: [...SIGN_IN_COMMANDS, CONTEXT_COMMANDS] },
  {
    heading: 'Administration:',
    commands: [
      REALM_COMMANDS,
      ...FILE_COMMANDS,
      IMPORT_COMMANDS,
      PROVIDER_COMMANDS,
      USER_COMMANDS,
      SESSION_COMMANDS,
      APPLICATION_COMMANDS,
      CLIENT_COMMANDS,
      REGISTRATION_COMMANDS,
      API_COMMANDS,
      SCOPE_COMMANDS,
      DETAIL_TYPE_COMMANDS,
      CLIENT_GRANT_COMMANDS,
      TRUST_COMMANDS,
      SIGNING_KEY_COMMANDS,
      EXPIRING_COMMANDS,
      USAGE_COMMAND,
      ERRORS_COMMAND,
      EVENT_COMMANDS,
      NODE_COMMANDS,
    ],
  },
  { heading: 'Tokens:', commands: [TOKEN_COMMANDS] },
  {
    heading: 'Server on this machine:',
    commands: [SERVE_COMMAND, DEMO_COMMAND, DOCTOR_COMMAND, CONFIG_COMMANDS, DATABASE_COMMANDS],
  },
];

/** The words of each command that is one operation of the administration API. */
export function performedRoutes(): readonly (Performed & { readonly words: string })[] {
  const found: (Performed & { readonly words: string })[] = [];
  const walk = (one: CommandDefinition | CommandGroup, above: string): void => {
    const words = `${above}${one.name}`;
    if (isGroup(one)) for (const command of one.commands) walk(command, `${words} `);
    else if (one.performs !== undefined) found.push({ words, ...one.performs });
  };
  for (const { commands } of SECTIONS) for (const one of commands) walk(one, '');
  return found;
}

/** The program with all its commands. Nothing is printed or read before `parseAsync`. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('tessera')
    .description('Tessera: an OAuth 2.0 authorization server for machines, and its command line.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      getOutHelpWidth: () => terminal.output.columns ?? 100,
      getErrHelpWidth: () => terminal.errors.columns ?? 100,
      outputError: (text, write) => write(text.replace(/^error: /, 'tessera: ')),
    })
    .showHelpAfterError('Add --help to see what the command takes.')
    .helpCommand('help [command]', 'show what a command takes')
    .addOption(outputOption());
  for (const [flags, description] of CONNECTION_OPTIONS)
    program.addOption(new Option(flags, description));

  const others = [OPENAPI_COMMAND, completionCommand(() => program), VERSION_COMMAND];
  for (const { heading, commands } of [...SECTIONS, { heading: 'Other:', commands: others }]) {
    program.commandsGroup(heading);
    for (const one of commands) add(program, terminal, one);
  }
  return program;
}

function add(parent: Command, terminal: Terminal, one: CommandDefinition | CommandGroup): void {
  if (isGroup(one)) {
    const group = parent.command(one.name).summary(one.summary).description(`${one.summary}.`);
    for (const command of one.commands) add(group, terminal, command);
  } else addCommand(parent, terminal, one);
}

/** Runs one command line to its exit code. Nothing is thrown. */
export async function runProgram(terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync([...terminal.arguments], { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    // Commander has told what it had to say. Without a command it shows help: a usage error.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    const failure = describeFailure(error);
    tell(terminal, failure);
    if (terminal.environment['TESSERA_CLI_DEBUG'] === 'true' && error instanceof Error)
      terminal.errors.write(`${error.stack}\n`);
    return EXIT_CODES[failure.kind];
  }
}

function tell({ errors }: Terminal, { message, parts, remedy }: CommandFailure): void {
  errors.write(`tessera: ${printable(message)}\n`);
  for (const part of parts) errors.write(`  ${printable(part)}\n`);
  errors.write(`${printable(remedy)}\n`);
}
