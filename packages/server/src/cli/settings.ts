import { readFileSync } from 'node:fs';
import { type Config, type ConfigProblem, readConfig } from '../config.ts';
import { FILE_VARIABLES, VARIABLES } from '../variables.ts';
import { CommandFailure } from './command-failure.ts';
import type { Terminal } from './terminal.ts';

type Strings = Readonly<Record<string, string | undefined>>;

/** Flags of `tessera serve` and the settings that each of them overrides. */
export const SETTING_FLAGS = {
  publicUrl: ['--public-url <url>', 'publicUrl'],
  host: ['--host <address>', 'host'],
  port: ['--port <number>', 'port'],
  dataDir: ['--data-dir <path>', 'dataDirectory'],
  databaseUrl: ['--database-url <url>', 'databaseUrl'],
  logLevel: ['--log-level <level>', 'logLevel'],
} as const satisfies Record<string, readonly [string, keyof typeof VARIABLES]>;

export type SettingFlags = { readonly [Flag in keyof typeof SETTING_FLAGS]?: string };

/** The environment with the files that it names read, and with what flags say instead. */
export function readStrings(
  { environment }: Terminal,
  flags: SettingFlags,
): { readonly strings: Strings; readonly problems: readonly ConfigProblem[] } {
  const strings: Record<string, string | undefined> = { ...environment };
  const problems: ConfigProblem[] = [];
  for (const name of FILE_VARIABLES) {
    const variable = `${name}_FILE`;
    const path = environment[variable];
    if (path === undefined || path === '') continue;
    if ((environment[name] ?? '') !== '') {
      problems.push({ variable, problem: `does not go with ${name}: set one of them` });
      continue;
    }
    try {
      strings[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      const { code = 'an error' } = error as NodeJS.ErrnoException;
      problems.push({ variable, problem: `names a file that can not be read (${code})` });
    }
  }
  for (const [flag, [, key]] of Object.entries(SETTING_FLAGS)) {
    const value = flags[flag as keyof SettingFlags];
    if (value !== undefined) strings[VARIABLES[key].name] = value;
  }
  return { strings, problems };
}

/** The configuration, or all that is wrong with it at once. */
export function readSettings(terminal: Terminal, flags: SettingFlags = {}): Config {
  const { strings, problems } = readStrings(terminal, flags);
  const config = readConfig(strings);
  const all = config.ok ? problems : [...problems, ...config.refusal];
  if (config.ok && all.length === 0) return config.value;
  throw new CommandFailure(
    'usage',
    all.length === 1 ? 'a setting is wrong' : `${all.length} settings are wrong`,
    'Correct what is listed; docs/configuration.md describes every setting.',
    all.map(({ variable, problem }) => `${variable} ${problem}`),
  );
}

/** For what only needs the database: everything else may still be missing. */
export function readDatabaseUrl(terminal: Terminal, flags: SettingFlags = {}): string {
  const publicUrl = terminal.environment[VARIABLES.publicUrl.name] || 'http://localhost';
  return readSettings(terminal, { publicUrl, ...flags }).databaseUrl;
}

/** Settings that are secrets, or may contain one, never show. */
export function describeSettings(
  strings: Strings,
): readonly { readonly name: string; readonly value: string; readonly from: string }[] {
  return Object.entries(VARIABLES).map(([key, { name, default: byDefault }]) => {
    const given = strings[name];
    const value = given ?? byDefault;
    return {
      name,
      value: redact(key as keyof typeof VARIABLES, value),
      from: given === undefined ? 'default' : 'set',
    };
  });
}

function redact(key: keyof typeof VARIABLES, value: string): string {
  if (value === '') return value;
  if (key === 'masterKey' || key === 'bootstrapPassword') return '(set, not shown)';
  return key === 'databaseUrl' ? redactUrl(value) : value;
}

/** What stands before the @ after a user name, or behind `password=`, is a password. */
export const redactUrl = (url: string): string =>
  url
    .replace(/(:\/\/[^/?#]*?:)[^/?#]*@/, '$1***@')
    .replace(/([?&](?:password|sslpassword)=)[^&]*/gi, '$1***');
