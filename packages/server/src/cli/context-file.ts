import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailure } from './command-failure.ts';
import { isRecord } from './output.ts';
import { writePrivateFile } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

/** A server, the realm to work on, and how one is signed in there. */
export type Context = {
  readonly server: string;
  /** The realm that commands are about unless they say otherwise. */
  readonly realm: string;
  readonly access?: Access;
};

export type Access =
  | { readonly kind: 'session'; readonly userName: string; readonly cookie: string }
  | {
      readonly kind: 'client';
      readonly issuer: string;
      readonly clientId: string;
      /** Where the secret is. The secret itself is not kept here. */
      readonly secretFile: string;
      readonly scope?: string;
      readonly token?: string;
      readonly expiresAt?: number;
    };

export type Contexts = {
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
};

const isContextName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name);

/** `$XDG_CONFIG_HOME/tessera/contexts.json`, as the XDG Base Directory Specification has it. */
export function contextPath({ environment, homeDirectory }: Terminal): string {
  const configured = environment['XDG_CONFIG_HOME'] ?? '';
  const base = configured.startsWith('/') ? configured : join(homeDirectory, '.config');
  return join(base, 'tessera', 'contexts.json');
}

export function readContexts(terminal: Terminal): Contexts {
  const path = contextPath(terminal);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { contexts: {} };
    throw error;
  }
  const contexts = parseContexts(text);
  if (contexts === undefined)
    throw new CommandFailure(
      'error',
      `${path} is damaged`,
      'Remove it and sign in again: tessera login.',
    );
  return contexts;
}

function parseContexts(text: string): Contexts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value['contexts'])) return undefined;
  const { current, contexts } = value;
  if (current !== undefined && typeof current !== 'string') return undefined;
  const sound = Object.values(contexts).every(
    (context) =>
      isRecord(context) &&
      typeof context['server'] === 'string' &&
      typeof context['realm'] === 'string',
  );
  return sound ? (value as Contexts) : undefined;
}

/** The directory and the file are for their owner alone: the file holds session cookies. */
function writeContexts(terminal: Terminal, contexts: Contexts): void {
  const path = contextPath(terminal);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  writePrivateFile(path, `${JSON.stringify(contexts, null, 2)}\n`);
}

export function findContext(contexts: Contexts, name: string): Context {
  const context = Object.hasOwn(contexts.contexts, name) ? contexts.contexts[name] : undefined;
  if (context === undefined)
    throw new CommandFailure(
      'not-found',
      `there is no context ${JSON.stringify(name)}`,
      'See which there are: tessera context list.',
    );
  return context;
}

export function checkContextName(name: string): string {
  if (isContextName(name)) return name;
  throw new CommandFailure(
    'usage',
    `${JSON.stringify(name)} is no name for a context`,
    'Use letters, digits, and . _ - after the first of them.',
  );
}

export function changeContexts(
  terminal: Terminal,
  change: (contexts: Contexts) => Contexts,
): Contexts {
  const changed = change(readContexts(terminal));
  writeContexts(terminal, changed);
  return changed;
}

/** Adds a context, or replaces it, and makes it the one in use. */
export const keepContext = (terminal: Terminal, name: string, context: Context): Contexts =>
  changeContexts(terminal, ({ contexts }) => ({
    current: name,
    contexts: { ...contexts, [name]: context },
  }));

/** Replaces how one is signed in; undefined: not any more. */
export const keepAccess = (
  terminal: Terminal,
  name: string,
  access: Access | undefined,
): Contexts =>
  changeContexts(terminal, (known) => {
    const { access: _, ...context } = findContext(known, name);
    const changed = access === undefined ? context : { ...context, access };
    return { ...known, contexts: { ...known.contexts, [name]: changed } };
  });
