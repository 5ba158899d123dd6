/**
 * A command made from a row of the contract: its path becomes operands, its query and its body
 * become flags, its precondition is read and sent, and its answer is printed.
 */
import { Option } from 'commander';
import {
  ADMIN_ROUTES,
  adminRoutes,
  PAGE_LIMIT_MAX,
  type Route,
  type RouteName,
} from '../contract/index.ts';
import { type Answered, callRoute } from './call-api.ts';
import { type CommandDefinition, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type Connection, connect, realmOf } from './connection.ts';
import { fieldsOf, optionsOf, readFields } from './fields.ts';
import { isRecord, type View } from './output.ts';
import { confirmByName } from './prompt.ts';
import { readText } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

export type RouteCommand = {
  readonly name: string;
  readonly route: RouteName;
  readonly examples: readonly [string, ...string[]];
  /** Instead of the summary of the row. */
  readonly summary?: string;
  /** A member of the body that is given without a flag, as `<name>` or `[name]`. */
  readonly bodyOperand?: { readonly member: string; readonly required: boolean };
  /** Members that have no flag here, because `prepare` or a fixed body fills them. */
  readonly without?: readonly string[];
  readonly options?: readonly Option[];
  /** Sent as it is. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Ids for what people call by name, and members that need more than a flag. */
  prepare?(asked: Asked): Promise<Partial<Asked>>;
  readonly columns?: readonly string[];
  /** What is lost, as a sentence. Asked before it is done. */
  readonly destroys?: (asked: Asked) => string;
  /** Instead of printing the answer. */
  present?(invocation: Invocation, value: unknown, asked: Asked): Promise<void> | void;
};

/** All that a call is made of. */
export type Asked = {
  readonly terminal: Terminal;
  readonly connection: Connection;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the object must still be at, where `prepare` has read it already. */
  readonly revision?: number;
};

/** A list is printed at once, so it is not endless. */
const LIMIT_MAX = 10_000;

export function routeCommand(definition: RouteCommand): CommandDefinition {
  const route: Route = ADMIN_ROUTES[definition.route];
  const operands = operandsOf(route);
  const { bodyOperand, without = [], options = [], destroys } = definition;
  const bodyFields = fieldsOf(definition.body === undefined ? route.body : undefined).filter(
    ({ member }) => member !== bodyOperand?.member && !without.includes(member),
  );
  const queryFields = fieldsOf(route.query).filter(
    ({ member }) => member !== 'limit' && !without.includes(member),
  );
  const paged = route.query?.shape['limit'] !== undefined;
  const takesFile = route.body !== undefined && definition.body === undefined;

  return defineCommand({
    name: definition.name,
    summary: definition.summary ?? route.summary,
    description: route.description,
    operands: [
      ...operands.map((name) => `<${operandName(name)}>`),
      ...(bodyOperand === undefined ? [] : [bracket(bodyOperand)]),
    ].join(' '),
    options: [
      ...optionsOf(bodyFields, route.method === 'PATCH'),
      ...optionsOf(queryFields, false),
      ...options,
      ...(paged
        ? [new Option('--limit <number>', `how many at most, up to ${LIMIT_MAX}`).default('50')]
        : []),
      ...(takesFile ? [FILE_OPTION] : []),
      ...(route.precondition === undefined ? [] : [IF_MATCH_OPTION]),
      ...(destroys === undefined ? [] : [YES_OPTION]),
    ],
    examples: definition.examples,
    performs: {
      route: definition.route,
      operands,
      bodyOperand: bodyOperand?.member,
      fields: [...bodyFields, ...queryFields]
        .filter(({ secret }) => !secret)
        .map(({ member, flag, kind }) => ({ member, flag, kind })),
      takesFile,
    },
    async run(invocation: Invocation<StandardFlags>) {
      const { terminal, flags } = invocation;
      const connection = connect(terminal, flags);
      const given = invocation.operands;
      const inBody = given[operands.length] ?? '';
      const read: Asked = {
        terminal,
        connection,
        flags,
        params: {
          ...(needsRealm(route) && { realm: realmOf(connection) }),
          ...Object.fromEntries(operands.map((name, index) => [name, given[index] ?? ''])),
        },
        query: textsOf(readFields(queryFields, flags)),
        body: {
          ...definition.body,
          ...(takesFile && flags.file !== undefined && (await readBodyFile(terminal, flags.file))),
          ...readFields(bodyFields, flags),
          ...(bodyOperand !== undefined && inBody !== '' && { [bodyOperand.member]: inBody }),
        },
      };
      const asked = { ...read, ...(await definition.prepare?.(read)) };
      if (route.method === 'PATCH' && Object.keys(asked.body).length === 0)
        throw new CommandFailure(
          'usage',
          'nothing to change was named',
          'Name what to change with a flag: see --help.',
        );

      const ifMatch = await preconditionOf(asked, route, flags.ifMatch);
      if (destroys !== undefined)
        await confirmByName(terminal, destroys(asked), given.at(-1) ?? '', flags.yes);

      const value = paged
        ? await readPages(asked, route, flags.limit)
        : (await call(asked, route, ifMatch)).value;
      tellOfMore(invocation, value, paged);
      if (definition.present !== undefined) await definition.present(invocation, value, asked);
      else if (value !== undefined) invocation.report(value, viewOf(definition));
      else invocation.note(`${definition.summary ?? route.summary}: done.`);
    },
  });
}

type StandardFlags = {
  readonly file?: string;
  readonly ifMatch?: string;
  readonly yes?: boolean;
  readonly limit?: string;
} & Readonly<Record<string, unknown>>;

const FILE_OPTION = new Option(
  '-f, --file <path>',
  'read members from a JSON or YAML file, - for standard input; flags come after it',
);
const IF_MATCH_OPTION = new Option(
  '--if-match <revision>',
  'only if it still is at this revision; without, at the one just read',
);
export const YES_OPTION = new Option('-y, --yes', 'do not ask before what cannot be undone');

const viewOf = ({ columns }: RouteCommand): View => (columns === undefined ? {} : { columns });

/** Realms are named by operands where they are the subject, by --realm where they are the place. */
function operandsOf(route: Route): readonly string[] {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return route.tag === 'realms' ? names : names.filter((name) => name !== 'realm');
}

const needsRealm = ({ path, tag }: Route): boolean => path.includes('{realm}') && tag !== 'realms';

const OPERAND_NAMES: Readonly<Record<string, string>> = {
  userId: 'user',
  applicationId: 'app',
  apiId: 'api',
  secretId: 'secret',
  keyId: 'key',
  certificateId: 'certificate',
  authorityId: 'authority',
};

const operandName = (name: string): string =>
  OPERAND_NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const bracket = ({ member, required }: NonNullable<RouteCommand['bodyOperand']>): string =>
  required ? `<${operandName(member)}>` : `[${operandName(member)}]`;

const textsOf = (members: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));

/** An object from a file. JSON is YAML, so one parser reads both. */
export async function readBodyFile(
  terminal: Terminal,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(terminal, path);
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw new CommandFailure(
      'usage',
      `${path} is neither JSON nor YAML: ${line}`,
      'Correct the file.',
    );
  }
  if (isRecord(value)) return value;
  throw new CommandFailure('usage', `${path} holds no object`, 'Give members and their values.');
}

async function preconditionOf(
  asked: Asked,
  route: Route,
  given: string | undefined,
): Promise<string | undefined> {
  if (given !== undefined) return quoteTag(given);
  if (route.precondition !== 'required') return undefined;
  const { revision } = asked;
  return revision === undefined ? readEntityTag(asked, route) : quoteTag(String(revision));
}

/** An entity tag of this API is the revision, quoted. */
const quoteTag = (text: string): string => (/^\d+$/.test(text) ? `"${text}"` : text);

/** The tag that the object has now, so that what somebody else changes meanwhile is not lost. */
async function readEntityTag(asked: Asked, route: Route): Promise<string | undefined> {
  const [, reading] =
    adminRoutes().find(
      ([, other]) => other.method === 'GET' && other.path === route.path && other.tagged,
    ) ?? [];
  if (reading === undefined) return undefined;
  return (await callRoute(asked.terminal, asked.connection, reading, { params: asked.params }))
    .etag;
}

/** The formats for programs have `next`; a person is told how to go on. */
function tellOfMore({ flags, note }: Invocation, value: unknown, paged: boolean): void {
  if (!paged || !isRecord(value) || typeof value['next'] !== 'string') return;
  if ((flags.output ?? 'table') === 'table') note(`There are more: --after ${value['next']}`);
}

const call = (
  { terminal, connection, params, query, body }: Asked,
  route: Route,
  ifMatch: string | undefined,
): Promise<Answered<unknown>> =>
  callRoute(terminal, connection, route, {
    params,
    query,
    ...(route.body !== undefined && { body }),
    ifMatch,
  });

async function readPages(asked: Asked, route: Route, limit = ''): Promise<unknown> {
  const wanted = Number(limit);
  if (!/^\d+$/.test(limit) || wanted < 1 || wanted > LIMIT_MAX)
    throw new CommandFailure(
      'usage',
      `--limit ${limit} is not between 1 and ${LIMIT_MAX}`,
      'Give a number between; --after goes on where a list ended.',
    );
  const items: unknown[] = [];
  let after = asked.query['after'];
  do {
    const size = String(Math.min(PAGE_LIMIT_MAX, wanted - items.length));
    const query = { ...asked.query, limit: size, after };
    const { value } = await call({ ...asked, query }, route, undefined);
    if (!isRecord(value) || !Array.isArray(value['items'])) return value;
    items.push(...(value['items'] as readonly unknown[]));
    const next = value['next'];
    after = typeof next === 'string' ? next : undefined;
  } while (after !== undefined && items.length < wanted);
  return { items, next: after ?? null };
}
