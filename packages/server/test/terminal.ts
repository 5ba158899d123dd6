import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runProgram } from '../src/cli/program.ts';
import type { Terminal } from '../src/cli/terminal.ts';

/** Surroundings made up for a test: a home of their own, and streams that can be read. */
export type MadeTerminal = Terminal & {
  readonly written: { output: string; errors: string };
  /** What a person types next. */
  type(text: string): void;
  /** SIGTERM, or Ctrl-C. */
  stop(): void;
};

export function makeTerminal(
  given: {
    readonly arguments?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    /** Standard input from a file or a pipe. Without, it is a terminal. */
    readonly input?: string;
    readonly home?: string;
    readonly now?: () => number;
  } = {},
): MadeTerminal {
  const written = { output: '', errors: '' };
  const input = Object.assign(new PassThrough(), {
    isTTY: given.input === undefined,
    setRawMode: () => input,
  });
  if (given.input !== undefined) input.end(given.input);
  const listeners = new Set<() => void>();
  const home = given.home ?? mkdtempSync(join(tmpdir(), 'tessera-home-'));
  return {
    arguments: given.arguments ?? [],
    environment: given.environment ?? {},
    homeDirectory: home,
    workingDirectory: home,
    platform: 'test',
    nodeVersion: process.versions.node,
    input,
    output: { columns: 100, write: (text: string) => (written.output += text) },
    errors: { columns: 100, write: (text: string) => (written.errors += text) },
    now: given.now ?? (() => Math.floor(Date.now() / 1000)),
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    abandon: (code) => {
      throw new Error(`abandoned with ${code}`);
    },
    written,
    type: (text) => input.write(text),
    stop: () => {
      for (const listener of listeners) listener();
    },
  };
}

/** One command line, and what became of it. */
export async function run(
  commandLine: readonly string[],
  given: Omit<NonNullable<Parameters<typeof makeTerminal>[0]>, 'arguments'> = {},
) {
  const terminal = makeTerminal({ input: '', ...given, arguments: commandLine });
  const code = await runProgram(terminal);
  return { code, ...terminal.written };
}
