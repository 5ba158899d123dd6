import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { adopt } from './children.ts';
import type { SdkCosts } from './findings.ts';
import type { Effort } from './measure-row.ts';
import { nodeCommand, SERVER_CORE } from './pinning.ts';

const FILE = fileURLToPath(new URL('./sdk-load.js', import.meta.url));

/** Measures what a token costs an API, in a process that does nothing else. */
export async function measureSdk({ seconds, warmUpSeconds, pinned }: Effort): Promise<SdkCosts> {
  const { command, args } = nodeCommand(pinned ? SERVER_CORE : undefined, [
    FILE,
    String(seconds),
    String(warmUpSeconds),
  ]);
  const child = adopt(spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${FILE} ended with ${code}`);
  return JSON.parse(printed) as SdkCosts;
}
