import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Answer, describeProblem, readInput, realmFile } from '../contract/index.ts';
import { applyAtStart, type RunningServer, renewOneTimePassword } from '../main.ts';
import type { Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type DemoFlags, startDemoServer } from './demo-server.ts';
import { describeProblems, readRealmFiles, type WrittenRealmFile } from './read-realm-file.ts';
import { writePrivateFile } from './secret-files.ts';
import { formatVariables, type NamedSecret, nameSecrets } from './secret-variables.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/*
 * A server for a pipeline: what realm files say, on this machine alone, until it is told to stop.
 * It listens only once all of it is there, so whoever waits for it waits for all of it.
 */

type CheckedFile = WrittenRealmFile & {
  readonly checked: Parameters<typeof applyAtStart>[1];
};

export async function runRealmFiles({ terminal, flags }: Invocation<DemoFlags>): Promise<void> {
  const { readyFile } = flags;
  // That of an earlier run would be believed.
  if (readyFile !== undefined) rmSync(readyFile, { force: true });
  const files = await readAll(terminal, flags.realmFile ?? []);
  const stop = untilStopped(terminal);
  const data = dataPlace(terminal, flags.dataDir);
  try {
    const secrets: NamedSecret[] = [];
    let password: string | undefined;
    const server = await startDemoServer(terminal, flags.port, data.directory, {
      async prepare(env) {
        const made: Made[] = [];
        for (const file of files) {
          const applied = await applyAtStart(env, file.checked);
          if (!applied.ok) throw refusedFile(file, describeProblem(applied.refusal, ''));
          made.push(...applied.value.secrets.map((one) => ({ realm: file.realm, ...one })));
        }
        secrets.push(...nameSecrets(made));
        password = await renewOneTimePassword(env);
      },
    });
    try {
      const kept = keepSecrets(flags.secretFile, secrets);
      terminal.output.write(`${describeServer(server, files, secrets, password)}\n\n${kept}`);
      if (readyFile !== undefined) writePrivateFile(readyFile, formatReady(server, files));
      terminal.output.write(`Ready: ${server.env.addresses.publicUrl}\n`);
      if (flags.once !== true) await stop.asked;
    } finally {
      if (readyFile !== undefined) rmSync(readyFile, { force: true });
      await server.close();
    }
  } finally {
    stop.forget();
    data.forget();
  }
}

type Made = { readonly realm: string } & Answer<'applyRealm'>['secrets'][number];

/** Every file is looked at before anything is started, and all that is wrong with one is told. */
async function readAll(
  terminal: Terminal,
  paths: readonly string[],
): Promise<readonly CheckedFile[]> {
  const files: CheckedFile[] = [];
  for (const path of paths)
    for (const written of await readRealmFiles(terminal, path)) {
      const read = readInput(realmFile, written.file, 'body');
      if (!read.ok) throw badFile(written, read.refusal);
      const earlier = files.find(({ realm }) => realm === written.realm);
      if (earlier !== undefined)
        throw badFile(written, [
          { pointer: '/realm/name', detail: `is the realm of ${earlier.path}, too` },
        ]);
      files.push({ ...written, checked: read.value });
    }
  return files;
}

type Problems = Parameters<typeof describeProblems>[1];

const badFile = (file: WrittenRealmFile, problems: Problems): CommandFailure =>
  new CommandFailure(
    'usage',
    `${file.path} is not what a realm can be`,
    'Correct each part that is listed: docs/realm-files.md.',
    describeProblems(file, problems),
  );

const refusedFile = (
  file: WrittenRealmFile,
  { detail, errors }: ReturnType<typeof describeProblem>,
): CommandFailure =>
  badFile(
    file,
    (errors ?? [{ detail }]).map((one) => ({
      ...one,
      pointer: one.pointer?.replace(/^\/file/, '') ?? '',
    })),
  );

/** Without a place of its own the data goes when the server goes. */
function dataPlace(
  { workingDirectory }: Terminal,
  chosen: string | undefined,
): { readonly directory: string; readonly forget: () => void } {
  if (chosen !== undefined) return { directory: resolve(workingDirectory, chosen), forget() {} };
  const directory = mkdtempSync(join(tmpdir(), 'tessera-demo-'));
  return { directory, forget: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Answers with what is to be printed of them. */
function keepSecrets(path: string | undefined, secrets: readonly NamedSecret[]): string {
  if (path === undefined) return secrets.length === 0 ? '' : `${formatVariables(secrets)}\n`;
  // Those of an earlier start on the same data, which nobody could tell again.
  if (secrets.length === 0 && existsSync(path))
    return `No secret was made; ${path} is as it was.\n`;
  const text = path.endsWith('.env')
    ? formatVariables(secrets)
    : `${JSON.stringify(secrets, null, 2)}\n`;
  writePrivateFile(path, text);
  return `Secrets that were made: ${path}\n`;
}

function describeServer(
  { env }: RunningServer,
  files: readonly CheckedFile[],
  secrets: readonly NamedSecret[],
  password: string | undefined,
): string {
  const { publicUrl } = env.addresses;
  const login = password === undefined ? 'the password that you chose' : `password ${password}`;
  return [
    ...files.flatMap((file) => [
      `Realm ${file.realm} of ${file.path}`,
      `  Issuer     ${env.addresses.issuer(file.realm)}`,
      ...exampleOf(file, secrets, `${env.addresses.issuer(file.realm)}/access_token`),
    ]),
    `Console      ${publicUrl}/console/   admin, ${login}`,
  ].join('\n');
}

/** How to get a token as the first client whose secret somebody who reads this can have. */
function exampleOf(
  { realm, checked, variables }: CheckedFile,
  secrets: readonly NamedSecret[],
  tokenUrl: string,
): readonly string[] {
  for (const { clientId, defaultScopes, scopes, grants } of checked.clients ?? []) {
    const made = secrets.find((one) => one.realm === realm && one.clientId === clientId);
    const variable = variables.get(clientId) ?? made?.variable;
    if (variable === undefined) continue;
    const unasked = [...defaultScopes, ...(checked.provider?.defaultScopes ?? [])];
    const [scope] = unasked.length > 0 ? [] : [...scopes, ...grants.flatMap((one) => one.scopes)];
    const asked = scope === undefined ? '' : ` --data scope=${scope}`;
    return [
      `  A token    curl --user "${clientId}:$${variable}" --data grant_type=client_credentials${asked} ${tokenUrl}`,
    ];
  }
  return [];
}

const formatReady = ({ env }: RunningServer, files: readonly WrittenRealmFile[]): string =>
  `${JSON.stringify(
    {
      url: env.addresses.publicUrl,
      realms: files.map(({ realm }) => ({
        name: realm,
        issuer: env.addresses.issuer(realm),
        tokenEndpoint: `${env.addresses.issuer(realm)}/access_token`,
      })),
    },
    null,
    2,
  )}\n`;
