import { JWT_BEARER_GRANT } from '@tessera/protocol';
import type { Grant, TokenReader } from './grant.ts';

/**
 * An assertion is the grant: somebody whom the server trusts, or the client itself, says whom the
 * token is for. RFC 7523 §2.1.
 *
 * It is read for each request; `signedAssertion` makes one.
 */
export const jwtBearer = (readAssertion: TokenReader): Grant => ({
  grantType: JWT_BEARER_GRANT,
  parameters: async (call) => [['assertion', await readAssertion(call)]],
  mayBeNoAccessToken: false,
});
