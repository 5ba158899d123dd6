import type { Refusal } from './refusal.ts';
import { ok, type Result, refuse } from './result.ts';

/** What a client says of itself, for people to read. Nothing is decided by it. RFC 7591 §2 */
export type ClientDescription = {
  readonly name: string | undefined;
  /** The other members under their own names, among them those for other languages. */
  readonly about: Readonly<Record<string, unknown>>;
};

type Problem = Extract<Refusal, { readonly reason: 'client_metadata_invalid' }>;

const NAME_LENGTH_MAX = 100;
const TEXT_LENGTH_MAX = 255;
const URI_LENGTH_MAX = 2_000;
const CONTACTS_MAX = 10;
/** Members in other languages, all together. */
const TRANSLATIONS_MAX = 20;

/** Control characters, halves of characters, and what turns the direction of the text around. */
const DECEPTIVE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value !== '' && value.length <= max && !DECEPTIVE.test(value);

const isWebUri = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= URI_LENGTH_MAX &&
  /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(value) &&
  /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/.test(value);

const areContacts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= CONTACTS_MAX &&
  value.every((one) => isText(one, TEXT_LENGTH_MAX));

const NAME = [
  (value: unknown) => isText(value, NAME_LENGTH_MAX),
  `must be a line of ${NAME_LENGTH_MAX} characters at most`,
] as const;
const TEXT = [
  (value: unknown) => isText(value, TEXT_LENGTH_MAX),
  `must be a line of ${TEXT_LENGTH_MAX} characters at most`,
] as const;
const WEB_URI = [isWebUri, 'must be an http or https address'] as const;
const CONTACTS = [areContacts, `must be ${CONTACTS_MAX} lines of text at most`] as const;

type Check = readonly [(value: unknown) => boolean, string];

/** Members that people read may be there once more for each language. RFC 7591 §2.2 */
const TRANSLATED: Readonly<Record<string, Check>> = {
  client_name: NAME,
  client_uri: WEB_URI,
  logo_uri: WEB_URI,
  tos_uri: WEB_URI,
  policy_uri: WEB_URI,
};

const OTHERS: Readonly<Record<string, Check>> = {
  contacts: CONTACTS,
  software_id: TEXT,
  software_version: TEXT,
};

/** `client_name#ja-Hani-JP`: the form of a language tag, whatever the registry says. */
const TRANSLATION = /^([a-z_]+)#[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,7}$/;

/** Reads the members that describe a client to people. Others are not looked at, and not kept. */
export function readClientDescription(
  document: Readonly<Record<string, unknown>>,
): Result<ClientDescription, Problem> {
  const about: Record<string, unknown> = {};
  let translations = 0;
  for (const [member, value] of Object.entries(document)) {
    const [, translated] = TRANSLATION.exec(member) ?? [];
    const check = findCheck(translated === undefined ? KNOWN : TRANSLATED, translated ?? member);
    if (check === undefined || value === null) continue;
    if (translated !== undefined && ++translations > TRANSLATIONS_MAX)
      return invalid(translated, `must be in ${TRANSLATIONS_MAX} other languages at most`);
    const [isRight, detail] = check;
    if (!isRight(value)) return invalid(translated ?? member, detail);
    about[member] = value;
  }
  const { client_name: name, ...rest } = about;
  return ok({ name: name as string | undefined, about: rest });
}

const KNOWN: Readonly<Record<string, Check>> = { ...TRANSLATED, ...OTHERS };

/** `__proto__` and `constructor` are names like any other. */
const findCheck = (checks: Readonly<Record<string, Check>>, member: string): Check | undefined =>
  Object.hasOwn(checks, member) ? checks[member] : undefined;

const invalid = (member: string, detail: string) =>
  refuse({ reason: 'client_metadata_invalid', member, detail } as const);
