import { askEndpoint } from './ask-endpoint.ts';
import { describeTokenCall, type TokenCall } from './introspect-token.ts';

/**
 * Makes a token of this client's worthless. RFC 7009 §2. A token that is unknown or already
 * revoked is no error (§2.2). Rejects like `requestToken`.
 */
export async function revokeToken(call: TokenCall): Promise<void> {
  await askEndpoint('revocation_endpoint', describeTokenCall(call), call);
}
