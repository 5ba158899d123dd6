import type { Seconds, SigningAlgorithm, TokenFormat } from '@tessera/protocol';

/** A realm's OAuth 2.0 settings: what holds unless an API or a client says otherwise. */
export type Provider = {
  readonly realm: string;
  readonly grantTypes: readonly string[];
  /** Granted when neither the request nor the client names a scope. */
  readonly defaultScopes: readonly string[];
  readonly accessTokenLifetime: Seconds;
  readonly tokenFormat: TokenFormat;
  readonly signingAlgorithm: SigningAlgorithm;
  /** `aud` of tokens whose scopes belong to no API; undefined: the issuer. RFC 9068 §3. */
  readonly defaultAudience: string | undefined;
  /** How often the realm's signing keys are renewed. */
  readonly keyRotationPeriod: Seconds;
  readonly revision: number;
};
