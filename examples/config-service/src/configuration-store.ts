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
 * the old text or the new one. Half-written files, left by a process that was killed, are removed:
 * a directory belongs to one process at a time.
 */
export async function openConfigurationStore(directory: string): Promise<ConfigurationStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory))
    if (name.endsWith(TEMPORARY)) await rm(join(directory, name), { force: true });

  /** The last write of each client: writes of one client follow each other. */
  const writing = new Map<string, Promise<void>>();

  // A digest, because a client id may hold slashes, and two may differ in case alone.
  async function fileOf(clientId: string): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(clientId));
    return join(directory, `${Buffer.from(digest).toString('hex')}.json`);
  }

  async function write(file: string, text: string): Promise<void> {
    const temporary = `${file}${TEMPORARY}`;
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
        return await readFile(await fileOf(clientId), 'utf8');
      } catch (fault) {
        if (isAbsent(fault)) return '{}';
        throw fault;
      }
    },
    async replace(clientId, text) {
      const file = await fileOf(clientId);
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
  const file = await open(path, 'w', 0o600);
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
