import type { Schema, Validator } from '@cfworker/json-schema';
import type { Allowance, AuthorizationDetail, DetailSchema, JudgedDetail } from '@tessera/protocol';
import { recentlyUsed } from '../recently-used.ts';

/** Schemas that are held ready, over all realms. */
const READY_MAX = 500;

/** By the schema as it was read from the store: a changed one is another object. */
const ready = recentlyUsed<DetailSchema, Validator>(READY_MAX);

/**
 * What the schemas of their types say of details. RFC 9396 §5, §6. Only types that the client was
 * granted are looked at, so an answer tells nothing of the others.
 */
export async function judgeDetails(
  { apis }: Allowance,
  details: readonly AuthorizationDetail[],
): Promise<readonly JudgedDetail[]> {
  if (details.length === 0) return [];
  // Most servers are never asked for any, and do without its megabytes.
  const library = await import('@cfworker/json-schema');
  return details.map((detail) => {
    const api = apis.find(({ detailTypes }) => detailTypes.has(detail.type));
    const schema = api?.detailTypes.get(detail.type);
    return { detail, fits: schema !== undefined && conforms(library, schema, detail) };
  });
}

function conforms(
  library: { readonly Validator: typeof Validator },
  schema: DetailSchema,
  detail: AuthorizationDetail,
): boolean {
  let validator = ready.get(schema);
  if (validator === undefined) {
    // The validator writes into what it is given.
    validator = new library.Validator(structuredClone(schema) as Schema, '2020-12');
    ready.set(schema, validator);
  }
  try {
    return validator.validate(detail).valid;
  } catch (error) {
    // It gathers every objection: more of them than a call can take arguments are objections, too.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
