import { isJsonObject, readJson } from '../json.ts';
import type { Refusal } from '../refusal.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { ApiAllowance } from './allowance.ts';

/** What a client may do, with more in it than a scope can say. RFC 9396 §2. */
export type AuthorizationDetail = Readonly<Record<string, unknown>> & { readonly type: string };

/** A detail that was asked for, and what the schema of its type said of it. */
export type JudgedDetail = {
  readonly detail: AuthorizationDetail;
  /** It is of a type that the client was granted, and as the schema of that type has it. */
  readonly fits: boolean;
};

/** Characters of all details of one request. They come in a form and leave in a token. */
const DETAILS_LENGTH_MAX = 8_192;

const DETAILS_MAX = 20;

/** Members, items and values within all details: what a schema is held against, one by one. */
const VALUES_MAX = 500;

/** Characters of the name of a type. */
export const DETAIL_TYPE_LENGTH_MAX = 200;

/**
 * Reads `authorization_details`: a JSON array of objects, each with a `type`. RFC 9396 §2, §6.
 *
 * Whether the types are known and what else their objects may hold is for
 * `selectDetailApis` to say. Numbers that would come back as others are refused: what is granted
 * is told to the resource server to the digit.
 */
export function readAuthorizationDetails(
  text: string | undefined,
): Result<readonly AuthorizationDetail[], Refusal> {
  if (text === undefined) return ok([]);
  if (text.length > DETAILS_LENGTH_MAX) return MALFORMED;
  const details = readJson(text);
  return isDetails(details) && countValues(details) <= VALUES_MAX ? ok(details) : MALFORMED;
}

const MALFORMED = refuse({ reason: 'authorization_details_malformed' } as const);

/** Whether a value is a list of details as a token or an answer holds it. RFC 9396 §2. */
export const isDetails = (value: unknown): value is readonly AuthorizationDetail[] =>
  Array.isArray(value) && value.length > 0 && value.length <= DETAILS_MAX && value.every(isDetail);

const isDetail = (value: unknown): value is AuthorizationDetail =>
  isJsonObject(value) &&
  Object.hasOwn(value, 'type') &&
  typeof value['type'] === 'string' &&
  value['type'] !== '' &&
  value['type'].length <= DETAIL_TYPE_LENGTH_MAX;

/** The values in a value that was read from JSON; Infinity for a number that was not kept exactly. */
function countValues(value: unknown): number {
  if (typeof value === 'number') return isKept(value) ? 1 : Number.POSITIVE_INFINITY;
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const one of Object.values(value)) sum += countValues(one);
  return sum;
}

/** RFC 8259 §6: whole numbers beyond 2^53 are read differently by different readers. */
const isKept = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

/**
 * The APIs that the details speak to, each once; none without details. RFC 9396 §5, §6.
 *
 * "The AS MUST refuse to process any unknown authorization details type or authorization details
 * not conforming to the respective type definition." A type is known where it was granted to the
 * client, at one of the targeted APIs, and nowhere else: a type of another API is answered as one
 * that does not exist. `locations` (§2.2) can name that API only, for no other knows the type.
 */
export function selectDetailApis(
  clientId: string,
  targeted: readonly ApiAllowance[],
  details: readonly JudgedDetail[],
): Result<readonly ApiAllowance[], Refusal> {
  const apis = new Set<ApiAllowance>();
  for (const { detail, fits } of details) {
    const { type } = detail;
    const api = targeted.find(({ detailTypes }) => detailTypes.has(type));
    if (api === undefined) return refuse({ reason: 'detail_type_not_granted', clientId, type });
    if (!fits) return refuse({ reason: 'detail_misfit', clientId, type });
    if (!isWithin(detail['locations'], api.identifier))
      return refuse({ reason: 'detail_location_wrong', clientId, type });
    apis.add(api);
  }
  return ok([...apis]);
}

const isWithin = (locations: unknown, identifier: string): boolean =>
  locations === undefined ||
  (Array.isArray(locations) && locations.every((location) => location === identifier));
