import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type NumericDate, numericDate } from '@tessera/protocol';
import type { Log } from '../environment.ts';

export type TlsFiles = { readonly certificateFile: string; readonly keyFile: string };

/** Both in PEM, belonging to each other. */
export type KeyPair = {
  readonly certificate: string;
  readonly key: string;
  readonly notAfter: NumericDate;
};

/** How often files are looked at. Milliseconds. */
const LOOK_INTERVAL = 5_000;

/** Says which file has what wrong with it, and nothing of what is in it. */
class UnusableTlsFiles extends Error {
  override readonly name = 'UnusableTlsFiles';
}

/** Throws `UnusableTlsFiles`. */
export function readTlsKeyPair({ certificateFile, keyFile }: TlsFiles): KeyPair {
  const certificate = read(certificateFile);
  const key = read(keyFile);
  const x509 = parse(`${certificateFile} holds no certificate in PEM`, () => {
    return new X509Certificate(certificate);
  });
  const privateKey = parse(`${keyFile} holds no private key in PEM without a password`, () =>
    createPrivateKey(key),
  );
  if (!x509.checkPrivateKey(privateKey))
    throw new UnusableTlsFiles(
      `${keyFile} does not belong to the first certificate of ${certificateFile}`,
    );
  return { certificate, key, notAfter: numericDate(Date.parse(x509.validTo) / 1000) };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new UnusableTlsFiles(`${path} can not be read (${code})`);
  }
}

function parse<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw new UnusableTlsFiles(problem);
  }
}

/**
 * Looks at the files from time to time, so that a renewed certificate needs no restart. A pair that
 * is half written, or wrong, changes nothing. Answers with what ends the looking.
 */
export function followTlsKeyPair(
  files: TlsFiles,
  log: Pick<Log, 'info' | 'warn'>,
  renew: (pair: KeyPair) => void,
  interval = LOOK_INTERVAL,
): () => void {
  const look = (): void => {
    try {
      const pair = readTlsKeyPair(files);
      renew(pair);
      log.info({ notAfter: pair.notAfter }, 'the TLS certificate was renewed');
    } catch (error) {
      log.warn({ err: error }, 'the TLS certificate was not renewed');
    }
  };
  const paths = [files.certificateFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval, persistent: false }, look);
  return () => {
    for (const path of paths) unwatchFile(path, look);
  };
}
