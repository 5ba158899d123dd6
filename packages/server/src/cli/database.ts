import {
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { numericDate } from '@tessera/protocol';
import { Option } from 'commander';
import { type CommandGroup, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { readDatabaseUrl, redactUrl, SETTING_FLAGS, type SettingFlags } from './settings.ts';
import type { Terminal } from './terminal.ts';

const DATABASE_OPTIONS = [
  new Option(SETTING_FLAGS.databaseUrl[0], 'file:PATH or postgres://… (TESSERA_DATABASE_URL)'),
  new Option(SETTING_FLAGS.dataDir[0], 'where tessera.db is otherwise (TESSERA_DATA_DIR)'),
];

const KEY_WORDS =
  'The master key is not in it, and without the key nothing in it can be used: keep both, apart from each other.';

export const DATABASE_COMMANDS: CommandGroup = {
  name: 'db',
  summary: 'The database of a server on this machine',
  commands: [
    defineCommand<SettingFlags>({
      name: 'status',
      summary: 'Show which migrations the database has and which it lacks',
      local: true,
      options: DATABASE_OPTIONS,
      examples: [
        'tessera db status',
        'tessera db status --database-url postgres://tessera@db/tessera',
      ],
      async run({ terminal, flags, report }) {
        const url = readDatabaseUrl(terminal, flags);
        const { migrationStatus } = await import('../main.ts');
        report({ database: redactUrl(url), ...(await migrationStatus(url)) });
      },
    }),
    defineCommand<SettingFlags>({
      name: 'migrate',
      summary: 'Bring the database to the schema of this version',
      description:
        'Of several that do so at once, one does the work. Versions side by side on one database go on working.',
      local: true,
      options: DATABASE_OPTIONS,
      examples: ['tessera db migrate'],
      async run({ terminal, flags, note }) {
        const url = readDatabaseUrl(terminal, flags);
        const { migrate } = await import('../main.ts');
        const applied = await migrate(url);
        note(applied.length === 0 ? 'Nothing to do.' : `Applied: ${applied.join(', ')}.`);
      },
    }),
    defineCommand<SettingFlags>({
      name: 'backup',
      summary: 'Write all of the database, as it is at one instant, to a new file',
      description: `The server may run meanwhile. The file is for its owner alone, and can be restored into a database of either kind. ${KEY_WORDS}`,
      operands: '<file>',
      local: true,
      options: DATABASE_OPTIONS,
      examples: ['tessera db backup /var/backups/tessera-2027-01-31.backup'],
      run: backUp,
    }),
    defineCommand<SettingFlags>({
      name: 'restore',
      summary: 'Read a backup into a database that has nothing in it yet',
      description:
        'All of it is there afterwards, or nothing. It takes the master key of the server that the backup was made of: put that in place before the start.',
      operands: '<file>',
      local: true,
      options: DATABASE_OPTIONS,
      examples: [
        'tessera db restore /var/backups/tessera-2027-01-31.backup --data-dir /var/lib/tessera',
        'tessera db restore - --database-url postgres://tessera@db/tessera < tessera.backup',
      ],
      run: restore,
    }),
    defineCommand<SettingFlags & { readonly to: string }>({
      name: 'move',
      summary: 'Copy all of the database into another that has nothing in it yet',
      description:
        'Stop the server first: what it writes meanwhile stays behind. The database it was in is left as it is. Afterwards set TESSERA_DATABASE_URL to the new one; the master key stays the same.',
      local: true,
      options: [
        ...DATABASE_OPTIONS,
        new Option(
          '--to <url>',
          'the new database: file:PATH or postgres://…',
        ).makeOptionMandatory(),
      ],
      examples: ['tessera db move --to postgres://tessera@db/tessera'],
      run: move,
    }),
  ],
};

async function backUp({
  terminal,
  flags,
  operands,
  note,
}: Invocation<SettingFlags>): Promise<void> {
  const url = readDatabaseUrl(terminal, flags);
  const path = resolve(terminal.workingDirectory, operands[0] ?? '');
  if (existsSync(path))
    throw new CommandFailure('conflict', `${path} exists already`, 'Choose another path.');
  const { writeBackup } = await import('../main.ts');
  const progress = tellProgress(terminal);
  const draft = `${path}.new`;
  try {
    // A backup that is not whole never has the name that was asked for.
    const fd = openSync(draft, 'wx', 0o600);
    const stream = createWriteStream(draft, { fd, flush: true });
    await writeBackup(url, stream, {
      now: numericDate(terminal.now()),
      onProgress: progress.onProgress,
    });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  note(`${progress.end()} are in ${path}. ${KEY_WORDS}`);
}

async function restore({
  terminal,
  flags,
  operands,
  note,
}: Invocation<SettingFlags>): Promise<void> {
  const url = readDatabaseUrl(terminal, flags);
  const [path = ''] = operands;
  const { readBackup } = await import('../main.ts');
  const progress = tellProgress(terminal);
  const stream = path === '-' ? terminal.input : openBackup(terminal, path);
  await readBackup(url, stream, { onProgress: progress.onProgress });
  note(`${progress.end()} are in ${redactUrl(url)}.`);
}

function openBackup({ workingDirectory }: Terminal, file: string): NodeJS.ReadableStream {
  const path = resolve(workingDirectory, file);
  if (statSync(path).isDirectory())
    throw new CommandFailure('usage', `${path} is a directory`, 'Name the file of the backup.');
  // Opened here, where a path that leads nowhere is still an exception.
  return createReadStream(path, { fd: openSync(path, 'r') });
}

async function move({
  terminal,
  flags,
  note,
}: Invocation<SettingFlags & { readonly to: string }>): Promise<void> {
  const from = readDatabaseUrl(terminal, flags);
  const to = readDatabaseUrl(terminal, { databaseUrl: flags.to });
  const { moveDatabase } = await import('../main.ts');
  const progress = tellProgress(terminal);
  await moveDatabase(from, to, {
    now: numericDate(terminal.now()),
    onProgress: progress.onProgress,
  });
  note(`${progress.end()} are in ${redactUrl(to)}. Now set TESSERA_DATABASE_URL to it.`);
}

/** One line that a person sees change; for programs only the sum at the end. */
function tellProgress({ errors }: Terminal): {
  readonly onProgress: (table: string, rows: number) => void;
  readonly end: () => string;
} {
  const counts = new Map<string, number>();
  return {
    onProgress(table, rows) {
      counts.set(table, rows);
      if (errors.isTTY === true) errors.write(`\r${`${table}: ${rows}`.padEnd(40)}`);
    },
    end() {
      if (errors.isTTY === true) errors.write(`\r${' '.repeat(40)}\r`);
      const sum = [...counts.values()].reduce((before, rows) => before + rows, 0);
      return `${sum} rows of ${counts.size} tables`;
    },
  };
}
