import type {
  ClaimsHook,
  CustomClaim,
  DetailSchema,
  NumericDate,
  Seconds,
  SigningAlgorithm,
  TokenBinding,
  TokenFormat,
} from '@tessera/protocol';

/** A resource server as a first-class object. */
export type Api = {
  readonly realm: string;
  readonly id: string;
  /** What goes into `aud` and what `resource` names. RFC 8707 §2: an absolute URI. */
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** What may be asked for in `authorization_details`. RFC 9396 §2.1 */
  readonly authorizationDetailTypes: readonly DetailType[];
  /** The next three: undefined = as the client has it, else the realm's provider. */
  readonly tokenFormat: TokenFormat | undefined;
  readonly signingAlgorithm: SigningAlgorithm | undefined;
  readonly accessTokenLifetime: Seconds | undefined;
  /** What its tokens must be bound to. */
  readonly tokenBinding: TokenBinding;
  /** Clients that may introspect tokens addressed to this API. RFC 7662 §2.1. */
  readonly introspectionClients: readonly string[];
  /** What its tokens say besides. A realm's claim of the same name gives way. */
  readonly claims: readonly CustomClaim[];
  /** Who is asked for more of that when a token is issued. */
  readonly claimsHook: ClaimsHook | undefined;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

export type ApiScope = { readonly name: string; readonly description: string };

/** A type of authorization details: no two APIs of a realm have the same. */
export type DetailType = {
  readonly type: string;
  readonly description: string;
  readonly schema: DetailSchema;
};

/** The administration API: a resource server like any other, one in each realm. */
export const ADMIN_API_ID = 'tessera-admin';
export const ADMIN_API_IDENTIFIER = 'urn:tessera:admin';
