import { type Seconds, seconds } from '@tessera/protocol';
import type { UsageSpan } from './usage.ts';

/** `observe`: a quota that is exceeded is told, and nothing is refused for it. */
export const QUOTA_MODES = ['off', 'observe', 'enforce'] as const;
export type QuotaMode = (typeof QUOTA_MODES)[number];

/** How many access tokens may be issued in a span of time; undefined: as many as are asked for. */
type TokenLimits = {
  readonly perHour: number | undefined;
  readonly perDay: number | undefined;
};

export const TOKENS_PER_SPAN_MAX = 1_000_000_000;

/** Longer, and what is in memory would be worth more than what a cache of the client costs. */
export const TOKEN_REUSE_MAX = seconds(300);

export const TOKEN_REUSE_OFF: Seconds = seconds(0);

/** A quota that holds: whose tokens it counts, and what happens beyond it. */
export type Quota = TokenLimits & { readonly mode: QuotaMode };

type OfProvider = {
  readonly quotaMode: QuotaMode;
  readonly tokensPerHour: number | undefined;
  readonly tokensPerDay: number | undefined;
  readonly realmTokensPerHour: number | undefined;
  readonly realmTokensPerDay: number | undefined;
};

type OfClient = {
  readonly quotaMode: QuotaMode | undefined;
  readonly tokensPerHour: number | undefined;
  readonly tokensPerDay: number | undefined;
};

/** The quota of one client: each part its own, else as the realm has it for every client. */
export const quotaOfClient = (provider: OfProvider, client: OfClient): Quota => ({
  mode: client.quotaMode ?? provider.quotaMode,
  perHour: client.tokensPerHour ?? provider.tokensPerHour,
  perDay: client.tokensPerDay ?? provider.tokensPerDay,
});

/** The quota of all clients of a realm together: no client is exempt from it. */
export const quotaOfRealm = ({
  quotaMode,
  realmTokensPerHour,
  realmTokensPerDay,
}: OfProvider): Quota => ({
  mode: quotaMode,
  perHour: realmTokensPerHour,
  perDay: realmTokensPerDay,
});

/** What is left of a quota that is enforced. */
export type QuotaLeft = {
  readonly span: UsageSpan;
  readonly limit: number;
  readonly left: number;
  /** Seconds until counting begins anew. */
  readonly endsIn: number;
};
