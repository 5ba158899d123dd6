/**
 * Flags made from a schema of the contract: whatever the administration API takes, the command
 * line takes too, under the same words.
 */
import { Option } from 'commander';
import type { Route } from '../contract/index.ts';
import { CommandFailure } from './command-failure.ts';
import { parseDuration, parseInstant } from './durations.ts';
import { FIELD_WORDS, NO_WORDS } from './field-words.ts';

export type Field = {
  readonly member: string;
  /** Without the dashes: `access-token-lifetime`. */
  readonly flag: string;
  readonly kind: 'text' | 'number' | 'duration' | 'instant' | 'yes-no' | 'texts' | 'names';
  readonly choices: readonly string[] | undefined;
  readonly nullable: boolean;
  readonly required: boolean;
  /** Never given on the command line, where every user of the machine could read it. */
  readonly secret: boolean;
  readonly description: string;
};

/** Longer lists of choices would hide the rest of the help; the server knows them too. */
const CHOICES_SHOWN = 8;

type Schema = NonNullable<Route['body']>;

type JsonSchema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
};

/** Fields of a schema; members that are objects have no flag of their own. */
export function fieldsOf(schema: Schema | undefined): readonly Field[] {
  if (schema === undefined) return [];
  const root = schema.toJSONSchema({ io: 'input' }) as JsonSchema;
  const { properties = {}, required = [] } = resolve(root, root);
  return Object.entries(properties).flatMap(([member, property]) => {
    const field = fieldOf(member, resolve(property, root), required.includes(member));
    return field === undefined ? [] : [field];
  });
}

/** Schemas with a name of their own are told once and referred to. */
function resolve(schema: JsonSchema, { $defs = {} }: JsonSchema): JsonSchema {
  const named = schema.$ref?.replace('#/$defs/', '');
  return (named === undefined ? undefined : $defs[named]) ?? schema;
}

function fieldOf(member: string, property: JsonSchema, required: boolean): Field | undefined {
  const nullable = property.anyOf?.some(({ type }) => type === 'null') ?? false;
  const schema = nullable
    ? (property.anyOf?.find(({ type }) => type !== 'null') ?? property)
    : property;
  const kind = kindOf(member, schema);
  if (kind === undefined) return undefined;
  return {
    member,
    flag: flagOf(member, kind),
    kind,
    choices: schema.enum ?? schema.items?.enum,
    nullable,
    required,
    secret: schema.format === 'password',
    description: describe(member, property.default),
  };
}

const DURATIONS: ReadonlySet<string> = new Set([
  'accessTokenLifetime',
  'expiresIn',
  'keyRotationPeriod',
  'lifetimeMax',
  'overlap',
  'secretLifetimeMax',
  'tokenReuseSeconds',
]);

const INSTANTS: ReadonlySet<string> = new Set(['expiresAt', 'unusedSince', 'expiringBefore']);

function kindOf(member: string, schema: JsonSchema): Field['kind'] | undefined {
  if (schema.type === 'boolean') return 'yes-no';
  if (schema.type === 'string') return isYesNo(schema) ? 'yes-no' : 'text';
  if (schema.type === 'integer' || schema.type === 'number')
    return DURATIONS.has(member) ? 'duration' : INSTANTS.has(member) ? 'instant' : 'number';
  if (schema.type !== 'array') return undefined;
  const members = schema.items?.properties;
  if (members === undefined) return schema.items?.type === 'object' ? undefined : 'texts';
  // Objects that are more than a name come by commands of their own, or in a file.
  return members['name'] === undefined ? undefined : 'names';
}

const isYesNo = ({ enum: choices }: JsonSchema): boolean => choices?.join() === 'true,false';

const flagOf = (member: string, kind: Field['kind']): string => {
  const flag = member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  // It is given once for each item.
  return kind === 'texts' || kind === 'names' ? flag.replace(/(?:(?<=ss)e)?s$/, '') : flag;
};

const words = (member: string): string =>
  member.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function describe(member: string, byDefault: unknown): string {
  const text = FIELD_WORDS[member] ?? words(member);
  const told = Array.isArray(byDefault) ? byDefault.join(' ') : byDefault;
  const shown = typeof told === 'number' || (typeof told === 'string' && told !== '');
  return shown ? `${text} (default: ${told})` : text;
}

/**
 * The flags of fields. `change`: what is there can also be taken away again, with `--no-…`.
 */
export function optionsOf(fields: readonly Field[], change: boolean): readonly Option[] {
  return fields
    .filter(({ secret }) => !secret)
    .flatMap((field) => {
      const { flag, kind, description, nullable } = field;
      if (kind === 'yes-no')
        return [
          new Option(`--${flag}`, description),
          new Option(`--no-${flag}`, NO_WORDS[field.member]),
        ];
      const option = new Option(`--${flag} <${placeholderOf(field)}>`, hint(field));
      if (kind === 'texts' || kind === 'names') option.argParser(gather(field));
      else if (field.choices !== undefined && field.choices.length <= CHOICES_SHOWN)
        option.choices(field.choices);
      const clearable = nullable || kind === 'texts' || kind === 'names';
      return change && clearable
        ? [option, new Option(`--no-${flag}`, describeEmptied(field))]
        : [option];
    });
}

/** What is nullable and not set may be said by the realm. */
const describeEmptied = ({ member, nullable }: Field): string =>
  nullable
    ? `${words(member)}: no longer set here; what the realm says then applies, if it does`
    : `takes all ${words(member)} away`;

function placeholderOf({ kind, flag }: Field): string {
  if (kind === 'texts' || kind === 'names' || kind === 'text')
    return flag.split('-').at(-1) ?? flag;
  return kind;
}

function hint({ kind, description, choices }: Field): string {
  if (kind === 'instant') return `${description}: 2027-01-31, or an instant`;
  if (kind === 'duration') return `${description}: seconds, or 15m, 24h, 7d`;
  if (kind !== 'texts' && kind !== 'names') return description;
  const which = choices === undefined ? '' : ` (${choices.join(', ')})`;
  return `${description}${which}; may be repeated`;
}

/** `--scope "read write" --scope admin` are three. Only scopes never contain a space. */
const gather =
  ({ flag, choices }: Field) =>
  (text: string, earlier: unknown): readonly string[] => {
    const items = flag.endsWith('scope') ? text.split(/\s+/).filter((one) => one !== '') : [text];
    for (const item of items)
      if (choices !== undefined && !choices.includes(item))
        throw new CommandFailure(
          'usage',
          `--${flag} ${JSON.stringify(item)} is none of the choices`,
          `Give one of ${choices.join(', ')}.`,
        );
    return [...(Array.isArray(earlier) ? (earlier as readonly string[]) : []), ...items];
  };

type Given = Readonly<Record<string, unknown>>;

/** The members that were given as flags, in the form that the API takes. */
export function readFields(fields: readonly Field[], options: Given): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = options[attributeOf(field.flag)];
    if (value !== undefined && !field.secret) body[field.member] = readField(field, value);
  }
  return body;
}

/** As commander names the value of a flag. */
const attributeOf = (flag: string): string =>
  flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function readField(field: Field, value: unknown): unknown {
  const { kind, nullable, flag } = field;
  if (kind === 'yes-no') return value;
  if (value === false) return nullable ? null : [];
  if (kind === 'texts') return value;
  if (kind === 'names')
    return Array.isArray(value) ? value.map((name: unknown) => ({ name })) : value;
  if (typeof value !== 'string' || kind === 'text') return value;
  const read = NUMBERS[kind];
  const number = read.parse(value);
  if (number !== undefined) return number;
  throw new CommandFailure(
    'usage',
    `--${flag} ${JSON.stringify(value)} is not ${read.words}`,
    `Give ${read.words}.`,
  );
}

const NUMBERS = {
  number: {
    parse: (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    words: 'a whole number',
  },
  duration: { parse: parseDuration, words: 'a length of time such as 3600, 15m, 24h or 7d' },
  instant: { parse: parseInstant, words: 'an instant such as 2027-01-31 or 2027-01-31T12:00:00Z' },
} as const;
