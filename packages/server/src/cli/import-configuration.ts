import { statSync } from 'node:fs';
import { Option } from 'commander';
import { CHOSEN_SECRETS_MAX } from '../contract/index.ts';
import {
  type Converted,
  type Proof,
  type RealmFile,
  UnreadableConfiguration,
  withNewSecrets,
} from '../migration/converted.ts';
import { fromAuth0 } from '../migration/from-auth0.ts';
import { fromHydra } from '../migration/from-hydra.ts';
import { fromKeycloak } from '../migration/from-keycloak.ts';
import { fromPing } from '../migration/from-ping.ts';
import { callApi } from './call-api.ts';
import {
  type CommandDefinition,
  type CommandGroup,
  defineCommand,
  type Invocation,
} from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect } from './connection.ts';
import { formatValue, printable } from './output.ts';
import { applyFile, realmExists, SECRETS_OPTION } from './realm-files.ts';
import { describeSkipped, readFolder } from './regular-files.ts';
import { readText, writePrivateFile } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

/*
 * Configurations of other products: turned into a realm file, with an account of every attribute,
 * and applied like any other.
 */

type ImportFlags = {
  readonly realm?: string;
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly secretFile?: string;
  readonly newSecrets?: boolean;
};

type Source = {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly [string, ...string[]];
  /** Whether what it exports says what the realm is called. */
  readonly namesRealm?: true;
  convert(documents: readonly unknown[]): Converted;
};

const first =
  (convert: (document: unknown) => Converted) =>
  ([document, ...others]: readonly unknown[]): Converted => {
    if (others.length > 0)
      throw new UnreadableConfiguration('one file is read at a time, not a folder of them');
    return convert(document);
  };

const SOURCES: readonly Source[] = [
  {
    name: 'ping',
    summary: 'Take over OAuth2 clients of PingOne Advanced Identity Cloud or PingAM',
    description: 'A file of frodo, Amster or AM itself, or a folder of them.',
    examples: [
      'tessera import ping allAlphaApplications.oauth2.app.json --realm alpha --dry-run',
      'tessera import ping amster-export/OAuth2Clients --realm alpha',
    ],
    convert: fromPing,
  },
  {
    name: 'keycloak',
    summary: 'Take over a realm of Keycloak: its clients, with their secrets where they are there',
    description: 'A realm as kc.sh export writes it, or the partial export of the console.',
    examples: ['tessera import keycloak shop-realm.json --dry-run'],
    namesRealm: true,
    convert: first(fromKeycloak),
  },
  {
    name: 'hydra',
    summary: 'Take over OAuth 2.0 clients of Ory Hydra',
    description: 'What hydra list oauth2-clients --format json prints.',
    examples: ['tessera import hydra clients.json --realm alpha'],
    convert: first(fromHydra),
  },
  {
    name: 'auth0',
    summary: 'Take over applications, APIs and client grants of a tenant of Auth0',
    description: "What Auth0's Deploy CLI exports into one file.",
    examples: ['tessera import auth0 tenant.yaml --realm alpha --out alpha.yaml'],
    convert: first(fromAuth0),
  },
];

const importFrom = (source: Source): CommandDefinition =>
  defineCommand<ImportFlags>({
    name: source.name,
    summary: source.summary,
    description: `${source.description}\n\nEach attribute is told as mapped, kept or dropped, and why. Nothing that is there is taken away.`,
    operands: '<path>',
    options: [
      new Option('--dry-run', 'tell of each attribute, try it in full, and change nothing'),
      new Option('--out <path>', 'write the realm file, for you alone, and apply nothing'),
      new Option('--new-secrets', 'make a new secret for each client, even where one came along'),
      SECRETS_OPTION,
    ],
    examples: source.examples,
    async run(invocation) {
      const { terminal, flags, operands, note, report } = invocation;
      const [path = ''] = operands;
      const { dryRun = false, out, newSecrets = false } = flags;
      const read = await convert(source, terminal, path);
      const converted = newSecrets ? withNewSecrets(read) : read;
      const { file, notes } = converted;
      if (out === undefined) checkSecrets(file);
      if (dryRun) report(notes, { columns: ['object', 'attribute', 'fate', 'why'] });
      note(describeFates(converted));
      if (out !== undefined) {
        writePrivateFile(out, formatValue(file, 'yaml', {}, false));
        note(`The realm file is ${out}. Look at it, then: tessera apply -f ${out}`);
      } else await applyBeside(invocation, source, flags.realm ?? file.realm.name, file, dryRun);
      const plan = describePlan(converted);
      if (plan.length > 0) note(plan.join('\n'));
    },
  });

/** A realm that is there keeps what the import says nothing of: its own name, and its settings. */
async function applyBeside(
  invocation: Invocation<ImportFlags>,
  { namesRealm }: Source,
  realm: string,
  file: RealmFile,
  dryRun: boolean,
): Promise<void> {
  // Of another name than the realm, so that it is not called by it.
  const unnamed = realm === 'imported' ? 'imported-elsewhere' : 'imported';
  const named = namesRealm ? file : { ...file, realm: { name: unnamed } };
  const options = { prune: false, dryRun };
  if (file.provider === undefined || !(await realmExists(invocation, realm)))
    return applyFile(invocation, realm, named, options);
  const { terminal, flags } = invocation;
  const params = { realm };
  const { value } = await callApi(terminal, connect(terminal, flags), 'exportRealm', { params });
  const provider = { ...(value as RealmFile).provider, ...file.provider };
  return applyFile(invocation, realm, { ...named, provider }, options);
}

async function convert(source: Source, terminal: Terminal, path: string): Promise<Converted> {
  const { parse } = await import('yaml');
  const documents: unknown[] = [];
  const files = await readAll(terminal, path);
  for (const one of files) {
    try {
      documents.push(parse(one.text, { maxAliasCount: 100, prettyErrors: false }));
    } catch (error) {
      const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
      const message = `${one.path} is neither JSON nor YAML: ${line}`;
      throw new CommandFailure('usage', message, 'Correct the file, or export it again.');
    }
  }
  const realms = new Set(files.flatMap(({ path: one }) => FRODO_REALM.exec(one)?.[1] ?? []));
  if (realms.size > 1)
    throw new CommandFailure(
      'usage',
      `${path} has several realms: ${[...realms].sort().join(', ')}`,
      'Name the folder of one of them, and the realm that it is for with --realm.',
    );
  try {
    return source.convert(documents);
  } catch (error) {
    if (!(error instanceof UnreadableConfiguration)) throw error;
    const remedy = `See tessera import ${source.name} --help.`;
    throw new CommandFailure('usage', `${path} cannot be taken over: ${error.message}`, remedy);
  }
}

/** The files of a folder and of those in it, or the one that was named. */
async function readAll(
  terminal: Terminal,
  path: string,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  if (path === '-' || !statSync(path).isDirectory())
    return [{ path, text: await readText(terminal, path) }];
  const { files, skipped } = readFolder(path, true);
  if (skipped.length > 0) terminal.errors.write(`${describeSkipped(skipped)}\n`);
  return files;
}

/** In which folder frodo puts what is of one realm. */
const FRODO_REALM = /[/\\]realm[/\\]([^/\\]+)[/\\]/;

/** Told here, where there is a way out; the server would only refuse. */
function checkSecrets({ clients = [] }: RealmFile): void {
  const chosen = clients.filter(({ secrets = [] }) => secrets.some(({ secret }) => secret));
  if (chosen.length > CHOSEN_SECRETS_MAX)
    throw new CommandFailure(
      'usage',
      `${chosen.length} clients bring a secret along, and ${CHOSEN_SECRETS_MAX} are taken at once`,
      'Give all of them new ones with --new-secrets; or write the file with --out, split its clients over several files, and apply one after the other.',
    );
}

function describeFates({ file, notes }: Converted): string {
  const count = (fate: string): number => notes.filter((one) => one.fate === fate).length;
  const clients = file.clients?.length ?? 0;
  return `${clients} ${clients === 1 ? 'client' : 'clients'}; attributes: ${count('mapped')} mapped, ${count('kept')} kept, ${count('dropped')} dropped (--dry-run names each).`;
}

/** What is to be done where the old proof cannot come along. */
function describePlan({ withoutSecret, withoutProof }: Converted): readonly string[] {
  const list = (clientIds: readonly string[]): readonly string[] =>
    clientIds.map((clientId) => `  ${printable(clientId)}`);
  const lacking = (proof: Proof): readonly string[] =>
    withoutProof.filter(({ lacks }) => lacks === proof).map(({ clientId }) => clientId);
  const keys = lacking('key');
  const certificates = lacking('certificate');
  return [
    ...(withoutSecret.length === 0
      ? []
      : [
          'Rotation plan. These clients have no secret in what was exported, and get a new one:',
          ...list(withoutSecret),
          'For each: 1. give it the new secret beside the old one; 2. point it at the token endpoint here and',
          'watch its first token in tessera client usage; 3. revoke the old secret where it came from.',
        ]),
    ...(keys.length === 0
      ? []
      : [
          'No key came along for these clients, and none of them gets a token before it has one:',
          ...list(keys),
          'For each: tessera client key add CLIENT_ID, with its public key or the address of its keys.',
        ]),
    ...(certificates.length === 0
      ? []
      : [
          'No certificate came along for these clients, and none of them gets a token before it has one:',
          ...list(certificates),
          'For each: tessera client cert add CLIENT_ID, with its certificate or the exact name in it.',
        ]),
  ];
}

export const IMPORT_COMMANDS: CommandGroup = {
  name: 'import',
  summary: 'Configurations of other products: PingAM, Keycloak, Hydra, Auth0',
  commands: SOURCES.map(importFrom),
};
