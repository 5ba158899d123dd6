import { createRequire } from 'node:module';
import Table from 'cli-table3';
import pico from 'picocolors';
import type { Terminal } from './terminal.ts';

export const OUTPUT_FORMATS = ['table', 'json', 'yaml', 'env'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How a value looks as a table. The other formats show all of it, whatever the view. */
export type View = {
  /** The members to show of each item of a list; all of them when it is one object. */
  readonly columns?: readonly string[];
};

export function formatValue(value: unknown, format: OutputFormat, view: View, colour: boolean) {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  if (format === 'yaml') return requireYaml().stringify(value, { lineWidth: 0 });
  if (format === 'env') return formatEnvironment(value);
  return formatTable(value, view, colour);
}

/** Loaded when it is asked for: a server that prints no YAML does not need it in memory. */
const requireYaml = (): typeof import('yaml') =>
  createRequire(import.meta.url)('yaml') as typeof import('yaml');

/** NO_COLOR as no-color.org has it: any value but an empty one. */
export const usesColour = ({ environment, output }: Terminal): boolean =>
  output.isTTY === true && environment['TERM'] !== 'dumb' && (environment['NO_COLOR'] ?? '') === '';

// ---------------------------------------------------------------------------------------------

function formatTable(value: unknown, { columns }: View, colour: boolean): string {
  const items = itemsOf(value);
  if (items === undefined)
    return isRecord(value) ? formatObject(value, colour) : `${cell('', value)}\n`;
  if (items.length === 0) return 'none\n';
  const names = columns ?? [...new Set(items.flatMap((item) => Object.keys(item)))];
  const bold = pico.createColors(colour).bold;
  return draw([
    names.map((name) => bold(heading(name))),
    ...items.map((item) => names.map((name) => cell(name, memberOf(item, name)))),
  ]);
}

function formatObject(value: Readonly<Record<string, unknown>>, colour: boolean): string {
  const bold = pico.createColors(colour).bold;
  return draw(
    Object.entries(value).flatMap(([name, member]) => {
      const items = Array.isArray(member) ? itemsOf(member) : undefined;
      if (items === undefined || items.length === 0)
        return [[bold(words(name)), cell(name, member)]];
      return items.map((item, index) => [
        index === 0 ? bold(words(name)) : '',
        describeMembers(item),
      ]);
    }),
  );
}

const GAP = '  ';

/** Everything that cli-table3 would draw around and between rows. */
const BORDERS = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((name) =>
  ['', '-mid', '-left', '-right'].map((part) => name + part),
);

/** Columns and nothing else: lines are for eyes, and for awk. */
function draw(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...Object.fromEntries(BORDERS.map((name) => [name, ''])), middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The items of a list or of a page. */
function itemsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  const list = isRecord(value) && Array.isArray(value['items']) ? value['items'] : value;
  if (!Array.isArray(list)) return undefined;
  return list.every(isRecord) ? list : undefined;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `subject.id` names a member of a member. */
function memberOf(item: Readonly<Record<string, unknown>>, name: string): unknown {
  let found: unknown = item;
  for (const part of name.split('.')) found = isRecord(found) ? found[part] : undefined;
  return found;
}

/** clientId → client id; x5t#S256 stays what it is */
const words = (name: string): string =>
  name
    .replace('.', ' ')
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const heading = (name: string): string => words(name).toUpperCase();

const INSTANT = /^(?:at|exp|iat|nbf|notBefore|notAfter|.+(?:At|From|Until))$/;

function cell(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return INSTANT.test(name) ? formatInstant(value) : String(value);
  // A page of base64 tells nobody anything; what it holds is in the other members.
  if (typeof value === 'string')
    return value.startsWith('-----BEGIN ') ? 'PEM, see --output json' : printable(value);
  if (Array.isArray(value))
    return value.length === 0 ? '-' : value.map((item) => cell(name, item)).join(' ');
  return isRecord(value) ? describeMembers(value) : printable(JSON.stringify(value));
}

/** An object inside of a cell. A value that comes from somewhere is told with where. */
function describeMembers(value: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(value);
  if (names.join() === 'value,from')
    return `${cell('', value['value'])} (${cell('', value['from'])})`;
  return names.map((name) => `${words(name)}: ${cell(name, value[name])}`).join(', ');
}

/** Seconds since 1970 as people read them; 0 stands for never. */
export const formatInstant = (seconds: number): string =>
  seconds === 0 || seconds > 8.64e12
    ? '-'
    : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** What others wrote must not steer the terminal: no control character reaches it. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

// ---------------------------------------------------------------------------------------------

/** `NAME='value'` lines that a shell can source: one for each value, however deep it is. */
function formatEnvironment(value: unknown): string {
  return flatten('', value)
    .map(([name, text]) => `${name}=${quote(text)}\n`)
    .join('');
}

function flatten(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [[name || 'VALUE', '']];
  if (typeof value === 'string') return [[name || 'VALUE', value]];
  if (typeof value !== 'object') return [[name || 'VALUE', JSON.stringify(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return [[name || 'VALUE', value.join(' ')]];
  return Object.entries(value).flatMap(([key, member]) =>
    flatten(name === '' ? variable(key) : `${name}_${variable(key)}`, member),
  );
}

/** clientId → CLIENT_ID; what is no letter or digit becomes an underscore. */
const variable = (key: string): string => {
  const name = key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').replace(/[^A-Za-z0-9_]/g, '_');
  return (/^[0-9]/.test(name) ? `_${name}` : name).toUpperCase();
};

function quote(text: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(text)) return text;
  if (!/[\p{Cc}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replace(
      /\p{Cc}/gu,
      (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
    );
  return `$'${escaped}'`;
}
