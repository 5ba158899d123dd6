import {
  CLIENT_ASSERTION_TYPE,
  type ClientAssertionType,
  type ClientAuthentication,
} from '@tessera/protocol';
import type { TokenReader } from '../grants/grant.ts';
import { UnusableCredentialError } from '../oauth-error.ts';

/**
 * An assertion that somebody else has made for this client: the token of a cluster, a forge or a
 * SPIFFE agent. RFC 7521 §4.2. It is read anew for each call, since it is renewed where it is kept.
 */
export function federated(
  readAssertion: TokenReader,
  type: ClientAssertionType = CLIENT_ASSERTION_TYPE,
): ClientAuthentication {
  return async (call) => {
    const assertion = (await readAssertion(call)).trim();
    // Whatever else is in that file or variable, it must not be sent to anybody.
    if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(assertion))
      throw new UnusableCredentialError(
        'the assertion of the platform is no JWT',
        'Check where it is read from, and that the platform issues tokens there.',
      );
    return {
      headers: {},
      parameters: {
        client_id: call.clientId,
        client_assertion_type: type,
        client_assertion: assertion,
      },
    };
  };
}
