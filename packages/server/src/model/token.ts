import type { NumericDate, TokenFacts } from '@tessera/protocol';

/** An opaque token as it is kept: under the digest of what the client holds, never itself. */
export type StoredToken = Omit<TokenFacts, 'status'> & { readonly digest: string };

/** A token that was revoked before it expired. Kept until then, whatever the token's format. */
export type RevokedToken = {
  readonly realm: string;
  readonly jti: string;
  readonly expiresAt: NumericDate;
};
