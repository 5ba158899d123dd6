/*
 * The sample MCP server of examples/ as its README starts it: a process of its own, which knows of
 * the authorization server what its environment says.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClientCredentials } from './realm.ts';

const MAIN = fileURLToPath(new URL('../examples/mcp-server/dist/main.js', import.meta.url));

export type McpServerProcess = {
  /** The address of its MCP endpoint, which is the identifier of the API too. */
  readonly resource: string;
  /** Ends it in the regular way. */
  stop(): Promise<void>;
};

export async function startMcpServer(
  issuer: string,
  own: ClientCredentials,
): Promise<McpServerProcess> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      MCP_SERVER_PORT: '0',
      MCP_SERVER_ISSUER: issuer,
      MCP_SERVER_CLIENT_ID: own.clientId,
      MCP_SERVER_CLIENT_SECRET: own.secret,
    },
  });
  const resource = await readAddress(child);
  return {
    resource,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const readAddress = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /listens at (\S+)\n/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', (code) => reject(new Error(`the MCP server ended with ${code}`)));
  });
