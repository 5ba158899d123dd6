import { writeFileSync } from 'node:fs';
import { Option } from 'commander';
import type { Answer } from '../contract/index.ts';
import { callApi } from './call-api.ts';
import { type CommandDefinition, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect } from './connection.ts';
import { formatRealmChanges } from './format-realm-changes.ts';
import { formatValue } from './output.ts';
import {
  type RealmFile,
  readRealmFile,
  readRealmFiles,
  toldByLine,
  type WrittenRealmFile,
} from './read-realm-file.ts';
import { writePrivateFile } from './secret-files.ts';

/*
 * Realms as files: exported, compared, imported and applied, one at a time or a folder of them.
 */

const FILE_OPTION = new Option(
  '-f, --file <path>',
  'a realm file in JSON or YAML, - for standard input, or a folder of them',
).makeOptionMandatory();
const PRUNE_OPTION = new Option(
  '--prune',
  'also take away what the sections of the file do not name',
);
export const SECRETS_OPTION = new Option(
  '--secret-file <path>',
  'write the secrets of new clients, as JSON, to a file for you alone instead of printing them',
);
const EXIT_CODE_OPTION = new Option('--exit-code', 'fail when there are differences');

type FileFlags = {
  readonly file: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly name?: string;
  readonly secretFile?: string;
  readonly exitCode?: boolean;
};

const exportCommand = defineCommand<{ readonly out?: string }>({
  name: 'export',
  summary: 'Write a realm as a file: all that administrators decided, and no secrets',
  description:
    'In YAML, or in JSON with --output json. The same realm is always the same file, so that it can be kept under version control.',
  operands: '<realm>',
  options: [new Option('--out <path>', 'write it to a file')],
  examples: [
    'tessera realm export alpha > alpha.yaml',
    'tessera realm export alpha --out alpha.yaml',
  ],
  async run({ terminal, flags, operands, note }) {
    const [realm = ''] = operands;
    const params = { realm };
    const { value } = await callApi(terminal, connect(terminal, flags), 'exportRealm', { params });
    const text = formatValue(value, flags.output === 'json' ? 'json' : 'yaml', {}, false);
    if (flags.out === undefined) {
      terminal.output.write(text);
      return;
    }
    writeFileSync(flags.out, text);
    note(`${realm} is in ${flags.out}.`);
  },
});

const diffCommand = defineCommand<Partial<FileFlags>>({
  name: 'diff',
  summary: 'Show what would make a realm like another, or like a file',
  operands: '<realm> [other]',
  options: [
    new Option('-f, --file <path>', 'a realm file instead of another realm, - for standard input'),
    EXIT_CODE_OPTION,
  ],
  examples: ['tessera realm diff staging production', 'tessera realm diff alpha -f alpha.yaml'],
  async run(invocation) {
    const { terminal, flags, operands } = invocation;
    const [realm = '', other = ''] = operands;
    if ((flags.file === undefined) === (other === ''))
      throw new CommandFailure(
        'usage',
        'a realm is compared with one other thing',
        'Name another realm, or a file with -f.',
      );
    const connection = connect(terminal, flags);
    const file =
      flags.file === undefined
        ? (await callApi(terminal, connection, 'exportRealm', { params: { realm: other } })).value
        : (await readRealmFile(terminal, flags.file)).file;
    const { value } = await callApi(terminal, connection, 'compareRealm', {
      params: { realm },
      body: { file: file as RealmFile, prune: true },
    });
    tell(invocation, realm, value);
    failOnDifferences(flags.exitCode, value.changes.length);
  },
});

const importCommand = defineCommand<FileFlags>({
  name: 'import',
  summary: 'Create a realm from a file: all of it or nothing',
  description: 'A realm that exists is changed with tessera apply.',
  options: [
    FILE_OPTION,
    new Option('--name <realm>', 'the name of the realm, when it is to be another'),
    new Option('--dry-run', 'try it in full and leave everything as it was'),
    SECRETS_OPTION,
  ],
  examples: [
    'tessera realm import -f alpha.yaml',
    'tessera realm import -f alpha.yaml --name bravo --dry-run',
  ],
  async run(invocation) {
    const { terminal, flags } = invocation;
    const connection = connect(terminal, flags);
    const files = await readRealmFiles(invocation.terminal, flags.file);
    const kept: Secret[] = [];
    for (const written of files) {
      const { name = written.realm, dryRun = false } = flags;
      const body = { file: written.file, name, dryRun };
      const asked = callApi(terminal, connection, 'importRealm', { body });
      const { value } = await toldByLine(written, asked);
      tell(invocation, name, value, kept);
    }
  },
});

const applyCommand = defineCommand<FileFlags>({
  name: 'apply',
  summary: 'Make realms what files say: each all of it or nothing',
  description:
    'A realm that does not exist is created. Applying a file twice changes nothing the second time. Without --prune nothing is taken away. --realm applies one file to another realm than the one it names.',
  options: [
    FILE_OPTION,
    PRUNE_OPTION,
    new Option('--dry-run', 'try it in full and leave everything as it was'),
    SECRETS_OPTION,
  ],
  examples: [
    'tessera apply -f alpha.yaml --dry-run',
    'tessera apply -f realms/ --prune',
    'tessera apply -f staging.yaml --realm production',
  ],
  async run(invocation) {
    const { flags } = invocation;
    const { prune = false, dryRun = false } = flags;
    const files = onlyOne(await readRealmFiles(invocation.terminal, flags.file), flags.realm);
    const kept: Secret[] = [];
    for (const written of files) {
      const realm = flags.realm ?? written.realm;
      const applied = applyFile(invocation, realm, written.file, { prune, dryRun }, kept);
      await toldByLine(written, applied);
    }
  },
});

const compareCommand = defineCommand<FileFlags>({
  name: 'diff',
  summary: 'Show what applying files would change',
  options: [FILE_OPTION, PRUNE_OPTION, EXIT_CODE_OPTION],
  examples: ['tessera diff -f alpha.yaml', 'tessera diff -f realms/ --prune --exit-code'],
  async run(invocation) {
    const { terminal, flags } = invocation;
    const connection = connect(terminal, flags);
    const { prune = false } = flags;
    const files = onlyOne(await readRealmFiles(invocation.terminal, flags.file), flags.realm);
    let differences = 0;
    for (const written of files) {
      const realm = flags.realm ?? written.realm;
      const given = { params: { realm }, body: { file: written.file, prune } };
      const asked = callApi(terminal, connection, 'compareRealm', given);
      const { value } = await toldByLine(written, asked);
      tell(invocation, realm, value);
      differences += value.changes.length;
    }
    failOnDifferences(flags.exitCode, differences);
  },
});

function onlyOne(
  files: readonly WrittenRealmFile[],
  realm: string | undefined,
): readonly WrittenRealmFile[] {
  if (realm === undefined || files.length === 1) return files;
  throw new CommandFailure(
    'usage',
    `${files.length} files cannot all be for the realm ${realm}`,
    'Leave --realm out, or name one file.',
  );
}

/** Makes one realm what a file says, whether it is there already or not, and tells what was done. */
export async function applyFile(
  invocation: Invocation,
  realm: string,
  file: RealmFile,
  { prune, dryRun }: { readonly prune: boolean; readonly dryRun: boolean },
  kept: Secret[] = [],
): Promise<void> {
  const { terminal, flags } = invocation;
  const connection = connect(terminal, flags);
  const { value } = (await realmExists(invocation, realm))
    ? await callApi(terminal, connection, 'applyRealm', {
        params: { realm },
        body: { file, prune, dryRun },
      })
    : await callApi(terminal, connection, 'importRealm', { body: { file, name: realm, dryRun } });
  tell(invocation, realm, value, kept);
}

export async function realmExists(
  { terminal, flags }: Invocation,
  realm: string,
): Promise<boolean> {
  try {
    await callApi(terminal, connect(terminal, flags), 'findRealm', { params: { realm } });
    return true;
  } catch (error) {
    if (error instanceof CommandFailure && error.kind === 'not-found') return false;
    throw error;
  }
}

type Told = Answer<'compareRealm'> & Partial<Answer<'applyRealm'>>;

type Secret = { readonly realm: string } & NonNullable<Told['secrets']>[number];

/** `kept` is what was written to the file of secrets so far: one file holds those of all realms. */
function tell(invocation: Invocation, realm: string, answer: Told, kept: Secret[] = []): void {
  const { terminal, flags, note, report } = invocation;
  const { secrets = [] } = answer;
  const path = flags['secretFile'];
  const toFile = typeof path === 'string' && secrets.length > 0;
  kept.push(...secrets.map((one) => ({ realm, ...one })));
  if (toFile) writePrivateFile(path, `${JSON.stringify(kept, null, 2)}\n`);
  const output = flags.output ?? 'table';
  if (output === 'table') terminal.output.write(formatRealmChanges(terminal, realm, answer));
  else report(toFile ? { ...answer, secrets: [], secretFile: path } : { realm, ...answer });
  if (toFile) note(`The secrets of new clients are in ${path}, readable for you alone.`);
  else if (secrets.length > 0) {
    if (output === 'table') report({ items: secrets });
    note('This is the only time that these secrets are shown: store them now.');
  }
}

function failOnDifferences(asked: boolean | undefined, count: number): void {
  if (asked !== true || count === 0) return;
  throw new CommandFailure(
    'error',
    `${count} ${count === 1 ? 'difference' : 'differences'}`,
    'Apply the file, or export the realm anew.',
  );
}

/** Of one realm. */
export const REALM_FILE_COMMANDS: readonly CommandDefinition[] = [
  exportCommand,
  importCommand,
  diffCommand,
];

/** Of any number of realms. */
export const FILE_COMMANDS: readonly CommandDefinition[] = [applyCommand, compareCommand];
