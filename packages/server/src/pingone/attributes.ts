import { ok, type Result, refuse } from '@tessera/protocol';
import { type CrestRefusal, isObject, unreadable } from './crest.ts';

/*
 * Configuration objects of AM: groups of attributes, each with a type and an initial value. In a
 * body an attribute comes bare or wrapped, `{"inherited": false, "value": …}`, or as a mixture; an
 * inherited one has its initial value whatever the body says beside it.
 */

export type Attribute = {
  readonly kind: 'text' | 'flag' | 'number' | 'texts' | 'object' | 'secret';
  readonly initial: AttributeValue;
  readonly choices?: readonly string[];
  readonly pattern?: RegExp;
};

/** null: it is not set. */
export type AttributeValue =
  | string
  | boolean
  | number
  | readonly unknown[]
  | Readonly<Record<string, unknown>>
  | null;

export type AttributeGroups = Readonly<Record<string, Readonly<Record<string, Attribute>>>>;

/** The value of every attribute. */
export type Values<Groups extends AttributeGroups = AttributeGroups> = {
  readonly [Group in keyof Groups]: {
    readonly [Name in keyof Groups[Group]]: ValueOf<Groups[Group][Name]>;
  };
};

type ValueOf<One> = One extends { readonly kind: infer Kind }
  ? Kind extends 'flag'
    ? boolean
    : Kind extends 'number'
      ? number
      : Kind extends 'texts'
        ? readonly string[]
        : Kind extends 'object'
          ? Readonly<Record<string, unknown>>
          : string | null
  : never;

export const text = (initial: string | null = null) => ({ kind: 'text', initial }) as const;
export const flag = (initial: boolean) => ({ kind: 'flag', initial }) as const;
export const number = (initial: number) => ({ kind: 'number', initial }) as const;
export const texts = (...initial: readonly string[]) => ({ kind: 'texts', initial }) as const;
export const object = () => ({ kind: 'object', initial: {} }) as const;
/** Taken, and never given back. */
export const secret = () => ({ kind: 'secret', initial: null }) as const;
/** Text of one form, or none. */
export const matching = (pattern: RegExp) => ({ kind: 'text', initial: null, pattern }) as const;
/** One of several texts, the first unless somebody says otherwise. */
export const choice = (initial: string, ...others: readonly string[]) =>
  ({ kind: 'text', initial, choices: [initial, ...others] }) as const;

/** Whatever an object says of itself; clients send back what they were given. */
const ABOUT = new Set(['_id', '_rev', '_type', '_provider']);

/** Lists longer than this are nobody's configuration. */
const ITEMS_MAX = 1_000;
const TEXT_MAX = 16_384;

const UNKNOWN = 'Invalid attribute specified.';

/** Reads the body of a PUT. What it leaves out is as in `base`; without one, as it is initially. */
export function readAttributes<Groups extends AttributeGroups>(
  groups: Groups,
  body: unknown,
  base: Values<Groups> = completed(groups, {}),
): Result<Values<Groups>, CrestRefusal> {
  if (!isObject(body)) return refuse(unreadable('The body must be a JSON object.'));
  const names = Object.keys(groups);
  for (const name of Object.keys(body))
    if (!names.includes(name) && !ABOUT.has(name))
      return refuse(unreadable(UNKNOWN, { validAttributes: names }));
  const values: Record<string, Record<string, AttributeValue>> = {};
  for (const [name, attributes] of Object.entries(groups)) {
    const group = readGroup(name, attributes, body[name], (base as Values)[name] ?? {});
    if (!group.ok) return group;
    values[name] = group.value;
  }
  return ok(values as Values<Groups>);
}

function readGroup(
  name: string,
  attributes: AttributeGroups[string],
  given: unknown,
  base: Readonly<Record<string, unknown>>,
): Result<Record<string, AttributeValue>, CrestRefusal> {
  if (given !== undefined && given !== null && !isObject(given))
    return refuse(unreadable(`${name} must be an object.`, { attribute: name }));
  const known = Object.keys(attributes);
  const members = given ?? {};
  for (const member of Object.keys(members))
    if (!Object.hasOwn(attributes, member))
      return refuse(
        unreadable(UNKNOWN, { validAttributes: known, attribute: `${name}/${member}` }),
      );
  const values: Record<string, AttributeValue> = {};
  for (const [member, attribute] of Object.entries(attributes)) {
    const value = unwrap(members[member], attribute);
    if (value === undefined || value === null) {
      // A text may be unset; all else always is something.
      const unset = value === null && attribute.kind === 'text';
      values[member] = unset ? null : (base[member] as AttributeValue);
      continue;
    }
    const problem = describeMistake(attribute, value);
    if (problem !== undefined)
      return refuse(
        unreadable(`${name}/${member} ${problem}.`, { attribute: `${name}/${member}` }),
      );
    values[member] = value as AttributeValue;
  }
  return ok(values);
}

/** undefined: nothing was said. What is inherited is as it is initially, whatever stands beside it. */
function unwrap(given: unknown, { initial }: Attribute): unknown {
  if (!isObject(given) || typeof given['inherited'] !== 'boolean') return given;
  return given['inherited'] ? initial : (given['value'] ?? null);
}

function describeMistake(
  { kind, choices, pattern }: Attribute,
  value: unknown,
): string | undefined {
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      return Number.isSafeInteger(value) ? undefined : 'must be a whole number';
    case 'texts':
      return Array.isArray(value) &&
        value.length <= ITEMS_MAX &&
        value.every((item) => typeof item === 'string' && item.length <= TEXT_MAX)
        ? undefined
        : `must be a list of at most ${ITEMS_MAX} strings`;
    case 'object':
      return isObject(value) ? undefined : 'must be an object';
    default:
      if (typeof value !== 'string' || value.length > TEXT_MAX)
        return `must be a string of at most ${TEXT_MAX} characters`;
      if (pattern !== undefined && value !== '' && !pattern.test(value))
        return `must match ${pattern.source}`;
      return choices === undefined || choices.includes(value)
        ? undefined
        : `must be one of ${choices.join(', ')}`;
  }
}

/** The values that are not the initial ones: all that is worth keeping. Never a secret. */
export function differences(groups: AttributeGroups, values: Values): KeptValues {
  const kept = Object.entries(groups).map(([name, attributes]) => {
    const changed = Object.entries(attributes)
      .filter(([, { kind }]) => kind !== 'secret')
      .map(([member, { initial }]) => [member, values[name]?.[member], initial] as const)
      .filter(([, value, initial]) => JSON.stringify(value) !== JSON.stringify(initial))
      .map(([member, value]) => [member, value] as const);
    return [name, Object.fromEntries(changed)] as const;
  });
  return Object.fromEntries(
    kept.filter(([, changed]) => Object.keys(changed).length > 0),
  ) as KeptValues;
}

export type KeptValues = Readonly<Record<string, Readonly<Record<string, AttributeValue>>>>;

/** All values, from those that were kept. */
export function completed<Groups extends AttributeGroups>(
  groups: Groups,
  kept: KeptValues,
): Values<Groups> {
  const values: Record<string, Record<string, AttributeValue>> = {};
  for (const [name, attributes] of Object.entries(groups))
    values[name] = Object.fromEntries(
      Object.entries(attributes).map(([member, { initial }]) => [
        member,
        kept[name]?.[member] ?? initial,
      ]),
    );
  return values as Values<Groups>;
}

/** As a single object is read: every attribute in its wrapper, and those that are unset without a value. */
export const wrap = (
  values: Values,
  bare: ReadonlySet<string>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, group]) => [
      name,
      bare.has(name)
        ? group
        : Object.fromEntries(
            Object.entries(group).map(([member, value]) => [
              member,
              value === null ? { inherited: false } : { inherited: false, value },
            ]),
          ),
    ]),
  );

/** What `_action=schema` tells: the type of every attribute, in their order. */
export const describeSchema = (groups: AttributeGroups): Readonly<Record<string, unknown>> => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(groups).map(([name, attributes], position) => [
      name,
      {
        type: 'object',
        title: titleOf(name),
        propertyOrder: position,
        properties: Object.fromEntries(
          Object.entries(attributes).map(([member, attribute], place) => [
            member,
            { title: titleOf(member), propertyOrder: place, ...typeOf(attribute) },
          ]),
        ),
      },
    ]),
  ),
});

function typeOf({ kind, initial, choices }: Attribute): Readonly<Record<string, unknown>> {
  const base = { exampleValue: '', required: initial !== null };
  if (kind === 'flag') return { ...base, type: 'boolean' };
  if (kind === 'number') return { ...base, type: 'integer' };
  if (kind === 'texts') return { ...base, type: 'array', items: { type: 'string' } };
  if (kind === 'object') return { ...base, type: 'object' };
  if (kind === 'secret') return { ...base, type: 'string', format: 'password' };
  return { ...base, type: 'string', ...(choices !== undefined && { enum: choices }) };
}

/** `redirectionUris` → `Redirection Uris`. */
const titleOf = (name: string): string =>
  name
    .replaceAll('_', ' ')
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .replace(/^./, (letter) => letter.toUpperCase());
