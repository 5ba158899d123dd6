import {
  type AuthenticatedCall,
  CLIENT_ASSERTION_TYPE,
  type Presentation,
} from '@tessera/protocol';
import { base64url, type CryptoKey, SignJWT } from 'jose';

/** Long enough for slow networks, and the 60 seconds that profiles ask for. */
const LIFETIME_SECONDS = 60;

/**
 * Signs an assertion for one call. RFC 7523 §3, RFC 10070 §4: it is for the issuer alone, so a
 * server that is asked by mistake can not use it at another.
 */
export async function signAssertion(
  { clientId, issuer }: AuthenticatedCall,
  key: CryptoKey | Uint8Array,
  header: { readonly alg: string; readonly kid?: string },
): Promise<Presentation> {
  if (issuer === undefined || issuer === '')
    throw new TypeError('an assertion needs the issuer that it is for');
  const now = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT({ jti: newIdentifier() })
    .setProtectedHeader({ ...header, typ: 'client-authentication+jwt' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(key);
  return {
    headers: {},
    parameters: { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: assertion },
  };
}

/** 192 random bits: a `jti` that nobody else has or will guess. */
export const newIdentifier = (): string =>
  base64url.encode(crypto.getRandomValues(new Uint8Array(24)));
