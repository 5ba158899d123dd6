/*
 * A real server in a process of its own, and the command line against it: what the stories of the
 * command line are told with.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';

import { runProgram } from '../src/cli/program.ts';
import { findFreePort } from './free-port.ts';
import { makeTerminal, run } from './terminal.ts';

export const TESSERA = fileURLToPath(new URL('../bin/tessera.js', import.meta.url));
export const PASSWORD = 'a password of my own';

/** A process that serves at an address, and is started and stopped as a person would. */
export function serverProcess(url: string, data: string) {
  let serving: ChildProcess | undefined;
  let told = '';

  const start = async (from: readonly string[] = ['--data-dir', data]): Promise<void> => {
    const port = url.split(':')[2] ?? '';
    const flags = ['--public-url', url, '--host', 'localhost', '--port', port, ...from];
    const started = spawn(process.execPath, [TESSERA, 'serve', ...flags, '--log-level', 'error'], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    serving = started;
    told = '';
    await new Promise<void>((listening, reject) => {
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        if (told.includes('Listening at')) listening();
      });
      started.once('exit', () => reject(new Error(told)));
    });
  };

  const running = (): ChildProcess => {
    if (serving === undefined) throw new Error('nothing was started');
    return serving;
  };

  return {
    start,
    running,
    /** What it wrote to standard error since it was started. */
    told: () => told,
    async stop(signal: NodeJS.Signals): Promise<number | null> {
      const exited = once(running(), 'exit');
      running().kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
    isRunning: () => serving?.exitCode === null && serving.signalCode === null,
  };
}

/** A server with an administrator who is signed in, and a realm `alpha` in the context. */
export async function startRunningServer() {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-story-'));
  const home = join(folder, 'home');
  const data = join(folder, 'data');
  const url = `http://localhost:${await findFreePort()}`;
  const server = serverProcess(url, data);
  await server.start();

  const tessera = (words: readonly string[], input = '') => run(words, { home, input });

  /** A command that succeeds, and the value that it prints. */
  async function result<Value>(words: readonly string[], input = ''): Promise<Value> {
    const { code, output, errors } = await tessera([...words, '--output', 'json'], input);
    expect({ words, code, errors: code === 0 ? '' : errors }).toEqual({
      words,
      code: 0,
      errors: '',
    });
    return JSON.parse(output) as Value;
  }

  const terminal = makeTerminal({
    arguments: ['login', '--server', url, '--user', 'admin', '--context', 'here'],
    home,
  });
  const signedIn = runProgram(terminal);
  const answer = async (question: string, text: string) => {
    await vi.waitUntil(() => terminal.written.errors.includes(`${question}: `), {
      timeout: 10_000,
    });
    terminal.type(`${text}\r`);
  };
  await answer('Password of admin', readFileSync(join(data, 'bootstrap-password'), 'utf8').trim());
  await answer('New password', PASSWORD);
  await answer('New password, again', PASSWORD);
  expect(await signedIn).toBe(0);
  await result(['realm', 'create', 'alpha']);
  expect(await tessera(['context', 'use', 'here', '--realm', 'alpha'])).toMatchObject({ code: 0 });

  return {
    url,
    issuer: `${url}/am/oauth2/realms/root/realms/alpha`,
    tessera,
    result,
    inFolder: (name: string): string => join(folder, name),
    server,
    home,
    data,
    folder,
    async close() {
      if (server.isRunning()) await server.stop('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}
