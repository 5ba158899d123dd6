import {
  type AggregatedStatus,
  judgeByAggregation,
  type Result,
  type ServerMetadata,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  STATUS_VALID,
  type StatusListAggregation,
  type StatusReference,
} from '@tessera/protocol';
import type { Eventually } from '../eventually.ts';
import { originOf } from '../public-url.ts';
import type { RemoteMetadata } from '../remote-metadata.ts';
import type { TokenRefusal } from '../token-refusal.ts';
import type { ValidatedToken } from '../validated-token.ts';
import type { FollowedAggregation } from './aggregation.ts';
import type { StatusLists, StatusProblem } from './status-lists.ts';

/** Judges whether tokens were revoked since they were issued. */
export type FollowedStatus = {
  /** Undefined: nothing voids the token. At once where what is known is new enough. */
  check(validated: ValidatedToken): Eventually<TokenRefusal | undefined>;
  close(): void;
};

type Judged = { readonly by: StatusListAggregation; readonly as: AggregatedStatus };

/**
 * Follows the status of tokens: by the aggregation of the issuer, where its metadata names one, and
 * in the lists themselves. Token Status List §8.3
 *
 * `whenUntold`: what becomes of a token of which neither can tell whether it was revoked.
 */
export function followStatus(
  issuer: string,
  metadata: RemoteMetadata,
  lists: StatusLists,
  follow: (address: string) => FollowedAggregation,
  whenUntold: 'refuse' | 'list_decides',
): FollowedStatus {
  let metadataRead: ServerMetadata | undefined;
  /** Undefined: the lists have to be asked one by one. */
  let aggregation: { readonly address: string; readonly followed: FollowedAggregation } | undefined;
  const judged = new WeakMap<ValidatedToken, Judged>();

  /** Takes note of where the aggregation is; false: nothing is known of the server yet. */
  function readAddress(found: ServerMetadata | undefined): boolean {
    if (found === undefined || found === metadataRead) return metadataRead !== undefined;
    metadataRead = found;
    const named = found['status_list_aggregation_endpoint'];
    const address = typeof named === 'string' && isOfIssuer(named, issuer) ? named : undefined;
    if (address === aggregation?.address) return true;
    aggregation?.followed.close();
    aggregation = address === undefined ? undefined : { address, followed: follow(address) };
    return true;
  }

  function judge(
    validated: ValidatedToken,
    status: StatusReference,
    by: StatusListAggregation,
  ): AggregatedStatus {
    const { issuedAt = 0, jti } = validated.token;
    const before = judged.get(validated);
    if (before?.by === by) return before.as;
    const told = judgeByAggregation(by, status, { issuedAt, jti });
    const as =
      told.status === 'unknown' && whenUntold === 'list_decides'
        ? ({ status: 'in_list', version: undefined } as const)
        : told;
    judged.set(validated, { by, as });
    return as;
  }

  async function checkLater(
    validated: ValidatedToken,
    status: StatusReference,
  ): Promise<TokenRefusal | undefined> {
    if (!readAddress(metadata.current())) {
      const found = await metadata.find();
      if (!found.ok) return UNAVAILABLE;
      readAddress(found.value);
    }
    if (aggregation === undefined) return describe(await lists.find(status, undefined), validated);
    const by = await aggregation.followed.find();
    if (by === undefined) return UNAVAILABLE;
    const as = judge(validated, status, by);
    return as.status === 'in_list'
      ? describe(await lists.find(status, as.version), validated)
      : describeJudgement(as, validated);
  }

  return {
    check(validated) {
      const { status } = validated;
      if (status === undefined) return undefined;
      if (!readAddress(metadata.current())) return checkLater(validated, status);
      let version: number | undefined;
      if (aggregation !== undefined) {
        const by = aggregation.followed.current();
        if (by === undefined) return checkLater(validated, status);
        const as = judge(validated, status, by);
        if (as.status !== 'in_list') return describeJudgement(as, validated);
        version = as.version;
      }
      const known = lists.peek(status, version);
      return known === undefined ? checkLater(validated, status) : describe(known, validated);
    },
    close: () => aggregation?.followed.close(),
  };
}

/** What this API asks every second is for the issuer to say, not for its metadata. */
const isOfIssuer = (address: string, issuer: string): boolean =>
  originOf(address) !== undefined && originOf(address) === originOf(issuer);

const UNAVAILABLE = { reason: 'status_unavailable' } as const;

function describe(
  found: Result<number, StatusProblem>,
  { token: { clientId } }: ValidatedToken,
): TokenRefusal | undefined {
  if (!found.ok)
    return found.refusal.reason === 'not_in_list'
      ? { reason: 'token_not_in_status_list' }
      : UNAVAILABLE;
  // Token Status List §7.1
  switch (found.value) {
    case STATUS_VALID:
      return undefined;
    case STATUS_INVALID:
      return { reason: 'token_revoked', clientId };
    case STATUS_SUSPENDED:
      return { reason: 'token_suspended', clientId };
    default:
      return { reason: 'token_status_unknown', status: found.value };
  }
}

function describeJudgement(
  { status }: Exclude<AggregatedStatus, { readonly status: 'in_list' }>,
  { token: { clientId } }: ValidatedToken,
): TokenRefusal | undefined {
  if (status === 'unknown') return UNAVAILABLE;
  return status === 'valid' ? undefined : { reason: 'token_revoked', clientId };
}
