import type {
  AssertionAlgorithm,
  ClientType,
  NumericDate,
  Seconds,
  SigningAlgorithm,
  SymmetricAlgorithm,
  TokenBinding,
  TokenEndpointAuthMethod,
  TokenExchangeMode,
  TokenFormat,
} from '@tessera/protocol';
import type { ClientGrant } from './client-grant.ts';
import type { Credential } from './credential.ts';
import type { QuotaMode } from './quota.ts';

/** An OAuth 2.0 client. RFC 6749 §2; metadata as in RFC 7591 §2. */
export type Client = {
  readonly realm: string;
  readonly clientId: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly type: ClientType;
  readonly grantTypes: readonly string[];
  readonly authenticationMethod: TokenEndpointAuthMethod;
  /** Believe no credential that comes by another method than the registered one. */
  readonly strictAuthenticationMethod: boolean;
  /** The one algorithm of its assertions; undefined: any that the realm allows. */
  readonly assertionAlgorithm: AssertionAlgorithm | SymmetricAlgorithm | undefined;
  /**
   * Whether an assertion may be shown again until it expires. OIDC Core §9: "unless conditions
   * for reuse were negotiated", as for assertions that something else made beforehand.
   */
  readonly assertionReuse: 'refused' | 'until_expiry';
  /** What it may make of tokens about others, where it has the grant type for that. */
  readonly tokenExchange: TokenExchangeMode;
  /** What its tokens must be bound to, whatever realm and API say. */
  readonly tokenBinding: TokenBinding;
  /** The scopes it may hold at the realm's default API. */
  readonly scopes: readonly string[];
  /** Granted when the request names none. Empty: the realm's default scopes apply. */
  readonly defaultScopes: readonly string[];
  /** Sign-in URLs. Kept for the applications that have them; no grant served here redirects. */
  readonly redirectUris: readonly string[];
  /** Networks and addresses from which it may prove itself, as people wrote them. Empty: anywhere. */
  readonly allowedAddresses: readonly string[];
  /** The next seven: undefined = as the realm's provider has it. */
  readonly accessTokenLifetime: Seconds | undefined;
  readonly tokenFormat: TokenFormat | undefined;
  readonly signingAlgorithm: SigningAlgorithm | undefined;
  readonly quotaMode: QuotaMode | undefined;
  /** Access tokens that it may be issued in an hour and in a day of UTC. */
  readonly tokensPerHour: number | undefined;
  readonly tokensPerDay: number | undefined;
  /** For how long a token answers further requests for the same; 0: every request gets a new one. */
  readonly tokenReuseSeconds: Seconds | undefined;
  /** What administrators say of it, for the custom claims of its tokens. Decides nothing else. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How it came to be here; only what administrators made is theirs alone to describe. */
  readonly origin: ClientOrigin;
  /** What it says of itself that decides nothing: pages, contacts, software. RFC 7591 §2 */
  readonly registeredMetadata: Readonly<Record<string, unknown>> | undefined;
  /** What a surface that speaks another product's language was told and nothing here reads. */
  readonly keptAttributes: Readonly<Record<string, unknown>> | undefined;
  /** Digest of the token by which it manages its registration. RFC 7592 §2 */
  readonly registrationTokenDigest: string | undefined;
  /** Tokens issued to it before this instant are void. 0: none are. */
  readonly tokensValidFrom: NumericDate;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

/**
 * `registration`: it registered itself (RFC 7591 §3). `metadata_document`: its id is the address
 * of a document that says what it is.
 */
export const CLIENT_ORIGINS = ['administrator', 'registration', 'metadata_document'] as const;
export type ClientOrigin = (typeof CLIENT_ORIGINS)[number];

/** A client with all that decides what it may do: one read, one entry of the cache. */
export type RegisteredClient = {
  readonly client: Client;
  readonly credentials: readonly Credential[];
  readonly grants: readonly ClientGrant[];
};
