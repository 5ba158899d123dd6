import { createInterface } from 'node:readline';
import { CommandFailure } from './command-failure.ts';
import type { Terminal } from './terminal.ts';

type Question = {
  readonly text: string;
  /** What to use where nobody can answer, for example in a script. */
  readonly instead: string;
  /** Whether what is typed shows. */
  readonly echo: boolean;
};

/** Asks a person. Where there is nobody, the command fails and says what to use instead. */
export async function ask(terminal: Terminal, question: Question): Promise<string> {
  const { input, errors } = terminal;
  if (input.isTTY !== true)
    throw new CommandFailure(
      'usage',
      `"${question.text}" cannot be asked: standard input is no terminal`,
      `Use ${question.instead}.`,
    );
  errors.write(`${question.text}: `);
  // With `terminal` readline takes over the echo from the device, and without an output it has
  // nowhere to show anything.
  const reader = createInterface({ input, terminal: !question.echo });
  try {
    return await new Promise<string>((resolve, reject) => {
      const cancel = (): void =>
        reject(new CommandFailure('error', 'cancelled', 'Nothing was changed.'));
      reader.once('line', resolve);
      reader.once('SIGINT', cancel);
      reader.once('close', cancel);
    });
  } finally {
    reader.close();
    if (!question.echo) errors.write('\n');
  }
}

/** Before something that cannot be undone: the name has to be typed, or --yes given. */
export async function confirmByName(
  terminal: Terminal,
  what: string,
  name: string,
  yes: boolean | undefined,
): Promise<void> {
  if (yes === true) return;
  if (terminal.input.isTTY !== true)
    throw new CommandFailure(
      'usage',
      `this has to be confirmed, and standard input is no terminal: ${what}`,
      'Use --yes if that is what you want.',
    );
  const text = `${what} This cannot be undone. Type ${name} to go on`;
  const typed = await ask(terminal, { text, instead: '--yes', echo: true });
  if (typed.trim() !== name)
    throw new CommandFailure('error', 'that is another name', 'Nothing was changed.');
}
