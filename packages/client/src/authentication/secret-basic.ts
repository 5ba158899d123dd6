import { type ClientAuthentication, formatBasicText } from '@tessera/protocol';
import { readSecret, type Secret } from './secret.ts';

/** `client_secret_basic`: id and secret in the Authorization header. RFC 6749 §2.3.1. */
export function secretBasic(secret: Secret): ClientAuthentication {
  return async ({ clientId }) => ({
    headers: {
      authorization: `Basic ${btoa(formatBasicText(clientId, await readSecret(secret)))}`,
    },
    parameters: {},
  });
}
