import { signAssertion } from '../authentication/sign-assertion.ts';
import { type KeyOptions, keyOpener } from '../signing-key.ts';
import type { TokenReader } from './grant.ts';

/**
 * Makes the assertion of a `jwtBearer` grant: `issuer`, whom the server trusts, says that the token
 * is for `subject`. RFC 7523 §3. A service account is both, so both are the client id by default.
 * `audience` is the issuer of the server, unless the server wants its token endpoint there.
 */
export function signedAssertion(
  options: KeyOptions & {
    readonly issuer?: string | undefined;
    readonly subject?: string | undefined;
    readonly audience?: string | undefined;
  },
): TokenReader {
  const open = keyOpener(options);
  return async (call) => {
    const { key, header } = await open();
    const { issuer = call.clientId, audience = call.issuer } = options;
    const { subject = issuer } = options;
    return signAssertion({ issuer, subject, audience }, key, { ...header, typ: 'JWT' });
  };
}
