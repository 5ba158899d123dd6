import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { adopt, ended } from './children.ts';
import type { Address } from './connection.ts';
import { nodeCommand } from './pinning.ts';

/** How a server is started. */
export type ServerCommand = {
  /** Arguments of Node: its own options, the file, the file's arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly core: number | undefined;
  /** Standard output and error go here, as a service's go to a journal: no reader costs time. */
  readonly logFile: string;
};

export type ServerProcess = {
  readonly pid: number;
  readonly address: Address;
  stop(): Promise<void>;
};

const START_MILLISECONDS = 30_000;
const STOP_MILLISECONDS = 10_000;
const LOOK_AGAIN_MILLISECONDS = 2;

/** Starts a server and resolves as soon as its log names the address where it listens. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const log = openSync(command.logFile, 'w');
  const { command: file, args } = nodeCommand(command.core, command.args);
  const child = adopt(
    spawn(file, args, {
      stdio: ['ignore', log, log],
      env: { ...inheritedEnvironment(), NODE_ENV: 'production', ...command.environment },
    }),
  );
  closeSync(log);

  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    if (await ended(child, STOP_MILLISECONDS)) return;
    child.kill('SIGKILL');
    await ended(child, STOP_MILLISECONDS);
  };
  const address = await findAddress(child, command.logFile);
  if (address === undefined || child.pid === undefined) {
    await stop();
    const lines = readFileSync(command.logFile, 'utf8').trimEnd().split('\n').slice(-20);
    throw new Error(`${command.args.join(' ')} did not start:\n${lines.join('\n')}`);
  }
  return { pid: child.pid, address, stop };
}

/** Settings of the person who runs this must not reach the servers. */
function inheritedEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('TESSERA_') && name !== 'NODE_OPTIONS' && name !== 'DEBUG',
    ),
  );
}

async function findAddress(child: ChildProcess, logFile: string): Promise<Address | undefined> {
  const deadline = performance.now() + START_MILLISECONDS;
  while (performance.now() < deadline) {
    const address = readAddress(readFileSync(logFile, 'utf8'));
    if (address !== undefined) return address;
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    await wait(LOOK_AGAIN_MILLISECONDS);
  }
  return undefined;
}

/** Where the log says that the server listens; other addresses in it may be advice. */
function readAddress(log: string): Address | undefined {
  const match = /"(?:url|address)":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log);
  return match === null ? undefined : { host: '127.0.0.1', port: Number(match[1]) };
}
