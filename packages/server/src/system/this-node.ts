import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { version as runtime } from 'node:process';
import type { Clock, Random } from '../environment.ts';
import type { ThisNode } from '../model/node.ts';

/** From the package, two folders above this file in `src/` as in `dist/`. */
export function readVersion(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { readonly version?: unknown };
  return typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

type Settings = Pick<ThisNode, 'logLevel' | 'managementPort'>;

/** This process, from its start on. */
export const thisNode = (
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { logLevel, managementPort }: Settings,
): ThisNode => ({
  id: random.uuid(),
  name: hostname().slice(0, 255),
  version: readVersion(),
  runtime,
  startedAt: clock.now(),
  logLevel,
  managementPort,
});
