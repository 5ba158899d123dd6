import { createPrivateKey } from 'node:crypto';
import { UnusableCredentialError } from '../oauth-error.ts';
import type { Jwk } from '../signing-key.ts';
import { fromFile } from './from-file.ts';

/**
 * Reads a private key from a file whenever it is needed: a JWK as `tessera client key generate`
 * writes it, or PEM.
 */
export const keyFromFile = (path: string): (() => Promise<Jwk>) => {
  const read = fromFile(path);
  return async () => {
    const text = await read();
    try {
      return text.startsWith('{')
        ? (JSON.parse(text) as Jwk)
        : createPrivateKey(text).export({ format: 'jwk' });
    } catch {
      // The reason that the parser gives may quote the key.
      throw new UnusableCredentialError(
        `the key file ${path} holds no private key`,
        'Give a private key, unencrypted: a JWK, or PEM.',
      );
    }
  };
};
