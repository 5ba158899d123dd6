import { UnusableCredentialError } from '../oauth-error.ts';

/** A secret, or how to read it: anew for each request, so that a rotated one is taken up. */
export type Secret = string | (() => string | Promise<string>);

/** Throws an `UnusableCredentialError` when there is none. */
export async function readSecret(secret: Secret): Promise<string> {
  const text = typeof secret === 'string' ? secret : await secret();
  if (text === '')
    throw new UnusableCredentialError('the client secret is empty', 'Set it where it is kept.');
  return text;
}
