/*
 * Flags for what is more than a word: custom claims, the hook for more of them, and attributes.
 */
import { Option } from 'commander';
import { CommandFailure } from './command-failure.ts';
import { parseDuration } from './durations.ts';
import { isRecord } from './output.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `change`: what is there can also be taken away. */
export const claimOptions = (change: boolean): readonly Option[] => [
  new Option(
    '--claim <claim>',
    'claim of its tokens: name=text, name={{client.attributes.team|nobody}} or name:=json; may be repeated',
  ).argParser(gather),
  ...(change ? [new Option('--no-claim', 'takes all claims away')] : []),
];

export const hookOptions = (change: boolean): readonly Option[] => [
  new Option('--claims-hook <url>', 'who is asked for more claims when a token is issued'),
  ...(change ? [new Option('--no-claims-hook', 'nobody is asked for more claims any longer')] : []),
  new Option(
    '--claims-hook-timeout <milliseconds>',
    'how long its answer is waited for, 50 to 5000',
  ),
  new Option(
    '--claims-hook-on-failure <what>',
    'without an answer: no token, or one without its claims',
  ).choices(['refuse', 'omit']),
  new Option(
    '--claims-hook-cache <duration>',
    'how long an answer is used again: seconds, or 15m, 1h; 0: not at all',
  ),
];

export const attributeOptions = (change: boolean): readonly Option[] => [
  new Option(
    '--attribute <attribute>',
    `attribute for claims: name=text${change ? ', or name= to remove it' : ''}; may be repeated`,
  ).argParser(gather),
  ...(change ? [new Option('--no-attribute', 'takes all attributes away')] : []),
];

const gather = (text: string, earlier: unknown): readonly string[] => [
  ...(Array.isArray(earlier) ? (earlier as readonly string[]) : []),
  text,
];

/** The member `claims` of the body; nothing where no flag was given. */
export function readClaims({ claim }: Flags): Readonly<Record<string, unknown>> {
  if (claim === undefined) return {};
  return { claims: Array.isArray(claim) ? claim.map((text) => readClaim(String(text))) : [] };
}

function readClaim(text: string): Readonly<Record<string, unknown>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw malformed('claim', text, 'team=payments, or limits:={"day":5} for JSON');
  const given = text.slice(equals + 1);
  if (text[equals - 1] === ':')
    return { name: text.slice(0, equals - 1), value: readJsonValue(text, given) };
  const name = text.slice(0, equals);
  return given.includes('{{') ? { name, template: given } : { name, value: given };
}

function readJsonValue(text: string, json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw malformed('claim', text, 'JSON after :=, such as limits:={"day":5}');
  }
}

/** The member `claimsHook` of the body: what was given of it. */
export function readHook(flags: Flags): Readonly<Record<string, unknown>> {
  const { claimsHook: url, claimsHookTimeout: timeout } = flags;
  const { claimsHookOnFailure: onFailure, claimsHookCache: cache } = flags;
  if (url === false) return { claimsHook: null };
  const hook = {
    ...(url !== undefined && { url }),
    ...(timeout !== undefined && { timeoutMilliseconds: readCount(timeout) }),
    ...(onFailure !== undefined && { onFailure }),
    ...(cache !== undefined && { cacheSeconds: readSeconds(cache) }),
  };
  return Object.keys(hook).length === 0 ? {} : { claimsHook: hook };
}

function readCount(given: unknown): number {
  if (/^\d{1,6}$/.test(String(given))) return Number(given);
  throw malformed('claims-hook-timeout', given, 'a whole number of milliseconds');
}

function readSeconds(given: unknown): number {
  const length = parseDuration(String(given));
  if (length !== undefined) return length;
  throw malformed('claims-hook-cache', given, 'a length of time such as 60, 15m or 1h');
}

/** The member `attributes` of the body; an empty one is removed. */
export function readAttributes({ attribute }: Flags): Readonly<Record<string, unknown>> {
  if (attribute === undefined) return {};
  if (!Array.isArray(attribute)) return { attributes: null };
  const pairs = attribute.map((one): [string, string | null] => {
    const text = String(one);
    const equals = text.indexOf('=');
    if (equals < 1) throw malformed('attribute', text, 'name=text, such as team=payments');
    const value = text.slice(equals + 1);
    return [text.slice(0, equals), value === '' ? null : value];
  });
  return { attributes: Object.fromEntries(pairs) };
}

/** Members from a file with those from flags on top. */
export const withMembers = (
  { body, flags }: { readonly body: Readonly<Record<string, unknown>>; readonly flags: Flags },
  ...readers: readonly ((flags: Flags) => Readonly<Record<string, unknown>>)[]
): Readonly<Record<string, unknown>> => {
  const read = Object.assign({}, ...readers.map((reader) => reader(flags))) as typeof body;
  const hooks = [body['claimsHook'], read['claimsHook']];
  return {
    ...body,
    ...read,
    ...(hooks.every(isRecord) && { claimsHook: Object.assign({}, ...hooks) as unknown }),
  };
};

const malformed = (flag: string, given: unknown, words: string): CommandFailure =>
  new CommandFailure(
    'usage',
    `--${flag} ${JSON.stringify(given)} cannot be read`,
    `Give ${words}.`,
  );
