import { CLIENT_ASSERTION_TYPE, type Presentation } from '@tessera/protocol';
import { base64url, type CryptoKey, SignJWT } from 'jose';

/** Long enough for slow networks, and the 60 seconds that profiles ask for. */
const LIFETIME_SECONDS = 60;

/** Who says what to whom. */
export type Assertion = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string | undefined;
};

/**
 * Signs an assertion for one request. RFC 7523 §3, RFC 10070 §4: it is for one audience alone, so
 * a server that is asked by mistake can not use it at another.
 */
export async function signAssertion(
  { issuer, subject, audience }: Assertion,
  key: CryptoKey | Uint8Array,
  { typ = 'client-authentication+jwt', ...header }: AssertionHeader,
): Promise<string> {
  if (audience === undefined || audience === '')
    throw new TypeError('an assertion needs the issuer that it is for');
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ jti: newIdentifier() })
    .setProtectedHeader({ ...header, typ })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(key);
}

type AssertionHeader = { readonly alg: string; readonly kid?: string; readonly typ?: string };

/** A client assertion as a request carries it. RFC 7521 §4.2. */
export const presentAssertion = (assertion: string): Presentation => ({
  headers: {},
  parameters: { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: assertion },
});

/** 192 random bits: a `jti` that nobody else has or will guess. */
export const newIdentifier = (): string =>
  base64url.encode(crypto.getRandomValues(new Uint8Array(24)));
