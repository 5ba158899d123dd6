import { promises as dns, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { isLocalName, namesToAsk, readHostNames, readSearchList } from './name-settings.ts';
import { slots } from './slots.ts';

/** All addresses of a name: none when nobody knows it, or nobody says so in time. */
export type NameLookup = (name: string, signal: AbortSignal) => Promise<readonly LookupAddress[]>;

type NameSources = {
  /** Name servers as `address:port`; undefined: those of the machine. */
  readonly servers?: readonly string[];
  /** Of the hosts file and of resolv.conf. */
  readonly hosts?: string;
  readonly settings?: string;
  /** The resolver of the operating system. */
  readonly askSystem?: (name: string) => Promise<readonly LookupAddress[]>;
};

/** Milliseconds for all questions about one name; the document itself has to come after that. */
const LOOKUP_TIME = 1_500;

/** Of one question to one name server: milliseconds, which double, and how often. */
const QUESTION = { timeout: 500, tries: 2 };

/**
 * The system's resolver holds a thread each of the four that hashing and files need as well, and
 * cannot be called off: only two names at once.
 */
const SYSTEM_LOOKUPS_MAX = 2;
const SYSTEM_LOOKUPS_WAITING_MAX = 100;
/** Milliseconds. */
const SYSTEM_LOOKUP_PATIENCE = 2_000;

/** What is asked on a machine that has no name server: whoever may listen on it. */
const NO_NAME_SERVER = '127.0.0.1';

const HOSTS = platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
const SETTINGS = '/etc/resolv.conf';

/**
 * Finds the addresses of names that strangers choose, and so do the name servers that answer for
 * them. Those which stay silent hold nothing but their own question: it waits on a socket, for a
 * bounded time. Only what is local is asked of the system, which would wait for them in a thread.
 */
export function nameLookup({
  servers,
  hosts = HOSTS,
  settings = SETTINGS,
  askSystem = (name) => dns.lookup(name, { all: true }),
}: NameSources = {}): NameLookup {
  const room = slots(SYSTEM_LOOKUPS_MAX, SYSTEM_LOOKUPS_WAITING_MAX);

  const askSystemInTurn = async (name: string, signal: AbortSignal) => {
    const leave = await room.take(SYSTEM_LOOKUP_PATIENCE);
    try {
      return leave === undefined || signal.aborted ? [] : await askSystem(name);
    } catch {
      return [];
    } finally {
      leave?.();
    }
  };

  return async (name, signal) => {
    if (isLocalName(name, readHostNames(await textOf(hosts)))) return askSystemInTurn(name, signal);
    const names = namesToAsk(name, readSearchList(await textOf(settings)));
    const found = await askServers(names, servers, signal);
    return found === 'no_name_server' ? askSystemInTurn(name, signal) : found;
  };
}

/** A file that is not there says nothing. */
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** The addresses of the first of the names that has any. */
async function askServers(
  names: readonly string[],
  servers: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly LookupAddress[] | 'no_name_server'> {
  // A new one each time: it knows the name servers that the machine has now, and is called off alone.
  const resolver = new dns.Resolver(QUESTION);
  if (servers !== undefined) resolver.setServers(servers);
  const asked = resolver.getServers();
  if (asked.length === 0) return 'no_name_server';
  const mayBeNone = asked.join() === NO_NAME_SERVER;

  const outOfTime = new AbortController();
  const giveUp = () => {
    outOfTime.abort();
    resolver.cancel();
  };
  const timer = setTimeout(giveUp, LOOKUP_TIME);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    for (const name of names) {
      if (signal.aborted || outOfTime.signal.aborted) return [];
      const found = await askForBothFamilies(resolver, name);
      if (found !== 'refused' && found.length > 0) return found;
      if (found === 'refused' && mayBeNone) return 'no_name_server';
    }
    return [];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

async function askForBothFamilies(
  resolver: dns.Resolver,
  name: string,
): Promise<readonly LookupAddress[] | 'refused'> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = answers.flatMap((answer, index) =>
    answer.status === 'fulfilled'
      ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
      : [],
  );
  return found.length === 0 && answers.every(isRefused) ? 'refused' : found;
}

/** Nobody listens where the question went. */
const isRefused = (answer: PromiseSettledResult<unknown>): boolean =>
  answer.status === 'rejected' && (answer.reason as NodeJS.ErrnoException).code === 'ECONNREFUSED';
