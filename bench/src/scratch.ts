import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionMistaken } from './options.ts';

/** statfs(2), `f_type`. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  1382189: 'FUSE',
  16914836: 'tmpfs',
  61267: 'ext4',
  1481003842: 'XFS',
  2435016766: 'Btrfs',
  2035054128: 'overlayfs',
  801189825: 'ZFS',
  2240043254: 'ramfs',
};

const IN_MEMORY: readonly string[] = ['tmpfs', 'ramfs'];

export type Scratch = { readonly directory: string; readonly fileSystem: string };

/**
 * A directory for databases and logs that `remove` deletes. "Durable" measured on a file system
 * in memory would be a lie, so such a place is refused.
 */
export function createScratch(wanted: string | undefined): Scratch {
  const candidates = wanted === undefined ? [tmpdir(), '/var/tmp'] : [wanted];
  for (const candidate of candidates) {
    const fileSystem = fileSystemOf(candidate);
    if (fileSystem !== undefined && !IN_MEMORY.includes(fileSystem))
      return { directory: mkdtempSync(join(candidate, 'tessera-bench-')), fileSystem };
  }
  throw new OptionMistaken(
    `${candidates.join(' and ')} cannot be used: name a directory on a disk with --directory`,
  );
}

export const removeScratch = ({ directory }: Scratch): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });

function fileSystemOf(directory: string): string | undefined {
  try {
    const { type } = statfsSync(directory);
    return platform() === 'linux' ? (FILE_SYSTEMS[type] ?? `type ${type}`) : platform();
  } catch {
    return undefined;
  }
}
