import type { AuthorizationDetail, Confirmation } from '@tessera/protocol';

/** A token that may be acted upon, whichever way it was validated. */
export type AcceptedToken = {
  /** By its signature, or by asking the authorization server. */
  readonly validatedBy: 'signature' | 'introspection';
  readonly issuer: string | undefined;
  /** The client that the token was issued to. A JWT always names it, an introspection may not. */
  readonly clientId: string | undefined;
  readonly subject: string | undefined;
  /**
   * Whether the client acts for itself: the subject is the client. A client that can choose its id
   * could otherwise pass for a user of that name. RFC 9068 §2.2 RFC 9700 §4.15
   */
  readonly subjectIsClient: boolean;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** RFC 9396 §9.1; empty: none were granted. */
  readonly authorizationDetails: readonly AuthorizationDetail[];
  /** Who acts for the subject, the latest first; empty: nobody. RFC 8693 §4.1 */
  readonly actors: readonly string[];
  readonly jti: string | undefined;
  /** Seconds since 1970, as the two below. */
  readonly issuedAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** The keys that the token is bound to, and that the caller has shown to hold in this request. */
  readonly confirmation: Confirmation | undefined;
  /** All claims, or all members of the introspection response: those of extensions too. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the answer to this request has to carry: a new DPoP nonce, or nothing. RFC 9449 §8.2 */
  readonly responseHeaders: Readonly<Record<string, string>>;
};
