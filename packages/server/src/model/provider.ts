import {
  type CustomClaim,
  profileRules,
  type Seconds,
  type SecurityProfile,
  type SigningAlgorithm,
  seconds,
  type TokenBinding,
  type TokenFormat,
} from '@tessera/protocol';
import type { CredentialPolicy } from './credential-policy.ts';
import type { QuotaMode } from './quota.ts';

/** A realm's OAuth 2.0 settings: what holds unless an API or a client says otherwise. */
export type Provider = {
  readonly realm: string;
  readonly grantTypes: readonly string[];
  /** Granted when neither the request nor the client names a scope. */
  readonly defaultScopes: readonly string[];
  readonly accessTokenLifetime: Seconds;
  readonly tokenFormat: TokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  /** `aud` of tokens whose scopes belong to no API; undefined: as the profile has it. RFC 9068 §3. */
  readonly defaultAudience: string | undefined;
  readonly securityProfile: SecurityProfile;
  /** What every token of the realm must be bound to. */
  readonly tokenBinding: TokenBinding;
  /** Whether a DPoP proof must carry a nonce that this server gave. RFC 9449 §8 */
  readonly dpopNonces: boolean;
  /** Whether JWTs say in which status list they are, for those who do not introspect. */
  readonly statusLists: boolean;
  /** Whether clients may register themselves. RFC 7591 §3 */
  readonly clientRegistration: ClientRegistration;
  /** What a client that was not registered by an administrator may hold at the default API. */
  readonly registrationScopes: readonly string[];
  /**
   * Hosts whose client id metadata documents are believed, `*.` before a name for all below it.
   * Empty: a client id that is a URL is a client id like any other.
   */
  readonly clientIdMetadataHosts: readonly string[];
  /** What a quota does that is exceeded: the realm's, and a client's that has no mode of its own. */
  readonly quotaMode: QuotaMode;
  /** Access tokens that each client may be issued, unless it has a number of its own. */
  readonly tokensPerHour: number | undefined;
  readonly tokensPerDay: number | undefined;
  /** Access tokens that all clients together may be issued. */
  readonly realmTokensPerHour: number | undefined;
  readonly realmTokensPerDay: number | undefined;
  /** For how long a token answers further requests for the same; 0: every request gets a new one. */
  readonly tokenReuseSeconds: Seconds;
  /** What every token of the realm says besides, unless its API has it say something else. */
  readonly claims: readonly CustomClaim[];
  /** How often the realm's signing keys are renewed. */
  readonly keyRotationPeriod: Seconds;
  /** What a surface that speaks another product's language was told and nothing here reads. */
  readonly keptAttributes: Readonly<Record<string, unknown>> | undefined;
  readonly revision: number;
} & CredentialPolicy;

/** `token`: with an initial access token. `open`: anybody. */
export const CLIENT_REGISTRATIONS = ['off', 'token', 'open'] as const;
export type ClientRegistration = (typeof CLIENT_REGISTRATIONS)[number];

/** No access token lives longer: a retired signing key is published for as long. */
export const ACCESS_TOKEN_LIFETIME_MAX = seconds(30 * 86_400);

export const ACCESS_TOKEN_LIFETIME_DEFAULT = seconds(3_600);

export const KEY_ROTATION_PERIOD_DEFAULT = seconds(90 * 86_400);

/** A security profile may forbid what the realm would have. */
export const hasStatusLists = (provider: Provider): boolean =>
  provider.statusLists && profileRules(provider.securityProfile).statusLists;
