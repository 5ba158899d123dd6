import type { AssertionAlgorithm, NumericDate, Seconds, VerificationKey } from '@tessera/protocol';

/**
 * Somebody else who says who a workload or a subject is, by signed JWTs: a cluster, a forge, a
 * trust domain, an OpenID provider, another authorization server. RFC 7521 §3
 */
export type TrustedIssuer = {
  readonly realm: string;
  readonly id: string;
  readonly name: string;
  /** `iss` of its assertions, to the byte; for SPIFFE the trust domain, `spiffe://example.org`. */
  readonly issuer: string;
  readonly preset: TrustedIssuerPreset;
  /** Where its keys are, or the keys themselves: exactly one of the two. */
  readonly jwksUri: string | undefined;
  readonly jwks: readonly VerificationKey[] | undefined;
  /** The sole `aud` it must name; undefined: this realm's issuer. RFC 10070 §4 */
  readonly audience: string | undefined;
  readonly algorithms: readonly AssertionAlgorithm[];
  /** How far `exp` may be after `iat`, or after now. */
  readonly lifetimeMax: Seconds;
  /** Whether one assertion may be shown again: the tokens of clusters are, for an hour. */
  readonly assertionReuse: 'refused' | 'until_expiry';
  /** What its assertions may be used for. */
  readonly uses: readonly TrustedIssuerUse[];
  readonly enabled: boolean;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

export const TRUSTED_ISSUER_PRESETS = ['kubernetes', 'github', 'gitlab', 'spiffe', 'oidc'] as const;
export type TrustedIssuerPreset = (typeof TRUSTED_ISSUER_PRESETS)[number];

/**
 * `client`: workloads authenticate as clients. `grant`: assertions are exchanged for tokens (RFC
 * 7523 §2.1, RFC 8693 §2.1). `software`: it signs software statements (RFC 7591 §2.3).
 */
export const TRUSTED_ISSUER_USES = ['client', 'grant', 'software'] as const;
export type TrustedIssuerUse = (typeof TRUSTED_ISSUER_USES)[number];

export const TRUSTED_ISSUERS_MAX = 100;

/** A day, in seconds. */
export const TRUSTED_LIFETIME_MAX = 86_400;

/** Of one workload. */
export const CONDITIONS_MAX = 20;

/** With how many workloads of its issuer an assertion is compared that names no client. */
export const WORKLOADS_COMPARED_MAX = 1_000;
