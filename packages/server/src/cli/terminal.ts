/**
 * The surroundings of the command line: arguments, environment, streams, time, signals. Commands
 * are given this value and touch nothing else, so that a test can give them another.
 */
import { homedir } from 'node:os';

export type Terminal = {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly errors: TerminalOutput;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Calls at each request to stop, SIGTERM or SIGINT; the returned function ends that. */
  readonly onStop: (listener: () => void) => () => void;
  /** Ends the process at once, for when it can not be waited for. */
  readonly abandon: (code: number) => void;
};

export type TerminalInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
};

export type TerminalOutput = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

export function processTerminal(): Terminal {
  // Whoever reads our output may stop early, as head does: that is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    arguments: process.argv.slice(2),
    environment: process.env,
    homeDirectory: homedir(),
    workingDirectory: process.cwd(),
    platform: `${process.platform}-${process.arch}`,
    nodeVersion: process.versions.node,
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    now: () => Math.floor(Date.now() / 1000),
    onStop(listener) {
      process.on('SIGTERM', listener);
      process.on('SIGINT', listener);
      return () => {
        process.off('SIGTERM', listener);
        process.off('SIGINT', listener);
      };
    },
    abandon: (code) => {
      process.exit(code);
    },
  };
}

/** `forget` gives the signals their usual meaning back: a start that failed just ends. */
export function untilStopped({ onStop }: Terminal): { asked: Promise<void>; forget: () => void } {
  let forget = (): void => {};
  const asked = new Promise<void>((done) => {
    forget = onStop(() => {
      forget();
      done();
    });
  });
  return { asked, forget: () => forget() };
}

/** Not process.exit: what is still being written to a pipe would be lost. */
export function leave(code: number): void {
  process.exitCode = code;
}
