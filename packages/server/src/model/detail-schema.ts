import { isJsonObject } from '@tessera/protocol';

/*
 * Which JSON Schemas (draft 2020-12) a type of authorization details can have: a part of the
 * language that needs no network, no regular expression of strangers, and an effort that is known
 * before anybody asks for a token.
 */

/** Characters of a schema, and of the same with every reference written out. */
export const SCHEMA_LENGTH_MAX = 16_384;

/** The least that a schema within counts: each is held against values, however short it is. */
const SUBSCHEMA_LENGTH = 32;

/** What comparing every item with every other is counted as, in characters. */
const UNIQUE_ITEMS_LENGTH = 2_000;

/** A schema, or several, in a member of this name. */
const OF_SCHEMAS: ReadonlyMap<string, 'one' | 'list' | 'map'> = new Map([
  ['$defs', 'map'],
  ['additionalProperties', 'one'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['contains', 'one'],
  ['dependentSchemas', 'map'],
  ['else', 'one'],
  ['if', 'one'],
  ['items', 'one'],
  ['not', 'one'],
  ['oneOf', 'list'],
  ['prefixItems', 'list'],
  ['properties', 'map'],
  ['propertyNames', 'one'],
  ['then', 'one'],
  ['unevaluatedItems', 'one'],
  ['unevaluatedProperties', 'one'],
]);

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Those whose checks take time in proportion to the text. */
const FORMATS = [
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'time',
  'uri',
  'uuid',
];

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isAnything = (): boolean => true;

/** What the members with other values can hold. All else is refused: it may be a typing error. */
const OF_VALUES: Readonly<Record<string, (value: unknown) => boolean>> = {
  $comment: isText,
  const: isAnything,
  default: isAnything,
  dependentRequired: (value) => isJsonObject(value) && Object.values(value).every(isTexts),
  deprecated: (value) => typeof value === 'boolean',
  description: isText,
  enum: (value) => Array.isArray(value) && value.length > 0,
  examples: Array.isArray,
  exclusiveMaximum: isNumber,
  exclusiveMinimum: isNumber,
  format: (value) => FORMATS.includes(value as string),
  maxContains: isCount,
  maxItems: isCount,
  maxLength: isCount,
  maxProperties: isCount,
  maximum: isNumber,
  minContains: isCount,
  minItems: isCount,
  minLength: isCount,
  minProperties: isCount,
  minimum: isNumber,
  multipleOf: (value) => isNumber(value) && (value as number) > 0,
  required: isTexts,
  title: isText,
  type: (value) =>
    (Array.isArray(value) ? value : [value]).every((one) => TYPES.includes(one as string)),
  uniqueItems: (value) => typeof value === 'boolean',
};

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** `$defs` of the schema itself: nothing is fetched, and what there is can be counted. */
const LOCAL = /^#\/\$defs\/([A-Za-z0-9_.-]{1,100})$/;

/**
 * What keeps a schema from being one of a type; undefined when nothing does.
 *
 * RFC 9396 §5 refuses "an object of known type but containing unknown fields", so a schema must
 * say which fields there are: without `additionalProperties: false` it would let all of them by.
 */
export function findSchemaProblem(schema: Readonly<Record<string, unknown>>): string | undefined {
  if (JSON.stringify(schema).length > SCHEMA_LENGTH_MAX)
    return `must not be longer than ${SCHEMA_LENGTH_MAX} characters`;
  if (schema['additionalProperties'] !== false && schema['unevaluatedProperties'] !== false)
    return 'must have additionalProperties or unevaluatedProperties set to false';
  const { $schema = DRAFT, ...rest } = schema;
  if ($schema !== DRAFT) return `must be of draft 2020-12: ${DRAFT}`;
  const problem = findProblem(rest, '', true);
  if (problem !== undefined) return problem;
  const definitions = isJsonObject(schema['$defs']) ? schema['$defs'] : {};
  return measure(rest, definitions, new Set()) > SCHEMA_LENGTH_MAX
    ? `must not be longer than ${SCHEMA_LENGTH_MAX} characters when its references are written out, and not refer to itself`
    : undefined;
}

function findProblem(schema: unknown, at: string, root = false): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isJsonObject(schema)) return `must have a schema at ${at}`;
  for (const [name, value] of Object.entries(schema)) {
    const here = `${at}/${name}`;
    const problem =
      name === '$defs' && !root
        ? 'must have $defs at the top only'
        : findMemberProblem(name, value, here);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function findMemberProblem(name: string, value: unknown, at: string): string | undefined {
  if (name === '$ref')
    return typeof value === 'string' && LOCAL.test(value)
      ? undefined
      : 'must refer to #/$defs/… only';
  if (Object.hasOwn(OF_VALUES, name))
    return OF_VALUES[name]?.(value) === true ? undefined : `must have another value at ${at}`;
  const kind = OF_SCHEMAS.get(name);
  if (kind === undefined) return `must not have ${at}`;
  if (kind === 'one') return findProblem(value, at);
  if (kind === 'list' ? !Array.isArray(value) || value.length === 0 : !isJsonObject(value))
    return `must have schemas at ${at}`;
  for (const [key, one] of Object.entries(value as object)) {
    const problem = findProblem(one, `${at}/${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Characters with every reference written out; Infinity when there is no end of it. */
function measure(
  schema: unknown,
  definitions: Readonly<Record<string, unknown>>,
  within: ReadonlySet<string>,
): number {
  if (!isJsonObject(schema)) return SUBSCHEMA_LENGTH;
  let length = 2;
  for (const [name, value] of Object.entries(schema)) {
    if (name === '$defs') continue;
    length += name.length + 4;
    if (name === '$ref') length += measureReference(value as string, definitions, within);
    else if (name === 'uniqueItems') length += UNIQUE_ITEMS_LENGTH;
    else if (!OF_SCHEMAS.has(name)) length += JSON.stringify(value).length;
    else if (OF_SCHEMAS.get(name) === 'one') length += measure(value, definitions, within);
    else
      for (const [key, one] of Object.entries(value as object)) {
        length += key.length + 4 + measure(one, definitions, within);
        // Each definition can double what the one before made: what is too long is not read on.
        if (length > SCHEMA_LENGTH_MAX) return Number.POSITIVE_INFINITY;
      }
    if (length > SCHEMA_LENGTH_MAX) return Number.POSITIVE_INFINITY;
  }
  return Math.max(length, SUBSCHEMA_LENGTH);
}

function measureReference(
  reference: string,
  definitions: Readonly<Record<string, unknown>>,
  within: ReadonlySet<string>,
): number {
  const name = LOCAL.exec(reference)?.[1] ?? '';
  if (!Object.hasOwn(definitions, name) || within.has(name)) return Number.POSITIVE_INFINITY;
  return measure(definitions[name], definitions, new Set([...within, name]));
}
