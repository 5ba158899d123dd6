import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { CommandFailure } from './command-failure.ts';
import { ask } from './prompt.ts';
import type { Terminal } from './terminal.ts';

/** Nothing that is read whole is longer. */
const INPUT_BYTES_MAX = 4 * 1024 * 1024;

/** A file as text, `-` being standard input. */
export async function readText(terminal: Terminal, path: string): Promise<string> {
  if (path === '-') return readInput(terminal);
  if (statSync(path).size > INPUT_BYTES_MAX)
    throw new CommandFailure(
      'usage',
      `${path} is larger than ${INPUT_BYTES_MAX} bytes`,
      'Check that it is the right file.',
    );
  return readFileSync(path, 'utf8');
}

async function readInput({ input }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > INPUT_BYTES_MAX)
      throw new CommandFailure(
        'usage',
        `standard input is larger than ${INPUT_BYTES_MAX} bytes`,
        'Check what is piped into it.',
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A secret from a file, from the environment, or from a person; never from an argument, which
 * every user of the machine could read in the list of processes.
 */
export async function readSecret(
  terminal: Terminal,
  source: {
    readonly file: string | undefined;
    readonly variable?: string;
    readonly question: string;
    readonly flag: string;
  },
): Promise<string> {
  const { file, variable, question, flag } = source;
  const text =
    file === undefined
      ? ((variable === undefined ? undefined : terminal.environment[variable]) ??
        (await ask(terminal, { text: question, echo: false, instead: `${flag} PATH` })))
      : await readText(terminal, file);
  // Editors and echo end a file with a line break that nobody meant.
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '')
    throw new CommandFailure(
      'usage',
      `${question}: nothing was given`,
      `Give it with ${flag} PATH.`,
    );
  return secret;
}

/**
 * Writes a file that only its owner can read, whole or not at all: a crash between the two steps
 * leaves the earlier file.
 */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', 0o600);
  try {
    // The mode of open is subject to the umask, which may take rights away but also is not ours.
    fchmodSync(file, 0o600);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
