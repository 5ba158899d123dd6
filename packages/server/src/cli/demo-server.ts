import { readConfig } from '../config.ts';
import { type RunningServer, type StartHooks, startServer } from '../main.ts';
import { VARIABLES } from '../variables.ts';
import { CommandFailure } from './command-failure.ts';
import { findFreePort } from './free-port.ts';
import type { Terminal } from './terminal.ts';

const OUTBOUND_ALLOW = VARIABLES.outboundAllow.name;

export type DemoFlags = {
  readonly port: string;
  readonly apiPort: string;
  readonly dataDir?: string;
  readonly once?: boolean;
  /** False with --no-traffic. */
  readonly traffic?: boolean;
  readonly realmFile?: readonly string[];
  readonly secretFile?: string;
  readonly readyFile?: string;
};

/** A server that nobody but this machine reaches, so that it may have secrets that are known. */
export async function startDemoServer(
  { environment }: Terminal,
  port: string,
  dataDirectory: string,
  hooks: StartHooks = {},
): Promise<RunningServer> {
  const chosen = port === '0' ? String(await findFreePort()) : port;
  const config = readConfig({
    TESSERA_PUBLIC_URL: `http://localhost:${chosen}`,
    TESSERA_HOST: 'localhost',
    TESSERA_PORT: chosen,
    TESSERA_DATA_DIR: dataDirectory,
    TESSERA_LOG_LEVEL: 'error',
    TESSERA_ALLOW_DEMO_SECRETS: 'true',
    [OUTBOUND_ALLOW]: environment[OUTBOUND_ALLOW],
  });
  if (!config.ok)
    throw new CommandFailure(
      'usage',
      config.refusal.map(({ variable, problem }) => `${variable} ${problem}`).join('; '),
      `Give --port a number from 0 to 65535, and ${OUTBOUND_ALLOW} networks such as 127.0.0.0/8.`,
    );
  try {
    return await startServer(config.value, hooks);
  } catch (error) {
    throw portTaken(error, port, '--port') ?? error;
  }
}

export function portTaken(error: unknown, port: string, flag: string): CommandFailure | undefined {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new CommandFailure(
        'error',
        `port ${port} is in use by another program`,
        `Stop it, or choose another port with ${flag}.`,
      )
    : undefined;
}
