import { statSync } from 'node:fs';
import type { Document, LineCounter, ParsedNode } from 'yaml';
import type { Body, InputProblem } from '../contract/index.ts';
import { CommandFailure } from './command-failure.ts';
import { isRecord } from './output.ts';
import { describeSkipped, readFolder } from './regular-files.ts';
import { readText } from './secret-files.ts';
import type { Terminal } from './terminal.ts';

export type RealmFile = Body<'applyRealm'>['file'];

/** A realm file as somebody wrote it. The server says what is wrong with what it says. */
export type WrittenRealmFile = {
  readonly path: string;
  readonly realm: string;
  readonly file: RealmFile;
  /** The variables of the environment that secrets came from, by client. */
  readonly variables: ReadonlyMap<string, string>;
  /** The line that an RFC 6901 pointer into the file leads to, or that of what it would be in. */
  lineOf(pointer: string): number;
};

/** The files of a folder in the order of their names, or the one that was named. */
export async function readRealmFiles(
  terminal: Terminal,
  path: string,
): Promise<readonly WrittenRealmFile[]> {
  if (path === '-' || !statSync(path).isDirectory()) return [await readRealmFile(terminal, path)];
  const { files, skipped } = readFolder(path, false);
  if (skipped.length > 0) terminal.errors.write(`${describeSkipped(skipped)}\n`);
  if (files.length === 0)
    throw new CommandFailure(
      'usage',
      `${path} holds no realm file`,
      'Name a folder with .yaml, .yml or .json files.',
    );
  const written: WrittenRealmFile[] = [];
  for (const file of files) written.push(await parseRealmFile(terminal, file.path, file.text));
  return written;
}

export const readRealmFile = async (terminal: Terminal, path: string): Promise<WrittenRealmFile> =>
  parseRealmFile(terminal, path, await readText(terminal, path));

/** JSON is YAML, so one parser reads both. */
async function parseRealmFile(
  terminal: Terminal,
  path: string,
  text: string,
): Promise<WrittenRealmFile> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw new CommandFailure(
      'usage',
      `${place(path, lines, error.pos[0])}: is neither JSON nor YAML: ${error.message}`,
      'Correct the file.',
    );
  const lineOf = lineFinder(document, lines, yaml);
  const value = readValue(document, path);
  const realm = isRecord(value) && isRecord(value['realm']) ? value['realm']['name'] : undefined;
  if (!isRecord(value) || typeof realm !== 'string')
    throw new CommandFailure(
      'usage',
      `${path}:${lineOf('/realm/name')}: names no realm`,
      'Give realm.name, as tessera realm export writes it.',
    );
  const { file, variables } = fillSecrets(
    terminal,
    value,
    (pointer) => `${path}:${lineOf(pointer)}`,
  );
  return { path, realm, file: file as RealmFile, variables, lineOf };
}

function readValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('usage', `${path}: ${message}`, 'Correct the file.');
  }
}

const place = (path: string, lines: LineCounter, offset: number): string =>
  `${path}:${lines.linePos(offset).line}`;

/** What is wrong with a file, each at its line. */
export const describeProblems = (
  { path, lineOf }: Pick<WrittenRealmFile, 'path' | 'lineOf'>,
  problems: readonly InputProblem[],
): readonly string[] =>
  problems.map(({ pointer = '', detail }) => `${path}:${lineOf(pointer)}: ${pointer} ${detail}`);

function lineFinder(
  document: Document.Parsed,
  lines: LineCounter,
  { isMap, isPair, isSeq, isScalar }: typeof import('yaml'),
): (pointer: string) => number {
  return (pointer) => {
    let node: ParsedNode | null = document.contents;
    let offset = node?.range[0] ?? 0;
    for (const part of partsOf(pointer)) {
      if (isSeq(node)) {
        const item: unknown = node.items[Number(part)];
        if (item === undefined || isPair(item)) break;
        node = item as ParsedNode;
        offset = node.range[0];
      } else if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
        if (pair === undefined) break;
        offset = pair.key.range[0];
        node = pair.value;
      } else break;
    }
    return lines.linePos(offset).line;
  };
}

/** The names in a pointer, as RFC 6901 escapes them. */
const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const VARIABLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/**
 * Puts in place of `secret: ${NAME}` what the environment has, so that a file which is kept under
 * version control can choose a secret and not tell it. Nothing else of a file is replaced.
 */
function fillSecrets(
  { environment }: Terminal,
  file: Readonly<Record<string, unknown>>,
  where: (pointer: string) => string,
) {
  const variables = new Map<string, string>();
  const fillSecret = (clientId: unknown, secret: unknown, pointer: string): unknown => {
    const text = isRecord(secret) ? secret['secret'] : undefined;
    const name = typeof text === 'string' ? VARIABLE.exec(text)?.[1] : undefined;
    if (name === undefined || !isRecord(secret)) return secret;
    const value = environment[name];
    if (value === undefined || value === '')
      throw new CommandFailure(
        'usage',
        `${where(`${pointer}/secret`)}: the environment has no ${name}`,
        'Set the variable; or leave secret out, and one is made.',
      );
    if (!variables.has(String(clientId))) variables.set(String(clientId), name);
    return { ...secret, secret: value };
  };
  const fillClient = (client: unknown, index: number): unknown => {
    if (!isRecord(client) || !Array.isArray(client['secrets'])) return client;
    const secrets = (client['secrets'] as readonly unknown[]).map((secret, position) =>
      fillSecret(client['clientId'], secret, `/clients/${index}/secrets/${position}`),
    );
    return { ...client, secrets };
  };
  const { clients } = file;
  return {
    file: Array.isArray(clients) ? { ...file, clients: clients.map(fillClient) } : file,
    variables,
  };
}

/** Tells what a server refuses of a file by its lines. */
export async function toldByLine<T>(written: WrittenRealmFile, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const { kind, message, remedy, parts } = error;
    const located = parts.map((part) => {
      const [, pointer, detail] = /^\/file(\S*): (.*)$/s.exec(part) ?? [];
      return pointer === undefined || detail === undefined
        ? part
        : describeProblems(written, [{ pointer, detail }]).join();
    });
    throw new CommandFailure(kind, message, remedy, located);
  }
}
