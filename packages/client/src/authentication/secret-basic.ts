import { type ClientAuthentication, formatBasicText } from '@tessera/protocol';

/** `client_secret_basic`: id and secret in the Authorization header. RFC 6749 §2.3.1. */
export function secretBasic(secret: string): ClientAuthentication {
  return ({ clientId }) => ({
    headers: { authorization: `Basic ${btoa(formatBasicText(clientId, secret))}` },
    parameters: {},
  });
}
