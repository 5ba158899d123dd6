import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Jwk } from '@tessera/client';
import { isJsonObject } from '@tessera/protocol';
import { CommandFailure } from './command-failure.ts';
import { readText } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

/** A public key from a PEM file: of a key, or of a certificate. */
export async function readPublicKey(terminal: Terminal, path: string): Promise<Jwk> {
  const text = await readText(terminal, path);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw new CommandFailure(
      'usage',
      `${path} holds a private key, which is the client's alone`,
      `Write its public half: openssl pkey -in ${path} -pubout.`,
    );
  return exportKey(path, () => createPublicKey(text));
}

/** A JWK from a file, as it is: what is wrong with it the server tells. */
export async function readJwk(terminal: Terminal, path: string): Promise<Jwk> {
  const value = parseJson(await readText(terminal, path));
  if (isJsonObject(value)) return value;
  throw new CommandFailure('usage', `${path} holds no JWK`, 'Give one key as a JSON object.');
}

/** A private key to sign with: a JWK, or PEM without a passphrase. */
export async function readPrivateKey(terminal: Terminal, path: string): Promise<Jwk> {
  const text = await readText(terminal, path);
  if (!text.includes('-----BEGIN ')) {
    const value = parseJson(text);
    if (isJsonObject(value) && typeof value['d'] === 'string') return value;
    throw new CommandFailure(
      'usage',
      `${path} holds no private key`,
      'Give a private JWK, or a private key in PEM: tessera client key generate makes one.',
    );
  }
  return exportKey(path, () => createPrivateKey(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exportKey(path: string, open: () => KeyObject): Jwk {
  try {
    return open().export({ format: 'jwk' });
  } catch (error) {
    // What OpenSSL says of a key may quote it.
    const locked = error instanceof Error && /passphrase/i.test(error.message);
    throw new CommandFailure(
      'usage',
      locked ? `${path} is locked with a passphrase` : `${path} holds no key that can be read`,
      locked
        ? `Unlock it first: openssl pkey -in ${path} -out FILE.`
        : 'Give PEM with an EC, RSA or Ed25519 key.',
    );
  }
}
