import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import type { Config } from '../config.ts';
import type { RunningServer } from '../main.ts';
import { VARIABLES } from '../variables.ts';
import { defineCommand, type Invocation } from './command.ts';
import { EXIT_CODES } from './command-failure.ts';
import { writePrivateFile } from './secret-files.ts';
import { readSettings, SETTING_FLAGS, type SettingFlags } from './settings.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/** Requests in hand get this long to end. Milliseconds. */
const DRAIN_LIMIT = 10_000;

const PASSWORD_FILE = 'bootstrap-password';

export const SERVE_COMMAND = defineCommand<SettingFlags>({
  name: 'serve',
  summary: 'Run the server, until SIGTERM or SIGINT',
  description:
    'Settings come from the environment (docs/configuration.md); flags go before them. Stopping answers what is in hand, for up to 10 seconds; a second signal stops at once.',
  local: true,
  options: Object.values(SETTING_FLAGS).map(
    ([flags, key]) =>
      new Option(flags, `${lead(VARIABLES[key].description)} (${VARIABLES[key].name})`),
  ),
  examples: [
    'tessera serve --public-url https://id.example.com --data-dir /var/lib/tessera',
    'TESSERA_PUBLIC_URL=https://id.example.com TESSERA_DATABASE_URL=postgres://tessera@db/tessera tessera serve',
  ],
  run: serve,
});

async function serve({ terminal, flags, note }: Invocation<SettingFlags>): Promise<void> {
  const config = readSettings(terminal, flags);
  // Only this command and its kind need the server itself; the others start faster without.
  const { startServer } = await import('../main.ts');
  // Listened to from here on: whoever starts a server may change their mind before it has started.
  const stop = untilStopped(terminal);
  let place: string | undefined;
  const server = await startServer(config, {
    keepPassword(password) {
      place = keepPassword(password, config);
    },
  }).catch((error: unknown) => {
    stop.forget();
    throw error;
  });
  if (place !== undefined && server.firstAdministrator === undefined) dropPassword(config);
  note(describeStart(server, config, place));
  await stop.asked;
  note('Stopping: no new requests, those in hand are answered. Once more stops at once.');
  await closeInTime(terminal, server, note);
  note('Stopped.');
}

/** The first sentence: the rest is for the documentation. */
function lead(description: string): string {
  const [sentence = ''] = description.split(/(?<=[.;:]) /);
  return sentence.replace(/[.;:]$/, '');
}

/** What whoever started the server must know; all at once, when all of it is true. */
function describeStart(
  server: RunningServer,
  config: Config,
  place = 'the one that was set',
): string {
  const first = server.firstAdministrator;
  const kept = first === undefined ? findBootstrapPassword(config) : undefined;
  return [
    `Listening at ${server.url} for ${config.publicUrl}.`,
    ...(server.mtlsUrl === undefined
      ? []
      : [`Client certificates at ${server.mtlsUrl} for ${config.mtlsUrl}.`]),
    ...(server.managementUrl === undefined
      ? []
      : [`Metrics and health at ${server.managementUrl}.`]),
    ...(first === undefined
      ? []
      : [
          `First administrator: ${first.userName}. One-time password: ${place}.`,
          `Sign in: tessera login --server ${config.publicUrl} --user ${first.userName}`,
        ]),
    ...(kept === undefined
      ? []
      : [`The first administrator's one-time password is in ${kept}: remove it once it was used.`]),
  ].join('\n');
}

/** Answers with where the password is. */
function keepPassword(password: string, config: Config): string {
  const path = resolve(config.dataDirectory, PASSWORD_FILE);
  try {
    // With the master key in the environment nobody else has needed the directory.
    mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
    writePrivateFile(path, `${password}\n`);
    return `in ${path}`;
  } catch (error) {
    // It exists nowhere else: what is not told now locks everybody out.
    const why = error instanceof Error ? error.message : String(error);
    return `${password} (${path} can not be written: ${why})`;
  }
}

/** Another node has made the first administrator meanwhile, with a password of its own. */
const dropPassword = ({ dataDirectory }: Config): void =>
  rmSync(resolve(dataDirectory, PASSWORD_FILE), { force: true });

async function closeInTime(
  { onStop, abandon }: Terminal,
  server: RunningServer,
  note: (text: string) => void,
): Promise<void> {
  const stopNow = (why: string) => () => {
    note(why);
    abandon(EXIT_CODES.error);
  };
  const release = onStop(stopNow('Stopped at once.'));
  const late = setTimeout(stopNow('Some requests did not end in time.'), DRAIN_LIMIT);
  try {
    await server.close();
  } finally {
    clearTimeout(late);
    release();
  }
}

/** Where the first password is, while it has not been used. */
export const findBootstrapPassword = ({ dataDirectory }: Config): string | undefined => {
  const path = join(dataDirectory, PASSWORD_FILE);
  return existsSync(path) ? path : undefined;
};
