import { open } from 'node:fs/promises';
import { UnusableCredentialError } from '../oauth-error.ts';

/** Bytes; secrets, keys, chains of certificates and assertions are far shorter. */
const FILE_BYTES_MAX = 64 * 1024;

/**
 * Reads a secret or a token from a file whenever it is needed, without the white space around it,
 * so that what a platform puts in its place is taken up at once: the projected token of a
 * Kubernetes service account, a mounted secret, the JWT-SVID that a SPIFFE helper writes.
 *
 * Rejects with an `UnusableCredentialError` that names the file and none of its content.
 */
export const fromFile = (path: string): (() => Promise<string>) => {
  return async () => {
    const text = (await readWhole(path)).trim();
    if (text === '') throw unusable(path, 'is empty');
    return text;
  };
};

async function readWhole(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(FILE_BYTES_MAX + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length <= FILE_BYTES_MAX; length += read)
        ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
      if (length > FILE_BYTES_MAX) throw unusable(path, 'is longer than any credential');
      return buffer.toString('utf8', 0, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnusableCredentialError) throw error;
    const { code = 'unknown' } = error as { code?: string };
    throw unusable(path, `can not be read (${code})`, error);
  }
}

const unusable = (path: string, problem: string, cause?: unknown): UnusableCredentialError =>
  new UnusableCredentialError(
    `the credential file ${path} ${problem}`,
    'Check that the platform mounts it there, and that this process may read it.',
    { cause },
  );
