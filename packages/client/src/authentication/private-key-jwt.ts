import type { ClientAuthentication } from '@tessera/protocol';
import { type KeyOptions, keyOpener } from '../signing-key.ts';
import { presentAssertion, signAssertion } from './sign-assertion.ts';

/**
 * `private_key_jwt`: a new assertion for each call, signed with a key of which the server has the
 * public half. RFC 7523 §2.2.
 *
 * `kid` names the key where the client has several; the `kid` of a JWK counts when none is given.
 * `alg` is that of the JWK, else the one of its kind: ES256, ES384, ES512, PS256 or EdDSA.
 * `audience` is the issuer (RFC 10070 §4); name another only for a server that insists on it.
 */
export function privateKeyJwt(
  options: KeyOptions & { readonly audience?: string | undefined },
): ClientAuthentication {
  const open = keyOpener(options);
  return async ({ clientId, issuer }) => {
    const { key, header } = await open();
    const audience = options.audience ?? issuer;
    return presentAssertion(
      await signAssertion({ issuer: clientId, subject: clientId, audience }, key, header),
    );
  };
}
