/**
 * What a command is, and how the table of all commands becomes a program. Commands are data, so
 * that help, completion, documentation and tests can walk through them.
 */
import { type Command, Option } from 'commander';
import type { RouteName } from '../contract/index.ts';
import { CommandFailure } from './command-failure.ts';
import type { Field } from './fields.ts';
import { formatValue, OUTPUT_FORMATS, type OutputFormat, usesColour, type View } from './output.ts';
import type { Terminal } from './terminal.ts';

export type GlobalFlags = {
  readonly server?: string;
  readonly realm?: string;
  readonly context?: string;
  readonly output?: OutputFormat;
};

export type Invocation<Flags = Readonly<Record<string, unknown>>> = {
  readonly terminal: Terminal;
  readonly flags: Flags & GlobalFlags;
  /** What was given without a flag, in its order; an operand that was left out is ''. */
  readonly operands: readonly string[];
  /** Prints the result in the format that was asked for. */
  readonly report: (value: unknown, view?: View) => void;
  /** Tells a person something that is not the result. */
  readonly note: (text: string) => void;
};

export type CommandDefinition = {
  readonly name: string;
  readonly summary: string;
  readonly description?: string | undefined;
  /** As commander writes them: `<client-id> [label]`. */
  readonly operands?: string;
  readonly options?: readonly Option[];
  /** Complete lines that work. */
  readonly examples: readonly [string, ...string[]];
  /** It asks no server, so --server, --realm and --context have no meaning. */
  readonly local?: true;
  /** The operation that it is made from, when one says all about it. */
  readonly performs?: Performed;
  run(invocation: Invocation): Promise<void> | void;
};

/** How what an operation is asked with is written on a command line. */
export type Performed = {
  readonly route: RouteName;
  /** Parameters of the path, in the order in which they are given. */
  readonly operands: readonly string[];
  /** A member of the body that is given as the last operand. */
  readonly bodyOperand: string | undefined;
  readonly fields: readonly Pick<Field, 'member' | 'flag' | 'kind'>[];
  /** Whether a body can be read from a file. */
  readonly takesFile: boolean;
};

export type CommandGroup = {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly (CommandDefinition | CommandGroup)[];
};

/** Names the flags that a command reads. Commander has checked them by then. */
export const defineCommand = <Flags = Readonly<Record<string, unknown>>>(
  definition: Omit<CommandDefinition, 'run'> & {
    run(invocation: Invocation<Flags>): Promise<void> | void;
  },
): CommandDefinition => definition as CommandDefinition;

export const CONNECTION_OPTIONS = [
  ['--server <url>', 'public URL of the server (TESSERA_CLI_SERVER)'],
  ['--realm <name>', 'realm to work on (TESSERA_CLI_REALM)'],
  ['--context <name>', 'context to use instead of the current one (TESSERA_CLI_CONTEXT)'],
] as const;

export const outputOption = (): Option =>
  new Option('-o, --output <format>', 'how to print the result').choices(OUTPUT_FORMATS);

export function addCommand(parent: Command, terminal: Terminal, definition: CommandDefinition) {
  const { name, summary, description, operands, options = [], examples, local } = definition;
  const command = parent
    .command(operands === undefined ? name : `${name} ${operands}`)
    .summary(summary)
    .description(description === undefined ? `${summary}.` : `${summary}.\n\n${description}`)
    .configureHelp({ showGlobalOptions: local !== true })
    .addHelpText('after', describeExamples(examples))
    .action(async () => {
      const flags = command.optsWithGlobals<GlobalFlags & Record<string, unknown>>();
      if (local === true) refuseConnection(flags);
      await definition.run({
        terminal,
        flags,
        operands: command.processedArgs.map((operand: unknown) =>
          typeof operand === 'string' ? operand : '',
        ),
        report: (value, view = {}) => {
          terminal.output.write(
            formatValue(value, flags.output ?? 'table', view, usesColour(terminal)),
          );
        },
        note: (text) => {
          terminal.errors.write(`${text}\n`);
        },
      });
    });
  for (const option of options) command.addOption(option);
}

const describeExamples = (examples: readonly string[]): string =>
  `\nExample${examples.length === 1 ? '' : 's'}:\n${examples.map((line) => `  $ ${line}`).join('\n')}`;

/** A flag that would silently mean nothing is refused. */
function refuseConnection({ server, realm, context }: GlobalFlags): void {
  const given = Object.entries({ server, realm, context }).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new CommandFailure(
      'usage',
      `--${given[0]} has no meaning here: this command asks no server`,
      `Leave --${given[0]} out.`,
    );
}

export const isGroup = (one: CommandDefinition | CommandGroup): one is CommandGroup =>
  'commands' in one;
