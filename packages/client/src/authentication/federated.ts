import {
  CLIENT_ASSERTION_TYPE,
  type ClientAssertionType,
  type ClientAuthentication,
} from '@tessera/protocol';

/**
 * An assertion that somebody else has made for this client: the token of a cluster, a forge or a
 * SPIFFE agent. RFC 7521 §4.2. It is read anew for each call, since it is renewed where it is kept.
 */
export function federated(
  readAssertion: () => string | Promise<string>,
  type: ClientAssertionType = CLIENT_ASSERTION_TYPE,
): ClientAuthentication {
  return async ({ clientId }) => ({
    headers: {},
    parameters: {
      client_id: clientId,
      client_assertion_type: type,
      client_assertion: await readAssertion(),
    },
  });
}
