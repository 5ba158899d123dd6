import type { ClientAuthentication } from '@tessera/protocol';

/**
 * `none`: the client says who it is and proves nothing, where the grant is proof enough: an
 * assertion, RFC 7521 §4.1. The client credentials grant is for nobody like that.
 */
export const publicClient = (): ClientAuthentication => publicClientOf;

const publicClientOf: ClientAuthentication = ({ clientId }) => ({
  headers: {},
  parameters: { client_id: clientId },
});
