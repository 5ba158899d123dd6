import { decodeBase64url } from './base64url.ts';
import { isJsonObject } from './json.ts';
import { ok, type Result, refuse } from './result.ts';
import { isStatusBits, type StatusBits } from './status-list.ts';
import type { NumericDate, Seconds } from './time.ts';

/** Token Status List §5.1 */
export const STATUS_LIST_TYP = 'statuslist+jwt';

/** The media type of a list. Token Status List §8.1, §8.2 */
export const STATUS_LIST_TYPE = 'application/statuslist+jwt';

/** The claims of a status list token. Token Status List §5.1, §4.2 */
export type StatusListClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly ttl: number;
  /** Tessera's own: rises with every revocation, so that an earlier copy is known for one. */
  readonly version: number;
  readonly status_list: {
    readonly bits: StatusBits;
    readonly lst: string;
    readonly aggregation_uri?: string;
  };
};

/** What a server says with a list. */
export type PublishedStatusList = {
  readonly issuer: string;
  readonly uri: string;
  readonly bits: StatusBits;
  /** Compressed with DEFLATE in the ZLIB format, base64url. */
  readonly compressed: string;
  readonly aggregationUri: string;
  readonly issuedAt: NumericDate;
  readonly expiresAt: NumericDate;
  /** How long it may be used before a fresh one is fetched. */
  readonly ttl: Seconds;
  readonly version: number;
};

/** `sub` is the address under which tokens name the list, to the byte. Token Status List §5.1 */
export const describeStatusListToken = (list: PublishedStatusList): StatusListClaims => ({
  iss: list.issuer,
  sub: list.uri,
  iat: list.issuedAt,
  exp: list.expiresAt,
  ttl: list.ttl,
  version: list.version,
  status_list: {
    bits: list.bits,
    lst: list.compressed,
    aggregation_uri: list.aggregationUri,
  },
});

/** A list as somebody fetched it, its signature verified already. */
export type FetchedStatusList = {
  readonly bits: StatusBits;
  /** Still compressed: whoever decompresses it bounds how much comes out. */
  readonly compressed: Uint8Array;
  readonly issuedAt: number;
  /** From this instant on nothing of it may be relied on; undefined: it does not say. */
  readonly expiresAt: number | undefined;
  /** Seconds after it was fetched at which there may be a newer one. */
  readonly ttl: number | undefined;
  readonly aggregationUri: string | undefined;
  /** Which of two copies is the later one; undefined: it does not say. */
  readonly version: number | undefined;
};

/** What of a list is not as it must be. */
export type StatusListProblem =
  | { readonly reason: 'status_list_malformed'; readonly member: string }
  | { readonly reason: 'status_list_of_another_uri'; readonly found: string }
  | { readonly reason: 'status_list_expired'; readonly expiredAt: number };

/**
 * Reads the claims of a status list token that was fetched from `uri`. Token Status List §8.3: what
 * is not as it must be says nothing of any token.
 */
export function readStatusListToken(
  claims: Readonly<Record<string, unknown>>,
  uri: string,
  now: NumericDate,
): Result<FetchedStatusList, StatusListProblem> {
  const { sub, iat, exp, ttl, version, status_list: list } = claims;
  if (typeof sub !== 'string') return malformed('sub');
  if (sub !== uri) return refuse({ reason: 'status_list_of_another_uri', found: sub });
  if (!isInstant(iat)) return malformed('iat');
  if (exp !== undefined && !isInstant(exp)) return malformed('exp');
  if (exp !== undefined && exp <= now)
    return refuse({ reason: 'status_list_expired', expiredAt: exp });
  // "The value of the claim MUST be a positive number."
  if (ttl !== undefined && (!isInstant(ttl) || ttl === 0)) return malformed('ttl');
  if (version !== undefined && !isInstant(version)) return malformed('version');
  if (!isJsonObject(list)) return malformed('status_list');
  const { bits, lst, aggregation_uri: aggregationUri } = list;
  if (!isStatusBits(bits)) return malformed('bits');
  const compressed = typeof lst === 'string' ? decodeBase64url(lst) : undefined;
  if (compressed === undefined) return malformed('lst');
  if (aggregationUri !== undefined && typeof aggregationUri !== 'string')
    return malformed('aggregation_uri');
  return ok({ bits, compressed, issuedAt: iat, expiresAt: exp, ttl, aggregationUri, version });
}

const malformed = (member: string) => refuse({ reason: 'status_list_malformed', member } as const);

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
