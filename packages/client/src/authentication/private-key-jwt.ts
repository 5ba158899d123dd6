import type { ClientAuthentication } from '@tessera/protocol';
import { openSigningKey, type PrivateKey } from '../signing-key.ts';
import { signAssertion } from './sign-assertion.ts';

/**
 * `private_key_jwt`: a new assertion for each call, signed with a key of which the server has the
 * public half. RFC 7523 §2.2.
 *
 * `kid` names the key where the client has several; the `kid` of a JWK counts when none is given.
 * `alg` is that of the JWK, else the one of its kind: ES256, ES384, ES512, PS256 or EdDSA.
 */
export function privateKeyJwt(options: {
  readonly key: PrivateKey;
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
}): ClientAuthentication {
  let opening: ReturnType<typeof openSigningKey> | undefined;
  return async (call) => {
    opening ??= openSigningKey(options.key, options);
    const { key, algorithm, keyId } = await opening;
    const header = { alg: algorithm, ...(keyId !== undefined && { kid: keyId }) };
    return signAssertion(call, key, header);
  };
}
