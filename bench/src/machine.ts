import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Machine } from './findings.ts';

/** Names what a result depends on. */
export function describeMachine(
  run: Pick<Machine, 'pinned' | 'fileSystem' | 'seconds' | 'warmUpSeconds'>,
): Machine {
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? arch(),
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    tessera: readVersion(new URL('../../packages/server/package.json', import.meta.url)),
    peer: readVersion(new URL('../package.json', import.meta.resolve('oidc-provider'))),
    ...run,
  };
}

const readVersion = (manifest: URL): string =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
