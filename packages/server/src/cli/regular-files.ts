import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from './command-failure.ts';

/*
 * Folders that somebody else may have filled, such as a checkout or an export: only regular files
 * that are really in them are read, and not without end.
 */

const FILES_MAX = 2_000;
const DEPTH_MAX = 8;
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const ALL_BYTES_MAX = 64 * 1024 * 1024;

const READ = /\.(json|ya?ml)$/i;

type Found = { readonly path: string; readonly text: string };

export type ReadFolder = {
  readonly files: readonly Found[];
  /** What has the name of a file to read and is none, and why it was left out. */
  readonly skipped: readonly string[];
};

/** The JSON and YAML files of a folder in the order of their names; `deep`: and of those in it. */
export function readFolder(folder: string, deep: boolean): ReadFolder {
  const files: Found[] = [];
  const skipped: string[] = [];
  let bytes = 0;
  const readOne = (path: string): void => {
    const read = readRegularFile(path);
    if ('why' in read) {
      skipped.push(`${path} (${read.why})`);
      return;
    }
    bytes += read.text.length;
    files.push({ path, text: read.text });
    if (files.length > FILES_MAX) throw tooMuch(folder, `more than ${FILES_MAX} files`);
    if (bytes > ALL_BYTES_MAX) throw tooMuch(folder, `more than ${ALL_BYTES_MAX} bytes`);
  };
  const walk = (path: string, depth: number): void => {
    const entries = readdirSync(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) {
        if (deep && depth === DEPTH_MAX) throw tooMuch(folder, `folders ${DEPTH_MAX} deep`);
        if (deep) walk(inside, depth + 1);
      } else if (entry.isSymbolicLink()) {
        if (deep || READ.test(entry.name)) skipped.push(`${inside} (a symbolic link)`);
      } else if (READ.test(entry.name)) {
        // A device may do something when it is opened.
        if (entry.isFile()) readOne(inside);
        else skipped.push(`${inside} (no regular file)`);
      }
    }
  };
  walk(folder, 1);
  return { files, skipped };
}

/** Opened without following a link or waiting for a writer, so that what was looked at is what is read. */
function readRegularFile(path: string): { readonly text: string } | { readonly why: string } {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = openSync(path, flags);
  try {
    const about = fstatSync(file);
    if (!about.isFile()) return { why: 'no regular file' };
    if (about.size > FILE_BYTES_MAX) return { why: `larger than ${FILE_BYTES_MAX} bytes` };
    return { text: readFileSync(file, 'utf8') };
  } finally {
    closeSync(file);
  }
}

const tooMuch = (folder: string, what: string): CommandFailure =>
  new CommandFailure('usage', `${folder} has ${what}`, 'Name a folder inside it, or one file.');

/** What a person is told of what was left out. */
export const describeSkipped = (skipped: readonly string[]): string =>
  [
    `Left out: ${skipped.length} of which only the names look like files to read.`,
    ...skipped.slice(0, 20).map((one) => `  ${one}`),
    ...(skipped.length > 20 ? ['  …'] : []),
  ].join('\n');
