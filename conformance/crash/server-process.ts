import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closeConnections } from '../wire.ts';

/** What is tested: the build beside these tests, or another that is named. */
const TESSERA =
  process.env['TESSERA_TEST_SERVER'] ??
  fileURLToPath(new URL('../../packages/server/bin/tessera.js', import.meta.url));

const READY_MILLISECONDS = 30_000;

/** A server that nobody asks to stop: its processes are killed. */
export type ServerProcess = {
  readonly pid: number;
  /** Resolves with the port on which it listens. */
  readonly listening: Promise<number>;
  /** All that it has written to its log. */
  log(): string;
  /** SIGKILL; resolves when the process is no more. */
  kill(): Promise<void>;
  /** Resolves when the process has ended by itself. */
  readonly ended: Promise<void>;
};

/** `tessera serve` with these variables and no others. */
export function startProcess(
  directory: string,
  environment: Readonly<Record<string, string>>,
): ServerProcess {
  const child = spawn(process.execPath, [TESSERA, 'serve'], {
    cwd: directory,
    // Pipes: a limit on the size of files is none for what is logged.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      TESSERA_TRUSTED_PROXIES: '127.0.0.1',
      ...environment,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  const ended = once(child, 'close').then(() => {
    // Connections to it are of no use to its successor.
    closeConnections();
  });
  const listening = waitUntilListening(child, () => log);
  // Whoever kills it at its start does not wait for it.
  listening.catch(() => {});
  return {
    pid: child.pid ?? 0,
    listening,
    log: () => log,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The port is the system's choice, and told in the log. */
function waitUntilListening(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the server ${why}:\n${log()}`));
    };
    const timer = setTimeout(() => {
      fail('does not listen in time');
    }, READY_MILLISECONDS);
    child.on('close', (code, signal) => {
      fail(`ended with ${code ?? signal}`);
    });
    child.stdout?.on('data', () => {
      const port = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log())?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}
