import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What is kept: the text of a JSON object for each client, byte for byte as it was sent. */
export type ConfigurationStore = {
  /** `{}` for a client that has stored nothing. */
  find(clientId: string): Promise<string>;
  /** Resolves when the text survives a crash of the process and of the machine. */
  replace(clientId: string, text: string): Promise<void>;
};

const TEMPORARY = '.tmp';

/**
 * A file for each client in a directory of its own, only ever replaced whole: whoever reads sees
 * the old text or the new one. Half-written files, left by a process that was killed, are removed.
 */
export async function openConfigurationStore(directory: string): Promise<ConfigurationStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory))
    if (name.endsWith(TEMPORARY)) await rm(join(directory, name), { force: true });

  /** The last write of each client: writes of one client follow each other in order. */
  const writing = new Map<string, Promise<void>>();

  // A digest, because a client id may hold slashes, and two may differ in case alone.
  const fileOf = (clientId: string): string =>
    join(directory, `${createHash('sha256').update(clientId).digest('hex')}.json`);

  async function write(file: string, text: string): Promise<void> {
    const temporary = `${file}.${randomUUID()}${TEMPORARY}`;
    try {
      await writeDurably(temporary, text);
      await rename(temporary, file);
    } catch (fault) {
      await rm(temporary, { force: true });
      throw fault;
    }
    await syncDirectory(directory);
  }

  return {
    async find(clientId) {
      try {
        return await readFile(fileOf(clientId), 'utf8');
      } catch (fault) {
        if (isAbsent(fault)) return '{}';
        throw fault;
      }
    },
    async replace(clientId, text) {
      const file = fileOf(clientId);
      const before = writing.get(file) ?? Promise.resolve();
      const mine = before.catch(() => {}).then(() => write(file, text));
      writing.set(file, mine);
      try {
        await mine;
      } finally {
        if (writing.get(file) === mine) writing.delete(file);
      }
    },
  };
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable once the directory is. Windows has no such call, and needs none. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (fault) {
    if (!isErrorWith(fault, ['EISDIR', 'EPERM', 'EACCES', 'EINVAL'])) throw fault;
  }
}

const isAbsent = (fault: unknown): boolean => isErrorWith(fault, ['ENOENT']);

const isErrorWith = (fault: unknown, codes: readonly string[]): boolean =>
  fault instanceof Error && 'code' in fault && codes.includes(String(fault.code));
