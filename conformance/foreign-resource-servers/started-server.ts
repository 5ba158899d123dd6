/*
 * Resource servers that somebody else wrote, as processes of their own, and what the tests ask them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const READY_MILLISECONDS = 20_000;
const STOP_MILLISECONDS = 5_000;

export type ResourceServer = {
  /** What a GET of its one resource is answered with. */
  ask(token: string | undefined): Promise<Answered>;
  stop(): Promise<void>;
};

export type Answered = {
  readonly status: number;
  /** Whom the server takes the caller for; undefined where it did not answer 200. */
  readonly client: string | undefined;
};

export type Command = {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

/** Starts a program that listens on this port of the loopback interface, and waits until it does. */
export async function startResourceServer(
  { command, parameters, environment = {} }: Command,
  port: number,
): Promise<ResourceServer> {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-foreign-'));
  const file = join(directory, 'log');
  // A file, because Apache opens /dev/stderr by its name.
  const log = openSync(file, 'a');
  const child = spawn(command, parameters, {
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], ...environment },
  });
  closeSync(log);

  const ask = async (token: string | undefined): Promise<Answered> => {
    const response = await fetch(`http://127.0.0.1:${port}/config`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    if (response.status !== 200) return { status: response.status, client: undefined };
    const told = response.headers.get('x-client-id');
    const client = told ?? (JSON.parse(text) as { client: string }).client;
    return { status: 200, client };
  };

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
      await ended;
      clearTimeout(timer);
    }
    rmSync(directory, { recursive: true, force: true });
  };

  try {
    await waitUntilAsked(child, () => ask(undefined));
  } catch (error) {
    const said = readFileSync(file, 'utf8').slice(-10_000);
    await stop();
    throw new Error(`${command} ${parameters.join(' ')} did not start:\n${said}`, { cause: error });
  }
  return { ask, stop };
}

async function waitUntilAsked(child: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + READY_MILLISECONDS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (performance.now() > deadline) throw new Error('it was not ready in time');
    try {
      await ask();
      return;
    } catch {
      await pause(25);
    }
  }
}
