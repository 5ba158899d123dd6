import { closeSync, openSync, writeSync } from 'node:fs';
import { Option } from 'commander';
import { type Answer, PAGE_LIMIT_MAX } from '../contract/index.ts';
import { callApi } from './call-api.ts';
import { type CommandGroup, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type Connection, connect, realmOf } from './connection.ts';
import { formatInstant, printable } from './output.ts';
import { routeCommand } from './route-command.ts';
import { readSpan, SINCE_OPTION, UNTIL_OPTION } from './span.ts';
import type { Terminal } from './terminal.ts';

type Event = Answer<'listEvents'>['items'][number];
type Query = Readonly<Record<string, string | undefined>>;

const FILTER_OPTIONS = [
  new Option('--type <type>', 'events of this type, for example token.refused'),
  new Option('--actor-id <id>', 'what this user or client did'),
  new Option('--subject-kind <kind>', 'what happened to things of this kind, for example client'),
  new Option('--subject-id <id>', 'what happened to this thing'),
];

/** How often the server is asked for what is new. Milliseconds. */
const TAIL_PERIOD = 2000;

/** Traffic is written a moment after it happened: seconds to look back for what came late. */
const TAIL_OVERLAP = 30;

/** What came between two looks is bounded; if there is more, it is said. */
const TAIL_PAGES_MAX = 25;

type TailFlags = {
  readonly type?: string;
  readonly actorId?: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly since?: string;
  readonly until?: string;
};

export const EVENT_COMMANDS: CommandGroup = {
  name: 'audit',
  summary: 'What happened in a realm, and who did it',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listEvents',
      without: ['since', 'until'],
      options: [SINCE_OPTION, UNTIL_OPTION],
      prepare: async ({ terminal, flags, query }) => ({
        query: { ...query, ...readSpan(terminal, flags) },
      }),
      columns: ['at', 'type', 'actor.kind', 'actor.id', 'subject.kind', 'subject.id'],
      examples: [
        'tessera audit list --realm alpha --since 24h',
        'tessera audit list --type token.refused --limit 20 --output json',
      ],
    }),
    defineCommand<TailFlags>({
      name: 'tail',
      summary: 'Show what happens as it happens, until interrupted',
      options: [...FILTER_OPTIONS, SINCE_OPTION],
      examples: ['tessera audit tail --realm alpha', 'tessera audit tail --type token.refused'],
      run: tail,
    }),
    defineCommand<TailFlags & { readonly file?: string }>({
      name: 'export',
      summary: 'Write all events of a span of time, newest first, one JSON object a line',
      options: [
        ...FILTER_OPTIONS,
        SINCE_OPTION,
        UNTIL_OPTION,
        new Option('--file <path>', 'write to a new file for you alone instead of standard output'),
      ],
      examples: ['tessera audit export --realm alpha --since 2026-01-01 --file events.jsonl'],
      run: exportEvents,
    }),
  ],
};

function filtersOf({ type, actorId, subjectKind, subjectId }: TailFlags): Query {
  return { type, actorId, subjectKind, subjectId };
}

async function tail(invocation: Invocation<TailFlags>): Promise<void> {
  const { terminal, flags, note } = invocation;
  const connection = connect(terminal, flags);
  const realm = realmOf(connection);
  const filters = filtersOf(flags);
  const stopped = new AbortController();
  const release = terminal.onStop(() => stopped.abort());
  let since = Number(readSpan(terminal, flags).since ?? terminal.now());
  let seen = new Set<string>();
  try {
    while (!stopped.signal.aborted) {
      const query = { ...filters, since: String(since) };
      const gathered = await gatherEvents(terminal, connection, realm, query).catch(tellAway(note));
      if (gathered !== undefined) {
        const { events, complete } = gathered;
        if (!complete) note('More happened than can be shown; the earliest of it is left out.');
        for (const event of events.toReversed()) if (!seen.has(event.id)) show(invocation, event);
        seen = new Set(events.map(({ id }) => id));
        since = Math.max(since, (events[0]?.at ?? since) - TAIL_OVERLAP);
      }
      await pause(TAIL_PERIOD, stopped.signal);
    }
  } finally {
    release();
  }
}

/** A server that is away for a while does not end the watch. */
const tellAway =
  (note: (text: string) => void) =>
  (error: unknown): undefined => {
    if (!(error instanceof CommandFailure) || error.kind !== 'unreachable') throw error;
    note(`${error.message}; trying again`);
  };

/** Waits, but not on after the signal. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });

async function gatherEvents(
  terminal: Terminal,
  connection: Connection,
  realm: string,
  query: Query,
): Promise<{ readonly events: readonly Event[]; readonly complete: boolean }> {
  const events: Event[] = [];
  let pages = 0;
  for await (const page of pagesOf(terminal, connection, realm, query)) {
    events.push(...page);
    if (++pages === TAIL_PAGES_MAX) return { events, complete: false };
  }
  return { events, complete: true };
}

async function* pagesOf(
  terminal: Terminal,
  connection: Connection,
  realm: string,
  filters: Query,
): AsyncGenerator<readonly Event[]> {
  let after: string | undefined;
  do {
    const query = { ...filters, limit: String(PAGE_LIMIT_MAX), after };
    const { value } = await callApi(terminal, connection, 'listEvents', {
      params: { realm },
      query,
    });
    yield value.items;
    after = value.next ?? undefined;
  } while (after !== undefined);
}

function show({ flags, terminal }: Invocation<TailFlags>, event: Event): void {
  const { at, type, actor, subject } = event;
  const line =
    (flags.output ?? 'table') === 'table'
      ? [
          formatInstant(at),
          type.padEnd(20),
          `${actor.kind} ${actor.id}`,
          '→',
          subject.kind,
          subject.id,
        ]
          .map(printable)
          .join(' ')
      : JSON.stringify(event);
  terminal.output.write(`${line}\n`);
}

async function exportEvents({
  terminal,
  flags,
  note,
}: Invocation<TailFlags & { readonly file?: string }>): Promise<void> {
  const connection = connect(terminal, flags);
  const realm = realmOf(connection);
  const query = { ...filtersOf(flags), ...readSpan(terminal, flags) };
  const file = flags.file === undefined ? undefined : openSync(flags.file, 'wx', 0o600);
  let count = 0;
  try {
    for await (const page of pagesOf(terminal, connection, realm, query)) {
      const lines = page.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (file === undefined) terminal.output.write(lines);
      else writeSync(file, lines);
      count += page.length;
      if (file !== undefined && terminal.errors.isTTY === true)
        terminal.errors.write(`\r${count} events`);
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  note(`${file !== undefined && terminal.errors.isTTY === true ? '\r' : ''}${count} events.`);
}
