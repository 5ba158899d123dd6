import type { ClientAuthentication } from '@tessera/protocol';
import { readSecret, type Secret } from './secret.ts';

/**
 * `client_secret_post`: id and secret in the body, for servers that take nothing else: this "is
 * NOT RECOMMENDED and SHOULD be limited to clients unable to directly utilize the HTTP Basic
 * authentication scheme". RFC 6749 §2.3.1.
 */
export function secretPost(secret: Secret): ClientAuthentication {
  return async ({ clientId }) => ({
    headers: {},
    parameters: { client_id: clientId, client_secret: await readSecret(secret) },
  });
}
