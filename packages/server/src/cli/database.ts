import { Option } from 'commander';
import { type CommandGroup, defineCommand } from './command.ts';
import { readDatabaseUrl, redactUrl, SETTING_FLAGS, type SettingFlags } from './settings.ts';

const DATABASE_OPTIONS = [
  new Option(SETTING_FLAGS.databaseUrl[0], 'file:PATH or postgres://… (TESSERA_DATABASE_URL)'),
  new Option(SETTING_FLAGS.dataDir[0], 'where tessera.db is otherwise (TESSERA_DATA_DIR)'),
];

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
  ],
};
